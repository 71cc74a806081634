"""The machinery of portals, known by the phrases of the language packs and by where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.rules import phrases
from corpuskit.rules.findings import Batch, Drop, Finding, Flags
from corpuskit.rules.language_packs import FIELDS, RULE_NAMES
from corpuskit.rules.markup import LINK_SHARE, without_links
from corpuskit.rules.notices import COPYRIGHT, notices
from corpuskit.rules.sections import own_sections
from corpuskit.rules.threads import buttons, through_posts
from corpuskit.text.segment import Zone

#: Shown lines on each side that count as neighbours.
REACH: Final = 2
#: So many short lines between two known lines belong to them.
GAP: Final = 3
#: Labels whose whole line is machinery at the edge of a page, and the rule that takes them.
EDGE_LABELS: Final = {
    "tags": "tags",
    "category": "breadcrumb",
    "copyright": "copyright",
    "views": "views",
    "share": "share",
}
#: A line that opens with one of these is a saying or a title, not a label and its value.
QUOTES: Final = tuple("“‘«„「『\"'")

#: Counters end a page whatever is before them, if it is a line of this mass at least: figures may be a list's last.
COUNTERS: Final = tuple(RULE_NAMES.index(name) for name in ("comments", "views", "share"))
COUNTED_MASS: Final = 24

#: Numbers of the rules whose phrases may introduce an address that the author gives: such a line stays.
POINTERS: Final = tuple(RULE_NAMES.index(name) for name in ("related", "read-more", "source", "attachment"))


@lru_cache(maxsize=1 << 16)  # machinery repeats: most lines that a pack knows have been explained before
def reason(line: str) -> str:
    """Which phrase marks the line; the packs saw it without the targets of its links."""
    return phrases.reason(without_links(line)) or phrases.reason(line)


def phrase_lines(batch: Batch) -> Iterator[Finding]:
    """A whole line that a pack knows as machinery, at the head or tail of a page or among others of its kind.

    The same words inside the prose of a page are content. A counter that ends a page of short lines goes too, and
    so does a line near the end that begins with the copyright sign and a year, in any language.
    In a text that somebody set, labels, headings and the copyright are its author's: a licence begins with it.

    Example::

        The last paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.
        ⟦comments|Comments (0)⟧
    """
    signals, zone = batch.signals, batch.shape.zone
    own = batch.typeset & ((signals.strong == COPYRIGHT) | (signals.label > 0))
    strong = (signals.strong > 0) & batch.open & ~own
    edge = (zone != Zone.BODY) | _touching(batch, strong) | _counter_at_end(batch) | buttons(batch)
    edge |= notices(batch.lines, batch.printed, signals.strong == COPYRIGHT)
    for row in batch.rows(strong & edge & ~batch.shape.prose):
        heading = batch.typeset[row] and batch.line(row).startswith("#")
        if not heading and not _points(batch, row, signals.strong[row]):
            yield Drop(row, RULE_NAMES[signals.strong[row]], reason(batch.line(row)) or "a copyright sign and a year")
    for field, rule in EDGE_LABELS.items():
        for row in batch.rows((signals.label == FIELDS.index(field)) & (zone != Zone.BODY) & ~batch.shape.prose & ~own):
            if not batch.line(row).lstrip().startswith(QUOTES):
                yield Drop(row, rule, reason(batch.line(row)))


def ordinary_words(batch: Batch) -> Iterator[Finding]:
    """A menu word that is an ordinary word too: machinery among machinery, a heading before a paragraph.

    Example::

        ⟦navigation|Home
        News
        Sports
        ⟧The first paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.
    """
    signals, lines = batch.signals, batch.lines
    weak = (signals.weak > 0) | (signals.section > 0)
    known = weak | (signals.strong > 0)
    heading = (batch.shape.next_prose == 1) & ~_ends_a_run(batch)
    edge = (batch.shape.zone != Zone.BODY) & ~batch.typeset
    title = (lines.index == 0) & ~_followed(batch, known)
    chosen = weak & edge & ~heading & ~title & _beside(batch, known, 1) | (signals.weak > 0) & buttons(batch)
    for row in batch.rows(chosen):
        code = signals.weak[row] or signals.section[row]
        if not _points(batch, row, code):
            yield Drop(row, RULE_NAMES[code], f"{reason(batch.line(row))} among lines of its kind")


def tail_blocks(batch: Batch) -> Iterator[Finding]:
    """What follows the machinery at the end of a page: short lines to the end, under or between known ones.

    A block begins at a heading that a pack knows (``Related articles``), or at the second
    known line of the tail; before that, short lines may be the page's own list, but for
    a few between two known ones. A heading of Markdown with no link below it is the page's own again.

    Example::

        The last paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.

        ⟦comments|Comments (0)
        ⟧⟦related|Same topic
        A headline of another page
        Another headline⟧
    """
    signals, zone = batch.signals, batch.shape.zone
    tail = (zone == Zone.TAIL) & ~batch.lines.blank & ~batch.typeset
    section = tail & (signals.section > 0)
    linked = ~batch.open & (batch.links >= LINK_SHARE)
    known = (section | tail & ((signals.strong > 0) | linked)) & ~through_posts(batch)
    own = own_sections(batch)
    before = _since(batch, own, np.cumsum(section.astype(np.int64) * 2 + (known & ~section)))
    behind = tail & ((before >= 2) | _between(batch, known, own)) & ~batch.shape.prose
    for row in batch.rows(behind & ~batch.extracted[batch.lines.doc]):
        rule = "related" if section[row] else "tail-block"
        if not _points(batch, row, signals.section[row]):
            yield Drop(row, rule, "a short line behind the machinery at the end of the page")


def _points(batch: Batch, row: int, code: int) -> bool:
    """Whether the line gives an address that its author points to: ``Read more: https://…``."""
    return code in POINTERS and "://" in without_links(batch.line(row))


def _since(batch: Batch, own: Flags, running: NDArray[np.int64]) -> NDArray[np.int64]:
    """A running sum over all lines → the sum since the start of each line's page, or of a section of its own."""
    start = batch.first[batch.lines.doc]
    if own.any():
        start = np.maximum(start, np.maximum.accumulate(np.where(own, np.arange(len(own)), 0)))
    return running - np.where(start > 0, running[np.maximum(start - 1, 0)], 0)


def _counter_at_end(batch: Batch) -> Flags:
    """The last line of each page that no rule has taken, when it is a phrase with a figure below a longer line."""
    lines, living = batch.lines, np.flatnonzero(batch.open)
    ends = np.flatnonzero(np.diff(lines.doc[living], append=-1))
    ends = ends[np.isin(batch.signals.strong[living[ends]], COUNTERS) & (lines.digits[living[ends]] > 0)]
    row, above = living[ends], living[np.maximum(ends - 1, 0)]
    found = (lines.doc[above] == lines.doc[row]) & (above < row) & (lines.mass[above] >= COUNTED_MASS)
    found &= phrases.whole(lines.shape[row])
    counters = np.zeros(len(lines), bool)
    counters[row[found]] = True
    return counters


def _touching(batch: Batch, known: Flags) -> Flags:
    """Known lines directly above or below another known line: between paragraphs a single one is a heading."""
    followed = _followed(batch, known) & known
    shown = np.flatnonzero(~batch.lines.blank)
    below = np.zeros(len(known), bool)
    below[shown[1:]] = followed[shown[:-1]]
    return followed | below


def _followed(batch: Batch, known: Flags) -> Flags:
    """Lines whose next shown line, in the same page, is known."""
    shown = np.flatnonzero(~batch.lines.blank)
    followed = np.zeros(len(known), bool)
    same = batch.lines.doc[shown[1:]] == batch.lines.doc[shown[:-1]]
    followed[shown[:-1]] = same & known[shown[1:]]
    return followed


def _ends_a_run(batch: Batch) -> Flags:
    """Lines right below one of the same rule, with a blank line behind them: the last entry of a menu, no heading."""
    signals, lines = batch.signals, batch.lines
    rule = np.where(signals.strong > 0, signals.strong, np.where(signals.weak > 0, signals.weak, signals.section))
    ends = np.zeros(len(lines), bool)
    ends[1:] = (rule[1:] == rule[:-1]) & (rule[1:] > 0) & (lines.doc[1:] == lines.doc[:-1])
    ends[:-1] &= lines.blank[1:]
    return ends


def _between(batch: Batch, known: Flags, own: Flags) -> Flags:
    """Up to :data:`GAP` shown lines, with a known line of the page before and behind them, and none of ``own``."""
    shown = np.flatnonzero(~batch.lines.blank)
    marks = np.flatnonzero((known | own)[shown])
    between = np.zeros(len(known), bool)
    for a, b in zip(marks[:-1].tolist(), marks[1:].tolist(), strict=True):
        if 1 < b - a <= GAP + 1 and known[shown[a]] and batch.lines.doc[shown[a]] == batch.lines.doc[shown[b]]:
            between[shown[a + 1 : b]] = True
    return between


def _beside(batch: Batch, known: Flags, least: int) -> Flags:
    """Lines that have at least ``least`` known lines among the :data:`REACH` shown neighbours of each side."""
    shown = np.flatnonzero(~batch.lines.blank)
    doc = batch.lines.doc[shown]
    hits = np.zeros(len(shown), np.int64)
    for step in range(1, REACH + 1):
        same = doc[step:] == doc[:-step]
        hits[step:] += same & known[shown[:-step]]
        hits[:-step] += same & known[shown[step:]]
    beside = np.zeros(len(known), bool)
    beside[shown] = hits >= least
    return beside
