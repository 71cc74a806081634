"""Lists of links that an extractor took for text: related headlines, rankings, sections of the site.

The text alone no longer shows what was a link; the tree of the page does. Measured on 231 labelled pages:
of the lines that are links and have a neighbour of their kind, four in five are machinery.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from corpuskit.annotate.pagelines import Line, page_lines, squeezed

#: Share of a line's letters that stand in links.
LINKED: Final = 0.6
#: Lines one after another that make a list.
LIST: Final = 2
#: Share of the text in lists of links above which they are what the page is about.
SUBJECT: Final = 0.5


def without_link_lists(text: str, body: Any) -> str:
    """``text`` without runs of lines that are links in the page; all of it where links are most of it."""
    linked: dict[str, float] = {}
    for line in page_lines(body):
        key = squeezed(line.text)
        linked[key] = min(linked.get(key, 1.0), _share(line))
    lines = text.split("\n")
    runs = groupby(lines, lambda line: linked.get(squeezed(line), 0.0) >= LINKED)
    kept = [line for is_linked, run in runs for line in _kept(list(run), is_linked)]
    return "\n".join(kept) if sum(map(len, kept)) >= SUBJECT * sum(map(len, lines)) else text


def _kept(run: list[str], linked: bool) -> list[str]:
    return [] if linked and len(run) >= LIST else run


def _share(line: Line) -> float:
    letters = sum(len(piece.text) for piece in line.pieces)
    return sum(len(piece.text) for piece in line.pieces if _in_link(piece.node)) / letters


def _in_link(node: Any) -> bool:
    return node.tag == "a" or any(above.tag == "a" for above in node.iterancestors())
