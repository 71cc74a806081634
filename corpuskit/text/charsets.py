"""Which legacy encoding a page is in, by how much its letters look like words of one script.

Each encoding has a home: the characters that texts in it are made of. A character of the
home speaks for it, a symbol or a rare character against it, and so do shapes that no
writing has: a capital after a small letter, a Thai vowel sign without its consonant, Latin
and Cyrillic letters in one word. Points are whole numbers; ties go to the earlier encoding.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Final, NamedTuple

#: Bytes of words that are looked at: enough for thousands of characters.
SAMPLE: Final = 60_000
#: Points that a byte must bring on average (of 2): below, nothing fits and nothing is guessed.
ENOUGH: Final = 0.8
#: Bytes beyond ASCII that a page needs before its own word is doubted, bytes of words looked at for that, and points
#: a byte with which it is believed at once.
MANY: Final = 40
LOOK: Final = 6000
SURE: Final = 1.4
#: … and to prove another script, in sets of one byte a letter and of two: tables of all letters stay below.
SURE_LETTERS: Final = 1.6
SURE_PAIRS: Final = 1.3


def _both_cases(letters: str) -> str:
    return letters + "".join(
        letter.upper() for letter in letters if len(letter.upper()) == 1 and letter != letter.upper()
    )


_RUN: Final = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z@-~\x80-\xff]*")
_TAGS: Final = re.compile(rb"<(script|style)\b.*?</\1|<[^>]*>", re.DOTALL | re.IGNORECASE)

#: Letters beside a-z that languages of one encoding write: together they are at home, mixed they are not.
_WESTERN: Final = (
    "àâäæçèéêëîïôœùûüÿ", "äöüßé", "áéíñóúüªº¿¡", "àáâãçéêíóôõúü", "àèéìíîòóùú", "àçèéíïòóúü·", "åäöæøéü",
    "áæðéíóöúýþ", "áèéëïíóöü",
)  # fmt: skip
_CENTRAL: Final = (
    "ąćęłńóśźżé", "áčďéěíňóřšťúůýžö", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "âăîşţșțé", "čćđšžé", "ëçé",
)  # fmt: skip
_BALTIC: Final = ("āčēģīķļņšūžōŗ", "ąčęėįšųūž", "äõöüšž")
_CYRILLIC: Final = "оеаинтсрвлкмдпу"
_RARER_CYRILLIC: Final = "бгжзйфхцчшщъыьэюяёіїєґўјљњћђџѓќѕ"
_ARABIC: Final = ("ايلمنوهرتبدع", "ءآأؤإئةثجحخذزسشصضطظغفقكىپچژگ\u064b-\u0652")
_THAI: Final = ("านรอกเงยลมดทวสตะปบคหจแ่้ัีิ็์ุูำไใ", "ขฃฅฆฉชซฌญฎฏฐฑฒณถธผฝพฟภศษฬฮฤฦฯๆ็ึื๊๋์ๅโฺํ๎๏๐-๛")
_GREEK: Final = ("αοιετσνηυρπκμλςάίόέή", "βγδζθξφχψωύώϊϋΐΰΆΈΉΊΌΎΏΪΫ΄΅")
_HEBREW: Final = ("יוהאלרתבמשנ", "גדזחטךכםןסעףפץצק\u05b0-\u05c3")
_SYMBOLS: Final = "¤¦¨¬¯±¶¸×÷"


class _Home(NamedTuple):
    """An encoding: the characters that are at home in it, rare ones, foreign ones, and those that are hardly there."""

    encoding: str
    letters: str
    rare: str = ""
    foreign: str = ""
    hardly: str = ""


#: In the order of trust: of equal ones the first is taken.
_HOMES: Final = (
    *(_Home("cp1252", _both_cases(letters), foreign=_SYMBOLS) for letters in _WESTERN),
    _Home("cp874", *_THAI),
    *(_Home(encoding, "") for encoding in ("cp949", "euc_jp", "gb18030", "big5", "cp932")),
    _Home("cp1255", *_HEBREW),
    _Home("cp1253", *map(_both_cases, _GREEK)),
    *(
        _Home(encoding, _both_cases(_CYRILLIC), _RARER_CYRILLIC, hardly=_RARER_CYRILLIC.upper())
        for encoding in ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
    ),
    _Home("cp1256", *_ARABIC),
    _Home("iso8859_6", *_ARABIC),
    _Home("cp1254", "ÇĞİÖŞÜçğıöşü", "âîû", _SYMBOLS),
    *(_Home("cp1257", _both_cases(letters), foreign=_SYMBOLS) for letters in _BALTIC),
    *(_Home("cp1250", _both_cases(letters), foreign=_SYMBOLS) for letters in _CENTRAL),
    *(_Home("iso8859_2", _both_cases(letters), foreign=_SYMBOLS) for letters in _CENTRAL),
    _Home("cp1258", _both_cases("àáâãèéêìíòóôõùúýăđơư") + "\u0300\u0301\u0303\u0309\u0323", foreign=_SYMBOLS),
)
#: Encodings of scripts whose words hold no Latin letters.
_APART: Final = frozenset(
    "cp1251 koi8_r koi8_u cp866 iso8859_5 mac_cyrillic cp1253 cp1255 cp1256 iso8859_6 cp874".split()
)
#: Sets of two bytes a character: what is common in each (hanzi of level 1, Hangul, kana), what is usual, what is not.
_PAIRS: Final = {
    "cp949": (rb"[\xb0-\xc8][\xa1-\xfe]", b"", rb"[\xca-\xfd][\xa1-\xfe]"),
    "euc_jp": (rb"[\xa4\xa5][\xa1-\xfe]", rb"[\xb0-\xf4][\xa1-\xfe]", rb"\x8e.|\x8f.."),
    "gb18030": (rb"[\xb0-\xd7][\xa1-\xfe]", b"", b""),
    "big5": (rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]", b"", b""),
    "cp932": (rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]", rb"[\x88-\x9f\xe0-\xea][\x40-\x7e\x80-\xfc]", rb"[\xa1-\xdf]"),
}
_QUIET: Final = re.compile("[\\x00-\\x7f\u00a0\u00ad\u2010-\u203a\u3000-\u301f\uff01-\uff5e«»°·©®™€£¡¿ªº²³¹§¶¼½¾×]")
_SHAPES: Final = (
    re.compile(r"[a-zà-öø-ÿа-яёα-ώ][A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ϋ]"),
    re.compile("(?:^|[^\u0e01-\u0e46])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"),
    re.compile("[a-z][\u02c6\u201a\u201e\u2020-\u2022\u2026\u2030\u2039][a-z]"),  # é, è, ç of code page 850
)
_MIXED: Final = re.compile(r"[A-Za-z](?=[^\x00-\x7f])")
_PILED: Final = re.compile(r"[^\x00-\x7f]{3,}")


def most_likely(data: bytes) -> str | None:
    """The encoding that fits ``data`` best, ``None`` when none fits well."""
    if b"\0" in data:
        return None
    sample = _sample(data, SAMPLE)
    best, name = max(((_points(data, sample, home), home.encoding) for home in _HOMES), key=itemgetter(0))
    return name if best > 0 and best >= ENOUGH * _high(sample) else None


def surely(data: bytes) -> str | None:
    """The encoding of another script than the Latin one that nearly all of ``data`` speaks for."""
    sample = _sample(data, LOOK)
    high = _high(sample)
    points, name = max(((_points(data, sample, home), home.encoding) for home in _HOMES), key=itemgetter(0))
    enough = SURE_PAIRS if name in _PAIRS else SURE_LETTERS
    return name if name in _APART | _PAIRS.keys() and high >= MANY and points >= enough * high else None


def looks_wrong(data: bytes, encoding: str) -> bool:
    """Whether the letters that ``encoding`` makes of ``data`` look much less like words than those of another one.

    Asked of encodings that read any bytes at all; in all tests the true encoding had the most points.
    """
    homes = [home for home in _HOMES if home.encoding == encoding.replace("-", "_") and encoding not in _PAIRS]
    sample = _sample(data, LOOK)
    high = _high(sample)
    if not homes or high < MANY:
        return False
    points = max(_points(data, sample, home) for home in homes)
    return points < SURE * high and any(4 * points < 3 * _points(data, sample, home) for home in _HOMES)


def _sample(data: bytes, size: int) -> bytes:
    """Words of a page that hold bytes beyond ASCII."""
    found = b" ".join(_RUN.findall(_TAGS.sub(b" ", data[: 8 * size])))[:size]
    return found or b" ".join(_RUN.findall(data))[:size]


def _high(sample: bytes) -> int:
    return sum(byte >= 0x80 for byte in sample)


def _points(data: bytes, sample: bytes, home: _Home) -> int:
    """How much speaks for an encoding; 0 when the page is not in it."""
    try:
        data.decode(home.encoding)
    except UnicodeDecodeError:
        return 0
    if home.encoding in _PAIRS:
        return _pairs(sample, *_PAIRS[home.encoding])
    text = sample.decode(home.encoding, "ignore")
    score = _letters(text, home)
    score -= 3 * sum(len(shape.findall(text)) for shape in _SHAPES)
    if home.encoding in _APART:
        score -= 4 * len(_MIXED.findall(text))
    elif home.encoding != "cp1258":
        score -= 3 * sum(len(run) - 2 for run in _PILED.findall(text))
    return score


def _letters(text: str, home: _Home) -> int:
    """Two points for each character at home, two or three off for one that is not; quotes and dashes say "Western"."""
    at_home = len(re.findall(f"[{home.letters}]", text))
    rare = len(re.findall(f"[{home.rare}]", text)) if home.rare else 0
    against = len(re.findall(f"[{home.foreign}]", text)) if home.foreign else 0
    hardly = len(re.findall(f"[{home.hardly}]", text)) if home.hardly else 0
    signs = _QUIET.findall(text)
    neither = len(text) - len(signs) - at_home - rare - against - hardly
    western = sum(sign > "\x7f" for sign in signs) if home.encoding == "cp1252" else 0
    return 2 * (at_home + western - neither) + rare - 3 * against


def _pairs(sample: bytes, common: bytes, usual: bytes, against: bytes) -> int:
    """Four points for each common character of a double-byte set, two for a usual one, some off for others."""
    known = b"(?P<c>" + common + b")|(?P<u>" + (usual or rb"\xa1\xa1") + b")|(?P<a>" + (against or rb"\xff") + b")|"
    kinds = re.compile(known + rb"(?P<q>[\xa1\xa3].|\x81.)|(?P<o>[\x80-\xff].)", re.DOTALL)
    points = {"c": 4, "u": 2, "a": -3, "q": 0, "o": -1}
    return sum(points[match.lastgroup or "o"] for match in kinds.finditer(sample))
