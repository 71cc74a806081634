"""Tell a dateline from a sentence that mentions a day.

A dateline is a line that is nothing but a date and what pages print beside one: a label, a
weekday, a clock time, counters, the name of a site, a section or an author. The words come
from ``datelines.toml``; what no table knows must be short and look like a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

import tomli

from corpuskit.annotate.dates import calendars
from corpuskit.annotate.dates.calendars import fold
from corpuskit.annotate.dates.finder import find_dates
from corpuskit.annotate.dates.othercalendars import without_other_days
from corpuskit.annotate.dates.reading import FoundDate
from corpuskit.annotate.dates.weekdays import without_short_weekday

#: A dateline is a date, perhaps with a weekday, a time and a name: code points. Longer lines are prose or a menu.
LONGEST: Final = 110
#: A site prints its datelines in one way: without the date, most have been seen before.
_remembered: Final = lru_cache(maxsize=4096)
_WORDS: Final = tomli.loads(files(__package__).joinpath("datelines.toml").read_text("utf-8"))


def _folded(*rows: str) -> frozenset[str]:
    return frozenset(fold(word) for row in rows for word in row.split())


def _either(*rows: str) -> str:
    """A pattern for any of the words, the longest first."""
    words = sorted({word for row in rows for word in row.split()}, key=lambda w: (-len(w), w))
    return "|".join(re.escape(word.replace("_", " ")) for word in words)


_BYLINES: Final = _folded(_WORDS["bylines"]["words"])
_WEEKDAY_WORDS: Final = frozenset(word for name in calendars.WEEKDAYS for word in name.split())
_LABELS: Final = _folded(*_WORDS["labels"].values()) | _BYLINES | _WEEKDAY_WORDS
_PARTICLES: Final = _folded(_WORDS["particles"]["words"])
_LATER: Final = _folded(_WORDS["later"]["words"])
_LATER_PHRASE: Final = re.compile(_either(_WORDS["later"]["phrases"]))
_PHRASE: Final = re.compile(_either(*_WORDS["phrases"].values(), *_WORDS["neutral"].values()))
_NEUTRAL: Final = frozenset(word for row in _WORDS["neutral"].values() for word in row.split())
_REFUSED: Final = frozenset(_WORDS["refused"]["words"].split())
_REFUSED_STEMS: Final = tuple(_WORDS["refused"]["stems"].split())
_REFUSED_PHRASE: Final = re.compile(_either(_WORDS["refused"]["unspaced"]))
_COUNTED: Final = _either(_WORDS["counted"]["words"])
#: The letters that open such a word: without a look at them all words are tried at every place.
_OPENS_COUNTED: Final = "".join(sorted({word[0] for word in _WORDS["counted"]["words"].split()}))

#: Stand for what was read already: a date, a clock time, a label.
_DATE_SIGN: Final = "\ue000"
_TIME_SIGN: Final = "\ue001"
_TIME: Final = re.compile(
    r"\d(?<![\d.]\d)(?:"  # one or two digits
    r"\d?[:：] ?\d{2}(?:[:：]\d{2}(?:[.,]\d{1,9})?)?"  # 10:15:00.000
    r"|\d? ?(?:h|giờ|[時时點点시]) ?\d{2}(?: ?[分분m])?(?:\d{2}[秒초])?"  # 10h15, 10時15分
    r"|\d?\.\d{2}(?:\.\d{2})?"  # 10.15 น.
    r"(?= ?(?:น\b|uhr|hrs|h\b|wib|wit|เวลา|$|[|,)\]]|[ap]\.?m\b|gmt|bst|[cew]es?t\b))"
    r"|\d? ?(?:[時时點点시]|h\b|hrs\b|uhr\b|giờ\b|น\.|นาฬิกา)"  # 10 Uhr
    r"|\d?(?= ?[ap]\.?m\b)"  # 10 am
    r"|\d? (?:second|minute|hour|day|week|month|year)s? ago\b"
    r")(?!\d)",
    re.IGNORECASE,
)
_SITE: Final = re.compile(
    r"(?<![@A-Za-z0-9_.\-])(?:https?://)?(?:[A-Za-z0-9][\w\-]{0,62}\.){1,4}[A-Za-z]{2,12}(?![A-Za-z0-9_.\-])/?(?=$|[^/?#]|http)"
)
_MAIL: Final = re.compile(r"[A-Za-z0-9]@[A-Za-z0-9]")
#: A Chinese source is named to the end of its word, digits and all: "来源：39健康網".
_SOURCE: Final = re.compile(r"(?:来源|來源|稿源|出处|出處|來自|来自)[:：]\s{0,2}[^\s|｜）)】\ue000]{1,20}")
_COUNT: Final = re.compile(
    rf"[(\[]\s?\d{{1,6}}\s?[)\]]|[#№]\s?\d{{1,6}}\b|^\W{{0,3}}\d{{1,4}}\s?[·•|]"
    rf"|\d[\d.,]{{0,9}}[km]?\s?(?:{_COUNTED})|(?=[{_OPENS_COUNTED}])(?:{_COUNTED})\s?[:：(]?\s?\d[\d.,]{{0,9}}[km]?"
    rf"|(?:(?<=\ue001)\s|(?<=\ue000))\d{{1,4}}\s{{0,3}}$",
    re.IGNORECASE,
)
#: A zone after a clock time, or written out.
_ZONE: Final = re.compile(r"(?:(?<=\ue001) ?(?:[A-Z]{2,4})?|GMT|UTC) ?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)")
_SPAN_SIGNS: Final = frozenset(_WORDS["spans"]["words"].split())
_LABEL_SIGN: Final = "\ue002"
_SIGNS: Final = frozenset((_DATE_SIGN, _TIME_SIGN, _LABEL_SIGN))
#: Where a name begins right behind another: "NamViệt".
_HUMP: Final = re.compile(r"(?<=[^\W\d_])(?=[A-ZÀ-ÖØ-ÞĀŁŚŻĐА-ЯΑ-Ω])(?<=[a-zß-öø-ÿąćęłńśźżăâđêôơưạ-ỹа-яёα-ώ])")
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = r"[^\s\ue000-\ue002!-/:-@\[-`{-~¡-¿‐-⁞、。〈-〛！-／：-＠［-｀｛-･]"
_TOKEN: Final = re.compile(rf"[\ue000-\ue002]|[|·•/／;；–—»«]|{_LETTER}+(?:[-'’]{_LETTER}+)*")
#: Thai, Lao, Burmese, Khmer: without digits and the marks above and below.
_SOUTH: Final = re.compile(
    "[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e45\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd\u0ec0-\u0ec4\u0edc-\u0edf\u1000-\u102a\u1780-\u17b3]"
)
_JOINTS: Final = re.compile("[-'’]")
_PARTS: Final = frozenset("|·•/／;；–—»«")
_BULLET: Final = re.compile(r"\s*[・·•»▪■►▶*◆●>→\-–—]")
#: "By 5 May 2021", "from 5 May 2021": not a byline.
_OPENS_A_SPAN: Final = re.compile(r"^\W{0,3}(?:by|from|von|ab|per|di|da)\s+\ue000", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[!?؟。！？…]")
_BRACKETED: Final = re.compile(r"[(\[（［【][\s\ue001]*\ue000[^)\]）］】]{0,20}[)\]）］】]")
_LABELLED: Final = re.compile("[:：]\\s?\ue000")
_UNKNOWN_LABEL: Final = re.compile(r"([^\s:：|\ue000-\ue002]{2,})\s?[:：]\s?\ue000")


@dataclass
class _Rest:
    """What a line holds beside its dates: names and words that no table knows, and signs that it is a dateline."""

    capital: int = 0  # names in scripts with capitals
    small: int = 0  # words in lower case, outside names
    plain: int = 0  # words of spaced scripts without capitals
    letters: float = 0  # letters of scripts without spaces; a Thai one is half a Han one
    labelled: bool = False
    timed: bool = False
    named: bool = False  # the words that follow are a name
    after: bool = False
    sides: set[bool] = field(default_factory=set)

    @property
    def unknown(self) -> float:
        return self.capital + self.small + self.plain + self.letters


def dateline(line: str, *, day_first: bool = True) -> FoundDate | None:
    """The date of a line that is only a dateline, else ``None``; offsets are into ``line``.

    A line with two dates gives the published one (the first that is not marked as an update). Refused: spans,
    the Unix epoch, births, deadlines, letters referred to, list items and sentences.
    """
    if len(line) > LONGEST:
        return None
    dates = find_dates(line, day_first=day_first) or _short_year(line, day_first)
    if not 1 <= len(dates) <= 3 or any("epoch" in d.flags for d in dates) or _OWN_SIGNS.search(line):
        return None
    if any(found.kind != "text" for found in dates) and _ETHIOPIC.search(line):
        return None  # its calendar is seven or eight years behind, and numbers do not tell which one is meant
    rest = _blank(_signed(line, dates))
    if _is_span(rest, dates) or not _only_a_dateline(rest, bare=dates[0].kind == "yy"):
        return None
    return _published(line, dates)


#: The signs that stand for dates, should a page hold such private characters itself.
_OWN_SIGNS: Final = re.compile("[\ue000-\ue002]")
_ETHIOPIC: Final = re.compile("[\u1200-\u137f]")
#: Two digits each: 1.2.12 is a version.
_SHORT: Final = re.compile(r"(\d\d)(?<!\d{3})(?<!\d[./]\d\d)([./])(\d\d)\2(\d\d)(?!\d)(?![./]\d)")


def _short_year(line: str, day_first: bool) -> list[FoundDate]:
    """31.12.11, in datelines only: elsewhere such numbers are versions, scores or prices. 00..49 is 20xx."""
    m = _SHORT.search(line)
    if m is None or int(m[4]) >= 50:
        return []
    full = f"{m[1]}{m[2]}{m[3]}{m[2]}20{int(m[4]):02}"
    return [
        FoundDate(found.date, m.start(), m.end(), "yy", (*found.flags, "yy"))
        for found in find_dates(full, day_first=day_first)
    ]


def _signed(line: str, dates: list[FoundDate]) -> str:
    """``line`` with a sign for each date, without short weekdays."""
    pieces, at = [], 0
    for found in dates:
        pieces += [without_short_weekday(line[at : found.start], found.date), _DATE_SIGN]
        at = found.end
    return "".join([*pieces, line[at:]])


@_remembered
def _blank(rest: str) -> str:
    """``rest`` with a sign for each time; counters and site addresses are gone."""
    rest = _SOURCE.sub(_LABEL_SIGN, rest)
    if "." in rest:
        rest = _SITE.sub(" ", rest)
    rest = without_other_days(rest)
    if _DIGIT.search(rest):
        rest = _ZONE.sub("", _TIME.sub(_TIME_SIGN, rest))
    return _COUNT.sub(" ", rest) if _DIGIT.search(rest) else rest


def _is_span(rest: str, dates: list[FoundDate]) -> bool:
    """Two different days with nothing but a sign of "to" between them."""
    if len(dates) == 1:
        return False
    gaps = rest.split(_DATE_SIGN)[1:-1]
    return any(one.date != two.date and _says_to(gap) for one, two, gap in zip(dates, dates[1:], gaps, strict=False))


def _says_to(gap: str) -> bool:
    words = [w for w in gap.replace(_TIME_SIGN, " ").split() if fold(w.strip(".,()")) not in _WEEKDAY_WORDS]
    return " ".join(words).strip(" ,.").casefold() in _SPAN_SIGNS


@_remembered
def _only_a_dateline(rest: str, *, bare: bool) -> bool:
    """Whether nothing but labels and names stands beside the dates; ``bare``: not even names, unless labelled."""
    if _DIGIT.search(rest) or "://" in rest or _MAIL.search(rest) or _SENTENCE.search(rest):
        return False
    if _OPENS_A_SPAN.search(rest) or names_another_day(rest):
        return False
    label = _UNKNOWN_LABEL.search(rest) if _LABELLED.search(rest) else None
    if label is not None and not _known(label[1]):
        return False
    found = _weigh(rest)
    if found.unknown and (_BULLET.match(rest) or (_BRACKETED.search(rest) and not found.labelled)):
        return False
    if bare and found.unknown and not (found.labelled or found.timed):
        return False
    return _short_enough(found)


def names_another_day(label: str) -> bool:
    """Whether the words of ``label`` announce a day that is no publication: "Joined:", "Deadline"."""
    return _REFUSED_PHRASE.search(f" {label} ") is not None or any(map(_refused, _TOKEN.findall(label)))


def _refused(token: str) -> bool:
    word = token.casefold()
    return word in _REFUSED or word.startswith(_REFUSED_STEMS)


def _known(token: str) -> bool:
    return fold(_HUMP.sub(" ", token).split()[-1]) in _LABELS or (
        _letters(token) > 0 and not _letters(_PHRASE.sub("", token))
    )


def _short_enough(found: _Rest) -> bool:
    """Limits chosen on datelines and headlines of news pages in nine scripts: a name passes, a headline does not."""
    strong = found.labelled or found.timed
    if len(found.sides) == 2 and (found.plain > 2 or (found.plain + found.letters and not strong)):
        return False
    return (
        found.capital <= (8 if strong else 4)
        and found.small <= (1 if found.labelled else 0)
        and found.plain <= (4 if strong else 2)
        and found.letters <= (24 if found.labelled else 14 if found.timed else 8)
    )


def _weigh(rest: str) -> _Rest:
    found = _Rest()
    for token in _TOKEN.findall(_PHRASE.sub(_phrase_sign, rest)):
        if token in _SIGNS:
            found.after |= token == _DATE_SIGN
            found.timed |= token == _TIME_SIGN
            found.labelled |= token == _LABEL_SIGN
            found.named = False
        elif token in _PARTS:
            found.named = False
        elif not _label(found, fold(token)):
            _count(found, token)
    return found


def _phrase_sign(phrase: re.Match[str]) -> str:
    return " " if phrase[0] in _NEUTRAL else _LABEL_SIGN


def _label(found: _Rest, word: str) -> bool:
    """Whether ``word`` belongs to datelines; short ones are no evidence ("in", "le")."""
    if not all(part in _LABELS for part in _JOINTS.split(word)):
        return False
    found.named = found.named or word in _BYLINES
    found.labelled |= word in _BYLINES or (len(word) > 3 and word not in _WEEKDAY_WORDS)
    found.timed |= word in _WEEKDAY_WORDS and len(word) > 2
    return True


def _count(found: _Rest, token: str) -> None:
    before = found.unknown
    unspaced = _letters(token)
    if unspaced > 1 or (unspaced and len(token) > 1):
        found.letters += unspaced
    elif token.lower() == token.upper():
        found.plain += any(map(str.isalpha, token))
    else:
        for piece in _HUMP.sub(" ", token).split():
            if piece[0].isupper() or found.named:
                found.capital += fold(piece) not in _LABELS
            else:
                found.small += fold(piece) not in _PARTICLES and fold(piece) not in _LABELS
    if found.unknown > before:
        found.sides.add(found.after)


def _letters(token: str) -> float:
    """Letters of scripts that write no spaces: Han and kana count one each, South-East Asian ones a half."""
    east = sum("\u3040" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" for sign in token)
    return east + len(_SOUTH.findall(token)) / 2


def _published(line: str, dates: list[FoundDate]) -> FoundDate:
    """The first date that no word marks as an update; if all are, the first, flagged ``updated``."""
    at = 0
    for found in dates:
        if not _marks_update(line[at : found.start]):
            return found
        at = found.end
    return dates[0]._replace(flags=(*dates[0].flags, "updated"))


@_remembered
def _marks_update(before: str) -> bool:
    return _LATER_PHRASE.search(before) is not None or any(fold(w) in _LATER for w in _TOKEN.findall(before))
