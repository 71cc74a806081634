"""Words that mark a line wherever they stand in it: the phrases ``contains`` of the packs.

A batch of lines is sieved in numpy by a few letters of each phrase, those that are rarest in the packs; lines with
such letters are searched for the phrases that have them. One pattern for all phrases would cost more to make ready,
and to warm up in each process, than most builds spend on searching.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.rules.beginnings import folded
from corpuskit.rules.language_packs import Phrase, packs, spellings
from corpuskit.text.characters import code_points

#: Letters in a row by which a phrase is looked for: six where it has so long a word, else four.
LETTERS: Final = (6, 4)
#: … else two of Han or Hangul, which stand (with kana and signs) from here on.
_EAST: Final = "\u2e80"
#: 2^32 over the golden ratio: it makes letters in a row a key.
_SPREAD: Final = np.uint32(0x9E3779B1)
_KEY_BITS: Final = 18

Points = NDArray[np.uint32]


class Spelling(NamedTuple):
    """A phrase as a page may write it, in one case and with single spaces."""

    plain: str
    phrase: Phrase


class Contained(NamedTuple):
    """Spellings by the keys of their letters.

    ``sixes``, ``fours`` and ``twos`` are the keys of so many letters, sorted; ``known`` marks the first bits of the
    first four letters of the longer ones.
    """

    spelled: dict[int, tuple[Spelling, ...]]
    sixes: Points
    fours: Points
    twos: Points
    known: NDArray[np.bool_]

    def find(self, lines: Sequence[str]) -> Iterator[tuple[int, Phrase]]:
        """Places of lines that hold such words, with the words; a line may come twice."""
        for place, keys in sorted(self._suspects(lines).items()):
            line = _plain(lines[place])
            if spelled := [told for key in keys for told in self.spelled[key] if told.plain in line]:
                yield from ((place, phrase) for phrase in _told(line, spelled))

    def _suspects(self, lines: Sequence[str]) -> dict[int, set[int]]:
        """Places of the lines that hold letters of spellings, and the keys of these."""
        letters = _in_one_case("\n".join(lines))
        found = defaultdict[int, set[int]](set)
        for at, keys in self._hits(letters):
            places = np.searchsorted(np.flatnonzero(letters == 0x0A), at)
            for place, key in zip(places.tolist(), keys.tolist(), strict=True):
                found[place].add(key)
        return found

    def _hits(self, letters: Points) -> Iterator[tuple[NDArray[np.int64], Points]]:
        """Where letters of spellings stand, and their keys."""
        twos, fours, sixes = _keys(letters)
        at = np.flatnonzero(self.known.take(fours >> np.uint32(32 - _KEY_BITS)))
        long, east = at[at < len(sixes)], np.flatnonzero(letters[:-1] >= ord(_EAST))
        for places, keys, known in ((long, sixes, self.sixes), (at, fours, self.fours), (east, twos, self.twos)):
            told = places[np.isin(keys[places], known)] if len(places) else places
            if len(told):
                yield told, keys[told]


@precomputed
def contained() -> Contained:
    """The words of all packs, made ready."""
    common = Counter[str](row for pack in packs() for phrase in pack.phrases for row in _rows(phrase.text, 4))
    phrases, plain = dict[str, Phrase](), dict[str, str]()
    for pack in packs():
        found = [phrase for phrase in pack.phrases if phrase.kind == "contains"]
        for text, place in spellings(pack.language, [phrase.text for phrase in found]):
            phrases.setdefault(folded(text).replace(" ", ""), found[place])
            plain.setdefault(_plain(text), text)
    spelled = defaultdict[str, list[Spelling]](list)
    for shown, text in plain.items():
        rows = next(filter(None, (_rows(text, size) for size in LETTERS)), _eastern(text))
        if not rows:
            raise ValueError(f"no word of {text!r} has four letters: too little to look for")
        told = Spelling(shown, phrases[folded(text).replace(" ", "")])
        spelled[min(rows, key=lambda row: (common[row[:4]], row))].append(told)
    return _by_letters(spelled)


def _by_letters(spelled: dict[str, list[Spelling]]) -> Contained:
    """Spellings by the keys of these letters, of which there are two, four or six."""
    by_key = defaultdict[int, tuple[Spelling, ...]](tuple)
    known = np.zeros(1 << _KEY_BITS, bool)
    sizes: dict[int, set[int]] = {2: set(), 4: set(), 6: set()}
    for row, told in spelled.items():
        keys = [int(key) for kind in _keys(_in_one_case(row)) for key in kind[:1]]
        by_key[keys[-1]] += tuple(told)
        sizes[len(row)].add(keys[-1])
        if len(row) > 2:
            known[keys[1] >> 32 - _KEY_BITS] = True
    twos, fours, sixes = (np.array(sorted(keys), np.uint32) for keys in sizes.values())
    return Contained(dict(by_key), sixes, fours, twos, known)


def _rows(text: str, size: int) -> list[str]:
    """All rows of so many letters in the words of the text, in one case."""
    words = [_text(_in_one_case(word)) for word in text.split()]
    return [word[at : at + size] for word in words for at in range(len(word) - size + 1)]


def _eastern(text: str) -> list[str]:
    """Two letters of Han or Hangul in a row."""
    return [row for row in _rows(text, 2) if min(row) >= _EAST]


def _told(line: str, spelled: Iterable[Spelling]) -> Iterator[Phrase]:
    """The phrases that stand in the line, from left to right; of two that overlap the first, or the longer one."""
    past = 0
    for at, size, phrase in sorted(_standing(line, spelled)):
        if at >= past:
            past = at - size
            yield phrase


def _standing(line: str, spelled: Iterable[Spelling]) -> Iterator[tuple[int, int, Phrase]]:
    """Where each of the spellings stands, its size below zero, and its phrase."""
    for plain, phrase in spelled:
        at = line.find(plain)
        while at >= 0:
            yield at, -len(plain), phrase
            at = line.find(plain, at + 1)


def _keys(letters: Points) -> tuple[Points, Points, Points]:
    """Keys for each two, four and six letters in a row."""
    twos = (letters[:-1] * _SPREAD + letters[1:]) * _SPREAD
    fours = twos[:-2] * _SPREAD ^ twos[2:]
    return twos, fours, fours[:-2] * _SPREAD ^ twos[4:]


def _in_one_case(text: str) -> Points:
    """The code points of the text, one for all cases of a letter."""
    return _cases().take(code_points(text), mode="clip")


@precomputed
def _cases() -> Points:
    """For each code point of the BMP one that stands for all its cases."""
    return np.array([ord(chr(code).casefold()[0]) for code in range(0x10000)], np.uint32)


def _text(points: Points) -> str:
    return points.tobytes().decode("utf-32-le", "surrogatepass")


def _plain(text: str) -> str:
    """The text in one case, with single spaces."""
    return " ".join(text.casefold().split())
