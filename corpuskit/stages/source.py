"""A file that is to be read, hashed: so that nothing is read but the bytes that named the steps."""

from __future__ import annotations

import hashlib
import io
import os
from typing import IO, Final, NamedTuple

from corpuskit.errors import SourceError
from corpuskit.sources.listing import SourceFile

#: Files up to this size are read once, into memory; larger ones are hashed first and read again.
WHOLE: Final = 32 * 1024 * 1024
#: A link put in a file's place after it was listed must not be followed. Not every system has these flags.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


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


def hashed(file: SourceFile) -> Source:
    """The file, hashed. Raises :class:`OSError` for one that cannot be opened."""
    handle = os.open(file.path, _FLAGS)
    with io.FileIO(handle) as stream:
        info = os.fstat(handle)
        if info.st_size <= WHOLE:
            data = stream.read(info.st_size + 1) or b""
            if len(data) != info.st_size:  # as many bytes and an end in one read, of nearly every file
                data += stream.readall()
            return Source(_sized(file, len(data)), hashlib.sha256(data).hexdigest(), data)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Source(_sized(file, info.st_size), sha256, None, _state(info))


def _sized(file: SourceFile, size: int) -> SourceFile:
    """The file with the size that it has now."""
    return file if file.size == size else file._replace(size=size)


def _state(info: os.stat_result) -> tuple[int, ...]:
    """What changes with the bytes of a file."""
    return info.st_ino, info.st_size, info.st_mtime_ns
