"""The lines that a page shows, in reading order: what stands between two breaks, whatever elements it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

#: Elements that stand inside a line; every other one breaks it.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike "
    "strong sub sup svg time tt u use var wbr".split()
)
#: Elements whose text nobody sees, or that hold choices.
UNSEEN: Final = frozenset("head script style noscript template iframe object select textarea button svg".split())

_NOT_SAID: Final = re.compile(r"[\W_]+")
#: The same in ASCII: bytes are dropped eight times as quickly.
_ASCII_NOT_SAID: Final = bytes(code for code in range(128) if not chr(code).isalnum())


class Piece(NamedTuple):
    """A stretch of text, white space folded, the element that it stands in directly, and whether that is in a link."""

    text: str
    node: Any
    linked: bool


class Line(NamedTuple):
    """A line of a page: its text and the pieces that it is made of."""

    text: str
    pieces: tuple[Piece, ...]

    def parts(self) -> Iterator[str]:
        """The line, then its pieces, each alone and with the next one."""
        yield self.text
        texts = [piece.text for piece in self.pieces] if len(self.pieces) > 1 else []
        for i, text in enumerate(texts):
            yield text
            yield " ".join(texts[i : i + 2])

    def linked(self) -> float:
        """The share of the line that stands in links."""
        if len(self.pieces) == 1:  # most lines
            return float(self.pieces[0].linked)
        in_links = sum([len(piece.text) for piece in self.pieces if piece.linked])
        return in_links / sum([len(piece.text) for piece in self.pieces]) if in_links else 0


def page_lines(top: Any, unseen: frozenset[str] = UNSEEN) -> list[Line]:
    """The lines of a page, or of an element of it, in reading order."""
    walk = _Walk(unseen)
    walk.enter(top, top.tag == "a")
    walk.end_line()
    return walk.lines


class _Walk:
    """One walk through the elements of a page, with plain calls: they are thousands."""

    def __init__(self, unseen: frozenset[str]) -> None:
        self.unseen = unseen
        self.lines: list[Line] = []
        self.pieces: list[Piece] = []

    def enter(self, node: Any, linked: bool) -> None:
        """Take the texts of an element and of all below it; callers keep pages flat enough for that."""
        if node.text:
            self.say(node.text, node, linked)
        for child in node:
            tag = child.tag
            if tag in self.unseen:
                pass
            elif tag in INLINE:
                self.enter(child, linked or tag == "a")
            elif isinstance(tag, str):  # a comment's is a function
                self.end_line()
                self.enter(child, linked)
                self.end_line()
            if child.tail:
                self.say(child.tail, node, linked)

    def say(self, text: str, node: Any, linked: bool) -> None:
        """Go on with the line."""
        if folded := " ".join(text.split()):
            self.pieces.append(Piece(folded, node, linked))

    def end_line(self) -> None:
        """Begin another line."""
        if self.pieces:
            self.lines.append(Line(" ".join([piece.text for piece in self.pieces]), tuple(self.pieces)))
            self.pieces = []


def squeezed(text: str) -> str:
    """The letters and digits of a text, in lower case: a key to tell two lines alike."""
    folded = text.casefold()
    if folded.isascii():
        return folded.encode().translate(None, _ASCII_NOT_SAID).decode()
    return _NOT_SAID.sub("", folded)


class Keyed(NamedTuple):
    """A line that says something, and the key by which it is found in a text."""

    line: Line
    key: str


class Shown:
    """The lines of a page that say something, and which of them a text holds."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = [Keyed(line, key) for line in lines if (key := squeezed(line.text))]
        self._known: tuple[str, list[bool]] | None = None

    def taken(self, text: str) -> list[bool]:
        """For each line whether the text holds it; remembered for the text that was asked for last."""
        if self._known is None or self._known[0] != text:
            whole = squeezed(text)
            self._known = text, [key in whole for _, key in self.lines]
        return self._known[1]
