"""Where the phrases of the language packs stand in a table of lines.

Three looks, each over the whole batch: whole lines by the hash of their shape, beginnings of
lines by their first letters, words inside short lines by their rarest letters. Only lines that
pass such a look are read in Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.rules.beginnings import SHORT, beginnings, prose
from corpuskit.rules.contained import contained
from corpuskit.rules.language_packs import FIELDS, KINDS, RULE_NAMES, Phrase, packs, phrase_of, whole_lines
from corpuskit.text.characters import LETTERS, classes_of, code_points
from corpuskit.text.lines import Lines, dense_letters, shape_hashes
from corpuskit.text.scan import SHAPE_MAX

__all__ = ["FIELDS", "RULE_NAMES", "Signals", "may_open", "reason", "signals", "value_of", "whole"]

#: Longest line, in code points, that can be a label and its value: a URL or a list of tags may be long.
LABEL_MAX: Final = 400

Codes = NDArray[np.int16]

_SHAPE_BITS: Final = 18
_WHOLE: Final = ("lines", "weak", "sections")


class Signals(NamedTuple):
    """What the packs say of each line; 0 says nothing.

    ``strong``, ``weak`` and ``section`` are places in :data:`RULE_NAMES`, ``label`` in
    :data:`FIELDS`; ``label_end`` counts code points into the line to where the value begins.
    """

    strong: Codes
    weak: Codes
    section: Codes
    label: Codes
    label_end: NDArray[np.int32]

    @property
    def machinery(self) -> NDArray[np.bool_]:
        """Lines that are no prose of the page."""
        found: NDArray[np.bool_] = (self.strong > 0) | (self.label > 0)
        return found

    @property
    def words(self) -> NDArray[np.bool_]:
        """Lines that are machinery among others of their kind."""
        found: NDArray[np.bool_] = (self.weak > 0) | (self.section > 0)
        return found


def signals(lines: Lines, printed: Sequence[str]) -> Signals:
    """Look every line of the batch up in all packs; ``lines`` is the table of the lines ``printed``."""
    strong, weak, section = _whole().look_up(lines.shape)
    found = Signals(strong, weak, section, np.zeros_like(strong), np.zeros(len(strong), np.int32))
    at = np.flatnonzero((lines.letters > 0) & (lines.length <= LABEL_MAX))
    told = [printed[i] for i in at.tolist()]
    _mark(found, at, told, _weights(lines)[at])
    return found


def rules_of(entries: Sequence[str]) -> list[str]:
    """The rule of the packs that knows each of these entries of a menu; empty for one that none knows.

    It is what :func:`signals` says of them as lines. They are so short that none is prose for its weight.
    """
    strong, weak, section = _whole().look_up(shape_hashes(entries))
    found = Signals(strong, weak, section, np.zeros_like(strong), np.zeros(len(strong), np.int32))
    at = _lettered(entries)
    told = [entries[i] for i in at.tolist()]
    _mark(found, at, told, np.array([len(entry) for entry in told], np.int32))
    codes = np.where(found.strong > 0, found.strong, np.where(found.weak > 0, found.weak, found.section))
    return [RULE_NAMES[code] for code in codes.tolist()]


def _lettered(entries: Sequence[str]) -> NDArray[np.int64]:
    """Which entries have a letter."""
    points = code_points("\n".join([*entries, ""]))
    classes = classes_of(points)
    letters = np.flatnonzero((classes >= LETTERS[0]) & (classes <= LETTERS[-1]))
    place = np.searchsorted(np.flatnonzero(points == 0x0A), letters)
    return np.flatnonzero(np.bincount(place, minlength=len(entries)))


def _mark(found: Signals, at: NDArray[np.int64], told: Sequence[str], weight: NDArray[np.int32]) -> None:
    """Enter the words in, and the beginnings of, the lines ``told`` that stand ``at`` these rows."""
    short, rows, weights = np.flatnonzero(weight <= SHORT).tolist(), at.tolist(), weight.tolist()
    for number, phrase in contained().find([told[i] for i in short]):
        place = short[number]
        if not prose(told[place], phrase.name, weights[place]):
            _enter(found, rows[place], phrase, 0)
    for place in np.flatnonzero(beginnings().candidates(told)).tolist():
        for phrase, end in beginnings().find(told[place], weights[place]):
            _enter(found, rows[place], phrase, end)


def whole(shapes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether a strong phrase of a pack is the whole of a line with such a shape."""
    strong, _, _ = _whole().look_up(shapes)
    known: NDArray[np.bool_] = strong > 0
    return known


def reason(line: str) -> str:
    """Say which phrase marks the line, for the ledger: ``th phrase 'ความคิดเห็น {n} รายการ'``; empty if none does."""
    weight = len(line) + dense_letters(line) * 3 // 2
    found = list(_whole().phrases_of(int(shape_hashes([line])[0]))) if len(line) <= SHAPE_MAX else []
    if strong := next((phrase for phrase in found if phrase.kind == KINDS[0]), None):
        return str(strong)
    found += [phrase for _, phrase in contained().find([line]) if not prose(line, phrase.name, weight)]
    if len(line) <= LABEL_MAX:
        found += [phrase for phrase, _ in beginnings().find(line, weight)]
    return str(min(found, key=lambda phrase: KINDS.index(phrase.kind))) if found else ""


def may_open(field: str, line: str) -> bool:
    """Whether a label of the field may open the line, as its first letters tell: ten times as quick as the answer."""
    return beginnings().may_open(field, line)


def value_of(line: str) -> tuple[str, str] | None:
    """Field and value of a line ``label: value``; the value may be empty. None if no label opens the line."""
    for phrase, end in beginnings().find(line, len(line)):
        if phrase.kind == "labels":
            return phrase.name, _unbracketed(line[end:].strip())
    return None


def _weights(lines: Lines) -> NDArray[np.int32]:
    """Length of each line as read: code points, where a Han, Kana or Hangul letter counts 2.5 (as in ``mass``)."""
    return lines.length + lines.dense * 3 // 2


def _enter(found: Signals, at: int, phrase: Phrase, end: int) -> None:
    """Enter the phrase for the line; of a kind, the first one found stands."""
    column = found.label if phrase.kind == "labels" else found.weak if phrase.kind == "weak_prefixes" else found.strong
    if not column[at]:
        column[at] = phrase.code
        if phrase.kind == "labels":
            found.label_end[at] = end


def _unbracketed(value: str) -> str:
    """The value without the bracket that closes a whole line in brackets: ``(ที่มา: ไทยรัฐ)``."""
    for opener, closer in ("()", "[]", "（）", "【】"):
        if value.endswith(closer) and opener not in value:
            return value[:-1].rstrip()
    return value


class _WholeLines(NamedTuple):
    """Whole lines by the hash of their shape.

    ``codes`` and ``places`` have a row for each of :data:`_WHOLE` and a column for each hash:
    the number of the rule (0: none), and the place of the phrase in ``phrases`` (-1: none).
    """

    hashes: NDArray[np.uint64]
    known: NDArray[np.bool_]
    codes: Codes
    places: NDArray[np.int32]
    phrases: Sequence[str]

    def look_up(self, shapes: NDArray[np.uint64]) -> Codes:
        """For each of :data:`_WHOLE` a row: the number of the rule for each line."""
        out = np.zeros((len(_WHOLE), len(shapes)), np.int16)
        at = np.flatnonzero(self.known[shapes >> np.uint64(64 - _SHAPE_BITS)])
        place = np.minimum(np.searchsorted(self.hashes, shapes[at]), len(self.hashes) - 1)
        hit = self.hashes[place] == shapes[at]
        out[:, at[hit]] = self.codes[:, place[hit]]
        return out

    def phrases_of(self, shape: int) -> Iterator[Phrase]:
        """The phrases that a line of this shape is."""
        column = int(np.searchsorted(self.hashes, np.uint64(shape)))
        if column < len(self.hashes) and self.hashes[column] == shape:
            yield from (phrase_of(self.phrases[place]) for place in self.places[:, column].tolist() if place >= 0)


@precomputed
def _whole() -> _WholeLines:
    """Weak beats strong: what one language calls an ordinary word is no proof in another. Else the first stands."""
    spelled = [
        told
        for pack in packs()
        for told in whole_lines(pack, [phrase for phrase in pack.phrases if phrase.kind in _WHOLE])
    ]
    hashes, column = np.unique(shape_hashes([line for line, _ in spelled]), return_inverse=True)
    number_of = {phrase: number for number, phrase in enumerate(dict.fromkeys(phrase for _, phrase in spelled))}
    phrases = list(number_of)
    number = np.array([number_of[phrase] for _, phrase in spelled])
    kinds = np.array([_WHOLE.index(phrase.kind) for phrase in phrases])[number]
    places = np.full((len(_WHOLE), len(hashes)), -1, np.int32)
    for kind in range(len(_WHOLE)):
        columns, first = np.unique(column[kinds == kind], return_index=True)
        places[kind, columns] = number[kinds == kind][first]
    strong, weak, _ = places
    strong[weak >= 0] = -1
    codes = np.append(np.array([phrase.code for phrase in phrases], np.int16), np.int16(0))[places]
    known = np.zeros(1 << _SHAPE_BITS, bool)
    known[hashes >> np.uint64(64 - _SHAPE_BITS)] = True
    return _WholeLines(hashes, known, codes, places, [phrase.kept() for phrase in phrases])
