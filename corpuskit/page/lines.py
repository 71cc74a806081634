"""The lines that a page shows, in reading order: what stands between two breaks, whatever elements it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

#: Elements that stand inside a line; every other one breaks it.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike "
    "strong sub sup svg time tt u use var wbr".split()
)
#: Elements whose text nobody sees, or that hold choices.
UNSEEN: Final = frozenset("head script style noscript template iframe object select textarea button svg".split())


class Piece(NamedTuple):
    """A stretch of text, white space folded, the element that it stands in directly, and whether that is in a link."""

    text: str
    node: Any
    linked: bool


class Line(NamedTuple):
    """A line of a page: its text, the pieces that it is made of, and the share of it that stands in links."""

    text: str
    pieces: tuple[Piece, ...]
    linked: float

    def parts(self) -> Iterator[str]:
        """The line, then its pieces, each alone and with the next one."""
        yield self.text
        texts = [piece.text for piece in self.pieces] if len(self.pieces) > 1 else []
        for i, text in enumerate(texts):
            yield text
            yield " ".join(texts[i : i + 2])


def page_lines(top: Any, unseen: frozenset[str] = UNSEEN) -> list[Line]:
    """The lines of a page, or of an element of it, in reading order."""
    walk = _Walk(unseen)
    walk.enter(top, top.tag == "a")
    walk.end_line()
    return walk.lines


class _Walk:
    """One walk through the elements of a page, with plain calls, and few of them: elements are thousands."""

    def __init__(self, unseen: frozenset[str]) -> None:
        self.unseen = unseen
        self.lines: list[Line] = []
        self.pieces: list[Piece] = []

    def enter(self, node: Any, linked: bool) -> None:
        """Take the texts of an element and of all below it; callers keep pages flat enough for that."""
        if (text := node.text) and (folded := " ".join(text.split())):
            self.pieces.append(Piece(folded, node, linked))
        for child in node[:]:  # a list: an iterator over an element costs three times as much
            tag = child.tag
            if tag in self.unseen:
                pass
            elif tag in INLINE:
                self.enter(child, linked or tag == "a")
            elif isinstance(tag, str):  # a comment's is a function
                if self.pieces:
                    self.end_line()
                self.enter(child, linked)
                if self.pieces:
                    self.end_line()
            if (text := child.tail) and (folded := " ".join(text.split())):
                self.pieces.append(Piece(folded, node, linked))

    def end_line(self) -> None:
        """Begin another line."""
        if len(self.pieces) == 1:  # most lines
            text, _, linked = self.pieces[0]
            self.lines.append(Line(text, tuple(self.pieces), float(linked)))
        elif self.pieces:
            texts = [piece.text for piece in self.pieces]
            in_links = sum([len(piece.text) for piece in self.pieces if piece.linked])
            self.lines.append(Line(" ".join(texts), tuple(self.pieces), in_links / sum(map(len, texts))))
        self.pieces = []
