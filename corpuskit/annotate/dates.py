"""When a document was published, as its own text or its page's metadata say; never by a clock."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from corpuskit.annotate.datefinder import FoundDate, find_dates, says_day_first
from corpuskit.annotate.datelines import dateline, names_another_day

__all__ = ["FoundDate", "dateline", "find_dates", "names_another_day", "parse_iso", "says_day_first"]

#: Basic ISO 8601 and database stamps without signs: 20120118, 20120118T10:15:00Z, 20120118101500.
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]\d\d.*|\d{4}|\d{6})?")


def parse_iso(value: str) -> date | None:
    """The day named by a metadata value (ISO 8601, RFC 2822, or anything ``find_dates`` reads), as written.

    A zone shifts nothing: the day is the one that the page prints. ``None`` for the Unix epoch, for years
    outside 1900..2150, and for a bare year or month.
    """
    value = value.strip()[:200]
    if m := _COMPACT.fullmatch(value):
        value = f"{m[1]}-{m[2]}-{m[3]}"
    found = find_dates(value)
    return found[0].date if found and "epoch" not in found[0].flags else None
