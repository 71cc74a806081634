"""What each character is: one table over the code points, read by every vectorised stage.

:func:`classes_of` gives the classes of code points, :func:`fold_table` their form in keys,
:func:`shape_table` their form in shapes. The tables are plain numpy arrays, indexed by
code point; code points from :data:`TABLE` on (CJK extensions, tags, private planes) fold to
themselves.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed

#: Code points that the tables hold: the BMP and the supplementary multilingual plane.
TABLE: Final = 0x20000


class Class(IntEnum):
    """The classes of characters. ``LATIN`` to ``OTHER_LETTER`` are letters without case or lower case, by script."""

    OTHER = 0
    LATIN = 1
    CYRILLIC = 2
    GREEK = 3
    ARABIC = 4
    HEBREW = 5
    INDIC = 6
    THAI = 7
    LAO = 8
    KHMER = 9
    BURMESE = 10
    KANA = 11
    HANGUL = 12
    HAN = 13
    OTHER_LETTER = 14
    UPPER_LATIN = 15
    UPPER_OTHER = 16
    MARK = 17
    DIGIT = 18
    ENDER = 19
    COMMA = 20
    OPENER = 21
    CLOSER = 22
    BAR = 23
    PUNCTUATION = 24
    SYMBOL = 25
    SPACE = 26
    NEWLINE = 27
    INVISIBLE = 28


LETTERS: Final = range(Class.LATIN, Class.MARK)

#: Script of a letter by block: (first, last, class). Unicode 15 block boundaries.
BLOCKS: Final = (
    (0x0041, 0x024F, Class.LATIN),
    (0x0250, 0x02AF, Class.LATIN),
    (0x0370, 0x03FF, Class.GREEK),
    (0x0400, 0x052F, Class.CYRILLIC),
    (0x0590, 0x05FF, Class.HEBREW),
    (0x0600, 0x06FF, Class.ARABIC),
    (0x0750, 0x077F, Class.ARABIC),
    (0x0870, 0x08FF, Class.ARABIC),
    (0x0900, 0x0DFF, Class.INDIC),
    (0x0E00, 0x0E7F, Class.THAI),
    (0x0E80, 0x0EFF, Class.LAO),
    (0x1000, 0x109F, Class.BURMESE),
    (0x1100, 0x11FF, Class.HANGUL),
    (0x1780, 0x17FF, Class.KHMER),
    (0x1E00, 0x1EFF, Class.LATIN),
    (0x1F00, 0x1FFF, Class.GREEK),
    (0x2E80, 0x303F, Class.HAN),
    (0x3040, 0x30FF, Class.KANA),
    (0x3130, 0x318F, Class.HANGUL),
    (0x31F0, 0x31FF, Class.KANA),
    (0x3400, 0x9FFF, Class.HAN),
    (0xAC00, 0xD7FF, Class.HANGUL),
    (0xF900, 0xFAFF, Class.HAN),
    (0xFB50, 0xFEFC, Class.ARABIC),
    (0xFF21, 0xFF5A, Class.LATIN),
    (0xFF66, 0xFF9F, Class.KANA),
)

#: Classes beyond the table, each from its first code point on: ideographs, tags, their selectors, private planes.
BEYOND: Final = (
    (TABLE, Class.HAN),
    (0x40000, Class.OTHER),
    (0xE0000, Class.INVISIBLE),
    (0xE0100, Class.MARK),
    (0xE01F0, Class.OTHER),
)

ENDERS: Final = ".!?…。！？．｡؟۔।॥។៕။።‽⁇⁈⁉‼"
COMMAS: Final = ",;:、，；：،؛၊·・⸲﹐"
BARS: Final = "|¦/\\»›>«‹<•◦▪●■►▶→←↑↓*#_=~+©®™"
QUOTES: Final = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'"}


@precomputed
def class_table() -> NDArray[np.uint8]:
    """Class of every code point below :data:`TABLE` (131,072 bytes)."""
    by_category = {
        "Nd": Class.DIGIT, "Nl": Class.OTHER_LETTER, "Zs": Class.SPACE, "Zl": Class.NEWLINE, "Zp": Class.NEWLINE,
        "Cf": Class.INVISIBLE, "Cc": Class.INVISIBLE, "Ps": Class.OPENER, "Pi": Class.OPENER, "Pe": Class.CLOSER,
        "Pf": Class.CLOSER, "Lu": Class.UPPER_OTHER, "Lt": Class.UPPER_OTHER,
    }  # fmt: skip
    by_major = {"L": Class.OTHER_LETTER, "M": Class.MARK, "P": Class.PUNCTUATION, "S": Class.SYMBOL}
    categories = list(map(unicodedata.category, map(chr, range(TABLE))))
    classes = {c: by_category.get(c) or by_major.get(c[0], Class.OTHER) for c in set(categories)}
    table = np.array([*map(classes.__getitem__, categories)], np.uint8)
    for first, last, script in BLOCKS:
        block = table[first : last + 1]
        block[block == Class.OTHER_LETTER] = script
        if script is Class.LATIN:
            block[block == Class.UPPER_OTHER] = Class.UPPER_LATIN
    for members, kind in ((ENDERS, Class.ENDER), (COMMAS, Class.COMMA), (BARS, Class.BAR), ('"', Class.CLOSER)):
        table[[ord(c) for c in members]] = kind
    table[[0x09, 0x0B, 0x0C, 0x0D]] = Class.SPACE
    table[[0x0A]] = Class.NEWLINE
    return table


def classes_of(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """The class of each code point."""
    classes = class_table().take(points, mode="clip")
    high = np.flatnonzero(points >= TABLE)
    if len(high):
        firsts, kinds = zip(*BEYOND, strict=True)
        classes[high] = np.array(kinds, np.uint8)[np.searchsorted(firsts, points[high], "right") - 1]
    return classes


@precomputed
def fold_table() -> NDArray[np.uint32]:
    """Form of every code point in duplicate keys: 0 drops it, white space is a space.

    Folded: case (where lower case is one character), decimal digits of every script to
    ASCII, quotation marks. Kept: every mark, letter and digit (a changed number,
    name or tone mark is another text).
    """
    fold = np.arange(TABLE, dtype=np.uint32)
    classes = class_table()
    for code in np.flatnonzero((classes == Class.UPPER_LATIN) | (classes == Class.UPPER_OTHER)):
        lower = chr(code).lower()
        fold[code] = ord(lower) if len(lower) == 1 else code
    for code in np.flatnonzero(classes == Class.DIGIT):
        fold[code] = ord("0") + unicodedata.digit(chr(code))
    for quote, plain in QUOTES.items():
        fold[ord(quote)] = ord(plain)
    fold[(classes == Class.INVISIBLE) | (classes == Class.OTHER)] = 0
    fold[classes == Class.SPACE] = ord(" ")
    fold[0x0A] = 0x0A
    return fold


@precomputed
def shape_table() -> NDArray[np.uint32]:
    """Form of every code point in the shapes of lines: letters and marks as in keys, digits ``0``, all else dropped."""
    classes = class_table()
    shape = np.where((classes >= Class.LATIN) & (classes <= Class.DIGIT), fold_table(), np.uint32(0))
    shape[classes == Class.DIGIT] = ord("0")
    shape[0x0A] = 0x0A
    return shape


#: Blocks of scripts without spaces between words: Thai and Lao, Tibetan, Burmese, Khmer, Tai Le, New Tai Lue, Buginese
#: and Tai Tham, Balinese, Han and kana, Yi, Javanese, more Burmese, Tai Viet, forms for compatibility, Ahom, more kana.
UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19FF), (0x1A00, 0x1AAF),
    (0x1B00, 0x1B7F), (0x2E80, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xA000, 0xA4CF),
    (0xA980, 0xA9FF), (0xAA60, 0xAADF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x11700, 0x1174F), (0x1B000, 0x1B16F),
)  # fmt: skip


@lru_cache(maxsize=1)
def unspaced_table() -> NDArray[np.bool_]:
    """True for code points of scripts that put no space between words; a space beside one is layout."""
    table = np.zeros(TABLE, bool)
    for first, last in UNSPACED:
        table[first : last + 1] = True
    table[TABLE - 1] = True  # Han
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """The text as an array of code points."""
    # numpy keeps strings so, and copies what UTF-32 would look at; its empty string has one zero
    return np.array([text]).view(np.uint32)[: len(text)]
