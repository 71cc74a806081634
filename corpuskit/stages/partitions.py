"""Claims of all shards, settled a range of hashes at a time.

Every shard leaves its claims as one array, sorted by hash. A partition is a range of
hashes: it reads that slice of every shard's (memory-mapped) array, decides, and writes one
verdict for each claim, shard after shard. Memory is bounded by the partition, whatever the
corpus; shards and workers cannot change a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

#: Claims to a partition: about 200 MB while they are settled.
CLAIMS: Final = 3_000_000
_WHOLE: Final = 1 << 64


class Partition(NamedTuple):
    """Hashes from ``low`` to below ``high`` (64 bits)."""

    low: int
    high: int


def partitions(claims: int) -> list[Partition]:
    """Cut the range of hashes evenly into a power of two of partitions (hashes are uniform)."""
    count = 1
    while claims > count * CLAIMS:
        count *= 2
    return [Partition(_WHOLE * i // count, _WHOLE * (i + 1) // count) for i in range(count)]


def slices(paths: Sequence[Path], field: str, part: Partition) -> Iterator[NDArray[Any]]:
    """The part of each shard's claims whose ``field`` lies in the partition."""
    for path in paths:
        claims = np.load(path, mmap_mode="r")
        yield claims[_place(claims[field], part.low) : _place(claims[field], part.high)]


def _place(hashes: NDArray[np.uint64], bound: int) -> int:
    return len(hashes) if bound == _WHOLE else int(np.searchsorted(hashes, np.uint64(bound)))


def save_by_shard(folder: Path, name: str, rows: NDArray[Any], sizes: Sequence[int]) -> None:
    """Write the verdicts of a partition (``sizes``: how many belong to each shard, in order)."""
    np.save(folder / f"{name}.npy", rows)
    np.save(folder / f"{name}-offsets.npy", np.concatenate(([0], np.cumsum(np.array(sizes, np.int64)))))


def load_for_shard(folders: Sequence[Path], name: str, shard: int) -> NDArray[Any]:
    """The verdicts for one shard, from all partitions in order: aligned with the shard's own claims."""
    parts = []
    for folder in folders:
        offsets = np.load(folder / f"{name}-offsets.npy", mmap_mode="r")
        parts.append(np.array(np.load(folder / f"{name}.npy", mmap_mode="r")[offsets[shard] : offsets[shard + 1]]))
    return np.concatenate(parts)
