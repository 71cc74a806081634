"""When a document was published, as its own text or its page's metadata say; never by a clock."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from corpuskit.annotate.dates.datelines import dateline, names_another_day
from corpuskit.annotate.dates.finder import find_dates, says_day_first
from corpuskit.annotate.dates.reading import EARLIEST, LATEST, FoundDate

__all__ = ["FoundDate", "dateline", "find_dates", "names_another_day", "parse_iso", "says_day_first"]

#: Basic ISO 8601 and database stamps without signs: 20120118, 20120118T10:15:00Z, 20120118101500.
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]\d\d.*|\d{4}|\d{6})?")

#: ISO 8601 by week or by day of the year: 2021-W09-5, 2021W095, 2021-064.
_WEEK_OR_DAY: Final = re.compile(r"(\d{4})-?(?:W(\d\d)-?([1-7])|(?<=-)(\d{3}))(?![\d-])")


def parse_iso(value: str) -> date | None:
    """The day named by a metadata value (ISO 8601, RFC 2822, or anything ``find_dates`` reads), as written.

    A zone shifts nothing: the day is the one that the page prints. ``None`` for the Unix epoch, for years
    outside 1900..2039, and for a bare year or month.
    """
    value = value.strip()[:200]
    if m := _WEEK_OR_DAY.match(value):
        return _of_week_or_year(m)
    if m := _COMPACT.fullmatch(value):
        value = f"{m[1]}-{m[2]}-{m[3]}"
    found = find_dates(value)
    return found[0].date if found and "epoch" not in found[0].flags else None


def _of_week_or_year(printed: re.Match[str]) -> date | None:
    year, week, weekday, day = (int(number or 0) for number in printed.groups())
    try:
        found = date.fromisocalendar(year, week, weekday) if week else date(year, 1, 1) + timedelta(day - 1)
    except ValueError:
        return None
    return found if EARLIEST <= year <= LATEST and (week or found.year == year) else None
