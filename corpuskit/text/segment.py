"""The shape of a page: which lines are prose, and which zone of the page each line stands in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.text.characters import Class
from corpuskit.text.lines import Lines

#: A line of this mass is prose whatever it ends with; Thai, Lao and Khmer prose ends with nothing.
PROSE_MASS: Final = 100
#: A line of this mass is prose when it ends like a sentence.
SENTENCE_MASS: Final = 40
#: A headline is at most this long, in letters.
TITLE_MASS: Final = 250
#: An edge of a page without prose has so many more known lines than others at least.
EDGE: Final = 2

Flags = NDArray[np.bool_]


class Zone(IntEnum):
    """Where a line stands: before the first prose of its page, among it, or behind the last."""

    HEAD = 0
    BODY = 1
    TAIL = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """Per line: ``prose``, its ``zone``, and ``next_prose``: lines that show something until the next prose.

    ``next_prose`` is 0 for prose itself and a large number when none follows in the page.
    A page without any prose (a poem, a list, short answers) has as its head and tail what
    :func:`edges` finds of known machinery, and is all body where there is little of it.
    """

    prose: Flags
    zone: NDArray[np.uint8]
    next_prose: NDArray[np.int64]


def shape_of(lines: Lines, boilerplate: Flags, words: Flags) -> Shape:
    """The shape of each page of the batch; lines known to be ``boilerplate`` are no prose, however long.

    ``words`` marks lines that are often machinery; of pages without prose they tell where the head and tail are.
    """
    sentence = lines.last == Class.ENDER
    prose = (lines.mass >= PROSE_MASS) | (lines.mass >= SENTENCE_MASS) & sentence
    prose &= ~boilerplate
    prose &= ~_titles(lines, prose)
    n, docs = len(lines), int(lines.doc[-1]) + 1 if len(lines) else 0
    at = np.arange(n)
    first = np.full(docs, n)
    last = np.full(docs, -1)
    where = np.flatnonzero(prose)
    np.minimum.at(first, lines.doc[where], where)
    np.maximum.at(last, lines.doc[where], where)
    has_prose = last[lines.doc] >= 0
    zone = np.full(n, Zone.BODY, np.uint8)
    zone[has_prose & (at < first[lines.doc])] = Zone.HEAD
    zone[has_prose & (at > last[lines.doc])] = Zone.TAIL
    _zones_of_lists(zone, lines, ~has_prose & ~lines.blank, boilerplate, words)
    return Shape(prose, zone, _until_prose(lines, where))


def _zones_of_lists(zone: NDArray[np.uint8], lines: Lines, chosen: Flags, sure: Flags, words: Flags) -> None:
    """Enter the head and tail of pages without prose, unless they are all of the page."""
    rows = np.flatnonzero(chosen)
    doc = lines.doc[rows]
    gain = np.where((sure | words)[rows], 1, np.where(lines.letters[rows] > 0, -1, 0))
    head, tail = edges(doc, gain, EDGE)
    for edge in (head, tail):
        edge &= (np.bincount(doc[edge & sure[rows]], minlength=len(zone)) > 0)[doc]
    left = np.bincount(doc[~head & ~tail & (gain < 0)], minlength=len(zone))[doc] > 0
    zone[rows[head & left]] = Zone.HEAD
    zone[rows[tail & left & ~head]] = Zone.TAIL


def edges(doc: NDArray[np.int32], gain: NDArray[np.int64], least: int) -> tuple[Flags, Flags]:
    """Rows of the beginning and of the end of each document that gain most, and at least ``least``.

    Of two beginnings or ends that gain the same the shorter one is taken.
    """
    tail = _beginning(-doc[::-1], gain[::-1], least)[::-1]
    return _beginning(doc, gain, least), tail


def _beginning(doc: NDArray[np.int32], gain: NDArray[np.int64], least: int) -> Flags:
    starts = np.flatnonzero(np.append(True, doc[1:] != doc[:-1])[: len(doc)])
    if not len(starts):
        return np.zeros(0, bool)
    size = np.diff(np.append(starts, len(doc)))
    running = np.cumsum(gain)
    running -= np.repeat(running[starts] - gain[starts], size)
    most = np.maximum.reduceat(running, starts)
    ends = np.where((running == np.repeat(most, size)), np.arange(len(doc)), len(doc))
    past = np.where(most >= least, np.minimum.reduceat(ends, starts), -1)
    beginning: Flags = np.arange(len(doc)) <= np.repeat(past, size)
    return beginning


def _titles(lines: Lines, prose: Flags) -> Flags:
    """Long first lines of pages that end no sentence and stand apart from the prose: titles, not its beginning."""
    shown = np.flatnonzero(~lines.blank)
    opens = np.diff(lines.doc[shown], prepend=-1) > 0
    alone = np.append(~prose[shown[1:]], True)
    more = np.append(lines.doc[shown[1:]] == lines.doc[shown[:-1]], False)
    chosen = shown[opens & alone & more]
    titles = np.zeros(len(lines), bool)
    titles[chosen] = (lines.mass[chosen] <= TITLE_MASS) & (lines.last[chosen] != Class.ENDER)
    return titles


def _until_prose(lines: Lines, prose: NDArray[np.int64]) -> NDArray[np.int64]:
    """Shown lines from each line to the next prose of its page, that line not counted."""
    n = len(lines)
    shown = np.concatenate(([0], np.cumsum(~lines.blank)))
    after = np.append(prose, n)[np.searchsorted(prose, np.arange(n))]
    inside = (after < n) & (lines.doc[np.minimum(after, max(n - 1, 0))] == lines.doc)
    return np.where(inside, shown[np.minimum(after, n)] - shown[:n], np.int64(1 << 30))
