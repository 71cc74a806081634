"""What a pattern saw → a date of the Gregorian calendar, or none."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from corpuskit.annotate.dates.solarhijri import gregorian
from corpuskit.annotate.dates.weekdays import weekday_near

#: Start and end of a number in the text.
Number = tuple[int, int]
#: Years outside are misreadings or placeholders; from 2040 on they are Nepal's, 56 or 57 ahead (2077 is 2020 or 2021).
EARLIEST: Final = 1900
LATEST: Final = 2039
_BE: Final = 543
#: Up to BE 2483 the Thai year began on 1 April: its January to March lie one Gregorian year later.
_LAST_APRIL_YEAR: Final = 2483
#: Unix time zero, and what it becomes west of Greenwich.
_EPOCHS: Final = frozenset({date(1970, 1, 1), date(1969, 12, 31)})


class FoundDate(NamedTuple):
    """A date as printed at ``text[start:end]`` (code points), in the Gregorian calendar.

    ``kind``: ``iso`` (2012-01-18), ``ymd``, ``dmy`` (numbers), ``text`` (a month's name),
    ``units`` (年月日, tháng), ``yy`` (31.12.11, only in datelines). ``flags``: ``be`` (Buddhist
    year), ``be2`` (two digits of one), ``ambiguous`` (day and month could change places), ``mdy``
    (only month first is possible), ``solar`` (a year of the Solar Hijri calendar), ``wd_ok`` /
    ``wd_bad`` (the weekday beside it agrees or not), ``epoch`` (Unix time zero: a machine wrote
    it, nobody else), ``yy`` (a year of two digits); from datelines also ``updated``.
    """

    date: date
    start: int
    end: int
    kind: str
    flags: tuple[str, ...]


class Reading(NamedTuple):
    """What a pattern saw, before the calendar has judged it."""

    start: int
    end: int
    year: str
    month: int
    day: int
    kind: str
    flags: tuple[str, ...] = ()
    base: int = 0


def settled(text: str, reading: Reading) -> FoundDate | None:
    """The reading as a real date, or ``None``. The weekday beside it may choose between two orders."""
    year, flags = _gregorian(reading)
    if year is None:
        return None
    calendar = gregorian if "solar" in flags else _real_date
    day = calendar(year, reading.month, reading.day)
    weekday = weekday_near(text, reading.start, reading.end)
    if weekday is not None and "ambiguous" in flags:
        day, flags = _chosen_by_weekday(day, weekday, flags)
    if day is None:
        return None
    if weekday is not None:
        flags.append("wd_ok" if day.weekday() == weekday else "wd_bad")
    if day in _EPOCHS:
        flags.append("epoch")
    return FoundDate(day, reading.start, reading.end, reading.kind, tuple(flags))


def _chosen_by_weekday(day: date | None, weekday: int, flags: list[str]) -> tuple[date | None, list[str]]:
    """Of the two orders of an ambiguous date, the one that falls on ``weekday``, if only one does."""
    if day is None:
        return day, flags
    fits = [d for d in (day, date(day.year, day.day, day.month)) if d.weekday() == weekday]
    return (fits[0], [f for f in flags if f != "ambiguous"]) if len(fits) == 1 else (day, flags)


def _gregorian(reading: Reading) -> tuple[int | None, list[str]]:
    year, flags = int(reading.year) + reading.base, [f for f in reading.flags if f != "ce"]
    if "solar" in flags:
        return year, flags
    if "be2" in flags:
        year += 2500
    if "yy" in flags:
        return (2000 + year, flags) if year < 50 else (None, flags)
    if 2400 <= year <= LATEST + _BE and "ce" not in reading.flags:
        flags += [] if "be2" in flags else ["be"]
        year += 1 - _BE if year < _LAST_APRIL_YEAR and reading.month <= 3 else -_BE
    return (year if EARLIEST <= year <= LATEST else None), flags


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
