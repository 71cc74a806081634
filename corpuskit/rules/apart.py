"""Lines that are not the page's own text, whatever they look like.

The line model asks more of new lines in and near the main text of a page (see
:func:`corpuskit.rules.linemodel.limits_for`): lists, tables and answers are short among paragraphs. It asks no
more of lines whose place or form tells that they are no such thing: what stands behind a heading or button that
ends a text, rows of links, and lists of linked pictures.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from corpuskit.rules.findings import Batch, Flags
from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.rules.linkrows import rows_of_links
from corpuskit.rules.markup import LINK_RUN, runs_of
from corpuskit.rules.threads import through_posts

#: Rules whose phrases stand behind a text, not before or in it.
ENDS: Final = frozenset(
    {"related", "comments", "newsletter", "copyright", "tags", "rating", "print", "share", "follow"}
)
_ENDS: Final = np.array([name in ENDS for name in RULE_NAMES])
#: A line that opens with a linked picture, below marks of quotes and lists.
_CARD: Final = re.compile(r"[\s>*+•|-]*(?:\d+[.)])?\s*\[\s*!\[")


def ends_of_texts(batch: Batch) -> Flags:
    """Lines that end a text if they stand behind it: share buttons, ``Related articles``; not those between posts."""
    signals = batch.signals
    ends = _ENDS[signals.strong] | _ENDS[signals.section]
    ends &= ~batch.typeset
    found: Flags = ends & ~through_posts(batch) if ends.any() else ends
    return found


def menus_of_links(batch: Batch) -> Flags:
    """Rows of links, and runs of lines that open with a linked picture; not in texts that somebody set."""
    cards = np.zeros(len(batch.lines), bool)
    if not batch.links.any():
        return cards
    for row in np.flatnonzero((batch.links > 0) & ~batch.typeset).tolist():
        cards[row] = _CARD.match(batch.line(row)) is not None
    menus: Flags = rows_of_links(batch) | runs_of(batch.lines, cards, LINK_RUN)
    return menus
