"""Which legacy encoding a page is in, by how much its letters look like words of one script.

Each encoding has a home: the characters that texts in it are made of. A character of the
home speaks for it, a symbol or a rare character against it, and so do shapes that no
writing has: a capital after a small letter, a Thai vowel sign without its consonant, Latin
and Cyrillic letters in one word. Points are whole numbers; ties go to the earlier encoding.
"""

from __future__ import annotations

import re
from typing import Final

#: Bytes of words that are looked at: enough for thousands of characters.
SAMPLE: Final = 60_000
#: Points that a byte must bring on average (of 2): below, nothing fits and nothing is guessed.
ENOUGH: Final = 0.8

_RUN: Final = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z@-~\x80-\xff]*")
_TAGS: Final = re.compile(rb"<(script|style)\b.*?</\1|<[^>]*>", re.DOTALL | re.IGNORECASE)

#: Encodings, the characters that are at home in each, and characters in it that speak against it.
_HOMES: Final[tuple[tuple[str, str, str], ...]] = (
    ("cp1252", "ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜàáâäåæçèéêëìíîïñòóôöøùúûüßãõÃÕœŒ", "¤¦¨¬¯±¸ÐÞþ"),
    ("cp874", "\u0e01-\u0e3a\u0e40-\u0e5b", ""),
    ("cp949", "", ""),
    ("euc_jp", "", ""),
    ("gb18030", "", ""),
    ("big5", "", ""),
    ("cp932", "", ""),
    ("cp1255", "\u05d0-\u05ea\u05b0-\u05c3", ""),
    ("cp1253", "\u0384-\u03ce", ""),
    ("cp1251", "\u0410-\u044f\u0401\u0451\u0404\u0454\u0406\u0456\u0407\u0457\u0490\u0491\u040e\u045e\u0408\u0458", ""),
    ("koi8_r", "\u0410-\u044f\u0401\u0451", ""),
    ("cp1256", "\u0621-\u0652\u067e\u0686\u0698\u06af", ""),
    ("cp1254", "ÇĞİÖŞÜçğıöşüâîû", "¤¦¨¬¯±¶¸×÷"),
    ("cp1257", "āčēģīķļņšūžąęėįųĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲäöõüÄÖÕÜ", "¤¦¨¬¯±¶¸×÷"),
    ("cp1250", "áâäçéëíîóôöúüýßčćďđĕęěğńňőřśşšťţůűźżžąăłĺľČĆĎĐĚŃŇŐŘŚŠŤŮŰŹŻŽĄŁÁÉÍÓÖÚÜ", "¤¦¨¬¯±¶¸×÷"),
)  # fmt: skip
#: Encodings of scripts whose words hold no Latin letters.
_APART: Final = frozenset({"cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874"})
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
)
_MIXED: Final = re.compile(r"[A-Za-z](?=[^\x00-\x7f])")
_PILED: Final = re.compile(r"[^\x00-\x7f]{3,}")


def most_likely(data: bytes) -> str | None:
    """The encoding that fits ``data`` best, ``None`` when none fits well."""
    if b"\0" in data:
        return None
    sample = b" ".join(_RUN.findall(_TAGS.sub(b" ", data[: 8 * SAMPLE])))[:SAMPLE]
    if not sample:
        sample = b" ".join(_RUN.findall(data))[:SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    best, name = 0, None
    for encoding, home, foreign in _HOMES:
        score = _points(data, sample, encoding, home, foreign)
        if score > best:
            best, name = score, encoding
    return name if best >= ENOUGH * high else None


def _points(data: bytes, sample: bytes, encoding: str, home: str, foreign: str) -> int:
    """How much speaks for an encoding; 0 when the page is not in it."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return 0
    if encoding in _PAIRS:
        return _pairs(sample, *_PAIRS[encoding])
    text = sample.decode(encoding, "ignore")
    score = _letters(text, encoding, home, foreign)
    score -= 3 * sum(len(shape.findall(text)) for shape in _SHAPES)
    if encoding in _APART:
        score -= 4 * len(_MIXED.findall(text))
    elif encoding.startswith("cp125"):
        score -= 3 * sum(len(run) - 2 for run in _PILED.findall(text))
    return score


def _letters(text: str, encoding: str, home: str, foreign: str) -> int:
    """Two points for each character at home, two or three off for one that is not; quotes and dashes say "Western"."""
    at_home = len(re.findall(f"[{home}]", text))
    against = len(re.findall(f"[{foreign}]", text)) if foreign else 0
    signs = _QUIET.findall(text)
    neither = len(text) - len(signs) - at_home - against
    western = sum(sign > "\x7f" for sign in signs) if encoding == "cp1252" else 0
    return 2 * (at_home + western - neither) - 3 * against


def _pairs(sample: bytes, common: bytes, usual: bytes, against: bytes) -> int:
    """Four points for each common character of a double-byte set, two for a usual one, some off for others."""
    known = b"(?P<c>" + common + b")|(?P<u>" + (usual or rb"\xa1\xa1") + b")|(?P<a>" + (against or rb"\xff") + b")|"
    kinds = re.compile(known + rb"(?P<q>[\xa1\xa3].|\x81.)|(?P<o>[\x80-\xff].)", re.DOTALL)
    points = {"c": 4, "u": 2, "a": -3, "q": 0, "o": -1}
    return sum(points[match.lastgroup or "o"] for match in kinds.finditer(sample))
