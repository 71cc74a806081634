"""Where may a text need repair? One table over pairs of neighbours answers for all rules at once.

Almost every text needs nothing, so this is what the repair of a corpus costs. Each
code point has a class, each pair of classes the :class:`Care` it calls for. The table
may promise too much, never too little: where it is silent, no repair changes
anything. For ftfy that is exact: it leaves a line alone unless ``BADNESS_RE`` finds
something, and every alternative of that pattern holds a pair listed here (tested).
Of the lines that are left, :func:`restorable` tells those of which it can make anything,
so that a corpus without real damage never loads it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntFlag
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.rules.repair.scripts import CONFUSED, LAO, THAI, THAI_GLYPHS
from corpuskit.text.characters import Class, class_table, code_points
from corpuskit.text.lines import chunks
from corpuskit.text.scan import neighbours


class Care(IntFlag):
    """What a pair of neighbours calls for."""

    UNSEEN = 1  # CR, soft hyphens, zero-width marks
    CONTROL = 2  # control characters, line ends other than CR and LF
    BYTES = 4  # Thai of 8 bits read with the wrong code page
    FTFY = 8  # mojibake in ftfy's eyes
    NFC = 16  # not in canonical composition
    MARKS = 32  # marks of Thai, Lao or Khmer as no one means them


#: Class bodies of the first and the second neighbour (empty: whatever follows), and the care they call for.
Pair = tuple[str, str, Care]
Flags = NDArray[np.uint8]

#: Class bodies of the characters that call for care wherever they stand.
UNSEEN: Final = "\r\xad\u200b\u2060\ufeff"
CONTROL: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u206a-\u206f\ufff9-\ufffc"
#: Two neighbours of this range stand in any Thai read as Latin-1: two letters that are no lead vowel and no tone.
THAI_BYTES: Final = "\xa1-\xda"
#: Two neighbours of these stand in any text of another script read as Latin-1, and in some Western words.
ACCENTED: Final = "\xc0-\xff"
#: Marks on one letter (Unicode's stream-safe text has up to 30; a thousand are sorted in a millisecond).
ENDLESS: Final = 1000
_NONE: Final = Care(0)
_NFC: Final = int(Care.NFC)
_LONE_ASCII: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_BMP: Final = 0x10000
#: Bits of a class; two of them make the number of a pair.
_CLASS_BITS: Final = 8


def care(text: str) -> Care:
    """What the text as a whole calls for; false for a text with nothing to repair."""
    if text.isascii():
        return Care.UNSEEN | Care.CONTROL if _LONE_ASCII.search(text) else _NONE
    return _care(text, int(np.bitwise_or.reduce(flags(text))), flags(text))


def cares(texts: Sequence[str]) -> list[Care]:
    """The :func:`care` of each of many texts, at the cost of one look for all."""
    found: list[Care] = []
    for first, past in chunks(texts):
        part = texts[first:past]
        ends = np.cumsum([0, *(len(text) + 1 for text in part)])
        seen = _flags(code_points("\n".join([*part, "", ""])))
        bits = np.bitwise_or.reduceat(seen, ends[:-1]).tolist() if part else []
        places = pairwise(ends.tolist())
        found += [
            _care(text, flagged, seen[first:past]) if flagged else _NONE
            for text, flagged, (first, past) in zip(part, bits, places, strict=True)
        ]
    return found


def _care(text: str, bits: int, seen: Flags) -> Care:
    """What the flags of a text's neighbours call for; ``bits``: all of them together."""
    if bits & _NFC and (_endless(seen & np.uint8(_NFC)) or unicodedata.is_normalized("NFC", text)):
        bits &= ~_NFC
    return Care(bits) if bits else _NONE


def _endless(marked: Flags) -> bool:
    """Whether so many marks stand on one letter that normal form is out of reach: sorting them takes square time."""
    if np.count_nonzero(marked) < ENDLESS:  # nearly every text
        return False
    breaks = np.flatnonzero(np.append(marked, np.uint8(0)) == 0)
    return bool((np.diff(breaks, prepend=-1) > ENDLESS).any())


def suspected(text: str, kind: Care) -> list[int]:
    """Ascending offsets of the code points that, with the next one, call for this care."""
    offsets: list[int] = np.flatnonzero(flags(text) & kind.value).tolist()
    return offsets


def restorable(line: str) -> bool:
    """Whether ftfy may make anything of a line: it is all of one code page, or a part may be UTF-8 (tested).

    A stray sign between letters of a script that has no such page is neither, however bad it looks.
    """
    characters, (known, first) = set(line), _ftfy_bytes()
    return characters <= known or not characters.isdisjoint(first)


@lru_cache(maxsize=1)  # the steps of a repair ask of the same text
def flags(text: str) -> Flags:
    """The :class:`Care` of each code point with the next one, as bits; not to be written to."""
    return _flags(code_points(text + "\n"))


def needs_repair(codepoints: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """For each code point, whether it and the next one may need repair; false all over means that nothing does."""
    found: NDArray[np.bool_] = _flags(np.append(codepoints, np.uint32(ord("\n")))) != 0
    return found


def _flags(codepoints: NDArray[np.uint32]) -> Flags:
    """Flags of each two neighbours (one entry less than code points)."""
    return neighbours(codepoints, *_tables())


@precomputed
def _tables() -> tuple[NDArray[np.uint8], Flags]:
    """Class of each code point (the last entry: all beyond the BMP), and the flags of each pair of classes."""
    pairs: list[Pair] = [
        (UNSEEN, "", Care.UNSEEN),
        (CONTROL, "", Care.CONTROL),
        ("".join(THAI_GLYPHS), "", Care.MARKS),
        (THAI_BYTES, THAI_BYTES, Care.BYTES),
        (ACCENTED, ACCENTED, Care.BYTES),
        # Of the UTF-8 bytes of Thai letters only 80 to 9F are no Thai letters in turn; no sentence is without them.
        ("ธนบปแ", "\x80-\x9f€", Care.BYTES),
        ("โ", "€", Care.BYTES),
        (_unstable(), "", Care.NFC),
        (LAO.vowels + LAO.tones, THAI.vowels + THAI.tones, Care.NFC),
        *((first, second, Care.MARKS | Care.NFC) for first, second in CONFUSED),
        *((first, second, Care.FTFY) for first, second in _ftfy_pairs()),
    ]
    traits: dict[int, tuple[int, ...]] = {}
    for i, (first, second, _) in enumerate(pairs):
        for code in _members(first):
            traits[code] = (*traits.get(code, ()), 2 * i)
        for code in _members(second):
            traits[code] = (*traits.get(code, ()), 2 * i + 1)
    kinds = sorted({(), *traits.values()})
    classes = np.zeros(_BMP + 1, np.uint8)
    classes[list(traits)] = [kinds.index(trait) for trait in traits.values()]
    # Beyond the BMP only normal form is in question (mojibake and these marks live inside).
    classes[_BMP] = kinds.index(traits[0x0300])
    return classes, _pair_table(pairs, kinds)


def _pair_table(pairs: list[Pair], kinds: list[tuple[int, ...]]) -> Flags:
    """Flags of each pair of classes, at ``first << _CLASS_BITS | second``."""
    table = np.zeros((1 << _CLASS_BITS, 1 << _CLASS_BITS), np.uint8)
    for i, (_, second, wanted) in enumerate(pairs):
        rows = [k for k, trait in enumerate(kinds) if 2 * i in trait]
        columns = [k for k, trait in enumerate(kinds) if not second or 2 * i + 1 in trait]
        table[np.ix_(rows, columns)] |= np.uint8(wanted)
    return table.ravel()


def _members(body: str) -> list[int]:
    """Code points of the body of a regular-expression class."""
    return [code for m in re.finditer("(.)-(.)|.", body, re.DOTALL) for code in _span(m)]


def _span(m: re.Match[str]) -> range:
    """Code points of a range ``a-z``, or of one character."""
    return range(ord(m[1]), ord(m[2]) + 1) if m[1] else range(ord(m[0]), ord(m[0]) + 1)


def _unstable() -> str:
    """Characters of the BMP that NFC may change, or join to the one before them.

    Thai and Lao marks are left out: what NFC reorders in a script is a pair of :data:`CONFUSED`.
    """
    marks = np.flatnonzero(class_table()[:_BMP] == Class.MARK)
    found = {c for c in map(chr, marks.tolist()) if unicodedata.combining(c)}
    for c, parts in ((c, unicodedata.decomposition(c)) for c in map(chr, range(0x80, _BMP))):
        if parts and parts[0] != "<":
            found.update(chr(int(joined, 16)) for joined in parts.split()[1:])
            if not unicodedata.is_normalized("NFC", c):
                found.add(c)
    found.update(map(chr, range(0x1160, 0x1200)))  # Hangul vowels and finals
    return "".join(sorted(found - set(map(chr, _members(THAI.vowels + THAI.tones + LAO.vowels + LAO.tones)))))


def _ftfy_pairs() -> Iterator[tuple[str, str]]:
    """Neighbours that each alternative of ``ftfy.badness.BADNESS_RE`` holds, in its order (ftfy 6.3)."""
    from ftfy.badness import MOJIBAKE_CATEGORIES as C

    lower, upper, box, bad = C["lower_accented"], C["upper_accented"], C["box"], C["bad"]
    start, end, money, law = C["start_punctuation"], C["end_punctuation"], C["currency"], C["law"]
    numeric, common = C["numeric"], C["lower_common"] + C["upper_common"]
    marked = lower + upper + box + start + end + money + numeric + law
    yield C["c1"], ""
    yield marked + bad + common, bad
    yield bad, marked
    yield lower + C["lower_common"] + box + end + money + numeric, upper
    yield box + end + money + numeric, lower
    yield lower + box + end + upper, money
    yield upper + box, numeric + law
    yield start, numeric
    yield end, start
    yield money + numeric + box + upper, start
    yield box, C["kaomoji"] + end
    yield lower + upper + money + numeric + start + end + law, box
    yield lower + upper, start + end
    yield "Œœ", ""
    yield upper, "°"
    yield "ÂÃÎÐ", f"€œŠš¢£Ÿž\xa0\xad®°·»–—´ ¡{start}{end}"
    yield numeric, numeric
    yield "ØÙ", f"ŸŠ®°µ»{C['common']}{money}{bad}{numeric}{start}"
    yield "à", "²µ¹¼½¾"
    yield "√", "±∂†≠®™´≤≥¥µø"
    yield "≈", "°¢"
    yield "‚", "Äâó"
    yield "в", "Ђ"
    yield "ВГРСΒΓΞΟ", f"°µ{C['c1']}{bad}{start}{end}{money}"
    yield "Г", "ў"
    yield "β", "€"
    yield "ā", "€"


@precomputed
def _ftfy_bytes() -> tuple[frozenset[str], frozenset[str]]:
    """What ftfy takes for a byte in one of its encodings, and for the first byte of a UTF-8 letter inside a line."""
    from ftfy.chardata import CHARMAP_ENCODINGS, UTF8_CLUES

    known = "".join(bytes(range(0x100)).decode(encoding) for encoding in CHARMAP_ENCODINGS)
    first = "".join(UTF8_CLUES[f"utf8_first_of_{length}"] for length in (2, 3, 4))
    return frozenset(known), frozenset(map(chr, _members(first)))
