"""Lists of links that an extractor took for text: related headlines, rankings, sections of the site.

The text alone no longer shows what was a link; the tree of the page does. Measured on 231 labelled pages:
of the lines that stand in links, four in five are machinery; of those with neighbours of their kind, more.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, Final

from corpuskit.annotate.pagelines import Line, in_link, page_lines, squeezed

#: Share of a line's letters that stand in links.
LINKED: Final = 0.6
#: A longer line is no headline, code points.
LONGEST: Final = 400
#: Lines one after another that make a list.
LIST: Final = 2
#: Share of the text that must remain: where links are most of it, they are what the page is about.
SUBJECT: Final = 0.5


_FIGURE: Final = re.compile(r"\d")
#: What lists print beside a headline: a time, a day, a rank. Other figures are content.
_BESIDE: Final = re.compile(
    r"(?<!\d)(?:\d{1,2}:\d\d(?::\d\d)?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d\d-\d\d)(?!\d)"
    r"|^\W*\d{1,2}[.)]\s"
)


def without_link_lists(text: str, tree: Any) -> str:
    """``text`` without runs of lines that are links in the page; all of it where links are most of it."""
    lines = text.split("\n")
    asked = {key for line in lines for key in _keys(line)}
    linked: dict[str, bool] = {}
    for line in page_lines(tree):
        if (key := _key(line.text)) in asked:
            linked[key] = linked.get(key, True) and _is_link(line)
    kept: list[str] = []
    for is_linked, run in groupby(lines, lambda line: _all_linked(line, linked)):
        together = list(run)
        kept += [] if is_linked and len(together) >= LIST else together
    return "\n".join(kept) if sum(map(len, kept)) >= SUBJECT * sum(map(len, lines)) else text


def _is_link(line: Line) -> bool:
    if line.linked() < LINKED:
        return False
    beside = " ".join(piece.text for piece in line.pieces if not in_link(piece.node))
    return not any(map(str.isdigit, _BESIDE.sub("", beside)))


def _all_linked(line: str, linked: dict[str, bool]) -> bool:
    keys = _keys(line)
    return bool(keys) and all(linked.get(key, False) for key in keys)


def _keys(line: str) -> list[str]:
    """What a line, or each cell of a row, is looked up by."""
    return [_key(cell) for cell in line.split("|") if squeezed(cell)]


def _key(text: str) -> str:
    if len(text) > LONGEST:
        return text
    return squeezed(_BESIDE.sub("", text) if _FIGURE.search(text) else text)
