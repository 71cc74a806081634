"""Site templates: lines that a site repeats on its pages, learned from the corpus itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from corpuskit.rules.findings import Batch, Drop, Finding, Flags
from corpuskit.segment import Zone

#: A long line must recur on this many pages of its site and in this many tenths of them: a paragraph
#: quoted on a few pages is a duplicate (its first copy stays), one on most pages is machinery.
LONG_PAGES: Final = 5
LONG_TENTHS: Final = 5
LONG_MASS: Final = 100


def site_templates(batch: Batch) -> Iterator[Finding]:
    """A line that recurs, digits aside, on the pages of one site: its machinery, all copies of it.

    A short one must stand at the head or tail of its page (between paragraphs it may be a
    heading that all pages of a series have), a long one must stand on most pages. A page
    that would lose most of its prose to templates keeps all of it.
    """
    lines, recurs = batch.lines, batch.recurrence
    clean = batch.recipe.clean
    share = np.int32(clean.template_share * 10 + 0.5)
    often = (recurs.site >= clean.template_pages) & (recurs.tenths >= share)
    always = (recurs.site >= 2) & (recurs.tenths == 10) & (recurs.size <= 3)
    edge = (batch.shape.zone != Zone.BODY) & (batch.shape.next_prose != 1)
    long = (lines.mass >= LONG_MASS) | batch.shape.prose
    short = (often | always) & edge & ~long
    whole = long & (recurs.site >= LONG_PAGES) & (recurs.tenths >= LONG_TENTHS)
    whole &= ~_robbed(batch, whole)[lines.doc]
    for row in batch.rows(short | whole):
        yield Drop(row, "template", _why(batch, row))


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
