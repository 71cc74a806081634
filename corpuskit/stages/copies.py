"""Copies of withdrawn paragraphs: known by their keys, and blacked out where others quote them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.model import Document, Edit
from corpuskit.recipe import Recipe
from corpuskit.stages.coordinates import Coordinates
from corpuskit.text.lines import Lines, table_of_lines

RULE: Final = "withdrawn"
WHY: Final = "the same as a paragraph that was withdrawn"
#: What stands in the ledger for each character of a copy that was withdrawn: how many there were, and no more.
BLACK: Final = "█"
#: A document that shares half of its paragraphs, in letters, with what was withdrawn is a copy, and goes whole.
COPY_SHARE: Final = 0.5


class Copies:
    """Finds copies of the paragraphs that the recipe has withdrawn: those with one of ``whole_keys``."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        keys = {bytes.fromhex(key) for gone in recipe.withdrawn for key in gone.paragraphs}
        self.keys = np.array(sorted(int.from_bytes(key[:8], "little") for key in keys), np.uint64)
        self.whole_keys = frozenset(keys)

    def rows(self, lines: Lines) -> NDArray[np.int64]:
        """The rows of a table of lines that are copies of withdrawn paragraphs."""
        keys = np.ascontiguousarray(lines.key)
        likely = np.flatnonzero(np.isin(keys.view(np.uint64)[::2], self.keys))
        return np.array([row for row in likely.tolist() if keys[row].tobytes() in self.whole_keys], np.int64)

    def blacked_out(self, text: str, edits: list[Edit]) -> tuple[str, list[Edit]] | None:
        """A text and its repairs without copies of withdrawn paragraphs; ``None`` when it is a copy as a whole."""
        lines = table_of_lines([Document(text, tuple(edits)).clean if edits else text])
        rows = self.rows(lines)
        if not len(rows):
            return text, edits
        compared = lines.mass[lines.comparable(self.recipe.dedup.min_mass)].sum()
        if lines.mass[rows].sum() >= COPY_SHARE * compared:
            return None
        found = stretches(lines, rows, edits)
        for _, start, end in found:
            text = text[:start] + re.sub(r"[^\r\n]", BLACK, text[start:end]) + text[end:]
        taken = Document(text, tuple(Edit(after, end, RULE, "", WHY) for after, _, end in found))
        return text, list(taken.with_edits(edits).edits)


class Stretch(NamedTuple):
    """A line in its source (code points), and where the one before it that shows something ends.

    What goes begins there: taken with the line breaks behind it, a line would leave two
    places of the source for the start of the next one.
    """

    after: int
    start: int
    end: int


def stretches(lines: Lines, rows: NDArray[np.int64], edits: Sequence[Edit]) -> list[Stretch]:
    """Where ``rows`` of the table of one view stand in its source; ``edits`` made the view of it."""
    made = np.array([(0, e.start, e.end, len(e.new)) for e in edits], np.int64).reshape(-1, 4)
    where = Coordinates(*made.T)
    shown = np.flatnonzero(~lines.blank)
    shown_ends = np.append(where.to_source(lines.doc[shown], lines.end[shown], ends=True), 0)  # last: before the first
    before = shown_ends[np.searchsorted(shown, rows) - 1]
    doc, start, end = lines.doc[rows], lines.start[rows], lines.end[rows]
    starts, ends = where.to_source(doc, start), where.to_source(doc, end, ends=True)
    return [Stretch(*found) for found in zip(before.tolist(), starts.tolist(), ends.tolist(), strict=True)]
