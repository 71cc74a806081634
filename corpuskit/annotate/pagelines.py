"""The lines that a page shows, in reading order: what stands between two breaks, whatever elements it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

#: Elements that stand inside a line; every other one breaks it.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike "
    "strong sub sup svg time tt u use var wbr".split()
)
#: Elements whose text nobody sees, or that hold choices.
UNSEEN: Final = frozenset("head script style noscript template iframe object select textarea button svg".split())

_NOT_SAID: Final = re.compile(r"[\W_]+")


class Piece(NamedTuple):
    """A stretch of text, white space folded, and the element that it stands in directly."""

    text: str
    node: Any


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
        in_links = sum(len(piece.text) for piece in self.pieces if in_link(piece.node))
        return in_links / sum(len(piece.text) for piece in self.pieces)


def page_lines(body: Any, unseen: frozenset[str] = UNSEEN) -> Iterator[Line]:
    """The lines of a page's body, one after the other, so that a reader may stop early."""
    pieces: list[Piece] = []
    for text, node in _texts(body, unseen):
        if node is not None:
            if folded := " ".join(text.split()):
                pieces.append(Piece(folded, node))
        elif pieces:
            yield Line(" ".join([piece.text for piece in pieces]), tuple(pieces))
            pieces = []
    if pieces:
        yield Line(" ".join([piece.text for piece in pieces]), tuple(pieces))


def squeezed(text: str) -> str:
    """The letters and digits of a text, in lower case: a key to tell two lines alike."""
    return _NOT_SAID.sub("", text.casefold())


#: A break between lines.
_BREAK: Final = ("", None)


def _texts(body: Any, unseen: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Texts with their elements, and breaks."""
    from lxml import etree

    hidden = None
    for event, node in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        if hidden is None and event == "start":
            if node.tag in unseen:
                hidden = node
                continue
            if node.tag not in INLINE:
                yield _BREAK
            if node.text:
                yield node.text, node
        elif event != "start" and hidden in (None, node):
            hidden = None
            if event == "end" and node.tag not in INLINE:
                yield _BREAK
            if node.tail and node is not body:
                yield node.tail, node.getparent()


def in_link(node: Any) -> bool:
    """Whether an element stands in a link."""
    return node.tag == "a" or any(above.tag == "a" for above in node.iterancestors())
