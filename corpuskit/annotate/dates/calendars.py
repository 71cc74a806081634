"""The names of months, weekdays and eras, read from ``calendars.toml`` and folded for look-up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

import tomli

#: Marks that spelling varies in: Latin, Greek and Cyrillic accents, Arabic vowels and hamza, nukta, tatweel, joiners.
_LOOSE_MARKS: Final = dict.fromkeys(
    [*range(0x300, 0x370), *range(0x64B, 0x656), 0x640, 0x93C, 0x9BC, 0xA3C, *range(0x200B, 0x200E)]
)
#: Malayalam wrote its bare consonants with a virama and a joiner before they had letters of their own.
_CHILLUS: Final = {ord(new): old + "\u0d4d" for new, old in zip("ൺൻർൽൾൿ", "ണനരലളക", strict=True)}
_LOOSE: Final = {**_LOOSE_MARKS, **_CHILLUS, ord("ı"): "i", ord("đ"): "d", ord("ø"): "o", ord("ł"): "l"}
#: Greek pages type Latin capitals that look the same ("Aπριλίου").
_LATIN_LOOKALIKES: Final = str.maketrans("ΑΕΙΜΝΟΤ", "AEIMNOT")


@lru_cache(maxsize=1 << 14)  # the words of datelines are few
def fold(text: str) -> str:
    """``text`` without case and loose marks: ``Août`` and ``AOUT`` become ``aout``. For keys only, never for output."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFD", text.casefold()).translate(_LOOSE)


def spellings(rows: Iterable[str], joint: str) -> Iterator[tuple[str, int]]:
    """Every folded spelling in ``rows`` with its place in the row; ``joint`` stands where the name has a space."""
    for row in rows:
        for place, item in enumerate(row.split()):
            for name in item.split("|"):
                yield fold(name.replace("_", joint)), place
                if ord(name[0]) in _LATIN_LOOKALIKES:
                    yield fold(name[0].translate(_LATIN_LOOKALIKES) + name[1:].replace("_", joint)), place


def _arabic_pairs(months: dict[str, str]) -> Iterator[str]:
    """Arabic papers print both names, "يناير/كانون الثاني" or the other way round; as two more rows."""
    for rows in (("arabic", "arabic_levant"), ("arabic_levant", "arabic")):
        pairs = zip(months[rows[0]].split(), months[rows[1]].split(), strict=True)
        yield " ".join("|".join(x + y for x in first.split("|") for y in second.split("|")) for first, second in pairs)


def _months(rows: Iterable[str]) -> dict[str, int]:
    return {name: place + 1 for name, place in spellings(rows, "") if name != "-"}


TABLES: Final = tomli.loads(files(__package__).joinpath("calendars.toml").read_text("utf-8"))
_DAY_FIRST: Final = TABLES["months"]["day_first"]

#: Folded month name, written without spaces and full stops -> 1..12.
THAI_MONTHS: Final = _months(TABLES["months"]["thai"].values())
MONTH_FIRST: Final = _months(TABLES["months"]["month_first"].values())
MONTHS: Final = {**_months((*_DAY_FIRST.values(), *_arabic_pairs(_DAY_FIRST))), **MONTH_FIRST, **THAI_MONTHS}
#: Months of the Solar Hijri calendar -> 1..12.
SOLAR_HIJRI: Final = _months(TABLES["months"]["solar_hijri"].values())
LONGEST_MONTH: Final = max(map(len, MONTHS))
#: Names of other months in Croatian, which writes a full stop after the day: in Polish they are November and July.
CROATIAN: Final = {"listopada": 10, "listopad": 10, "lip": 6}
#: ... and in Czech, which writes that too: Croatian has one more after the year.
CROATIAN_NOT_CZECH: Final = {"lis": 10, "srp": 7}

#: Folded weekday name (single spaces) -> 0 for Monday .. 6 for Sunday.
WEEKDAYS: Final = dict(spellings(TABLES["weekdays"].values(), " "))
LONGEST_WEEKDAY: Final = max(map(len, WEEKDAYS))
#: One sign in brackets: Japanese, Chinese, Korean.
BRACKETED_DAYS: Final = {
    s: i for row in ("月火水木金土日", "一二三四五六日", "월화수목금토일") for i, s in enumerate(row)
}

#: Short weekdays -> the days that they may be, in some language.
SHORT_WEEKDAYS: Final[dict[str, set[int]]] = {}
for _name, _place in spellings(TABLES["short_weekdays"].values(), " "):
    SHORT_WEEKDAYS.setdefault(_name, set()).add(_place)

#: Words between the day, the month and the year; between a year and a day; and those glued to the month.
LINKS: Final = frozenset(fold(word) for row in TABLES["links"].values() for word in row.split())
YEAR_WORDS: Final = frozenset(
    fold(word.replace("_", "")) for row in TABLES["year_words"].values() for word in row.split()
)
GLUED_BEFORE: Final = tuple(TABLES["glued"]["before"].split())
GLUED_AFTER: Final = tuple(TABLES["glued"]["after"].split())

#: The Gregorian year before the first year of each era; the empty name is the common era.
ERAS: Final[dict[str, int]] = {**TABLES["eras"], "": 0}
