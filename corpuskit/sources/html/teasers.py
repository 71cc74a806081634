"""Teasers of other pages, all over a page, that an extractor took with a short article.

Where trafilatura's own search finds too little, it takes each paragraph of the page. Then one element holds the
paragraphs of an article, and many others hold one or two beside a link: headlines of other pages with their first
sentences, comments with names. Measured on 1,191 labelled pages, with templates of sites not yet taken out:
42 changed, F +.010, 36 better and 3 worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from corpuskit.sources.html.standing import HEADINGS, LINKED, Placed, Standing

#: Letters that an article has at least, and paragraphs.
ARTICLE: Final = 200
SEVERAL: Final = 2
#: Others that hold text, how much less of it than the article each of them has, and share of the text in all.
MANY: Final = 3
LESS: Final = 0.5
REST: Final = 0.2
#: Share of their text that may stand in what the page marks as the main part, or the article, around the article.
WITHIN: Final = 0.5
_MARKS: Final = ("article", "main")
#: Share of their text that stands directly beside a link.
BESIDE: Final = 0.6


def without_teasers(page: Standing) -> Standing:
    """The text on its page, or the article in it if the rest is teasers of others."""
    holders = page.holders
    if len(holders) <= MANY:
        return page
    article, lines = max(holders.items(), key=lambda one: page.letters(one[1]))
    if len(lines) < SEVERAL or page.letters(lines) < ARTICLE:
        return page
    reach = page.reach(article, lines)
    rest = {holder: out for holder, its in holders.items() if (out := [i for i in its if i not in reach])}
    if not _are_teasers(rest, article, page.letters(lines), page):
        return page
    return Standing(_cut(page.told(reach), page), page.shown)


def _are_teasers(rest: dict[Any, list[int]], article: Any, letters: int, page: Standing) -> bool:
    kind = article.tag, article.get("class")
    if len(rest) < MANY or (kind[1] and any((holder.tag, holder.get("class")) == kind for holder in rest)):
        return False  # few, or posts of a thread
    marked = next((node for node in (article, *article.iterancestors()) if node.tag in _MARKS), None)
    lines = [i for its in rest.values() for i in its]
    within = [] if marked is None else [i for i in lines if marked in page.node(i).iterancestors()]
    whole = page.letters(lines)
    return (
        max(map(page.letters, rest.values())) <= LESS * letters
        and page.letters(within) <= WITHIN * whole
        and whole >= REST * page.letters(page.telling)
        and page.letters(i for i in lines if _is_beside_link(i, page)) >= BESIDE * whole
    )


def _is_beside_link(line: int, page: Standing) -> bool:
    beside = page.lines[max(line - 1, 0) : line] + page.lines[line + 1 : line + 2]
    return any(shown.line.linked >= LINKED for shown in beside)


def _cut(lines: Sequence[int], page: Standing) -> str:
    """The text from the first to the last of the lines, with the heading above."""
    placed = Placed(page.text)
    first, last = placed.next(page.lines[lines[0]].key), placed.next(page.lines[lines[-1]].key)
    if first is None or last is None:
        return page.text
    if first and any(
        page.lines[i].key == placed.keys[first - 1] and _is_heading(page.node(i)) for i in range(lines[0])
    ):
        first -= 1
    return "\n".join(placed.lines[first : last + 1])


def _is_heading(node: Any) -> bool:
    return node.tag in HEADINGS or next(node.iterancestors(*HEADINGS), None) is not None
