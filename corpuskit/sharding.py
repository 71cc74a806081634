"""Sources → shards: contiguous runs of files, cut where a file's own name says so.

A cut depends on the names and sizes around it alone, so that one more file changes one
shard; bounded in bytes, so that a worker's memory is bounded too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import xxhash

from corpuskit.sources.listing import SourceFile


def shards(files: Sequence[SourceFile], target: int) -> Iterator[tuple[SourceFile, ...]]:
    """Cut ``files`` into shards of about ``target`` bytes (a quarter to four times that, but for larger files)."""
    shard: list[SourceFile] = []
    size = 0
    for file in files:
        shard.append(file)
        size += file.size
        if size >= 4 * target or (size >= target // 4 and _cuts(file, target)):
            yield tuple(shard)
            shard, size = [], 0
    if shard:
        yield tuple(shard)


def _cuts(file: SourceFile, target: int) -> bool:
    """Whether a shard may end behind this file: with a chance in proportion to its size, by the hash of its name."""
    chance = min(1.0, 4 * file.size / (3 * target))
    digest = xxhash.xxh3_64_intdigest(file.name.encode("utf-8", "backslashreplace"))
    return digest < int(chance * 2**64)
