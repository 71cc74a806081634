"""The dateline that a page shows beside its heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from corpuskit.annotate.dates import FoundDate, dateline, find_dates, names_another_day
from corpuskit.annotate.dates.datelines import LONGEST
from corpuskit.page.lines import Line, Piece
from corpuskit.page.surroundings import PROSE, Mark, Near, Surroundings, marked

#: Lines above the heading that need no mark.
CLOSE: Final = 3
#: A line of its own that says what the next one is ("Joined:"), code points.
LABEL: Final = 30

#: Where elements tell machines the date that they show.
_STAMPS: Final = {"time": "datetime", "abbr": "title"}
_DIGIT: Final = re.compile(r"\d")
#: What authors of pages call the place of a date, in ``class`` and ``id``.
_MARK: Final = re.compile(r"date|time|publi|posted|fecha|datum", re.IGNORECASE)
_is_mark: Final[Mark] = lru_cache(maxsize=1 << 10)(_MARK.search)


def shown_date(near: Surroundings, *, day_first: bool = True) -> FoundDate | None:
    """The date of the dateline closest below the heading of a page, else above it, else behind the first paragraph.

    A date that its line calls an update goes last and is flagged ``updated``.
    """
    far = (one for one in near.above[CLOSE:] if any(marked(piece, _is_mark, "time") for piece in one.line.pieces))
    first = next((at for at, one in enumerate(near.below) if len(one.line.text) >= PROSE), len(near.below))
    in_order = [*near.below[:first], *near.above[:CLOSE], *near.below[first:], *far]
    updated = None
    for found in _dates(in_order, day_first):
        if "updated" not in found.flags:
            return found
        updated = updated or found
    return updated


def shown_days(near: Surroundings, sign: str, *, day_first: bool = True) -> Iterator[tuple[date, str]]:
    """Every day that a dateline near the heading shows whose line holds ``sign``, and that line."""
    for one in (*near.below, *near.above):
        if sign in one.line.text:
            yield from ((found.date, one.line.text) for found in _dates([one], day_first))


def _dates(lines: Iterable[Near], day_first: bool) -> Iterator[FoundDate]:
    for line, before in lines:
        if not _DIGIT.search(line.text) or (len(before) <= LABEL and names_another_day(before)):
            continue
        if found := _date(line, day_first):
            yield found


def _date(line: Line, day_first: bool) -> FoundDate | None:
    """The date of a line or of a piece of it; a time element knows it better than its text does."""
    if len(line.text) <= LONGEST and names_another_day(line.text):
        return None
    for text in line.parts():
        if found := dateline(text, day_first=day_first):
            exact = next((day for piece in line.pieces if piece.text in text and (day := _stamp(piece))), None)
            return found._replace(date=exact.date) if exact else found
    return next(filter(None, map(_stamp, line.pieces)), None) if len(line.text) <= LONGEST else None


def _stamp(piece: Piece) -> FoundDate | None:
    """The date in the ``datetime`` of a time element, or in the ``title`` of an abbreviation (microformats)."""
    name = _STAMPS.get(piece.node.tag)
    found = find_dates(piece.node.get(name, "")) if name else []
    return found[0] if found and "epoch" not in found[0].flags else None
