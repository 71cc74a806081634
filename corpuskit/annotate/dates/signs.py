"""Dates of numbers with signs between them: ``07/05/2024``, ``2024-05-07``, ``۱۴۰۰/۰۵/۲۳``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpuskit.annotate.dates.names import ends_a_range
from corpuskit.annotate.dates.reading import Number, Reading

#: Where a numeric date may not begin: inside a longer row of numbers, or as a version ("v1.2.2012").
_NOT_BEFORE: Final = re.compile(
    r"(?:(?<!:\d)\d[./\-]|\bv\.?|\bver(?:sion|sione|sión)?[. ]{1,2}|firmware )$", re.IGNORECASE
)
#: What may follow: no digit and no further number of the row, unless it is a clock time.
_END: Final = r"(?:(?=\d{1,2}:\d\d)|(?!\d)(?![./\-]\d(?!\d?:)))"
_SIGN: Final = r"([ \xa0]?[./\-–．／－][ \xa0]?)"
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}}){_SIGN}(\d{{1,2}})\2(\d{{4}}){_END}")
#: Between a clock time and a counter, all glued: "12:1704.01.201231" is 12:17, 04.01.2012 and 31.
_GLUED: Final = re.compile(r"(?<=\d:\d\d)(\d\d)([./\-])(\d\d)\2((?:19|20)\d\d)(?=\d{1,4}(?!\d))")
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}}){_SIGN}(\d{{1,2}})\2(\d\d(?=\d\d:\d\d)|\d{{1,2}}{_END})")
#: In Persian digits such a year is one of the Solar Hijri calendar; in others it is one of 1991 to 2031 beside Arabic
#: letters (later years are those of the moon).
_PERSIAN_YEAR: Final = re.compile("۱[۳۴]")
_SOLAR_YEARS: Final = range(1370, 1410)
_ARABIC_LETTER: Final = re.compile("[\u0621-\u064a\u067e-\u06cc]")
_NEARBY: Final = 40


def with_signs(text: str, number: Number, day_first: bool) -> Iterator[Reading]:
    """The date that begins with ``number``."""
    start, end = number
    if end - start == 4:
        if (m := _YEAR_FIRST.match(text, start)) and not _in_a_row(text, start):
            kind = "iso" if m[2] == "-" and len(m[3]) == len(m[4]) == 2 else "ymd"
            solar = ("solar",) if _is_solar(text, m) else ()
            yield Reading(start, m.end(), m[1], int(m[3]), int(m[4]), kind, solar)
    elif (
        (m := _YEAR_LAST.match(text, start) or _GLUED.match(text, start))
        and not _in_a_row(text, start)
        and not ends_a_range(text, start, int(m[1]))
    ):
        month, day, flags = _order(int(m[1]), int(m[3]), int(m[4]), day_first)
        yield Reading(start, m.end(), m[4], month, day, "dmy", flags)


def _is_solar(text: str, printed: re.Match[str]) -> bool:
    around = max(0, printed.start() - _NEARBY), printed.end() + _NEARBY
    return _PERSIAN_YEAR.match(printed[1]) is not None or (
        int(printed[1]) in _SOLAR_YEARS and _ARABIC_LETTER.search(text, *around) is not None
    )


def _in_a_row(text: str, start: int) -> bool:
    return _NOT_BEFORE.search(text, max(0, start - 10), start) is not None


def _order(first: int, second: int, year: int, day_first: bool) -> tuple[int, int, tuple[str, ...]]:
    """Month, day and flags of two numbers before a year. Buddhist years come day first."""
    if second > 12:
        return first, second, ("mdy",)
    if first > 12 or first == second or year >= 2400:
        return second, first, ()
    return (second, first, ("ambiguous",)) if day_first else (first, second, ("ambiguous",))
