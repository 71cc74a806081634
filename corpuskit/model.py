"""The one idea: the text never changes, rules yield edits, everything else walks the edits.

A :class:`Document` is a frozen source text with a sorted, disjoint tuple of
:class:`Edit`. From one method, :meth:`Document.pieces`, come the published text,
the ledger, ``explain``, the golden files and ``validate``.

This module imports nothing of corpuskit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, NamedTuple

#: Brackets of the marked notation, in order of preference. The first pair that
#: the text does not hold is used, so that the notation stays unambiguous.
BRACKETS: Final = ("⟦⟧", "⦃⦄", "⟪⟫", "⧼⧽")


_start: Final = attrgetter("start")


class Twin(NamedTuple):
    """The copy that was kept: document ``id`` and offset of the paragraph in it (code points)."""

    id: str
    start: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision about ``text[start:end]`` (code points of the source text, end exclusive).

    ``new`` replaces the stretch (empty: it is removed); ``rule`` names who decided;
    ``why`` says on what evidence; ``twin`` points at the kept copy of a duplicate.
    """

    start: int
    end: int
    rule: str
    new: str = ""
    why: str = ""
    twin: Twin | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an edit must cover at least one code point: {self.start}:{self.end}")
        if not self.rule:
            raise ValueError("an edit must name its rule")


class Piece(NamedTuple):
    """A stretch of the source: its text, and the edit that decided it (``None``: kept as it stands)."""

    text: str
    edit: Edit | None

    @property
    def kept(self) -> str:
        """What of this piece is published."""
        return self.text if self.edit is None else self.edit.new


@dataclass(frozen=True, slots=True)
class Document:
    """A frozen text and the edits decided so far: sorted, disjoint, inside the text."""

    text: str
    edits: tuple[Edit, ...] = field(default=())

    def __post_init__(self) -> None:
        end = 0
        for edit in self.edits:
            if edit.start < end:
                raise ValueError(f"edits overlap or are out of order at {edit.start}")
            end = edit.end
        if end > len(self.text):
            raise ValueError(f"an edit ends at {end}, the text at {len(self.text)}")

    def with_edits(self, more: Iterable[Edit]) -> Document:
        """This document with ``more`` decisions; where they meet an earlier one, the earlier one stands."""
        return Document(self.text, settle(self.edits, more))

    def pieces(self) -> Iterator[Piece]:
        """The whole text, in order: kept stretches and edited stretches."""
        at = 0
        for edit in self.edits:
            if at < edit.start:
                yield Piece(self.text[at : edit.start], None)
            yield Piece(self.text[edit.start : edit.end], edit)
            at = edit.end
        if at < len(self.text):
            yield Piece(self.text[at:], None)

    @property
    def clean(self) -> str:
        """The published text: what the :meth:`pieces` leave, without an object for each (every text passes here)."""
        parts: list[str] = []
        at = 0
        for edit in self.edits:
            parts += (self.text[at : edit.start], edit.new)
            at = edit.end
        return "".join((*parts, self.text[at:]))

    @property
    def marked(self) -> str:
        """The text in marked notation: ``kept ⟦rule|removed⟧ kept``, ``⟦rule|old→new⟧`` for a repair."""
        left, right = tuple(brackets(self.text))
        return "".join(
            piece.text
            if piece.edit is None
            else f"{left}{piece.edit.rule}|{piece.text}{'→' + piece.edit.new if piece.edit.new else ''}{right}"
            for piece in self.pieces()
        )


def settle(first: Iterable[Edit], more: Iterable[Edit]) -> tuple[Edit, ...]:
    """Join two sets of decisions, sorted and disjoint; the first decision on a code point stands.

    A removal that meets earlier decisions is cut to the stretches still open. A
    replacement says what a *whole* stretch becomes, so it is taken whole or not at all.
    """
    decided = sorted(first, key=_start)
    for edit in more:
        at = bisect_left(decided, edit.start, key=_start)
        past = bisect_left(decided, edit.end, lo=at, key=_start)
        if at and decided[at - 1].end > edit.start:
            at -= 1
        meets = decided[at:past]
        if not meets:
            decided.insert(at, edit)
        elif not edit.new:
            decided[at:past] = sorted((*meets, *gaps(edit, meets)), key=_start)
    return tuple(decided)


def gaps(edit: Edit, taken: Iterable[Edit]) -> Iterator[Edit]:
    """The parts of ``edit`` that the sorted ``taken`` edits leave open."""
    at = edit.start
    for other in taken:
        if at < other.start:
            yield Edit(at, other.start, edit.rule, edit.new, edit.why, edit.twin)
        at = max(at, other.end)
    if at < edit.end:
        yield Edit(at, edit.end, edit.rule, edit.new, edit.why, edit.twin)


def brackets(text: str) -> str:
    """The first pair of :data:`BRACKETS` that ``text`` does not hold."""
    for pair in BRACKETS:
        if pair[0] not in text and pair[1] not in text:
            return pair
    raise ValueError("the text holds every kind of bracket that the notation knows")


def parse_marked(marked: str, pair: str = BRACKETS[0]) -> Document:
    """Read marked notation back: ``parse_marked(doc.marked)`` has the text and spans of ``doc``.

    A ``→`` inside a mark parts the old text from the new one.
    """
    left, right = tuple(pair)
    mark = re.compile(f"{left}([^|{left}{right}]+)\\|([^{left}{right}]*){right}")
    text, edits, at, size = [], [], 0, 0
    for m in mark.finditer(marked):
        kept, (old, _, new) = marked[at : m.start()], m[2].partition("→")
        text += [kept, old]
        size += len(kept)
        if old:
            edits.append(Edit(size, size + len(old), m[1], new))
        size, at = size + len(old), m.end()
    return Document("".join(text) + marked[at:], tuple(edits))
