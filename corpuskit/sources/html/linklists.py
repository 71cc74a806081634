"""Lists of links that an extractor took for text: related headlines, rankings, sections of the site.

The text alone no longer shows what was a link; the tree of the page does. Measured on 231 labelled pages:
of the lines that stand in links, four in five are machinery; of those with neighbours of their kind, more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import groupby, pairwise
from typing import Final

from corpuskit.page.keys import squeezed, squeezed_lines
from corpuskit.page.lines import Line
from corpuskit.page.shown import Shown

#: Share of a line's letters that stand in links.
LINKED: Final = 0.6
#: A longer line is no headline, code points.
LONGEST: Final = 400
#: Lines one after another that make a list.
LIST: Final = 2
#: Share of the text that must remain: where links are most of it, they are what the page is about.
SUBJECT: Final = 0.5


#: What lists print beside a headline: a time, a day, a rank. Other figures are content.
_BESIDE: Final = re.compile(
    r"(?<!\d)(?:\d{1,2}:\d\d(?::\d\d)?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d\d-\d\d)(?!\d)"
    r"|^\W*\d{1,2}[.)]\s"
)
#: … and a sign of each of them.
_FIGURE: Final = re.compile(r"\d[:/.)-]")


def without_link_lists(text: str, shown: Shown) -> str:
    """``text`` without runs of lines that are links among the ``shown`` ones; all of it where links are most of it."""
    links = {_key(line.text, key) for line, key in shown.all if _is_link(line)}
    lines = text.split("\n")
    keys = [_keys(line, said) for line, said in zip(lines, squeezed_lines(text).split("\n"), strict=True)]
    if not any(_all_in(links, one) and _all_in(links, two) for one, two in pairwise(keys)):
        return text
    links -= {_key(line.text, key) for line, key in shown.all if not _is_link(line)}
    kept: list[str] = []
    for is_linked, run in groupby(zip(lines, keys, strict=True), lambda line: _all_in(links, line[1])):
        together = [line for line, _ in run]
        kept += [] if is_linked and len(together) >= LIST else together
    return "\n".join(kept) if sum(map(len, kept)) >= SUBJECT * sum(map(len, lines)) else text


def _is_link(line: Line) -> bool:
    if line.linked in (0, 1):  # most lines
        return line.linked == 1
    if line.linked < LINKED:
        return False
    beside = " ".join(piece.text for piece in line.pieces if not piece.linked)
    return not any(map(str.isdigit, _BESIDE.sub("", beside)))


def _all_in(links: Set[str], keys: Sequence[str]) -> bool:
    return bool(keys) and all(key in links for key in keys)


def _keys(line: str, said: str) -> list[str]:
    """What a line, or each cell of a row, is looked up by."""
    if "|" not in line:
        return [_key(line, said)] if said else []
    return [_key(cell, said) for cell in line.split("|") if (said := squeezed(cell))]


def _key(text: str, said: str) -> str:
    """What a text is looked up by; ``said``: the text squeezed."""
    if len(text) > LONGEST:
        return text
    has_figure = not said.isalpha() and _FIGURE.search(text)
    return squeezed(_BESIDE.sub("", text)) if has_figure else said
