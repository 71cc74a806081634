"""Find the full dates in a text: day, month and year, in any script, without a clock.

Three shapes are read: numbers with signs between them (:mod:`.signs`), numbers with units
(:mod:`.units`), and a month's name beside a day and a year (:mod:`.names`).
Every pattern is bounded, and names are looked up in a dict between two neighbouring
numbers, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpuskit.annotate.dates.names import time_stamp, with_name
from corpuskit.annotate.dates.reading import FoundDate, Number, Reading, settled
from corpuskit.annotate.dates.signs import with_signs
from corpuskit.annotate.dates.units import with_cjk_units, with_units

_DIGITS: Final = re.compile(r"\d\d*")  # a pattern that begins with one class is searched twice as fast
_CLOCK_AHEAD: Final = re.compile(r"\d{1,2}:\d\d")
_HOUR_BEHIND: Final = re.compile(r"\d:$")
_SIGNS: Final = frozenset("./-–．／－")
#: What follows the first number of a date in numbers: a sign, "tháng", or a clock time.
_FOLLOWED: Final = re.compile(r"[ \xa0]{0,3}[./\-–．／－tTเເខ]| \d\d:| ?(?:он|ལོ)")


def find_dates(text: str, *, day_first: bool = True) -> list[FoundDate]:
    """All full dates in ``text`` in reading order, not overlapping.

    ``day_first`` decides 07/05/2024 when nothing else does; the answer is flagged ``ambiguous``.
    A day without a year, a month without a day, spans of days, and years outside 1900..2039 are not dates.
    """
    numbers = list(_numbers(text))
    if len(numbers) < 2 and "年" not in text:
        return []
    readings = [*_numbers_joined(text, numbers, day_first), *with_cjk_units(text)]
    readings.sort(key=lambda r: (r.start, -r.end))
    found: list[FoundDate] = []
    for reading in readings:
        if not found or reading.start >= found[-1].end:
            day = settled(text, reading)
            if day is not None:
                found.append(day)
    return found


def says_day_first(text: str) -> bool | None:
    """Whether the numeric dates of ``text`` put the day first; ``None`` if none of them tells, or they disagree."""
    orders = {
        "mdy" not in d.flags
        for d in find_dates(text)
        if d.kind == "dmy" and "ambiguous" not in d.flags and d.date.day > 12
    }
    return orders.pop() if len(orders) == 1 else None


def _numbers(text: str) -> Iterator[Number]:
    """Where numbers stand. A clock time glued on parts the digits: "201310:25", "14:2603.01.2013"."""
    for m in _DIGITS.finditer(text):
        start, end = m.span()
        if end - start == 4 and text[end : end + 1] in _SIGNS and _HOUR_BEHIND.search(text, max(0, start - 3), start):
            yield start + 2, end
        elif end - start in (5, 6) and _CLOCK_AHEAD.match(text, start + 4):
            yield start, start + 4
            yield start + 4, end
        else:
            yield start, end


def _numbers_joined(text: str, numbers: Sequence[Number], day_first: bool) -> Iterator[Reading]:
    """Every reading that begins at, or lies around, a number written in digits."""
    before: Number | None = None
    for number in numbers:
        if number[1] - number[0] <= 4:
            if _FOLLOWED.match(text, number[1]):
                yield from with_signs(text, number, day_first)
                yield from with_units(text, number)
                yield from time_stamp(text, number)
            if before is not None:
                yield from with_name(text, before, number)
        before = number
