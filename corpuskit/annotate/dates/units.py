"""Dates of numbers with units: ``2012年1月18日``, ``7 tháng 5 năm 2024``, ``2021 оны 3-р сарын 5``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpuskit.annotate.dates.calendars import ERAS
from corpuskit.annotate.dates.reading import Number, Reading

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


def with_units(text: str, number: Number) -> Iterator[Reading]:
    """The date that begins with ``number``."""
    start, end = number
    if end - start == 4:
        if m := _INNER_ASIAN.match(text, start):
            yield Reading(start, m.end(), m[1], int(m[2] or m[3]), int(m[4]), "units")
    elif m := _VIETNAMESE.match(text, start) or _SOUTH_EAST.match(text, start):
        yield Reading(start, m.end(), m[3], int(m[2]), int(m[1]), "units")


def with_cjk_units(text: str) -> Iterator[Reading]:
    """All dates of a text in the units of Chinese, Japanese and Korean, whose numbers may be no digits."""
    if "年" in text or "년" in text:
        for m in _CJK.finditer(text):
            year, month, day = (_han(m[i]) for i in (2, 3, 4))
            era = m[1] or ("民國" if year in _MINGUO and "年" in m[0] else "")
            yield Reading(m.start(), m.end(), str(year), month, day, "units", base=ERAS[era])


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
