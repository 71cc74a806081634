"""Lists of links that an extractor took for text: related headlines, rankings, sections of the site.

The text alone no longer shows what was a link; the tree of the page does. Measured on 231 labelled pages:
of the lines that are links and have a neighbour of their kind, four in five are machinery.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from corpuskit.annotate.pagelines import page_lines, squeezed

#: Share of a line's letters that stand in links.
LINKED: Final = 0.6
#: Lines one after another that make a list.
LIST: Final = 2
#: Share of the text that must remain: where links are most of it, they are what the page is about.
SUBJECT: Final = 0.5


def without_link_lists(text: str, tree: Any) -> str:
    """``text`` without runs of lines that are links in the page; all of it where links are most of it."""
    linked: dict[str, bool] = {}
    for line in page_lines(tree):
        key = squeezed(line.text)
        linked[key] = linked.get(key, True) and line.linked() >= LINKED
    lines = text.split("\n")
    kept: list[str] = []
    for is_linked, run in groupby(lines, lambda line: linked.get(squeezed(line), False)):
        together = list(run)
        kept += [] if is_linked and len(together) >= LIST else together
    return "\n".join(kept) if sum(map(len, kept)) >= SUBJECT * sum(map(len, lines)) else text
