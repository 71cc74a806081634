"""Rows of links in Markdown: links side by side on one line, and no words of a sentence between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from corpuskit.rules.findings import Batch, Drop, Finding, Flags
from corpuskit.rules.markup import LINK, PLACEHOLDER
from corpuskit.text.segment import SENTENCE_MASS

#: So many times in a row a link follows right upon a link, with signs and figures between at most.
PAIRS: Final = 3
#: A row that is a menu has so much of it in links (percent), and no words of this many letters between or around them.
SHARE: Final = 50
WORDS: Final = SENTENCE_MASS
#: Lines with so many bars each, one below the other, are rows of a table.
BARS: Final = 3

#: What makes a sentence or a list of the author's own of what stands between two links.
_WORDS: Final = re.compile(r"[^\W\d_]|[,;、，،؛]")
#: A picture and words in one link: a card, of which a page may be made.
_CARD: Final = re.compile(r"\[(?=[^\[\]\n]*!\[)\s*[^\s!]|\[\s*!\[[^\[\]\n]*\]\([^()\n]*\)\s*[^\s\]]")


def link_rows(batch: Batch) -> Iterator[Finding]:
    """Four links or more side by side on one line, with a few words around them at most: a menu, a list of headlines.

    Links with commas or words between them are a sentence or a list of the author's own, and so are rows of a table.

    Example::

        The first paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.

        ⟦link-list|Services[Pest control](/pests)[Termites](/termites) | [Prices](/prices) | [About us](/about)
        ⟧
        The next paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.
    """
    for row in batch.rows(rows_of_links(batch) & (batch.links >= SHARE)):
        line = batch.line(row)
        if not _CARD.search(line) and max(map(_letters, _between(line))) < WORDS:
            yield Drop(row, "link-list", "links side by side")


def rows_of_links(batch: Batch) -> Flags:
    """Lines with links side by side; not in texts that somebody set, and no rows of tables."""
    found = np.zeros(len(batch.lines), bool)
    if not batch.links.any():
        return found
    for row in np.flatnonzero((batch.links > 0) & ~batch.typeset & ~_tables(batch)).tolist():
        line = batch.line(row)
        if line.count("](") > PAIRS and "`" not in line and "---" not in line:  # references, tables on one line
            found[row] = sum(not _WORDS.search(words) for words in _between(line)[1:-1]) >= PAIRS
    return found


def _between(line: str) -> list[str]:
    """What stands before, between and behind the links of a line."""
    return LINK.sub("\0", PLACEHOLDER.sub("", line)).split("\0")


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _tables(batch: Batch) -> Flags:
    """Lines with as many bars as the one above or below."""
    shown = np.flatnonzero(~batch.lines.blank)
    bars, doc = batch.lines.bars[shown], batch.lines.doc[shown]
    alike = (bars[1:] == bars[:-1]) & (bars[1:] >= BARS) & (doc[1:] == doc[:-1])
    tables = np.zeros(len(batch.lines), bool)
    tables[shown[1:][alike]] = tables[shown[:-1][alike]] = True
    return tables
