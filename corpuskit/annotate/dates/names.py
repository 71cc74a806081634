"""Dates with a month's name, beside a day and a year: ``5 March 2021``, ``March 5, 2021``, ``24 ม.ค. 64``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from corpuskit.annotate.dates import calendars
from corpuskit.annotate.dates.calendars import fold
from corpuskit.annotate.dates.reading import Number, Reading

#: "Wed Apr 10 08:45:07 GMT+02 2013", as C's ctime prints it.
_CTIME: Final = re.compile(r"(\d{1,2}) \d\d:\d\d:\d\d (?:[A-Z]{2,4}(?:[+-]\d\d:?(?:\d\d)?)? )?(\d{4})(?!\d)")
_LONGEST_GAP: Final = 40
_AFTER_DAY: Final = re.compile(r"(?:st|nd|rd|th)?[ \xa0,.،၊]{1,4}(?:of )?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s.,،၊/'’\-–()]+")
_NAME_BEHIND: Final = re.compile(r"[.\-]?[ \xa0]{0,2}([^\W\d_]{3,})")
#: A name that languages put after the day counts before it where a comma parts day and year: letters of a-z, or others.
_PLAIN_NAME: Final = (4, 3)
_COMMON_ERA: Final = re.compile(r"(?:ค\.?\s?ศ\.?|คริสต์ศักราช)\s{0,3}$")
_BUDDHIST_ERA: Final = re.compile(r"(?:พ\.?\s?ศ\.?|พุทธศักราช|ພ\.?\s?ສ\.?|ព\.?\s?ស\.?)\s{0,3}$")
#: After two digits: these make them a count or a time, not a year.
_NOT_A_YEAR: Final = re.compile(r"\d|[:.,]\d|\s{0,2}(?:คน|ราย|ล้าน|บาท|เรื่อง|โครงการ|แห่ง|ครั้ง|น\.|นาฬิกา|%|ปี|วัน|เดือน)")
#: "19-21 ตุลาคม 2564" is a span of days, not a date.
_TO: Final = "[-–—~&]|to|and|и|до|і|ถึง|และ|al?|bis|und|y|e|et|au|i|do|y el|đến|và"
_FIRST_OF_RANGE: Final = re.compile(
    rf"(?<![:\d.])(\d{{1,2}})(?:\.|st|nd|rd|th)?[ \xa0]?(?:{_TO})[ \xa0]?$", re.IGNORECASE
)


def with_name(text: str, left: Number, right: Number) -> Iterator[Reading]:
    """The date that lies around two neighbouring numbers."""
    if right[0] > left[1] + _LONGEST_GAP:
        return
    widths, gap = (left[1] - left[0], right[1] - right[0]), text[left[1] : right[0]]
    day, year = text[slice(*left)], text[slice(*right)]
    if widths in ((4, 1), (4, 2)):
        name = _month_key(gap)[0]
        month = calendars.MONTHS.get(name)
        if month is not None:
            yield Reading(left[0], right[1], day, month, int(year), "text")
        elif name in calendars.YEAR_WORDS and (behind := _NAME_BEHIND.match(text, right[1])):
            month = calendars.MONTHS.get(fold(behind[1]))
            if month is not None:
                yield Reading(left[0], behind.end(), day, month, int(year), "text")
    elif widths in ((1, 4), (2, 4)) and _AFTER_DAY.fullmatch(gap):
        yield from _month_before_day(text, left[0], int(day), year, right[1])
    elif widths in ((1, 2), (2, 2), (1, 4), (2, 4)):
        yield from _day_before_year(text, gap, left, right)


def time_stamp(text: str, number: Number) -> Iterator[Reading]:
    """The time stamp of which ``number`` is the day: the month's name ends right before it."""
    if m := _CTIME.match(text, number[0]):
        yield from _month_before_day(text, number[0], int(m[1]), m[2], m.end())


def _day_before_year(text: str, gap: str, left: Number, right: Number) -> Iterator[Reading]:
    name, flags = _month_key(gap)
    month, day = calendars.MONTHS.get(name), int(text[slice(*left)])
    if month is None and name in calendars.SOLAR_HIJRI:
        month, flags = calendars.SOLAR_HIJRI[name], ("solar",)
    if (month is None and name not in calendars.CROATIAN_NOT_CZECH) or ends_a_range(text, left[0], day):
        return
    if right[1] - right[0] == 2:
        flags = _two_digits(text, gap, name, flags, right[1])
        if not flags:
            return
    if gap.startswith("."):
        month = _croatian(name, month, text[right[1] : right[1] + 1])
    if month is None:
        return
    yield Reading(left[0], right[1], text[slice(*right)], month, day, "text", flags)


def _croatian(name: str, month: int | None, behind: str) -> int | None:
    """The month of a name after a day with a full stop; ``None`` where languages that write it so disagree."""
    if name in calendars.CROATIAN_NOT_CZECH:
        return calendars.CROATIAN_NOT_CZECH[name] if behind == "." else None
    return calendars.CROATIAN.get(name, month)


def _two_digits(text: str, gap: str, name: str, flags: tuple[str, ...], end: int) -> tuple[str, ...]:
    """Flags of a two-digit year, or none when it is none: ``24 ม.ค.64`` is BE 2564, ``18-Jan-12`` is CE."""
    if _NOT_A_YEAR.match(text, end):
        return ()
    if name in calendars.THAI_MONTHS:
        return () if "ce" in flags else ("be2",)
    return ("yy",) if gap[-1] in "'’" or (gap[0] == "-" == gap[-1]) else ()


def _month_before_day(text: str, at: int, day: int, year: str, end: int) -> Iterator[Reading]:
    """Month first, as in "March 5, 2021": the name ends right before the day at ``text[at]``."""
    window = text[max(0, at - calendars.LONGEST_MONTH - 3) : at]
    tail = window.rstrip(" \xa0.,")
    name_end = at - len(window) + len(tail)
    parted = any(comma in text[at:end] for comma in ",،၊")
    for length in range(min(len(tail), calendars.LONGEST_MONTH), 1, -1):
        name = fold(tail[-length:])
        plain = parted and length >= _PLAIN_NAME[not name.isascii()]
        month = (calendars.MONTHS if plain else calendars.MONTH_FIRST).get(name)
        if month is not None and _starts_a_word(tail, len(tail) - length):
            yield Reading(name_end - length, end, year, month, day, "text")
            return


def _starts_a_word(tail: str, at: int) -> bool:
    """Whether a name may begin at ``tail[at]``: after no letter, after a lower-case one in capitals, or long enough."""
    if at == 0 or not tail[at - 1].isalpha():
        return True
    return tail[at].isupper() and (tail[at - 1].islower() or len(tail) - at >= 7)


@lru_cache(maxsize=4096)  # a site prints the months in one way
def _month_key(gap: str) -> tuple[str, tuple[str, ...]]:
    """The part of ``gap`` that may be a month's name, folded; and ``ce`` when the gap names the common era."""
    flags: tuple[str, ...] = ()
    if len(gap) < 2 or "\n" in gap:
        return "", flags
    if not gap.isascii():
        if _COMMON_ERA.search(gap):
            flags = ("ce",)
        gap = _BUDDHIST_ERA.sub("", _COMMON_ERA.sub("", gap))
    words = _WORD.findall(fold(gap))
    while words and words[0] in calendars.LINKS:
        del words[0]
    while words and words[-1] in calendars.LINKS:
        del words[-1]
    name = "".join(words)
    if not name.isascii() and name not in calendars.MONTHS:
        name = _unglue(name)
    return name, flags


def _unglue(name: str) -> str:
    for word in calendars.GLUED_BEFORE:
        name = name.removeprefix(word)
    for word in calendars.GLUED_AFTER:
        name = name.removesuffix(word)
    return name


def ends_a_range(text: str, start: int, day: int) -> bool:
    """Whether ``day``, which begins at ``text[start]``, is the last one of a span of days."""
    first = _FIRST_OF_RANGE.search(text[max(0, start - 12) : start])
    return first is not None and int(first[1]) < day
