"""Bylines: lines that name the author, outside the prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corpuskit.rules.findings import Batch, Drop, Finding, Note
from corpuskit.rules.language_packs import FIELDS
from corpuskit.rules.phrases import value_of
from corpuskit.text.characters import Class
from corpuskit.text.segment import Zone

AUTHOR: Final = FIELDS.index("author")
#: A name, perhaps two, and a paper: code points.
NAME_MAX: Final = 60
#: Lines between a byline and the prose: a dateline, a caption, buttons.
NEAR: Final = 8


def bylines(batch: Batch) -> Iterator[Finding]:
    """``โดย: …``, ``By …``: an author label and a name, close above the prose or below it, becomes ``author``.

    Example::

        A title

        ⟦byline|By Harriet Quill
        ⟧The first paragraph of the page, long enough to be prose, which says what happened on the day before.
    """
    lines, shape = batch.lines, batch.shape
    near = (shape.zone == Zone.HEAD) & (shape.next_prose <= NEAR) | (shape.zone == Zone.TAIL)
    like = near & (batch.signals.label == AUTHOR) & (lines.last != Class.ENDER)
    for row in batch.rows(like):
        field, name = value_of(batch.line(row)) or ("", "")
        if field == "author" and 3 <= len(name) <= NAME_MAX and "://" not in name:
            yield Note(int(lines.doc[row]), "author", name.strip(" |–—-"), "byline")
            yield Drop(row, "byline", "an author label and a name: moved to author")
