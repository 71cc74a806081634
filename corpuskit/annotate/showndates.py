"""The dateline that a page shows beside its heading.

Limits chosen on 140 pages that state no date elsewhere; half or twice of each changes the result by
two pages at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from corpuskit.annotate.dates import FoundDate, dateline, find_dates, names_another_day
from corpuskit.annotate.pagelines import Line, Piece, page_lines, squeezed

#: Lines below the heading among which its dateline stands; lines above it; those above it that need no mark.
BELOW: Final = 40
ABOVE: Final = 12
CLOSE: Final = 3
#: A longer line is no dateline, code points.
LENGTH: Final = 110
#: A line this long is prose, code points; after so many of them come comments and other articles.
PROSE: Final = 150
PROSE_LINES: Final = 6
#: A line of its own that says what the next one is ("Joined:"), code points.
LABEL: Final = 30
#: Letters and digits of a heading, and of a title within a longer heading.
HEADING: Final = 6
TITLE: Final = 13

#: What authors of pages call the place of a date, in ``class`` and ``id``.
_MARK: Final = re.compile(r"date|time|publi|posted|fecha|datum", re.IGNORECASE)


def shown_date(body: Any, titles: Iterable[str], *, day_first: bool = True) -> FoundDate | None:
    """The date of the dateline closest below the heading of a page, else above it.

    ``titles``: what the heading may say. A date that its line calls an update goes last and is flagged ``updated``.
    """
    above, below = _around(body, {text for title in titles if len(text := squeezed(title)) >= HEADING})
    marked = [pair for pair in above[:ABOVE] if any(map(_marked, pair[1].pieces))]
    found = list(_dates([*below, *above[:CLOSE], *marked], day_first))
    return next((date for date in found if "updated" not in date.flags), found[0] if found else None)


#: A line, and the one before it.
_Pair = tuple[str, Line]


def _around(body: Any, titles: set[str]) -> tuple[list[_Pair], list[_Pair]]:
    """The lines above the heading, the closest first, and those below it, until the prose is well under way."""
    heading = _heading(body, titles)
    above: list[_Pair] = []
    below: list[_Pair] = []
    before, prose, started = "", 0, False
    for line in page_lines(body):
        if started:
            below.append((before, line))
            prose += len(line.text) >= PROSE
            if len(below) == BELOW or prose == PROSE_LINES:
                break
        elif squeezed(line.text) in titles if heading is None else _stands_in(line, heading):
            started = True
        else:
            above.append((before, line))
        before = line.text
    return (above[::-1], below) if started else ([], [])


def _heading(body: Any, titles: set[str]) -> Any:
    """The heading that says most of one of the titles, else the first of the first rank."""
    headings = [(squeezed(node.text_content()), node) for node in body.iter("h1", "h2", "h3")]
    told = [(text, node) for text, node in headings if len(text) >= HEADING and _tells(text, titles)]
    if told:
        return max(told, key=lambda pair: len(pair[0]))[1]
    return next((node for text, node in headings if node.tag == "h1" and text), None)


def _tells(heading: str, titles: set[str]) -> bool:
    return any(heading in title or (len(title) >= TITLE and title in heading) for title in titles)


def _stands_in(line: Line, heading: Any) -> bool:
    return any(node is heading for piece in line.pieces for node in (piece.node, *piece.node.iterancestors()))


def _marked(piece: Piece) -> bool:
    nodes = [piece.node, *islice(piece.node.iterancestors(), 2)]
    return any(node.tag == "time" or _MARK.search(f"{node.get('class')} {node.get('id')}") for node in nodes)


def _dates(lines: Iterable[_Pair], day_first: bool) -> Iterator[FoundDate]:
    for before, line in lines:
        if not any(c.isdigit() for c in line.text) or (len(before) <= LABEL and names_another_day(before)):
            continue
        if date := _date(line, day_first):
            yield date


def _date(line: Line, day_first: bool) -> FoundDate | None:
    """The date of a line or of a piece of it; a time element knows it better than its text does."""
    if len(line.text) <= LENGTH and names_another_day(line.text):
        return None
    texts = [piece.text for piece in line.pieces]
    for text in (line.text, *(part for i in range(len(texts)) for part in (texts[i], " ".join(texts[i : i + 2])))):
        if len(text) <= LENGTH and (found := dateline(text, day_first=day_first)):
            exact = next((day for piece in line.pieces if piece.text in text and (day := _stamp(piece))), None)
            return found._replace(date=exact.date) if exact else found
    return next(filter(None, map(_stamp, line.pieces)), None) if len(line.text) <= LENGTH else None


def _stamp(piece: Piece) -> FoundDate | None:
    """The date in the ``datetime`` of a time element."""
    found: Sequence[FoundDate] = find_dates(piece.node.get("datetime", "")) if piece.node.tag == "time" else ()
    return found[0] if found else None
