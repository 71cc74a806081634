"""The slice of each shard's claims that a partition settles, and its verdicts, shard after shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.stages.partitions import WHOLE, Partition
from corpuskit.store.steps import Array, Step, Store

#: Rows that are read on both sides of where a partition should begin and end.
SLACK: Final = 4096


def slices(arrays: Iterable[Array], field: str, part: Partition) -> Iterator[NDArray[Any]]:
    """The part of each shard's claims whose ``field`` lies in the partition."""
    for claims in arrays:
        yield _within(claims, field, part)


def _within(claims: Array, field: str, part: Partition) -> NDArray[Any]:
    """One reading finds both ends: hashes are uniform, so where they stand is known but for some slack."""
    size, slack = len(claims), SLACK
    while True:
        start = max(0, size * part.low // WHOLE - slack)
        end = min(size, size * part.high // WHOLE + slack)
        rows = claims[start:end]
        low, high = _place(rows[field], part.low), _place(rows[field], part.high)
        if (low > 0 or start == 0) and (high < len(rows) or end == size):
            return rows[low:high]
        slack *= 16


def _place(hashes: NDArray[np.uint64], bound: int) -> int:
    return len(hashes) if bound == WHOLE else int(np.searchsorted(hashes, np.uint64(bound)))


def save_by_shard(folder: Path, name: str, rows: NDArray[Any], sizes: Sequence[int]) -> None:
    """Write the verdicts of a partition (``sizes``: how many belong to each shard, in order)."""
    np.save(folder / f"{name}.npy", rows)
    np.save(folder / f"{name}-offsets.npy", np.concatenate(([0], np.cumsum(np.array(sizes, np.int64)))))


def load_for_shard(store: Store, steps: Sequence[Step], name: str, shard: int) -> NDArray[Any]:
    """The verdicts for one shard, from all partitions in order: aligned with the shard's own claims."""
    parts = []
    for step in steps:
        start, end = store.array(step, f"{name}-offsets.npy")[shard : shard + 2].tolist()
        parts.append(np.array(store.array(step, f"{name}.npy")[start:end]))
    return np.concatenate(parts)
