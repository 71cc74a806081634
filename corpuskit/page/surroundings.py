"""What stands around the heading of a page: the lines in which pages say when and by whom.

Limits chosen on 140 pages that state no date elsewhere; half or twice of each changes the result by
two pages at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from corpuskit.page.keys import squeezed
from corpuskit.page.lines import Line, Piece

#: Lines below the heading, and above it.
BELOW: Final = 40
ABOVE: Final = 12
#: A line this long is prose, code points; after so many of them come comments and other articles.
PROSE: Final = 150
PROSE_LINES: Final = 6
#: Letters and digits of a heading, and of a title within a longer heading.
HEADING: Final = 6
TITLE: Final = 13
#: Elements around the one of a piece whose marks are also its own.
AROUND: Final = 2

#: Whether a class and an id hold a mark; remembered by those who ask, for the elements of a page share a few.
Mark = Callable[[str], object]


class Near(NamedTuple):
    """A line near the heading, and the text of the line before it."""

    line: Line
    before: str


class Surroundings(NamedTuple):
    """The lines around the heading, the closest first; both empty where a page has no heading."""

    above: list[Near]
    below: list[Near]


def surroundings(body: Any, lines: Sequence[Line], titles: Iterable[str]) -> Surroundings:
    """What of the ``lines`` of a page stands around its heading; ``titles``: what the heading may say."""
    wanted = {text for title in titles if len(text := squeezed(title)) >= HEADING}
    at = _heading_line(lines, _heading(body, wanted), wanted)
    if at is None:
        return Surroundings([], [])
    first, past = max(0, at - ABOVE), min(len(lines), at + 1 + BELOW)
    near = [Near(lines[place], lines[place - 1].text if place else "") for place in range(first, past)]
    above, below = near[: at - first], near[at - first + 1 :]
    prose = [place for place, one in enumerate(below) if len(one.line.text) >= PROSE]
    return Surroundings(above[::-1], below[: prose[PROSE_LINES - 1] + 1] if len(prose) >= PROSE_LINES else below)


def _heading_line(lines: Sequence[Line], heading: Any, wanted: set[str]) -> int | None:
    """Where the lines of the heading begin."""
    if heading is None:
        return next((at for at, line in enumerate(lines) if squeezed(line.text) in wanted), None) if wanted else None
    inside = set(heading.iter())
    return next((at for at, line in enumerate(lines) for piece in line.pieces if piece.node in inside), None)


def marked(piece: Piece, mark: Mark, *tags: str) -> bool:
    """Whether the element of a piece, or one close around it, is of ``tags`` or has a ``mark`` in class or id."""
    node = piece.node
    for _ in range(1 + AROUND):
        if node.tag in tags or mark(f"{node.get('class')} {node.get('id')}"):
            return True
        if (node := node.getparent()) is None:
            break
    return False


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
