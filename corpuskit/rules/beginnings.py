"""Labels and prefixes: phrases of the packs that stand at the beginning of a line.

A batch of lines is sieved by keys of their first letters, in numpy; only what passes is
read in Python. A key is no digest: two beginnings may share one, which costs a second look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.rules.language_packs import Phrase, packs, phrase_of, spellings
from corpuskit.text.characters import code_points

#: Greatest weight of a line that a prefix or words of a rule in :data:`SENTENCES` mark (code points; a Han,
#: Kana or Hangul letter counts 2.5).
SHORT: Final = 160
#: Greatest weight of a line that another prefix marks: a headline's; longer ones are prose.
PREFIX_MAX: Final = 100
#: Rules whose machinery is written in whole sentences; of other rules, a line that ends in a full stop is prose.
SENTENCES: Final = frozenset({"cookies", "copyright", "newsletter", "advertisement", "source", "login", "comments"})
#: Longest value without a colon before it, in code points and in words; longer ones are sentences.
BARE_VALUE, BARE_WORDS = 60, 6

Flags = NDArray[np.bool_]

_SIZES: Final = (1, 2, 3, 4, 6, 9, 12)
_KEY_BITS: Final = 18
_JUNK: Final = 7
#: First letters that tell whether a label of a field may open a line.
_FIRST: Final = 4
_HEAD: Final = _JUNK + max(_SIZES)
_LEADING: Final = re.compile(r"(?:[^\w©]|_)*")
_SEPARATOR: Final = re.compile(
    r"\s*(?:[:：︰៖՝]|[\])】][\s:：]|[|–—-](?=\s)|[\s\])】]*$)[\s:：]*|\s+(?=https?://|www\.)"
)
_PARTICLES: Final = frozenset(
    "and & de da do dos das del della di du van von der den la le el y e et und i bin al".split()
)
_STOPS: Final = (".", "。", "．", "।", "۔", "။", "។", "։")
_ENDS: Final = (*_STOPS, "?", "!", "？", "！", "…", "؟")


class Beginnings(NamedTuple):
    """``known`` marks the keys of the first letters, by size; ``sizes`` the lengths of the phrases by first letters.

    ``labels`` are the first letters of the labels of each field.
    """

    known: Flags
    phrases: dict[str, tuple[str, ...]]
    sizes: dict[str, tuple[int, ...]]
    labels: dict[str, frozenset[str]]

    def candidates(self, lines: Sequence[str]) -> Flags:
        """Lines that may begin with a phrase."""
        found = np.zeros(len(lines), bool)
        for flags, keys in zip(self.known, _keys(lines), strict=True):
            found |= flags.take(keys)
        return found

    def find(self, line: str, weight: int) -> Iterator[tuple[Phrase, int]]:
        """The longest phrase of each kind that opens the line, with the place where its value begins."""
        start = _start(line)
        kinds: set[str] = set()
        for phrase, size in _openings(line[start : start + _longest(line[start : start + 2])]):
            if phrase.kind not in kinds and (end := _accept(phrase, line, start + size, weight)) >= 0:
                kinds.add(phrase.kind)
                yield phrase, end

    def may_open(self, field: str, line: str) -> bool:
        """Whether a label of the field may open the line, as its first letters tell."""
        start = _start(line)
        return _may_begin(field, line[start : start + _FIRST])


def _start(line: str) -> int:
    """Where the first letter or digit of the line stands."""
    if line[:1].isalnum():  # most lines
        return 0
    leading = _LEADING.match(line)
    return leading.end() if leading else 0


@lru_cache(maxsize=1 << 14)
def _may_begin(field: str, letters: str) -> bool:
    """Whether a label of the field begins with these first letters of a line, or is shorter and all among them."""
    labels, letters = beginnings().labels[field], folded(letters)
    return any(letters[:size] in labels for size in range(1, len(letters) + 1))


@lru_cache(maxsize=1 << 14)  # lines begin in few ways
def _openings(head: str) -> tuple[tuple[Phrase, int], ...]:
    """The phrases that may open a line which begins like this, and their sizes: the longest first."""
    phrases, head = beginnings().phrases, folded(head)
    return tuple((phrase_of(kept), size) for size in _sizes(head[:2]) for kept in phrases.get(head[:size], ()))


@lru_cache(maxsize=1 << 14)
def _longest(letters: str) -> int:
    """How long a phrase may be that begins with these two letters."""
    return max(_sizes(folded(letters)), default=0)


def _sizes(letters: str) -> tuple[int, ...]:
    """How long the phrases are that begin with these two letters, and with the first alone: the longest first."""
    sizes = beginnings().sizes
    return (*sizes.get(letters, ()), *sizes.get(letters[:1], ()))


@precomputed
def beginnings() -> Beginnings:
    """The labels and prefixes of all packs, made ready."""
    spelled: dict[tuple[str, str], Phrase] = {}
    for pack in packs():
        opening = [phrase for phrase in pack.phrases if phrase.kind in ("labels", "prefixes", "weak_prefixes")]
        for text, place in spellings(pack.language, [phrase.text.rstrip("…:： ") for phrase in opening]):
            _add(spelled, folded(text), opening[place])
    phrases: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, set[int]] = defaultdict(set)
    labels: dict[str, set[str]] = defaultdict(set)
    for (text, kind), phrase in spelled.items():
        if kind == "labels":
            labels[phrase.name].add(text[:_FIRST])
        phrases[text].append(phrase.kept())
        sizes[text[:2]].add(len(text))
    return Beginnings(
        _known(list(phrases)),
        {text: tuple(found) for text, found in phrases.items()},
        {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()},
        {field: frozenset(found) for field, found in labels.items()},
    )


def folded(text: str) -> str:
    """Lower case, code point for code point (``İ`` would grow), so that places in the text stay."""
    return text.replace("İ", "i").replace("\u00a0", " ").lower().replace("ς", "σ")


def _add(spelled: dict[tuple[str, str], Phrase], text: str, phrase: Phrase) -> None:
    """The first pack stands, but a label that needs no colon ("…") beats one of the same field that does."""
    known = spelled.get((text, phrase.kind))
    if known is None or (phrase.text.endswith("…") and not known.text.endswith("…") and known.name == phrase.name):
        spelled[text, phrase.kind] = phrase


def _known(texts: list[str]) -> Flags:
    """Flags of the keys; a short phrase is keyed together with what may follow it, or half of all lines would pass."""
    texts = [text + after for text in texts for after in (" :：\0" if len(text) < 4 else ("",))]
    known = np.zeros((len(_SIZES), 1 << _KEY_BITS), bool)
    fitting = [max(size for size in _SIZES if size <= len(text)) for text in texts]
    for place, (size, keys) in enumerate(zip(_SIZES, _keys(texts), strict=True)):
        known[place, [key for key, fits in zip(keys.tolist(), fitting, strict=True) if fits == size]] = True
    return known


def _keys(lines: Sequence[str]) -> list[NDArray[np.uint32]]:
    """For each of :data:`_SIZES` the keys of so many characters, from the first letter of each line on."""
    points = np.array(lines or [""], f"U{_HEAD}").view(np.uint32).reshape(-1, _HEAD)[: len(lines)]
    fold, letter = _head_tables()
    at = letter.take(points[:, :_JUNK], mode="clip").argmax(1) + np.arange(len(lines)) * _HEAD
    places = at + np.arange(max(_SIZES))[:, None]
    key, keys = np.zeros(len(lines), np.uint32), []
    for size, letters in enumerate(fold.take(points.ravel().take(places), mode="clip"), 1):
        key = (key + letters) * np.uint32(0x9E3779B1)
        if size in _SIZES:
            keys.append(key >> np.uint32(32 - _KEY_BITS))
    return keys


@precomputed
def _head_tables() -> tuple[NDArray[np.uint32], Flags]:
    """For each code point of the BMP: its folded form, and whether a phrase may begin with it."""
    characters = "".join(map(chr, range(0x10000)))
    letters = np.array(list(map(str.isalnum, characters)))
    letters[ord("©")] = True
    return code_points(folded(characters)), letters


def prose(line: str, rule: str, weight: int) -> bool:
    """True if the line is too long, or too much of a sentence, to be machinery of the rule for a few words in it."""
    if rule in SENTENCES:
        return weight > SHORT
    return weight > PREFIX_MAX or line.rstrip().endswith(_STOPS)


def _accept(phrase: Phrase, line: str, end: int, weight: int) -> int:
    """Where the value begins if the phrase, which ends at ``end``, opens the line; -1 if it is no such line."""
    separator = _SEPARATOR.match(line, end)
    if phrase.kind != "labels":
        told = bool(separator) if phrase.text.endswith((":", "：")) else not _inside_word(line, end)
        return end if told and not prose(line, phrase.name, weight) else -1
    if separator:
        return separator.end()
    value = line[end:].strip()
    bare = phrase.text.endswith("…") and line[end : end + 1].isspace() and _bare_value(phrase.name, value)
    return line.index(value, end) if bare else -1


def _inside_word(line: str, end: int) -> bool:
    """True if a word of a cased script goes on at ``end``."""
    before, after = line[end - 1 : end], line[end : end + 1]
    return before.isalpha() and after.isalpha() and before.upper() != before.lower()


def _bare_value(field: str, value: str) -> bool:
    """True if the text reads as a value though no colon stands before it: a date, a number, a name."""
    words = value.split()
    if not 0 < len(value) <= BARE_VALUE or len(words) > BARE_WORDS or value.endswith(_ENDS):
        return False
    if field in ("published", "updated", "views"):
        return any(c.isdigit() for c in value) and not value[0].islower()
    named = [word for word in words if word not in _PARTICLES]
    return bool(named) and not any(word[0].islower() for word in (named if field == "author" else words[:1]))
