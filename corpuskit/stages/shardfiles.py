"""The files of a shard: fetched, opened, hashed, and their names and hashes as one digest.

Of objects that have a tag the hashes are remembered in the store (stage ``seen``), so that a
rebuild fetches what is new.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Final, NamedTuple

from corpuskit.errors import SourceError
from corpuskit.recipe import Recipe
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.objects import fetch
from corpuskit.stages.withdrawn import Sieve
from corpuskit.store import Step, Store, name_of

#: Files up to this size are read once, into memory; larger ones are hashed first and read again.
WHOLE: Final = 32 * 1024 * 1024


class Source(NamedTuple):
    """A file of the shard, hashed: its bytes when it is small, else its inode, size and time when it was hashed."""

    file: SourceFile
    sha256: str
    data: bytes | None
    state: tuple[int, ...] = ()

    def open(self) -> IO[bytes]:
        """A stream of its bytes. Raises :class:`SourceError` when the file has gone since it was hashed."""
        if self.data is not None:
            return io.BytesIO(self.data)
        self.check_unchanged()
        return open(self.file.path, "rb")

    def check_unchanged(self) -> None:
        """Called when it was read, too: raises :class:`SourceError` if other bytes are there than were hashed."""
        if self.data is None and (not os.path.isfile(self.file.path) or _state(os.stat(self.file.path)) != self.state):
            raise SourceError(f"{self.file.name} changed while it was read: build again when nothing writes to it")


@dataclass(frozen=True)
class Files:
    """The files of a shard, hashed, and those that could not be opened: name, place, reason."""

    sources: list[Source]
    failed: list[tuple[str, str, str]]

    @cached_property
    def digest(self) -> str:
        """Hash of their names and contents, in order."""
        return name_of([(source.file.name, source.sha256) for source in self.sources], self.failed)


def at_hand(files: Sequence[SourceFile], recipe: Recipe, folder: Path) -> Files:
    """The files that are not withdrawn, hashed; those of an object store are fetched into ``folder`` first."""
    paths = fetch([file.path for file in files], folder)
    here = [file._replace(path=path) for file, path in zip(files, paths, strict=True)]
    return _hash_all(here, Sieve(recipe))


def seen_step(files: Sequence[SourceFile], recipe: Recipe) -> Step | None:
    """The step in which the hashes of these objects are remembered; ``None`` where one of them has no tag."""
    if not all(file.tag for file in files):
        return None
    return Step("seen", name_of("seen", *sorted(Sieve(recipe).items), *(tuple(file) for file in files)))


def remembered(store: Store, files: Sequence[SourceFile], recipe: Recipe) -> Files | None:
    """What :func:`at_hand` made of these very objects, without their bytes; ``None`` if it has not seen them."""
    step = seen_step(files, recipe)
    if step is None or not store.has(step):
        return None
    hashes: dict[str, str] = store.json(step, "hashes.json")
    return Files([Source(file, hashes[file.name], None) for file in files if file.name in hashes], [])


def remember(store: Store, files: Sequence[SourceFile], recipe: Recipe, found: Files) -> None:
    """Keep the hashes of objects; of those that are withdrawn nothing is kept."""
    if step := seen_step(files, recipe):
        hashes = json.dumps({source.file.name: source.sha256 for source in found.sources})
        store.finish(*step, lambda draft: (draft / "hashes.json").write_text(hashes, "utf-8"))


def _hash_all(files: Sequence[SourceFile], sieve: Sieve) -> Files:
    sources, failed = [], []
    for file in files:
        try:
            source = _hash(file)
        except OSError as error:
            failed.append((file.name, "", f"cannot be read: {error.strerror}"))
        else:
            sources += [] if sieve.takes_file(file.name, source.sha256) else [source]
    return Files(sources, failed)


def _hash(file: SourceFile) -> Source:
    # O_NOFOLLOW: a link put in the file's place after it was listed must not be followed
    handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb", buffering=0) as stream:
        info = os.fstat(handle)
        if info.st_size <= WHOLE:
            data = stream.read()
            return Source(file._replace(size=len(data)), hashlib.sha256(data).hexdigest(), data)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Source(file._replace(size=info.st_size), sha256, None, _state(info))


def _state(info: os.stat_result) -> tuple[int, ...]:
    """What changes with the bytes of a file."""
    return info.st_ino, info.st_size, info.st_mtime_ns
