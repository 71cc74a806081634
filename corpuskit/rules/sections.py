"""Sections of a page's own in Markdown: a heading that no pack knows, with no link below it.

They end what a heading or button above them began: after ``## Related recipes`` and its links, ``## Ingredients``
is the recipe again.
"""

from __future__ import annotations

import numpy as np

from corpuskit.rules.findings import Batch, Flags


def own_sections(batch: Batch) -> Flags:
    """Headings that open a section of the page's own: nothing right below them is a link, a heading or machinery.

    Pages that show no links have none.
    """
    lines, signals = batch.lines, batch.signals
    heads = np.zeros(len(lines), bool)
    for doc in np.unique(lines.doc[batch.links > 0]).tolist():
        rows = range(int(batch.first[doc]), int(batch.past[doc]))
        heads[[row for row in rows if batch.line(row).startswith(("#", "> #"))]] = True
    if not heads.any():
        return heads
    known = signals.machinery | signals.words | ~batch.open | (batch.links > 0)
    shown = np.flatnonzero(~lines.blank)
    above, below = shown[:-1], shown[1:]
    own = np.zeros(len(lines), bool)
    own[above] = heads[above] & ~known[above] & ~(known | heads)[below] & (lines.doc[above] == lines.doc[below])
    return own
