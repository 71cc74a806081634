"""File names → format and compression; compressed bytes → a plain byte stream, with a guard against bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import IO, Any, Final, NamedTuple, cast

from corpuskit.sources.unreadable import Unreadable

FORMATS: Final = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".warc": "warc",
}  # fmt: skip
COMPRESSIONS: Final = (".gz", ".bz2", ".xz", ".zst")
#: From this many expanded bytes on, the ratio of expansion is watched.
WATCH_FROM: Final = 64 * 1024 * 1024


class Format(NamedTuple):
    """What a file name says: ``kind`` (a key of the readers), ``suffix`` and ``compression`` ('' or a suffix)."""

    kind: str
    suffix: str
    compression: str


def format_of(name: str) -> Format | None:
    """The format of a file by its name, ``None`` for one that corpuskit does not read."""
    # the last dot may be that of a folder: no suffix that is known has a slash in it
    last = name[name.rfind(".") :]
    return _format(last) or _packed(name[: -len(last)], last.lower())


@lru_cache(maxsize=1 << 10)
def _format(suffix: str) -> Format | None:
    suffix = suffix.lower()
    kind = FORMATS.get(suffix)
    return Format(kind, suffix, "") if kind else None


def _packed(name: str, compression: str) -> Format | None:
    inside = _format(name[name.rfind(".") :]) if compression in COMPRESSIONS else None
    return inside._replace(compression=compression) if inside else None


def _zstd(raw: IO[bytes]) -> IO[bytes]:
    import pyarrow as pa

    # Arrow's reader reports a frame that is cut short; the zstandard package ends there in silence
    opened: IO[bytes] = pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")
    return opened


def _gzip(raw: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=raw))


OPENERS: Final[dict[str, Callable[[IO[bytes]], IO[bytes]]]] = {
    "": lambda raw: raw,
    ".gz": _gzip,
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
    ".zst": _zstd,
}


class Expanded(io.RawIOBase):
    """The plain bytes of a compressed stream.

    Raises :class:`Unreadable` for damaged data and for a stream that grows more than
    ``ratio`` times (counted once it is large).
    """

    def __init__(self, raw: IO[bytes], compression: str, ratio: int) -> None:
        self.raw_stream, self.ratio, self.size = raw, ratio, 0
        self.plain: Any = OPENERS[compression](raw)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer``; see the class for what is raised."""
        try:
            data = self.plain.read1(len(buffer))  # what stands before the damage is given before it is told
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise Unreadable(f"damaged compressed data: {error}") from None
        self.size += len(data)
        if self.size > WATCH_FROM and self.size > self.ratio * max(1, self.raw_stream.tell()):
            raise Unreadable(f"expands more than {self.ratio} times (limits.expansion): a decompression bomb?")
        buffer[: len(data)] = data
        return len(data)


def expanded(raw: IO[bytes], compression: str, ratio: int) -> IO[bytes]:
    """A buffered stream of the plain bytes of ``raw``."""
    return io.BufferedReader(Expanded(raw, compression, ratio), 1 << 20) if compression else raw
