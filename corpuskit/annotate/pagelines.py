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


class Line(NamedTuple):
    """A line of a page: its text and the pieces that it is made of."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line as it is read."""
        return " ".join(piece.text for piece in self.pieces)

    def parts(self) -> Iterator[str]:
        """The line, then its pieces, each alone and with the next one."""
        yield self.text
        texts = [piece.text for piece in self.pieces] if len(self.pieces) > 1 else []
        for i, text in enumerate(texts):
            yield text
            yield " ".join(texts[i : i + 2])


class Piece(NamedTuple):
    """A stretch of text, white space folded, and the element that it stands in directly."""

    text: str
    node: Any


def page_lines(body: Any) -> Iterator[Line]:
    """The lines of a page's body, one after the other, so that a reader may stop early."""
    pieces: list[Piece] = []
    for text, node in _texts(body):
        if text is None:
            if pieces:
                yield Line(tuple(pieces))
                pieces = []
        elif folded := " ".join(text.split()):
            pieces.append(Piece(folded, node))
    if pieces:
        yield Line(tuple(pieces))


def _texts(body: Any) -> Iterator[tuple[str | None, Any]]:
    """Texts with their elements; ``None`` for a break."""
    from lxml import etree

    hidden = None
    for event, node in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        if event == "start" and hidden is None:
            if node.tag in UNSEEN:
                hidden = node
                continue
            if node.tag not in INLINE:
                yield None, node
            if node.text:
                yield node.text, node
        elif event != "start":
            if hidden is node:
                hidden = None
            elif hidden is None and event == "end" and node.tag not in INLINE:
                yield None, node
            if hidden is None and node.tail and node is not body:
                yield node.tail, node.getparent()


def squeezed(text: str) -> str:
    """The letters and digits of a text, in lower case: a key to tell two lines alike."""
    return "".join(c for c in text.casefold() if c.isalnum())
