"""Days of calendars that are not read, beside the Gregorian date of a line: Hijri, Bengali, Nepali, Hebrew, the moon.

They say the same day again, so nothing is lost without them; alone they give no date. Some would have to be
observed (the Hijri month begins with the new moon), others differ from place to place.
"""

from __future__ import annotations

import re
from typing import Final

from corpuskit.annotate.dates.calendars import TABLES


def _names() -> str:
    """A pattern for any month of these calendars, the longest first."""
    items = (item for row in TABLES["other_calendars"].values() for item in row.split())
    names = {name.replace("_", " ") for item in items for name in item.split("|")}
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_MONTH: Final = rf"(?:{_names()})"
#: "21 رجب 1442 هـ", "२०७७ फागुन २१ गते", "ফাল্গুন ২০, ১৪২৭", "21/7/1442 هـ", "แรม 7 ค่ำ เดือน 4 ปีชวด"
_DAY: Final = re.compile(
    rf"\d{{1,2}}[ ,،]{{1,3}}{_MONTH}[ ,،]{{1,3}}\d{{4}}(?:[ ,]{{0,2}}(?:هـ|ه\b|ھ|هجری|বঙ্গাব্দ|বাংলা))?"
    rf"|(?:\d{{4}}\s)?{_MONTH}[ ,،]{{1,3}}\d{{1,2}}(?:[ ,،]{{1,3}}\d{{4}}|\sगते)"
    r"|\d{1,4}([/\-])\d{1,2}\1\d{1,4}\s?(?:هـ|ه(?=\s|$))"
    r"|(?:ขึ้น|แรม)\s?\d{1,2}\s?ค่ำ(?:\s?เดือน\s?(?:\d{1,2}|[^\s\d]{1,6}))?(?:\s?ปี[^\s\d]{1,8})?"
)
_HEBREW: Final = re.compile(r"[א-ת]{1,2}(?:[\"״'׳][א-ת]?)?\s[א-ת]{3,6}(?:\s[אב]['׳])?,?\s(?:ה['׳]?)?תש[א-ת]?[\"״][א-ת]")
_DIGIT: Final = re.compile(r"\d")


def without_other_days(line: str) -> str:
    """The line without days of other calendars."""
    if _DIGIT.search(line):
        line = _DAY.sub(" ", line)
    return _HEBREW.sub(" ", line) if "תש" in line else line
