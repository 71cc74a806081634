"""The lines that a page shows, in reading order: what stands between two breaks, whatever elements it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.text.characters import TABLE, code_points

#: Elements that stand inside a line; every other one breaks it.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike "
    "strong sub sup svg time tt u use var wbr".split()
)
#: Elements whose text nobody sees, or that hold choices.
UNSEEN: Final = frozenset("head script style noscript template iframe object select textarea button svg".split())

_SAID: Final = re.compile(r"[^\W_]+")
#: What is not that in ASCII: bytes are dropped eight times as quickly.
_ASCII_NOT_SAID: Final = bytes(code for code in range(128) if not chr(code).isalnum())
#: In the table of keys: no single code point.
_OTHER: Final = 0xFFFFFFFF


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


def squeezed(text: str) -> str:
    """The letters and digits of a text, in lower case: a key to tell two lines alike."""
    if text.isascii():
        return text.encode().translate(None, _ASCII_NOT_SAID).lower().decode()
    return "".join(_SAID.findall(text.casefold()))


def squeezed_lines(text: str) -> str:
    """Each line of a text :func:`squeezed`, all at once, which is several times as quick."""
    keys = _key_table().take(code_points(text), mode="clip")
    if len(keys) and keys.max() == _OTHER:
        folded = text.casefold()
        return squeezed_lines(folded) if folded != text else "\n".join(map(squeezed, text.split("\n")))
    return keys[keys > 0].tobytes().decode("utf-32-le")


@precomputed
def _key_table() -> NDArray[np.uint32]:
    """What each code point is in a key: 0 for nothing, :data:`_OTHER` for several ("ß") and all behind the table."""
    keys = ["\n" if code == ord("\n") else squeezed(chr(code)) for code in range(TABLE)]
    return np.array([*(_OTHER if len(key) > 1 else ord(key or "\0") for key in keys), _OTHER], np.uint32)


class Keyed(NamedTuple):
    """A line, and the key by which it is found in a text; empty for one that says nothing."""

    line: Line
    key: str


class Shown:
    """The lines of a page, ``all`` of them and those that say something, and which of the latter a text holds."""

    def __init__(self, lines: Sequence[Line]) -> None:
        keys = squeezed_lines("\n".join([line.text for line in lines])).split("\n") if lines else []
        self.all = list(map(Keyed, lines, keys))
        self.lines = [keyed for keyed in self.all if keyed.key]
        self._known: tuple[str, list[bool]] | None = None

    def taken(self, text: str) -> list[bool]:
        """For each line whether the text holds it; remembered for the text that was asked for last."""
        if self._known is None or self._known[0] != text:
            whole = squeezed_lines(text).replace("\n", "")
            self._known = text, [key in whole for _, key in self.lines]
        return self._known[1]
