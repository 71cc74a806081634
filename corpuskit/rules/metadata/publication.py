"""The publication date: a line that says when a page was published, outside its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.annotate.dates import FoundDate, dateline, says_day_first
from corpuskit.annotate.dates.datelines import LONGEST
from corpuskit.rules.findings import Batch, Drop, Finding, Note
from corpuskit.text.segment import Zone

#: A dateline may stand among the first lines of a page even where no prose follows.
TOP_LINES: Final = 4

#: Lines this close to the dateline next to the prose may know better: one of them may print the weekday.
NEAR: Final = 3
_FAR: Final = 1 << 20

#: A name that portals print twice in a row, glued to the date; "03/03/2021" is none.
_TWICE: Final = re.compile(r"^((?!\d)\S.{1,40}?\S)\s*\1")


def publication_dates(batch: Batch) -> Iterator[Finding]:
    """A line that is only a dateline, at the head or tail of a page, becomes its ``date``.

    The one closest above the prose decides (dates further up are often today's), those
    at the tail only when there is none above. Of several in one place the first one whose
    weekday agrees with its day goes first, a date of the last update last. A day named
    inside the prose is no dateline.

    Example::

        A title

        ⟦dateline|Published: 5 March 2021
        ⟧The first paragraph of the page, long enough to be prose, which says what happened on the day before.
    """
    lines = batch.lines
    edge = (batch.shape.zone != Zone.BODY) | (_shown_above(batch) < TOP_LINES)
    like = edge & (lines.digits >= 3) & (lines.length <= LONGEST)
    tail = batch.shape.zone == Zone.TAIL
    distance = np.where(tail, _FAR + np.arange(len(lines)), batch.shape.next_prose)
    found: dict[int, list[Dated]] = {}
    for row in batch.rows(like):
        line, date = _dated(batch.line(row).strip())
        if date:
            found.setdefault(int(lines.doc[row]), []).append(Dated(row, line, date, int(distance[row])))
    for doc, dates in found.items():
        near = _nearest(dates) if len(dates) > 1 else dates
        chosen = min(near, key=lambda dated: ("wd_ok" not in dated.date.flags, dated.row))
        best = _in_page_order(chosen, batch.texts[doc])
        origin = "dateline (ambiguous)" if "ambiguous" in best.flags else "dateline"
        yield Note(doc, "date", best.date.isoformat(), origin)
        for dated in dates:
            if abs(dated.row - chosen.row) <= NEAR or (dated in near and dated.date.date == chosen.date.date):
                yield Drop(dated.row, "dateline", "a dateline: moved to date")


def _shown_above(batch: Batch) -> NDArray[np.int64]:
    """For each line, how many lines above it in its page show something."""
    shown = np.cumsum(~batch.lines.blank)
    above = np.concatenate(([0], shown))
    return above[:-1] - above[batch.first][batch.lines.doc]


@lru_cache(maxsize=4096)
def _dated(line: str) -> tuple[str, FoundDate | None]:
    """The line as it is read, and its date."""
    once = _once(line)
    return once, dateline(once)


def _once(line: str) -> str:
    """The line without the second print of a name that opens it."""
    return _TWICE.sub(r"\1", line) if line.find(line[:3], 3) > 0 else line  # the pattern tries every length


class Dated(NamedTuple):
    """A dateline: its row and text, its date, and how many shown lines it stands above the prose."""

    row: int
    line: str
    date: FoundDate
    distance: int


def _nearest(dates: list[Dated]) -> list[Dated]:
    """The dateline next to the prose, and those that are :data:`NEAR` to it or to one that is."""
    current = [dated for dated in dates if "updated" not in dated.date.flags] or dates
    near = [min(current, key=lambda dated: dated.distance)]
    for dated in sorted(current, key=lambda dated: abs(dated.row - near[0].row)):
        if 0 < min(abs(dated.row - other.row) for other in near) <= NEAR:
            near.append(dated)
    return near


def _in_page_order(dated: Dated, text: str) -> FoundDate:
    """The date, an ambiguous one read in the order of day and month that the page's other dates show."""
    if "ambiguous" not in dated.date.flags or says_day_first(text) is not False:
        return dated.date
    return dateline(dated.line, day_first=False) or dated.date
