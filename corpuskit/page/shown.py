"""The lines that a page shows, and which of them a text holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.page.keys import squeezed_lines
from corpuskit.page.lines import Line
from corpuskit.text.characters import code_points

#: Grams of a key that are looked up, spread from its first to its last: most keys that a text lacks, it lacks one of.
LOOKS: Final = 4
#: Bits of a gram's hash: texts have thousands of grams, seldom more.
BITS: Final = 15
#: Code points behind a line within which the next one is looked for first.
NEAR: Final = 1000
#: Odd numbers with bits all over (Knuth's multiplicative hash, and those of xxHash), one for each place in a gram.
_FACTORS: Final = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], np.uint32)
#: Code points of a gram.
GRAM: Final = len(_FACTORS)


class Keyed(NamedTuple):
    """A line, and the key by which it is found in a text; empty for one that says nothing."""

    line: Line
    key: str


class Shown:
    """The lines of a page, ``all`` of them and those that say something, and which of the latter a text holds."""

    def __init__(self, lines: Sequence[Line]) -> None:
        keys = squeezed_lines("\n".join([line.text for line in lines])).split("\n") if lines else []
        self.all = list(map(Keyed, lines, keys))
        self.lines = [keyed for keyed in self.all if keyed.key]
        self._known: tuple[str, list[bool]] | None = None

    def taken(self, text: str) -> list[bool]:
        """For each line whether the text holds it; remembered for the text that was asked for last."""
        if self._known is None or self._known[0] != text:
            whole = squeezed_lines(text).replace("\n", "")
            self._known = text, list(_held(self._keys, self._may_be_in(whole), whole))
        return self._known[1]

    def _may_be_in(self, whole: str) -> list[bool]:
        """For each key whether the text holds its grams: a search through the text takes longer than all of this."""
        there = np.zeros(1 << BITS, bool)
        there[_grams(whole)] = True
        return (there[self._looks].all(axis=0) | self._are_short).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _keys(self) -> list[str]:
        return [key for _, key in self.lines]

    @cached_property
    def _are_short(self) -> NDArray[np.bool_]:
        """For each key whether it has no gram."""
        return np.array([len(key) < GRAM for key in self._keys], bool)

    @cached_property
    def _looks(self) -> NDArray[np.uint32]:
        """The :data:`LOOKS` grams of each key, of shape (looks, keys); any for short ones."""
        lengths = np.array(list(map(len, self._keys)), np.int64)
        starts, last = np.cumsum(lengths) - lengths, np.maximum(lengths - GRAM, 0)
        grams = _grams("".join(self._keys) + "\0" * GRAM)
        return grams[[starts + last * look // (LOOKS - 1) for look in range(LOOKS)]]


def _grams(text: str) -> NDArray[np.uint32]:
    """The hash of the gram that begins at each code point, below ``1 << BITS``."""
    points = code_points(text)
    number = max(len(points) - GRAM + 1, 0)
    mixed = np.zeros(number, np.uint32)
    for i, factor in enumerate(_FACTORS):
        mixed += points[i : number + i] * factor
    return mixed >> np.uint32(32 - BITS)


def _held(keys: Iterable[str], may_be: Iterable[bool], whole: str) -> Iterator[bool]:
    """For each key whether it stands in the text. Most that do follow the one before."""
    end = 0
    for key, is_possible in zip(keys, may_be, strict=True):
        at = whole.find(key, end, end + len(key) + NEAR) if is_possible else -1
        if at < 0 and is_possible:
            at = whole.find(key)
        if at >= 0:
            end = at + len(key)
        yield at >= 0
