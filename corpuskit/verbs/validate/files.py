"""The folder and its sums: every file is there, none is strange, and each is the one that ``SHA256SUMS`` names."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from corpuskit.filenames import CARD, CHANGELOG, CROISSANT, FOLDERS, MANIFEST, REPORT, SIGNATURE, SOURCES, SUMS
from corpuskit.release.splits import SPLITS, place_of
from corpuskit.release.sums import release_id
from corpuskit.verbs.validate.report import Findings

REQUIRED: Final = frozenset({SUMS, MANIFEST, CARD, SOURCES, CROISSANT})
#: Files that a release may have. Their sums protect them, but for the signature, which signs the sums.
OPTIONAL: Final = frozenset({CHANGELOG, REPORT, SIGNATURE})

_LINE: Final = re.compile(rb"([0-9a-f]{64})  ([^\n]+)\n")


@dataclass(frozen=True, slots=True)
class Files:
    """The regular files of a release: sha256 and size in bytes by name, and which are what ``SHA256SUMS`` says."""

    sha256: Mapping[str, str]
    size: Mapping[str, int]
    whole: frozenset[str]
    sums: bytes

    @property
    def release_id(self) -> str:
        """The id of the release; empty when it has no ``SHA256SUMS``."""
        return release_id(self.sums) if SUMS in self.size else ""

    def of_config(self, config: str) -> list[str]:
        """Names of the data files of a config, in order: by split, then by name."""
        return sorted((name for name in self.sha256 if name.startswith(FOLDERS[config] + "/")), key=place_of)


def inspect(release: Path, findings: Findings) -> Files:
    """List and hash the files of ``release``; links and devices are reported and never opened."""
    sums, sizes, listing = {}, {}, b""
    for name in sorted(_regular(release, "", findings), key=os.fsencode):
        try:
            with (release / name).open("rb") as file:
                if name == SUMS:
                    listing = file.read()
                elif name != SIGNATURE:
                    sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
                sizes[name] = os.fstat(file.fileno()).st_size
        except OSError as error:
            findings.add("structure", name, f"cannot be read: {error.strerror}")
    said = {os.fsdecode(m[2]): m[1].decode() for m in _LINE.finditer(listing)}
    _compare(said, sums, listing, findings)
    whole = frozenset(name for name in sums if said.get(name) == sums[name])
    files = Files(sums, sizes, whole, listing)
    _check_names(files, said.keys(), findings)
    return files


def _regular(release: Path, folder: str, findings: Findings) -> Iterator[str]:
    """Names of the regular files under ``folder``, which ends in a slash (or is the release itself)."""
    try:
        entries = list(os.scandir(release / folder))
    except OSError as error:
        findings.add("structure", folder or ".", f"cannot be listed: {error.strerror}")
        return
    if folder and not entries:
        findings.add("structure", folder, "an empty folder")
    for entry in entries:
        name, mode = folder + entry.name, entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            if name in FOLDERS.values():
                yield from _regular(release, f"{name}/", findings)
            else:
                findings.add("structure", f"{name}/", "a stray folder: no part of a release")
        elif stat.S_ISREG(mode):
            yield name
        else:
            kind = "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
            findings.add("structure", name, f"{kind}: a release holds its files themselves")


def _compare(said: Mapping[str, str], sums: Mapping[str, str], listing: bytes, findings: Findings) -> None:
    """Report where the sums of the files are not those that ``listing`` says, and a listing of another form."""
    for name in sorted(said.keys() - sums.keys(), key=os.fsencode):
        findings.add("structure", name, f"missing: {SUMS} names it")
    for name in sorted(sums.keys() - said.keys(), key=os.fsencode):
        findings.add("structure", name, f"stray: {SUMS} does not name it")
    for name in sums:
        if name in said and said[name] != sums[name]:
            findings.add("sums", name, f"its sha256 is {sums[name]}, {SUMS} says {said[name]}")
    names = sorted(said, key=os.fsencode)
    if listing != b"".join(said[name].encode() + b"  " + os.fsencode(name) + b"\n" for name in names):
        findings.add("sums", SUMS, "not in its form: '<sha256>  <name>' lines, sorted by name, each name once")


def _check_names(files: Files, listed: Set[str], findings: Findings) -> None:
    """Required files, no unknown ones, and data files numbered without a gap."""
    for name in sorted(REQUIRED.difference(files.size)):
        findings.add("structure", name, "missing: every release has it")
    expected = REQUIRED | OPTIONAL
    for config, split in product(FOLDERS, SPLITS):
        stem = f"{FOLDERS[config]}/{split}"
        count = sum(name.startswith(f"{stem}-") for name in files.sha256)
        numbered = {f"{stem}-{i:05}-of-{count:05}.parquet" for i in range(count)}
        expected |= numbered
        for name in sorted(numbered.difference(files.size)):
            findings.add("structure", name, f"missing: there are {count} files {stem}-…, numbered from 0")
    if not files.of_config("default"):
        findings.add("structure", FOLDERS["default"] + "/", "missing: a release has documents")
    for name in sorted(files.size.keys() & listed - expected, key=os.fsencode):
        findings.add("structure", name, "no part of a release")
