"""Affixes: beginnings and ends of titles that may be the name of their site, cut off by a sign.

All titles of a batch are looked at at once, in numpy; a loop over signs and titles takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.text.characters import TABLE, code_points

#: What sites put between a title and their own name.
SIGNS: Final = "-–—|»›·•"
#: A name has so many letters: the "-19" of "COVID-19" ends many titles and is no site's name.
LETTERS: Final = 3
#: Signs from the beginning of a title and from its end at which it may be cut.
CUTS: Final = 4

Places = NDArray[np.int64]

_SIGN, _SPACE, _LETTER = 1, 2, 3


class Affixes(NamedTuple):
    """Of each affix the number of its title, where the title is cut, whether it stands behind the cut, and its hash."""

    title: Places
    cut: Places
    behind: NDArray[np.bool_]
    hash: NDArray[np.uint64]


def affixes(titles: Sequence[str]) -> Affixes:
    """The affixes of titles; they are counted over the pages of a site like the shapes of lines."""
    points = code_points("".join(titles))
    kinds = _kinds().take(points, mode="clip")
    bounds = np.cumsum([0, *map(len, titles)])
    title, opens, closes = _cuts(kinds, bounds)
    letters = np.append(0, np.cumsum(kinds == _LETTER, dtype=np.int32))
    start, past = bounds[title], bounds[title + 1]
    number = np.arange(len(title))
    before = (number - np.searchsorted(title, title) < CUTS) & (letters[closes] - letters[start] >= LETTERS)
    behind = (np.searchsorted(title, title, "right") - number <= CUTS) & (letters[past] - letters[opens] >= LETTERS)
    first = np.concatenate((start[before], opens[behind]))
    last = np.concatenate((closes[before], past[behind]))
    sides = np.repeat((False, True), (np.count_nonzero(before), np.count_nonzero(behind)))
    owner = np.concatenate((title[before], title[behind]))
    hashes = _hashes(points, first.tolist(), last.tolist(), sides.tolist())
    return Affixes(owner, np.where(sides, first, last) - bounds[owner], sides, hashes)


def affix_hash(text: str, behind: bool) -> int:
    """The hash of an affix that a person has written down."""
    return int(_hashes(code_points(text), [0], [len(text)], [behind])[0])


def without_affixes(title: str, taken: Iterable[tuple[int, bool]]) -> str:
    """``title`` without the longest of these beginnings and ends (cut, whether it stands behind); it is never empty."""
    start, end = 0, len(title)
    for cut, behind in taken:
        start, end = (start, min(end, cut)) if behind else (max(start, cut), end)
    rest = title[start:end].strip() if start < end else title
    return rest or title


def _cuts(kinds: NDArray[np.uint8], bounds: Places) -> tuple[Places, Places, Places]:
    """Where titles may be cut: the number of the title, where the sign with the space around it begins and ends.

    A sign that begins or ends a title cuts nothing.
    """
    signs = np.flatnonzero(kinds == _SIGN)
    title = np.searchsorted(bounds, signs, "right") - 1
    inner = signs > bounds[title]
    signs, title = signs[inner], title[inner]
    shown = np.concatenate(([-1], np.flatnonzero(kinds != _SPACE), [len(kinds)]))
    place = np.searchsorted(shown, signs)
    closes = np.minimum(shown[place + 1], bounds[title + 1])
    first = np.maximum(bounds[title] + 1, np.append(0, closes[:-1])[: len(closes)])
    opens = np.maximum(shown[place - 1] + 1, first)
    cuts = closes < bounds[title + 1]
    return title[cuts], opens[cuts], closes[cuts]


def _hashes(
    points: NDArray[np.uint32], first: Iterable[int], past: Iterable[int], behind: Iterable[bool]
) -> NDArray[np.uint64]:
    """64 bits for each stretch of a text and its side of the cut."""
    data = memoryview(points.tobytes())
    stretches = zip(first, past, behind, strict=True)
    return np.array([xxhash.xxh3_64_intdigest(data[4 * a : 4 * b], side) for a, b, side in stretches], np.uint64)


@precomputed
def _kinds() -> NDArray[np.uint8]:
    """For each code point, whether it is one of :data:`SIGNS`, white space or a letter; beyond the table all are."""
    characters = list(map(chr, range(TABLE)))
    kinds = np.zeros(TABLE, np.uint8)
    kinds[[c.isalnum() and not c.isdecimal() for c in characters]] = _LETTER
    kinds[[*map(str.isspace, characters)]] = _SPACE
    kinds[code_points(SIGNS)] = _SIGN
    kinds[-1] = _LETTER
    return kinds
