"""Offsets in a repaired text (the view) → offsets in its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]


class Coordinates:
    """The repairs of one document, as a map of offsets (code points).

    A place inside a replacement has no counterpart: it maps to the start of what was
    replaced, or to its end when it ends a stretch.
    """

    def __init__(self, repairs: Sequence[Mapping[str, Any]]) -> None:
        self.start = np.array([r["start"] for r in repairs], np.int64)
        self.end = np.array([r["end"] for r in repairs], np.int64)
        new = np.array([len(r["new"]) for r in repairs], np.int64)
        grown = np.cumsum(new - (self.end - self.start))
        self.view_start = self.start + np.concatenate(([0], grown[:-1]))
        self.view_end = self.view_start + new

    def to_source(self, at: Offsets, ends: bool = False) -> Offsets:
        """Where in the source the offsets ``at`` of the view stand (``ends``: they end stretches)."""
        if not len(self.start):
            return at
        k = np.searchsorted(self.view_start, at, side="left") - 1  # the last repair before each place
        inside = (k >= 0) & (at < self.view_end[k])
        after = np.where(k >= 0, at - self.view_end[k] + self.end[k], at)
        edge = self.end[k] if ends else self.start[k]
        return np.where(inside, edge, after).astype(np.int32)
