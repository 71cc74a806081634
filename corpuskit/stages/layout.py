"""Lines that go → the stretches of text that go, so that what stays reads as if they had never been there.

A line takes its line end with it and the blank lines that follow; at the end of a page the
first line that goes takes the white space before it too. Blank lines at the edges of a page go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from corpuskit.model import Edit, Twin, settle
from corpuskit.text.lines import Lines


class Taken(NamedTuple):
    """A line that goes: by which rule, why, and the copy of it that was kept."""

    rule: str
    why: str
    twin: Twin | None = None


class PageLayout:
    """The edits of each page of a batch, over its view, from the lines and cuts that go.

    ``paragraphs`` counts the lines that stay and show something, page by page.
    """

    def __init__(self, lines: Lines, taken: Mapping[int, Taken], cuts: Sequence[Any]) -> None:
        docs = len(lines.scripts)
        gone = np.zeros(len(lines), bool)
        gone[list(taken)] = True
        living = ~lines.blank & ~gone
        self.taken = taken
        self.paragraphs = np.bincount(lines.doc[living], minlength=docs).tolist()
        numbers = np.arange(docs)
        first, past = np.searchsorted(lines.doc, numbers), np.searchsorted(lines.doc, numbers, side="right")
        shown = np.flatnonzero(~lines.blank)
        following = np.append(shown, len(lines))[np.searchsorted(shown, np.arange(len(lines)), side="right")]
        ends_page = following >= past[lines.doc]
        until = np.where(ends_page, lines.end[past[lines.doc] - 1], lines.start[np.minimum(following, len(lines) - 1)])
        self.rows: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for row in np.flatnonzero(gone).tolist():
            self.rows[int(lines.doc[row])].append((row, int(lines.start[row]), int(until[row])))
        alive = np.flatnonzero(living)
        self.first_kept = _edge(lines.start, alive, first, past, left=True)
        self.last_kept = _edge(lines.end, alive, first, past, left=False)
        self.size = lines.end[past - 1].tolist() if docs else []
        self.cuts: dict[int, list[Edit]] = defaultdict(list)
        for doc, start, end, rule, new, why in cuts:
            self.cuts[doc].append(Edit(start, end, rule, new, why))

    def edits(self, doc: int) -> list[Edit]:
        """The edits of page ``doc``, sorted and disjoint, in code points of its view."""
        stretches = self._stretches(doc)
        edits = [Edit(a, b, by.rule, "", by.why, by.twin) for a, b, by in stretches if a < b]
        return (
            list(settle(edits, self.cuts[doc])) if doc in self.cuts else edits
        )  # a cut in a line that goes is no more

    def _stretches(self, doc: int) -> list[tuple[int, int, Taken]]:
        found = [(start, end, self.taken[row]) for row, start, end in self.rows.get(doc, ())]
        first, last, size = self.first_kept[doc], self.last_kept[doc], self.size[doc]
        if last < 0:  # nothing stays
            first = last = size
        space = Taken("layout", "white space at the edge of the document")
        head = found[0][0] if found else size
        if min(head, first) > 0:
            found.insert(0, (0, min(head, first), found[0][2] if found and head < first else space))
        if last < size:
            tail = [i for i, (start, _, _) in enumerate(found) if start >= last]
            if not tail:
                found.append((last, size, space))
            elif found[tail[0]][0] > last:
                found[tail[0]] = (last, found[tail[0]][1], found[tail[0]][2])
        return found


def _edge(column: Any, alive: Any, first: Any, past: Any, left: bool) -> list[int]:
    """For each page the ``column`` of its first (``left``) or last living line; -1 if it has none."""
    at = np.searchsorted(alive, first) if left else np.searchsorted(alive, past) - 1
    inside = (at >= 0) & (at < len(alive))
    rows = alive[np.clip(at, 0, max(len(alive) - 1, 0))] if len(alive) else np.zeros(len(first), np.int64)
    inside &= (rows >= first) & (rows < past)
    return np.where(inside, column[rows], -1).tolist() if len(column) else []
