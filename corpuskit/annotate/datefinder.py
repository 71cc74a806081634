"""Find the full dates in a text: day, month and year, in any script, without a clock.

Three shapes are read: numbers with signs between them (``07/05/2024``), numbers with
CJK or Vietnamese units (``2012年1月18日``), and a month's name beside a day and a year.
Every pattern is bounded, and names are looked up in a dict between two neighbouring
numbers, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from corpuskit.annotate import calendars
from corpuskit.annotate.calendars import fold
from corpuskit.annotate.solarhijri import gregorian
from corpuskit.annotate.weekdays import weekday_near


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


#: Start and end of a number in the text.
_Number = tuple[int, int]


class _Reading(NamedTuple):
    """What a pattern saw, before the calendar has judged it."""

    start: int
    end: int
    year: str
    month: int
    day: int
    kind: str
    flags: tuple[str, ...] = ()
    base: int = 0


#: Years outside are misreadings or placeholders; from 2040 on they are Nepal's, 56 or 57 ahead (2077 is 2020 or 2021).
EARLIEST: Final = 1900
LATEST: Final = 2039
_BE: Final = 543
#: Up to BE 2483 the Thai year began on 1 April: its January to March lie one Gregorian year later.
_LAST_APRIL_YEAR: Final = 2483
#: Unix time zero, and what it becomes west of Greenwich.
_EPOCHS: Final = frozenset({date(1970, 1, 1), date(1969, 12, 31)})

_TWO_DIGITS: Final = re.compile(r"\d\d")
_DIGITS: Final = re.compile(r"\d+")
_CLOCK_AHEAD: Final = re.compile(r"\d{1,2}:\d\d")
_HOUR_BEHIND: Final = re.compile(r"\d:$")
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
_HAN: Final = "〇○零一二三四五六七八九十"
_CJK: Final = re.compile(
    rf"(令和|平成|昭和|大正|民國|民国|(?<!\d))[ \xa0]?(\d{{1,4}}|元|[{_HAN}]{{4}})[ \xa0]?[年년][ \xa0]?"
    rf"(\d\d?|[{_HAN}]{{1,2}})[ \xa0]?[月월][ \xa0]?(\d\d?|[{_HAN}]{{1,3}})[ \xa0]?[日号號일]"
)
#: Taiwan leaves out the name of its era where three digits tell it: 2011 to 2038.
_MINGUO: Final = range(100, 128)
_VIETNAMESE: Final = re.compile(
    r"(\d{1,2})\s{1,3}th[aá]\u0301?ng\s{1,3}(\d{1,2})(?:\s{0,2},|\s{1,3}n[aă]\u0306?m)?\s{1,3}(\d{4})(?!\d)",
    re.IGNORECASE,
)
#: "5 ເດືອນ 3 ປີ 2021", "៥ ខែ ៣ ឆ្នាំ ២០២១", "5 เดือน 3 พ.ศ. 2564"
_SOUTH_EAST: Final = re.compile(
    r"(\d{1,2})\s{0,3}(?:เดือน|ເດືອນ|ខែ)\s{0,3}(\d{1,2})"
    r"\s{0,3}(?:ปี|ປີ|ឆ្នាំ)?\s{0,3}(?:[พค]\.?\s?ศ\.?)?\s{0,3}(\d{4})(?!\d)"
)
#: "2021 оны 3-р сарын 5", "2021 оны 3 дугаар сарын 5", "2021ལོའི་ཟླ་3པའི་ཚེས་5"
_INNER_ASIAN: Final = re.compile(
    r"(\d{4})\s?(?:оны?\s{1,2}(\d{1,2})(?:\s?-?\s?(?:р|дугаар|дүгээр))?\s{1,2}сар(?:ын)?\s{1,2}"
    r"|ལོའི་(?:སྤྱི་)?ཟླ་\s?(\d{1,2})\s?(?:པའི་)?ཚེས་\s?)(\d{1,2})(?!\d)"
)
#: "Wed Apr 10 08:45:07 GMT+02 2013", as C's ctime prints it.
_CTIME: Final = re.compile(r"(\d{1,2}) \d\d:\d\d:\d\d (?:[A-Z]{2,4}(?:[+-]\d\d:?(?:\d\d)?)? )?(\d{4})(?!\d)")

_LONGEST_GAP: Final = 40
_SIGNS: Final = frozenset("./-–．／－")
#: What follows the first number of a date in numbers: a sign, "tháng", or a clock time.
_FOLLOWED: Final = re.compile(r"[ \xa0]{0,3}[./\-–．／－tTเເខ]| \d\d:| ?(?:он|ལོ)")
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


def find_dates(text: str, *, day_first: bool = True) -> list[FoundDate]:
    """All full dates in ``text`` in reading order, not overlapping.

    ``day_first`` decides 07/05/2024 when nothing else does; the answer is flagged ``ambiguous``.
    A day without a year, a month without a day, spans of days, and years outside 1900..2039 are not dates.
    """
    if _TWO_DIGITS.search(text) is None and "年" not in text:
        return []
    readings = [*_numbers_joined(text, day_first), *_with_cjk_units(text)]
    readings.sort(key=lambda r: (r.start, -r.end))
    found: list[FoundDate] = []
    for reading in readings:
        if not found or reading.start >= found[-1].end:
            settled = _settle(text, reading)
            if settled is not None:
                found.append(settled)
    return found


def says_day_first(text: str) -> bool | None:
    """Whether the numeric dates of ``text`` put the day first; ``None`` if none of them tells, or they disagree."""
    orders = {
        "mdy" not in d.flags
        for d in find_dates(text)
        if d.kind == "dmy" and "ambiguous" not in d.flags and d.date.day > 12
    }
    return orders.pop() if len(orders) == 1 else None


def _numbers(text: str) -> Iterator[_Number]:
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


def _numbers_joined(text: str, day_first: bool) -> Iterator[_Reading]:
    """Every reading that begins at, or lies around, a number written in digits."""
    before: _Number | None = None
    for number in _numbers(text):
        if number[1] - number[0] <= 4:
            if _FOLLOWED.match(text, number[1]):
                yield from _signs(text, number, day_first)
            if before is not None and number[0] <= before[1] + _LONGEST_GAP:
                yield from _with_name(text, before, number)
        before = number


def _signs(text: str, number: _Number, day_first: bool) -> Iterator[_Reading]:
    """07/05/2024 and 2024-05-07, 7 tháng 5 năm 2024, and the time stamps of ctime."""
    start, end = number
    if end - start == 4:
        if (m := _YEAR_FIRST.match(text, start)) and not _in_a_row(text, start):
            kind = "iso" if m[2] == "-" and len(m[3]) == len(m[4]) == 2 else "ymd"
            solar = ("solar",) if _is_solar(text, m) else ()
            yield _Reading(start, m.end(), m[1], int(m[3]), int(m[4]), kind, solar)
        elif m := _INNER_ASIAN.match(text, start):
            yield _Reading(start, m.end(), m[1], int(m[2] or m[3]), int(m[4]), "units")
    elif m := _YEAR_LAST.match(text, start) or _GLUED.match(text, start):
        if not _in_a_row(text, start) and not _ends_a_range(text, start, int(m[1])):
            month, day, flags = _order(int(m[1]), int(m[3]), int(m[4]), day_first)
            yield _Reading(start, m.end(), m[4], month, day, "dmy", flags)
    elif m := _VIETNAMESE.match(text, start) or _SOUTH_EAST.match(text, start):
        yield _Reading(start, m.end(), m[3], int(m[2]), int(m[1]), "units")
    elif m := _CTIME.match(text, start):
        yield from _month_before_day(text, start, int(m[1]), m[2], m.end())


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


def _with_cjk_units(text: str) -> Iterator[_Reading]:
    if "年" in text or "년" in text:
        for m in _CJK.finditer(text):
            year, month, day = (_han(m[i]) for i in (2, 3, 4))
            era = m[1] or ("民國" if year in _MINGUO and "年" in m[0] else "")
            yield _Reading(m.start(), m.end(), str(year), month, day, "units", base=calendars.ERAS[era])


def _han(number: str) -> int:
    """``12`` of 12, 十二 or 一二; 1 of 元 (the first year of an era)."""
    if number.isdecimal():
        return int(number)
    if number == "元":
        return 1
    digits = [0 if sign in "〇○零" else _HAN.index(sign) - 2 for sign in number]
    if 10 not in digits:
        return int("".join(map(str, digits)))
    tens, _, ones = number.partition("十")
    return (_han(tens) if tens else 1) * 10 + (_han(ones) if ones else 0)


def _with_name(text: str, left: _Number, right: _Number) -> Iterator[_Reading]:
    """A date with a month's name that lies around two neighbouring numbers."""
    widths, gap = (left[1] - left[0], right[1] - right[0]), text[left[1] : right[0]]
    day, year = text[slice(*left)], text[slice(*right)]
    if widths in ((4, 1), (4, 2)):
        name = _month_key(gap)[0]
        month = calendars.MONTHS.get(name)
        if month is not None:
            yield _Reading(left[0], right[1], day, month, int(year), "text")
        elif name in calendars.YEAR_WORDS and (behind := _NAME_BEHIND.match(text, right[1])):
            month = calendars.MONTHS.get(fold(behind[1]))
            if month is not None:
                yield _Reading(left[0], behind.end(), day, month, int(year), "text")
    elif widths in ((1, 4), (2, 4)) and _AFTER_DAY.fullmatch(gap):
        yield from _month_before_day(text, left[0], int(day), year, right[1])
    elif widths in ((1, 2), (2, 2), (1, 4), (2, 4)):
        yield from _day_before_year(text, gap, left, right)


def _day_before_year(text: str, gap: str, left: _Number, right: _Number) -> Iterator[_Reading]:
    name, flags = _month_key(gap)
    month, day = calendars.MONTHS.get(name), int(text[slice(*left)])
    if month is None and name in calendars.SOLAR_HIJRI:
        month, flags = calendars.SOLAR_HIJRI[name], ("solar",)
    if (month is None and name not in calendars.CROATIAN_NOT_CZECH) or _ends_a_range(text, left[0], day):
        return
    if right[1] - right[0] == 2:
        flags = _two_digits(text, gap, name, flags, right[1])
        if not flags:
            return
    if gap.startswith("."):
        month = _croatian(name, month, text[right[1] : right[1] + 1])
    if month is None:
        return
    yield _Reading(left[0], right[1], text[slice(*right)], month, day, "text", flags)


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


def _month_before_day(text: str, at: int, day: int, year: str, end: int) -> Iterator[_Reading]:
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
            yield _Reading(name_end - length, end, year, month, day, "text")
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


def _ends_a_range(text: str, start: int, day: int) -> bool:
    first = _FIRST_OF_RANGE.search(text[max(0, start - 12) : start])
    return first is not None and int(first[1]) < day


def _settle(text: str, reading: _Reading) -> FoundDate | None:
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


def _gregorian(reading: _Reading) -> tuple[int | None, list[str]]:
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
