"""The rule of the line model: lines that are machinery by form and place, in any language."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corpuskit.rules.apart import ends_of_texts, menus_of_links
from corpuskit.rules.findings import Batch, Drop, Finding
from corpuskit.rules.linemodel import Places, boilerplate, reasons
from corpuskit.rules.sections import own_sections


def modelled_lines(batch: Batch) -> Iterator[Finding]:
    """A line that the line model takes for machinery: short among short, far from the prose, seen on other pages.

    The profile ``careful`` drops what is nearly certain, ``strict`` what is likely.

    Example::

        ⟦line-model|World
        Business
        Video
        Sign in
        ⟧The first paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.
    """
    profile = batch.recipe.clean.profile
    places = Places(batch.typeset, ends_of_texts(batch), own_sections(batch), menus_of_links(batch))
    decision = boilerplate(batch.lines, batch.recurrence, batch.signals, batch.links, places, profile)
    rows = batch.rows(decision.drop)
    for row, why in zip(rows, reasons(decision, np.array(rows, np.int64)), strict=True):
        yield Drop(row, "line-model", why)
