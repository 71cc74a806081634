"""The day that an address names: sites file their pages by it. No clock, and no language."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from urllib.parse import unquote, urlsplit

from corpuskit.annotate.dates.reading import LATEST

#: Sites of the web began then; earlier numbers are numbers of pages.
EARLIEST: Final = 1993
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_PARTED: Final = re.compile(rf"(?<!\d){_YEAR}(?P<sign>[/\-_.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)(?!\d)")
_MONTH_DAY: Final = re.compile(rf"(?<!\d){_YEAR}[/\-_](?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?=[/\-_.]|$)")
_GLUED: Final = re.compile(rf"(?<=[/\-_tTn]){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=[/\-_.t]|$)")


def address_date(url: str) -> date | None:
    """The one day in the path of ``url`` (``/2023/05/17/``, ``-2023-05-17``, ``/20230517``); ``None`` if several.

    Year, month and day in this order only: ``/05/17/2023`` may be anything.
    """
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:  # a page may hold anything: https://[
        return None
    for pattern in (_PARTED, _MONTH_DAY, _GLUED):
        days = {day for match in pattern.finditer(path) if (day := _day(match))}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _day(match: re.Match[str]) -> date | None:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return day if EARLIEST <= day.year <= LATEST else None
