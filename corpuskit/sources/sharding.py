"""Sources → data files → shards: contiguous runs of files, cut where a file's own name says so.

A cut depends on the names and sizes around it alone, so that one more file changes one
run; bounded in bytes of text, so that a worker's memory is bounded too. A data file is what a
release publishes, a shard is what a worker reads and judges, and what one change does again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import xxhash

from corpuskit.sources.formats import format_of
from corpuskit.sources.listing import SourceFile

#: Shards to a data file, so long as the corpus has no more than :data:`SHARDS`: each asks every partition for its rows.
PARTS: Final = 4
SHARDS: Final = 128
#: A run of files ends where it has so many times its target of text, and so does what is read of one file.
LONGEST: Final = 4
#: Bytes of text in a byte of a compressed file, about: zstd and gzip make a fifth of news and of web pages.
EXPANDED: Final = 5


class Sized(NamedTuple):
    """A file, and about how many bytes of text it holds."""

    file: SourceFile
    text: int


def data_files(files: Sequence[SourceFile], target: int) -> Iterator[tuple[tuple[SourceFile, ...], ...]]:
    """The shards of each data file of about ``target`` bytes of text."""
    sized = [Sized(file, text_bytes(file)) for file in files]
    size = shard_size(sum(text for _, text in sized), target)
    for run in _runs(sized, target):
        yield tuple(_files_of(part) for part in _runs(run, size))


def shard_size(text: int, target: int) -> int:
    """Bytes of text to a shard of a corpus that has ``text`` of them.

    They grow with the corpus, in steps of two, up to a data file, and decide no byte.
    """
    size = target // PARTS
    while size * SHARDS < text:
        size *= 2
    return min(size, target)


def shards(files: Iterable[SourceFile], target: int) -> Iterator[tuple[SourceFile, ...]]:
    """Cut ``files`` into shards of about ``target`` bytes of text (a quarter to four times that, or one file)."""
    return map(_files_of, _runs([Sized(file, text_bytes(file)) for file in files], target))


def _runs(files: Iterable[Sized], target: int) -> Iterator[list[Sized]]:
    run: list[Sized] = []
    size, least, most = 0, target // 4, LONGEST * target
    for sized in files:
        run.append(sized)
        size += sized.text
        if size >= least and (size >= most or _cuts(sized.file.name, sized.text, target)):
            yield run
            run, size = [], 0
    if run:
        yield run


def _files_of(run: Iterable[Sized]) -> tuple[SourceFile, ...]:
    return tuple(file for file, _ in run)


def text_bytes(file: SourceFile) -> int:
    """About how many bytes of text a file holds."""
    kind = format_of(file.name)
    compressed = kind is not None and (kind.compression or kind.kind == "parquet")
    return file.size * EXPANDED if compressed else file.size


def _cuts(name: str, text: int, target: int) -> bool:
    """Whether a shard may end behind this file: with a chance in proportion to its text, by the hash of its name."""
    chance = 4 * text / (3 * target)
    return xxhash.xxh3_64_intdigest(name.encode("utf-8", "backslashreplace")) < int(chance * 2**64)
