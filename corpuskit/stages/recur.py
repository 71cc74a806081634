"""Stage 2, recur: in how many documents of the corpus, and of its site, does each line shape occur?

Counts are rounded down to steps of about a quarter, shares to tenths, so that one more
document seldom changes a verdict, and with it the work of other shards.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.stages.verdicts import save_by_shard, slices
from corpuskit.store import store_at
from corpuskit.store.steps import Step, Store

if TYPE_CHECKING:
    from corpuskit.stages.across import RecurTask

#: Verdict on a (shape, site): documents in the corpus and on the site (rounded), the site's share in tenths.
RECURS: Final = np.dtype([("corpus", "<u4"), ("site", "<u4"), ("size", "<u4"), ("tenths", "u1")])
#: Preferred numbers (Renard R10): ten steps to a power of ten.
STEPS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80)


def settle(draft: Path, task: RecurTask) -> None:
    """Count the shapes of a partition into ``draft``."""
    store = store_at(task.home)
    sites = _site_sizes(store, task.reads)
    found = list(slices((store.array(step, "shapes.npy") for step in task.reads), "shape", task.part))
    rows = np.concatenate(found)
    save_by_shard(draft, "recurs", _verdicts(rows, sites), [len(part) for part in found])


def _site_sizes(store: Store, reads: Sequence[Step]) -> NDArray[Any]:
    rows = np.concatenate([store.array(step, "sites.npy")[:] for step in reads])
    sites, where = np.unique(rows["site"], return_inverse=True)
    out = np.zeros(len(sites), rows.dtype)
    out["site"] = sites
    np.add.at(out["docs"], where, rows["docs"])
    return out


def _verdicts(rows: NDArray[Any], sites: NDArray[Any]) -> NDArray[Any]:
    out = np.zeros(len(rows), RECURS)
    if not len(rows):
        return out
    shape, pair = _groups(rows)
    on_site = _sums(pair, rows["docs"])
    size = sites["docs"][np.searchsorted(sites["site"], rows["site"])]
    out["corpus"] = rounded(_sums(shape, rows["docs"]))
    out["site"] = rounded(on_site)
    out["size"] = rounded(size)
    out["tenths"] = on_site * 10 // size
    return out


def _groups(rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row the number of its shape, and of its shape and site (``np.unique`` is slow over two fields)."""
    order = np.lexsort((rows["site"], rows["shape"]))
    shapes, sites = rows["shape"][order], rows["site"][order]
    shape, pair = np.zeros((2, len(rows)), np.int64)
    shape[1:] = shapes[1:] != shapes[:-1]
    pair[1:] = (sites[1:] != sites[:-1]) | (shape[1:] == 1)
    out = np.zeros((2, len(rows)), np.int64)
    out[:, order] = np.cumsum(shape), np.cumsum(pair)
    return out[0], out[1]


def _sums(group: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.int64]:
    return np.bincount(group, values).astype(np.int64)[group]


def rounded(counts: NDArray[Any]) -> NDArray[np.uint32]:
    """``counts`` rounded down to preferred numbers: 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25 …"""
    powers = [step * 10**power for power in range(1, 9) for step in STEPS[7:]]
    series = np.array(sorted({*STEPS, *(n // 10 for n in powers), *powers}), np.int64)
    place = np.searchsorted(series, counts, side="right")
    return np.concatenate(([0], series))[place].astype(np.uint32)
