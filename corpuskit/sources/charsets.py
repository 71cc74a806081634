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
    ("cp874", "\u0e01-\u0e3a\u0e40-\u0e5b", ""),
    ("cp949", "\uac00-\ud7a3", "\u4e00-\u9fff\uf900-\ufaff"),
    ("euc_jp", "\u3040-\u30ff\u4e00-\u9fff", "\uff61-\uff9f"),
    ("gb18030", "", ""),
    ("big5", "", ""),
    ("cp932", "\u3040-\u30ff\u4e00-\u9fff", "\uff61-\uff9f"),
    ("cp1255", "\u05d0-\u05ea\u05b0-\u05c3", ""),
    ("cp1253", "\u0384-\u03ce", ""),
    ("cp1251", "\u0410-\u044f\u0401\u0451\u0404\u0454\u0406\u0456\u0407\u0457\u0490\u0491\u040e\u045e\u0408\u0458", ""),
    ("koi8_r", "\u0410-\u044f\u0401\u0451", ""),
    ("cp1256", "\u0621-\u0652\u067e\u0686\u0698\u06af", ""),
    ("cp1252", "ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜàáâäåæçèéêëìíîïñòóôöøùúûüßãõÃÕœŒ", "¤¦¨¬¯±¶¸ÐÞþ×÷"),
    ("cp1254", "ÇĞİÖŞÜçğıöşüâîû", "¤¦¨¬¯±¶¸×÷"),
    ("cp1257", "āčēģīķļņšūžąęėįųĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲäöõüÄÖÕÜ", "¤¦¨¬¯±¶¸×÷"),
    ("cp1250", "áâäçéëíîóôöúüýßčćďđĕęěğńňőřśşšťţůűźżžąăłĺľČĆĎĐĚŃŇŐŘŚŠŤŮŰŹŻŽĄŁÁÉÍÓÖÚÜ", "¤¦¨¬¯±¶¸×÷"),
)  # fmt: skip
#: Encodings of scripts whose words hold no Latin letters.
_APART: Final = frozenset({"cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874"})
#: Common characters of the double-byte sets, by their bytes (GB 2312 level 1, Big5 level 1; punctuation apart).
_COMMON_PAIRS: Final = {
    "gb18030": re.compile(rb"[\xb0-\xd7][\xa1-\xfe]"),
    "big5": re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]"),
}
_QUIET: Final = re.compile("[\\x00-\\x7f\u00a0\u2010-\u203a\u3000-\u301f\uff01-\uff5e«»°·©®™€£]")
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
    text = sample.decode(encoding, "ignore")
    score = _pairs(sample, encoding) if encoding in _COMMON_PAIRS else _letters(text, encoding, home, foreign)
    score -= 3 * sum(len(shape.findall(text)) for shape in _SHAPES)
    if encoding in _APART:
        score -= 4 * len(_MIXED.findall(text))
    elif encoding.startswith("cp125"):
        score -= 3 * sum(len(run) - 2 for run in _PILED.findall(text))
    return score


def _letters(text: str, encoding: str, home: str, foreign: str) -> int:
    """Two points for each byte of a character at home, two off for one that is not."""
    wide = 4 if encoding in ("cp949", "euc_jp", "cp932") else 2
    at_home = len(re.findall(f"[{home}]", text))
    against = len(re.findall(f"[{foreign}]", text)) if foreign else 0
    signs = len(_QUIET.findall(text))
    neither = len(text) - signs - at_home - against
    return wide * at_home - 3 * against - 2 * neither + (_foreign_signs(text) if encoding == "cp1252" else 0)


def _foreign_signs(text: str) -> int:
    """Curly quotes, dashes and the like: a page with no other foreign character is Western."""
    return sum(c > "\x7f" for c in _QUIET.findall(text))


def _pairs(sample: bytes, encoding: str) -> int:
    """Four points for each common character of a double-byte set, one off for each other one."""
    common = rare = 0
    for run in re.findall(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+", sample):
        pairs = len(run) // 2
        found = len(_COMMON_PAIRS[encoding].findall(run))
        quiet = sum(run[at] in b"\xa1\xa3" for at in range(0, len(run), 2))
        common += found
        rare += max(0, pairs - found - quiet)
    return 4 * common - rare
