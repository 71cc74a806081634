"""The title rule: what of a page's first lines is its title."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise, takewhile

import numpy as np

from corpuskit.annotate.title import (
    AFFIX_PAGES,
    DATED_MAX,
    HEAD_LINES,
    LABEL,
    REPEAT_LINES,
    TITLE_MAX,
    TITLE_MIN,
    affix_hashes,
    repeated_title,
    without_affixes,
)
from corpuskit.rules.findings import Batch, Finding, Hold, Note
from corpuskit.rules.pinned import pinned_affixes
from corpuskit.text.characters import Class


def titles(batch: Batch) -> Iterator[Finding]:
    """The title of a document: what its source says, else its first line when it is set apart as a title.

    Set apart: it is a heading of Markdown, or a later line among the first repeats it
    (without the site's name), or it is short, ends no sentence, and a blank line, a dateline
    or a byline follows. Menus above it do not count. What the site puts
    around its titles is learned from the other pages of the site and taken off. The title
    stays in the text.
    """
    told = {doc: known["title"] for doc, known in enumerate(batch.known) if "title" in known}
    apart = dict(_set_apart(batch))
    yield from (Hold(row) for row, _ in apart.values())
    yield from (Hold(row) for row in _told_again(batch, told))
    found = {doc: title for doc, (_, title) in apart.items()} | told
    affixes = [(doc, seen) for doc, title in found.items() for seen in affix_hashes(title)]
    often = batch.on_site([doc for doc, _ in affixes], [seen for _, seen in affixes]) >= AFFIX_PAGES
    recurring = {doc: set(seen) for doc, seen in pinned_affixes(batch)}
    for (doc, seen), recurs in zip(affixes, often.tolist(), strict=True):
        if recurs:
            recurring.setdefault(doc, set()).add(seen)
    for doc, title in found.items():
        yield Note(doc, "title", without_affixes(title, recurring.get(doc, set())), "first line")


def _told_again(batch: Batch, told: dict[int, str]) -> Iterator[int]:
    """The line of an extracted text that repeats what the page calls its title."""
    for doc in (doc for doc in told if batch.extracted[doc]):
        first, past = np.searchsorted(batch.lines.doc, (doc, doc + 1)).tolist()
        head = range(first, min(past, first + HEAD_LINES))
        yield from islice((row for row in head if batch.line(row).strip() == told[doc]), 1)


def _set_apart(batch: Batch) -> Iterator[tuple[int, tuple[int, str]]]:
    """For each page whose first lines set a title apart: its document, its row and the title."""
    shown = np.flatnonzero(~batch.lines.blank)
    bounds = np.searchsorted(batch.lines.doc[shown], np.arange(len(batch.texts) + 1)).tolist()
    rows, living = shown.tolist(), batch.open.tolist()
    for doc, (first, past) in enumerate(pairwise(bounds)):
        if not batch.extracted[doc]:
            title = _first_title(batch, rows[first : min(past, first + HEAD_LINES)], living)
            if title[1]:
                yield doc, title


def _first_title(batch: Batch, rows: list[int], living: list[bool]) -> tuple[int, str]:
    """The title among the first shown lines of a page, machinery and datelines aside; empty if none is set apart.

    ``living`` says of each line of the batch whether it is open.
    """
    top = [row for row in rows if living[row]][:REPEAT_LINES]
    if not top or len(rows) < 2:
        return 0, ""
    head = [batch.printed[row].strip() for row in top]
    for row, line in zip(top, head, strict=True):
        if line.startswith("# "):
            return row, line.strip("# ")
    row, lines = top[0], batch.lines
    if repeated := repeated_title(head):
        return row, repeated
    below = [other for other in rows if other > row][:3]
    labels = takewhile(lambda other: living[other] and lines.mass[other] <= LABEL, below)
    announced = any(not living[other] for other in below[len(list(labels)) :][:1])
    plain = lines.last[row] != Class.ENDER and lines.letters[row] >= TITLE_MIN
    plain &= "|" not in head[0] or _beside_site_name(batch, row)
    short = len(head[0]) <= (DATED_MAX if announced else TITLE_MAX)
    apart = announced or not below or below[0] > row + 1
    return row, head[0] if plain and short and apart else ""


def _beside_site_name(batch: Batch, row: int) -> bool:
    """Whether the line begins or ends like other titles of its site, and does not recur itself, as a menu would."""
    seen = affix_hashes(batch.line(row).strip())
    often = batch.on_site([int(batch.lines.doc[row])] * len(seen), seen) >= AFFIX_PAGES
    return bool(often.any()) and int(batch.recurrence.site[row]) < AFFIX_PAGES
