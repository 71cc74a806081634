"""The title rule: what of a page's first lines is its title."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from corpuskit.annotate.dates import dateline
from corpuskit.annotate.title import (
    AFFIX_PAGES,
    DATED_MAX,
    REPEAT_LINES,
    TITLE_MAX,
    TITLE_MIN,
    affix_hashes,
    repeated_title,
    without_affixes,
)
from corpuskit.characters import Class
from corpuskit.rules.findings import Batch, Finding, Note
from corpuskit.rules.pinned import pinned_affixes


def titles(batch: Batch) -> Iterator[Finding]:
    """The title of a document: what its source says, else its first line when it is set apart as a title.

    Set apart: a later line among the first repeats it (without the site's name), or it is
    short, ends no sentence, and a blank line or a dateline follows. What the site puts
    around its titles is learned from the other pages of the site and taken off. The title
    stays in the text.
    """
    told = {doc: known["title"] for doc, known in enumerate(batch.known) if "title" in known}
    found = dict(_set_apart(batch)) | told
    affixes = [(doc, seen) for doc, title in found.items() for seen in affix_hashes(title)]
    often = batch.on_site([doc for doc, _ in affixes], [seen for _, seen in affixes]) >= AFFIX_PAGES
    recurring = {doc: set(seen) for doc, seen in pinned_affixes(batch)}
    for (doc, seen), recurs in zip(affixes, often.tolist(), strict=True):
        if recurs:
            recurring.setdefault(doc, set()).add(seen)
    for doc, title in found.items():
        yield Note(doc, "title", without_affixes(title, recurring.get(doc, set())), "first line")


def _set_apart(batch: Batch) -> Iterator[tuple[int, str]]:
    """The title that the first lines of each page give, where they set one apart."""
    shown = np.flatnonzero(~batch.lines.blank)
    bounds = np.searchsorted(batch.lines.doc[shown], np.arange(len(batch.texts) + 1)).tolist()
    for doc, (first, past) in enumerate(pairwise(bounds)):
        if not batch.extracted[doc]:
            title = _first_title(batch, shown[first : min(past, first + REPEAT_LINES)].tolist())
            if title:
                yield doc, title


def _first_title(batch: Batch, rows: list[int]) -> str:
    """The title among the first shown lines of a page; empty if none is set apart."""
    lines = batch.lines
    if len(rows) < 2:
        return ""
    head = [batch.line(row).strip() for row in rows]
    if repeated := repeated_title(head):
        return repeated
    row = rows[0]
    dated = dateline(head[1]) is not None
    plain = lines.last[row] != Class.ENDER and lines.letters[row] >= TITLE_MIN and "|" not in head[0]
    short = len(head[0]) <= (DATED_MAX if dated else TITLE_MAX)
    return head[0] if batch.open[row] and plain and short and (dated or rows[1] > row + 1) else ""
