"""Offsets in repaired texts (the views) → offsets in their sources."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.stages.edits import Ints, Places, place


class Coordinates:
    """The repairs of a batch, sorted by document and place, as a map of offsets (code points).

    ``start`` and ``end`` are of the source, ``size`` of what came in their place. A place inside a
    replacement has no counterpart: it maps to the start of what was replaced, or to its end when it ends a stretch.
    """

    def __init__(self, doc: Ints, start: Ints, end: Ints, size: Ints) -> None:
        grown = size - (end - start)
        before = np.cumsum(grown) - grown
        self.doc, self.start, self.end = doc, start, end
        view_start = start + before - before[np.searchsorted(doc, doc)]
        self.view_end = view_start + size
        self.places = place(doc, view_start)

    def to_source(self, doc: Places, at: Places, ends: bool = False) -> Places:
        """Where in its source the offset ``at`` of each view ``doc`` stands (``ends``: they end stretches)."""
        if not len(self.start):
            return at
        k = np.searchsorted(self.places, place(doc, at), side="left") - 1  # the last repair before each place
        mine = (k >= 0) & (self.doc[k] == doc)
        after = np.where(mine, at - self.view_end[k] + self.end[k], at)
        edge = self.end[k] if ends else self.start[k]
        return np.where(mine & (at < self.view_end[k]), edge, after)


def coordinates_of(repairs: pa.ListArray) -> Coordinates:
    """The map of a batch, from the column of its documents' repairs."""
    doc, made = flat(repairs)
    size = pc.utf8_length(made.field("new"))
    return Coordinates(doc, *(np.asarray(c).astype(np.int64) for c in (made.field("start"), made.field("end"), size)))


def flat(lists: pa.ListArray) -> tuple[Ints, Any]:
    """The values of a column of lists, each with the number of its row."""
    counts = np.asarray(pc.fill_null(lists.value_lengths(), 0))
    return np.repeat(np.arange(len(lists)), counts), lists.flatten()
