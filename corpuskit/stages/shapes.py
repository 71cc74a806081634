"""What recurs in a shard: in how many documents of which site each line shape, each pair of neighbours, each end of
a title occurs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.annotate.affixes import affixes
from corpuskit.rules.findings import FEW_PAGES
from corpuskit.text.lines import Lines

SHAPES: Final = np.dtype([("shape", "<u8"), ("site", "<u8"), ("docs", "<u4")])
SITES: Final = np.dtype([("site", "<u8"), ("docs", "<u4")])
#: An odd constant (2^64 over the golden ratio): shape + document × PAIR tells pairs apart.
PAIR: Final = np.uint64(0x9E3779B97F4A7C15)
#: What stands before the first line of a page and behind its last one.
EDGE: Final = np.uint64(0xC4CEB9FE1A85EC53)


class ShardShapes:
    """What accumulates over the batches of a shard."""

    def __init__(self) -> None:
        self.seen: list[NDArray[Any]] = []
        self.seen_sites: list[NDArray[np.uint64]] = []

    def note(self, titles: Sequence[str], table: Lines, sites: NDArray[np.uint64]) -> None:
        """Count a batch: the title and the site of each document, and the table of all lines."""
        around = affixes(titles)
        told = table.shape != 0
        pairs, paired = _ends_of_pairs(table, _on_small_sites(sites)[table.doc])
        shapes = np.concatenate((table.shape[told], pairs, around.hash))
        docs = np.concatenate((table.doc[told], paired, around.title))
        # one count for each document: a pair is told by one 64-bit number, which sorts fast
        _, first = np.unique(shapes + docs.astype(np.uint64) * PAIR, return_index=True)
        rows = np.zeros(len(first), SHAPES)
        rows["shape"], rows["site"], rows["docs"] = shapes[first], sites[docs[first]], 1
        self.seen.append(rows)
        self.seen_sites.append(sites)

    def shapes(self) -> NDArray[Any]:
        """In how many documents of which site each shape occurs, sorted by shape."""
        return summed(np.concatenate(self.seen or [np.zeros(0, SHAPES)]))

    def sites(self) -> NDArray[Any]:
        """How many documents of each site the shard has."""
        sites, counts = np.unique(np.concatenate(self.seen_sites or [np.zeros(0, np.uint64)]), return_counts=True)
        out = np.zeros(len(sites), SITES)
        out["site"], out["docs"] = sites, counts
        return out


def _on_small_sites(sites: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Documents of which the site may be small: pairs of lines are asked of such sites only, and cost as much again."""
    _, place, count = np.unique(sites, return_inverse=True, return_counts=True)
    small: NDArray[np.bool_] = count[place] <= FEW_PAGES
    return small


def _ends_of_pairs(lines: Lines, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Each pair of neighbours once, and its document."""
    rows, before, after = pairs_of(lines, chosen)
    doc = lines.doc[rows]
    last = np.append(doc[1:] != doc[:-1], True)[: len(doc)]
    return np.concatenate((before, after[last])), np.concatenate((doc, doc[last]))


def pairs_of(
    lines: Lines, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint64]]:
    """The ``chosen`` lines (of whole documents) that have a shape, each with the one before and the one behind it.

    Pairs are hashes. The edges of a page count as lines: what stands first on every page has a neighbour too.
    """
    rows = np.flatnonzero(chosen & (lines.shape != 0))
    shape, doc = lines.shape[rows], lines.doc[rows]
    opens = np.append(True, doc[1:] != doc[:-1])[: len(rows)]
    ends = np.append(opens[1:], True)[: len(rows)]
    left, right = np.roll(shape, 1), np.roll(shape, -1)
    left[opens], right[ends] = EDGE, EDGE
    return rows, _together(left, shape), _together(shape, right)


def _together(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (one * PAIR ^ other >> np.uint64(7)) * PAIR ^ other


def summed(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows of :data:`SHAPES`, sorted, those of one shape and site added up."""
    rows = rows[np.lexsort((rows["site"], rows["shape"]))]
    opens = np.ones(len(rows), bool)
    opens[1:] = (rows["shape"][1:] != rows["shape"][:-1]) | (rows["site"][1:] != rows["site"][:-1])
    first = np.flatnonzero(opens)
    out = rows[first].copy()
    if len(first):
        out["docs"] = np.add.reduceat(rows["docs"], first)
    return out
