"""What stands around the heading of a page: the lines in which pages say when and by whom.

Limits chosen on 140 pages that state no date elsewhere; half or twice of each changes the result by
two pages at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final, NamedTuple

from corpuskit.annotate.pagelines import Line, Piece, page_lines, squeezed

#: Lines below the heading, and above it.
BELOW: Final = 40
ABOVE: Final = 12
#: A line this long is prose, code points; after so many of them come comments and other articles.
PROSE: Final = 150
PROSE_LINES: Final = 6
#: Letters and digits of a heading, and of a title within a longer heading.
HEADING: Final = 6
TITLE: Final = 13


class Near(NamedTuple):
    """A line near the heading, and the text of the line before it."""

    line: Line
    before: str


class Surroundings(NamedTuple):
    """The lines around the heading, the closest first; both empty where a page has no heading."""

    above: list[Near]
    below: list[Near]


def surroundings(body: Any, titles: Iterable[str]) -> Surroundings:
    """What stands around the heading of a page; ``titles``: what the heading may say."""
    wanted = {text for title in titles if len(text := squeezed(title)) >= HEADING}
    heading = _heading(body, wanted)
    above: list[Near] = []
    below: list[Near] = []
    before, prose, started = "", 0, False
    for line in page_lines(body):
        if started:
            below.append(Near(line, before))
            prose += len(line.text) >= PROSE
            if len(below) == BELOW or prose == PROSE_LINES:
                break
        elif squeezed(line.text) in wanted if heading is None else _stands_in(line, heading):
            started = True
        else:
            above.append(Near(line, before))
        before = line.text
    return Surroundings(above[: -ABOVE - 1 : -1], below) if started else Surroundings([], [])


def marked(piece: Piece, mark: re.Pattern[str], *tags: str) -> bool:
    """Whether the element of a piece, or one of the two around it, is of ``tags`` or has a ``mark`` in class or id."""
    nodes = [piece.node, *islice(piece.node.iterancestors(), 2)]
    return any(node.tag in tags or mark.search(f"{node.get('class')} {node.get('id')}") for node in nodes)


def _heading(body: Any, titles: set[str]) -> Any:
    """The heading that says most of a title, else the shortest around a title, else the first of the first rank."""
    headings = [(squeezed(node.text_content()), node) for node in body.iter("h1", "h2", "h3")]
    told = [(text, node) for text, node in headings if len(text) >= HEADING and any(text in title for title in titles)]
    if told:
        return max(told, key=lambda pair: len(pair[0]))[1]
    long = [title for title in titles if len(title) >= TITLE]
    around = [(text, node) for text, node in headings if any(title in text for title in long)]
    if around:
        return min(around, key=lambda pair: len(pair[0]))[1]
    return next((node for text, node in headings if node.tag == "h1" and text), None)


def _stands_in(line: Line, heading: Any) -> bool:
    return any(node is heading for piece in line.pieces for node in (piece.node, *piece.node.iterancestors()))
