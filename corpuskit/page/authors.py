"""The byline that a page shows beside its heading."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from corpuskit.page.lines import Line, Piece
from corpuskit.page.surroundings import Mark, Near, Surroundings, marked
from corpuskit.rules.phrases import may_open, reason, value_of

#: A name, perhaps two: code points.
SHORTEST: Final = 3
LONGEST: Final = 60
#: Longest word in lower case within a name: "von", "and".
PARTICLE: Final = 3
#: Lines near the heading in which a mark alone tells a byline.
NEAR: Final = 12

#: What authors of pages call the place of a byline, in ``class`` and ``id``, and in addresses.
_MARK: Final = re.compile(
    r"author(?!i[sz])|byline|(?:^|[\s_-])(?:autor|auteur|writer|user-?name|yazar|penulis)(?:$|[\s_-])", re.IGNORECASE
)
_is_mark: Final[Mark] = lru_cache(maxsize=1 << 10)(_MARK.search)
_PROFILE: Final = re.compile(
    r"/(?:authors?|autore?s?|auteurs?|autoren|contributors?|writers?|columnists?)/[^/]", re.IGNORECASE
)
#: What ends a name in a byline.
_END: Final = re.compile(r"\s*(?:[|·•⋅»/–—(]|\s-\s|,\s*\d|\s(?:on|am|le|el)\s+\d)")
_NO_NAME: Final = re.compile(r"[\d@:：!?。！？…\[\]【】]|[^\W\d_]{4}\.(?:\s|$)")


def shown_author(near: Surroundings) -> str | None:
    """The name behind an author label near the heading, else in an element that is marked as the author's."""
    lines = [*near.below, *near.above]
    labelled = (_labelled(one) for one in lines)
    told = (_marked(one.line) for one in [*near.below[:NEAR], *near.above])
    return next((name for names in (labelled, told) for name in names if name), None)


def _labelled(near: Near) -> str | None:
    """``By NAME``, in one line or in two."""
    line, before = near
    if _opens_with_label(before) == "":
        return _name(line.text)
    for text in line.parts():
        if may_open("author", text) and (value := _opens_with_label(_END.split(text)[0])):
            return _name(value)
    return None


@lru_cache(maxsize=1 << 8)
def _opens_with_label(text: str) -> str | None:
    """What stands behind an author label; remembered, for each line is asked for alone and before the next one."""
    field, value = (value_of(text) if may_open("author", text) else None) or ("", "")
    return value if field == "author" else None


def _marked(line: Line) -> str | None:
    return next((name for piece in line.pieces if _is_marked(piece) and (name := _name(piece.text))), None)


def _is_marked(piece: Piece) -> bool:
    link = next(piece.node.iterancestors("a"), None) if piece.linked else None
    links = [node.get("href", "") for node in (piece.node, link) if node is not None]
    return any(map(_PROFILE.search, links)) or marked(piece, _is_mark)


def _name(text: str) -> str | None:
    name = _END.split(text)[0].strip(" ,;")
    if not SHORTEST <= len(name) <= LONGEST or _NO_NAME.search(name) or reason(name):
        return None
    words = [word for word in name.split() if any(map(str.isalpha, word))]
    prose = len(words) > 1 and any(word[0].islower() and len(word) > PARTICLE for word in words)
    return None if prose or not words or _opens_with_label(words[-1]) is not None else name
