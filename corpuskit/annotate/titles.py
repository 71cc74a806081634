"""The title rule: what of a page's first lines is its title."""

from __future__ import annotations

from collections.abc import Iterator

from corpuskit.annotate.dates import dateline
from corpuskit.annotate.title import REPEAT_LINES, TITLE_MAX, repeated_title, without_affixes
from corpuskit.characters import Class
from corpuskit.rules.findings import Batch, Finding, Note


def titles(batch: Batch) -> Iterator[Finding]:
    """The title of a document: what its source says, else its first line when it is set apart as a title.

    Set apart: a later line among the first repeats it (without the site's name), or it is
    short, ends no sentence, and a blank line or a dateline follows. What the site puts
    around its titles is learned from the other pages of the site and taken off. The title
    stays in the text.
    """
    for doc in range(len(batch.texts)):
        told = batch.known[doc].get("title", "")
        if not batch.extracted[doc] and not told:
            told = _set_apart(batch, doc)
        if told:
            title = without_affixes(told, lambda seen, doc=doc: batch.affix_recurs(doc, seen))  # type: ignore[misc]
            yield Note(doc, "title", title, "record" if batch.known[doc].get("title") else "first line")


def _set_apart(batch: Batch, doc: int) -> str:
    lines = batch.lines
    rows = range(int(batch.first[doc]), int(batch.past[doc]))
    shown = [row for row in rows[: 3 * REPEAT_LINES] if not lines.blank[row]][:REPEAT_LINES]
    if len(shown) < 2:
        return ""
    head = [batch.line(row).strip() for row in shown]
    if repeated := repeated_title(head):
        return repeated
    row = shown[0]
    apart = shown[1] > row + 1 or dateline(head[1]) is not None
    plain = lines.length[row] <= TITLE_MAX and lines.last[row] != Class.ENDER and lines.letters[row] >= 8
    return head[0] if apart and plain and batch.open[row] and lines.bars[row] == 0 else ""
