"""The weekday that is printed beside a date: a free checksum, and a judge between two orders of day and month."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from corpuskit.annotate.dates import calendars
from corpuskit.annotate.dates.calendars import fold

#: From Thai on, scripts mostly write no spaces: a name may begin or end inside a word.
_UNSPACED: Final = "\u0e00"
#: Between a weekday and its date.
_BETWEEN: Final = re.compile(r"[\s,.:;/|()\[\]\-–،'’·•*]+")
_NEUTRAL: Final = frozenset(fold("ที่ วันที่ ວັນທີ ທີ ថ្ងៃទី ទី ngày the den dne dnia le el dia tanggal am on a ta de من").split())
_DAY_MARKS: Final = ("ที่", "ທີ່", "ທີ", "ទី")


def weekday_near(text: str, start: int, end: int) -> int | None:
    """The weekday named right before or after ``text[start:end]``, 0 for Monday, or ``None``."""
    weekday = _weekday_before(text[max(0, start - 36) : start].rpartition("\n")[2])
    return _weekday_after(text[end : end + 24].partition("\n")[0]) if weekday is None else weekday


@lru_cache(maxsize=4096)  # a site prints its days in one way
def _weekday_before(before: str) -> int | None:
    words = [w for w in _BETWEEN.split(fold(before)) if w]
    while words and words[-1] in _NEUTRAL:
        del words[-1]
    tail = " ".join(words)
    for mark in _DAY_MARKS:
        tail = tail.removesuffix(mark)
    for length in range(min(len(tail), calendars.LONGEST_WEEKDAY), 1, -1):
        weekday = calendars.WEEKDAYS.get(tail[-length:])
        if weekday is not None and (
            length == len(tail) or not tail[-length - 1].isalpha() or tail[-length] >= _UNSPACED
        ):
            return weekday
    return None


#: A weekday with a day number behind it belongs to that day.
_NEXT_DAY: Final = re.compile(r"[\s,]{0,3}\d{1,2}(?![:：\d])")
_AFTER_DATE: Final = re.compile(r"[\s,.]{0,3}([(（\[【]?)\s?(?:วัน)?")


def _weekday_after(rest: str) -> int | None:
    """Behind the date: "2012年1月18日(水)", "18., szerda". Short names need brackets: Sam is a person too."""
    opened = _AFTER_DATE.match(rest)
    if opened is None:
        return None
    rest = rest[opened.end() :]
    if opened[1] and rest[1:2] in (")", "）", "]", "】"):
        return calendars.BRACKETED_DAYS.get(rest[0])
    head = fold(rest)
    shortest = 2 if opened[1] or not head.isascii() else 5
    for length in range(min(len(head), calendars.LONGEST_WEEKDAY), shortest - 1, -1):
        weekday = calendars.WEEKDAYS.get(head[:length])
        if weekday is not None and (not head[length : length + 1].isalpha() or head[0] >= _UNSPACED):
            return None if _NEXT_DAY.match(head, length) else weekday
    return None


#: Short weekdays stand right before the date, alone; some are prepositions too and need a sign behind them.
_SHORT: Final = re.compile(r"(?<![^\s(\[|])([^\W\d_]{1,4}|[tT]\d)([.,]{0,2})\s*$")
_PREPOSITIONS: Final = frozenset("do po za".split())


def without_short_weekday(before: str, day: date) -> str:
    """What stands ``before`` a date, without a short weekday on which the day falls: ``Mi``, ``pt.``, ``Do.,``."""
    last = _SHORT.search(before[-8:])
    if last is None or day.weekday() not in calendars.SHORT_WEEKDAYS.get(word := fold(last[1]), ()):
        return before
    return before if word in _PREPOSITIONS and not last[2] else before[: len(before) - len(last[0])]
