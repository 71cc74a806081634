"""What a finished release says about itself: the files and sums of ``SHA256SUMS``, its name, version and id."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from corpuskit.display import show
from corpuskit.errors import ReleaseError
from corpuskit.filenames import MANIFEST, SUMS
from corpuskit.recipe import names_release

LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which release: ``release_id`` is the hex sha256 of its ``SHA256SUMS``.

    ``repo_id`` is the repository that its recipe names, and its card loads from; empty for none.
    """

    name: str
    version: str
    release_id: str
    repo_id: str = ""

    @property
    def title(self) -> str:
        """``NAME-VERSION``, the folder that a build gives it."""
        return f"{self.name}-{self.version}"


def release_id(sums: bytes) -> str:
    """The id of a release: the hex sha256 of its ``SHA256SUMS``, which has that of every other file."""
    return hashlib.sha256(sums).hexdigest()


def identify(release: Path) -> Identity:
    """Name, version and id of the release in a folder. Raises :class:`ReleaseError` when it is none."""
    try:
        manifest = json.loads((release / MANIFEST).read_bytes())
        sums = (release / SUMS).read_bytes()
        repo_id = str(manifest["recipe"].get("repo_id", ""))
        if not names_release(manifest["name"], manifest["version"]):
            raise ValueError("no name and version of a release")
        return Identity(manifest["name"], manifest["version"], release_id(sums), repo_id)
    except OSError as error:
        raise ReleaseError(f"{release} is no release: {error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ReleaseError(f"{release / MANIFEST} is damaged: copy or build the release again") from None


def read_sums(release: Path) -> dict[str, str]:
    """Path → hex sha256 of the files of a release, as ``SHA256SUMS`` lists them; nothing is compared yet.

    Raises :class:`ReleaseError` when the list cannot be read, or names what is no plain
    file inside the folder: whatever packs or uploads a release must not follow it elsewhere.
    """
    try:
        lines = (release / SUMS).read_bytes().decode().split("\n")
    except (OSError, UnicodeDecodeError):
        raise ReleaseError(f"{release} is no release: it has no readable {SUMS}") from None
    matches = [LINE.fullmatch(line) for line in lines if line]
    sums = {match[2]: match[1] for match in matches if match}
    if not sums or len(sums) != len(matches):
        raise ReleaseError(f"{release / SUMS} is damaged: copy or build the release again")
    for name in sums:
        if not _is_inside(release, name):
            raise ReleaseError(f"{release}: {show(name)}, listed in {SUMS}, is no plain file of this folder")
    return sums


def whole_sums(release: Path) -> dict[str, str]:
    """The sums of :func:`read_sums`, each compared with its file. Raises :class:`ReleaseError` for one that differs."""
    sums = read_sums(release)
    for name, sha256 in sums.items():
        with (release / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise ReleaseError(f"{release / name} differs from its sum: see 'corpuskit validate {release}'")
    return sums


def _is_inside(release: Path, name: str) -> bool:
    parts = PurePosixPath(name).parts
    if ".." in parts or parts[0] == "/":
        return False
    steps = [release.joinpath(*parts[: i + 1]) for i in range(len(parts))]
    return steps[-1].is_file() and not any(step.is_symlink() for step in steps)
