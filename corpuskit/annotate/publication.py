"""The publication date: a line that says when a page was published, outside its prose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from corpuskit.annotate.dates import FoundDate, dateline
from corpuskit.rules.findings import Batch, Drop, Finding, Note
from corpuskit.segment import Zone

#: A dateline is a date, perhaps with a weekday, a time and a name: code points.
LENGTH: Final = 110
#: A dateline may stand among the first lines of a page even where no prose follows.
TOP_LINES: Final = 4

remembered = lru_cache(maxsize=4096)(dateline)


def publication_dates(batch: Batch) -> Iterator[Finding]:
    """A line that is only a dateline, at the head or tail of a page, becomes its ``date``.

    The first one whose weekday agrees with its day decides, else the first in the head,
    else the first in the tail. A day named inside the prose is no dateline.

    Example::

        A title

        ⟦dateline|Published: 5 March 2021
        ⟧The first paragraph of the page, long enough to be prose, which says what happened on the day before.
    """
    lines = batch.lines
    edge = (batch.shape.zone != Zone.BODY) | (lines.index < TOP_LINES)
    like = edge & (lines.digits >= 3) & (lines.length <= LENGTH)
    found: dict[int, list[tuple[int, FoundDate]]] = {}
    for row in batch.rows(like):
        date = remembered(batch.line(row).strip())
        if date is not None:
            found.setdefault(int(lines.doc[row]), []).append((row, date))
    for doc, dates in found.items():
        _, best = min(dates, key=lambda told: (*_rank(batch, *told), told[0]))
        origin = "dateline (ambiguous)" if "ambiguous" in best.flags else "dateline"
        yield Note(doc, "date", best.date.isoformat(), origin)
        yield from (Drop(row, "dateline", "a dateline: moved to date") for row, _ in dates)


def _rank(batch: Batch, row: int, date: FoundDate) -> tuple[int, int]:
    return (0 if "wd_ok" in date.flags else 1, int(batch.shape.zone[row] == Zone.TAIL))
