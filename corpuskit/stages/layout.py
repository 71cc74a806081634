"""Lines that go → the stretches of text that go, so that what stays reads as if they had never been there.

A line takes its line end with it and the blank lines that follow; at the end of a page the
first line that goes takes the white space before it too. Blank lines at the edges of a page go.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpuskit.model import settle
from corpuskit.release.parquet import as_columns
from corpuskit.rules.findings import Found
from corpuskit.stages.edits import Edits, Ints, Mask, by_rule, joined, of_objects, place, reasons
from corpuskit.text.lines import Lines

#: Findings of the rules, as ``judge`` keeps them: lines that go, and stretches within lines.
DROPS: Final = pa.schema([("row", pa.int32()), ("rule", pa.string()), ("why", pa.string())])
CUTS: Final = pa.schema(
    [("doc", pa.int32()), ("start", pa.int32()), ("end", pa.int32())]
    + [(n, pa.string()) for n in ("rule", "new", "why")]
)


class Taken(NamedTuple):
    """Lines that go: their rows in the table of lines, and by what reasons (rows of ``stages.edits.REASONS``)."""

    rows: NDArray[Any]
    reasons: pa.RecordBatch


class Layout(NamedTuple):
    """Of a batch of pages: the edits of their views, the lines that stay and show something, the pages with cuts."""

    edits: Edits
    living: Mask
    cut: list[int]


def taken_by(drops: pa.RecordBatch) -> Taken:
    """The lines that rules take (columns of :data:`DROPS`)."""
    return Taken(np.asarray(drops.column("row")), reasons(drops.column("rule"), drops.column("why")))


def layout_of(lines: Lines, found: Found) -> Layout:
    """What goes by the findings of the rules."""
    drops, cuts = as_columns(sorted(found.drops), DROPS), as_columns(sorted(found.cuts), CUTS)
    return layout(lines, taken_by(drops), cuts)


def layout(lines: Lines, taken: Taken, cuts: pa.RecordBatch) -> Layout:
    """What goes when these lines go, and these stretches within lines (columns of :data:`CUTS`)."""
    living = ~lines.blank
    living[taken.rows] = False
    edits = _stretches(lines, taken, living) if len(lines) else of_objects({})
    doc, start, end = (np.asarray(cuts.column(name)).astype(np.int64) for name in ("doc", "start", "end"))
    why = reasons(*(cuts.column(name) for name in ("rule", "why", "new")))
    within = Edits(doc, start, end, np.arange(len(cuts)), why)
    return Layout(_with_cuts(edits, within) if len(cuts) else edits, living, np.unique(doc).tolist())


def _with_cuts(edits: Edits, cuts: Edits) -> Edits:
    """The edits, and the cuts where nothing is decided yet: one in a line that goes is no more."""
    cuts = cuts.at(~edits.covered(cuts))
    both = joined(edits, cuts)
    clash = both.clashing()
    first, more = (table.at(np.isin(table.doc, clash)).objects() for table in (edits, cuts))
    settled = {doc: settle(first.get(doc, ()), more[doc]) for doc in clash.tolist()}
    return joined(both.at(np.isin(both.doc, clash, invert=True)), of_objects(settled))


def _stretches(lines: Lines, taken: Taken, living: Mask) -> Edits:
    """The edits of the lines that go, and of the white space at the edges of the pages."""
    by = np.argsort(taken.rows)
    rows, space = taken.rows[by], len(taken.reasons)
    doc, start, end = lines.doc[rows].astype(np.int64), lines.start[rows].astype(np.int64), _until(lines)[rows]
    head, tail, size = _edges(lines, living)
    pages = np.arange(len(size))
    opener = np.searchsorted(doc, pages)  # the first line of the page that goes …
    opens = np.where(np.append(doc, -1)[opener] == pages, np.append(start, 0)[opener], size)
    closer = np.searchsorted(place(doc, start), place(pages, tail))  # … and the first one behind all that stays
    closes = (np.append(doc, -1)[closer] == pages) & (tail < size)
    start[closer[closes]] = tail[closes]
    opened = np.minimum(opens, head)
    opener = np.where(opens < head, np.append(by, space)[opener], space)
    heads, tails = np.flatnonzero(opened > 0), np.flatnonzero((tail < size) & ~closes)
    doc = np.concatenate((doc, heads, tails))
    start = np.concatenate((start, np.zeros_like(heads), tail[tails]))
    end = np.concatenate((end, opened[heads], size[tails]))
    by = np.concatenate((by, opener[heads], np.full_like(tails, space)))
    why = by_rule("layout", ["white space at the edge of the document"], [None])
    return Edits(doc, start, end, by, pa.concat_batches([taken.reasons, why])).in_order()


def _until(lines: Lines) -> Ints:
    """Where the next line of the page begins that shows something; the end of the page behind the last one."""
    past = np.searchsorted(lines.doc, lines.doc, side="right")
    shown = np.flatnonzero(~lines.blank)
    following = np.append(shown, len(lines))[np.searchsorted(shown, np.arange(len(lines)), side="right")]
    starts = lines.start[np.minimum(following, len(lines) - 1)]
    until: Ints = np.where(following < past, starts, lines.end[past - 1]).astype(np.int64)
    return until


def _edges(lines: Lines, living: Mask) -> tuple[Ints, Ints, Ints]:
    """Of each page where what stays begins and ends (behind the page if nothing does), and the page's size."""
    pages = np.arange(len(lines.scripts))
    size = lines.end[np.searchsorted(lines.doc, pages, side="right") - 1].astype(np.int64)
    alive = np.flatnonzero(living)
    first, past = (np.searchsorted(lines.doc[alive], pages, side=side) for side in ("left", "right"))
    some = first < past
    head, tail = size.copy(), size.copy()
    head[some], tail[some] = lines.start[alive[first[some]]], lines.end[alive[past[some] - 1]]
    return head, tail, size
