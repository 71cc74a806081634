"""Site templates: lines that a site repeats on its pages, learned from the corpus itself or pinned in the recipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from corpuskit.rules.findings import FEW_PAGES, Batch, Drop, Finding, Flags, Note
from corpuskit.rules.pinned import pinned_lines
from corpuskit.text.segment import Zone, edges

#: A long line must recur on this many pages of its site and in this many tenths of them: a paragraph
#: quoted on a few pages is a duplicate (its first copy stays), one on most pages is machinery.
LONG_PAGES: Final = 5
LONG_TENTHS: Final = 5
LONG_MASS: Final = 100
#: The line that ends a text, right above known machinery, may recur on fewer: a desk that signs some of the site's
#: pages. It must recur on so many and have so many letters: "The end" is shorter.
SIGNED_PAGES: Final = 6
SIGNED_MASS: Final = 15
#: The same holds for the line right below known machinery that opens a text, below this many lines at most: how a
#: series is announced.
TITLES: Final = 2
#: The flag of a page that keeps all of its prose, because templates would take most of it.
GUARD: Final = "template-guard"


def site_templates(batch: Batch) -> Iterator[Finding]:
    """A line that recurs, digits aside, on the pages of one site: its machinery, all copies of it.

    A short one must stand at the head or tail of its page (between paragraphs it may be a
    heading that all pages of a series have) or be a phrase of a pack, a long one must stand on most pages.
    Desks that sign some pages of the site, and lines that announce a series, go as well. A page
    that would lose most of its prose to templates keeps all of it. What the recipe pins
    (``corpuskit learn`` proposes it) needs no evidence in the corpus.
    """
    lines, recurs = batch.lines, batch.recurrence
    clean = batch.recipe.clean
    share = np.int32(clean.template_share * 10 + 0.5)
    worded = lines.letters > 0  # all bare figures have one shape, so that theirs always recurs
    often = worded & (recurs.site >= clean.template_pages) & (recurs.tenths >= share)
    always = worded & (recurs.beside >= 2) & (recurs.beside_tenths == 10) & (recurs.size <= FEW_PAGES)
    # on few pages a row of a table recurs as well, and a paragraph is a duplicate, whose first copy stays
    always &= (lines.digits == 0) & (lines.mass < batch.recipe.dedup.min_mass) | (batch.signals.strong > 0)
    pinned, at_all = pinned_lines(batch)
    edge, run = _edges(batch, often | always | pinned)
    long = (lines.mass >= LONG_MASS) | batch.shape.prose
    some = worded & (recurs.site >= SIGNED_PAGES) & (lines.mass >= SIGNED_MASS)
    dates = worded & (lines.digits > 0) & (recurs.site >= SIGNED_PAGES)  # and other figures, which stay
    signed = some & (_ends_text(batch, ~batch.open) | _ends_text(batch, ~batch.open | dates))
    announced = some & _opens_text(batch)
    short = ((often | signed | pinned) & edge | always & run | announced | at_all) & ~long
    most = (recurs.site >= LONG_PAGES) & (recurs.tenths >= LONG_TENTHS)
    whole = long & (most | pinned | at_all)
    robbed = _robbed(batch, whole)
    whole &= ~robbed[lines.doc]
    learnt = np.where(long, most, often | always | signed | announced)
    for row in batch.rows(short | whole):
        yield Drop(row, "template", _why(batch, row) if learnt[row] else "pinned in the recipe for this site")
    if "template" not in clean.disable:
        for doc in np.flatnonzero(robbed).tolist():
            yield Note(doc, "flags", GUARD, "templates")


def _edges(batch: Batch, recurring: Flags) -> tuple[Flags, Flags]:
    """Where short lines that recur are machinery, on many pages and on two or three.

    That is at the head or tail of a page: of one without prose, in the runs of known and
    recurring lines that begin or end it. On two or three pages such a run is asked of all: what
    recurs behind lines of the page's own may be the headings that all pages of a kind have. Of a
    text that somebody set, only such a run at its end: the footer of a list of mails.
    """
    lines, shape = batch.lines, batch.shape
    rows = np.flatnonzero(~lines.blank)
    known = ~batch.open | batch.signals.machinery | batch.signals.words
    figures = (lines.letters == 0) | (lines.digits > 0) & recurring & ~known
    gain = np.where(figures, 0, np.where(known | recurring, 1, -1))[rows]
    head, tail = edges(lines.doc[rows], gain, 1)
    everywhere = ((batch.recurrence.site > 1) & (batch.recurrence.tenths == 10))[rows]
    own = np.bincount(lines.doc[rows], ~(head | tail | everywhere), len(batch.texts)) > 0  # else a copy, no machinery
    runs = np.zeros(len(lines), bool)
    runs[rows] = (head & ~batch.typeset[rows] | tail) & own[lines.doc[rows]]
    has_prose = np.bincount(lines.doc, shape.prose, len(batch.texts))[lines.doc] > 0
    known_place, heads_prose = batch.signals.strong > 0, shape.next_prose == 1
    zone = np.where(has_prose, shape.zone != Zone.BODY, runs) & (runs | ~batch.typeset)
    return (zone | known_place) & ~heads_prose, (runs & zone | known_place) & ~heads_prose


def _ends_text(batch: Batch, settled: Flags) -> Flags:
    """The last line of each page's tail that is not ``settled``, where what follows it is."""
    left, shown = np.flatnonzero(~settled), np.flatnonzero(~batch.lines.blank)
    last, very_last = (rows[np.diff(batch.lines.doc[rows], append=-1) != 0] for rows in (left, shown))
    ends = np.zeros(len(batch.lines), bool)
    ends[np.setdiff1d(last, very_last)] = True
    flags: Flags = ends & (batch.shape.zone == Zone.TAIL)
    return flags


def _opens_text(batch: Batch) -> Flags:
    """Lines right below one that a rule has taken, where no more is left above than a title, given twice."""
    shown = np.flatnonzero(~batch.lines.blank)
    doc, left = batch.lines.doc[shown], np.concatenate(([0], np.cumsum(batch.open[shown])))
    below = np.append(False, (doc[1:] == doc[:-1]) & ~batch.open[shown[:-1]])[: len(shown)]
    opens = np.zeros(len(batch.lines), bool)
    opens[shown] = below & (left[:-1] - left[np.searchsorted(doc, doc)] <= TITLES)
    return opens


def _robbed(batch: Batch, whole: Flags) -> Flags:
    """Documents that would lose more than the guarded share of their prose."""
    docs = len(batch.texts)
    prose = np.where(batch.shape.prose, batch.lines.mass, 0)
    total = np.bincount(batch.lines.doc, prose, docs)
    lost = np.bincount(batch.lines.doc, prose * whole, docs)
    return lost > batch.recipe.clean.template_guard * total


def _why(batch: Batch, row: int) -> str:
    recurs = batch.recurrence
    share = f"{recurs.tenths[row]}0 %" if recurs.tenths[row] else "some"
    return f"on {recurs.site[row]} or more pages of the site, {share} of its {recurs.size[row]} or more"
