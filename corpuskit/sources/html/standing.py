"""Where on its page a text stands: which of the lines that the page shows it holds, and in which elements."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from operator import mul
from typing import Any, Final

from corpuskit.page.keys import squeezed
from corpuskit.page.lines import INLINE, Line
from corpuskit.page.shown import Keyed, Shown

#: Letters of a line that tells where the text stands, and share of them in links above which it does not.
TELLS: Final = 25
LINKED: Final = 0.5
#: Letters of a line that is looked for in the text, to know where it stands there; shorter ones recur.
PLACED: Final = 12
HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6 dt".split())
PARAGRAPHS: Final = HEADINGS | frozenset("p pre blockquote li dd".split())
_IN_PARAGRAPH: Final = INLINE | PARAGRAPHS


class Standing:
    """A text, the lines of its page, which of them it holds, and which of these tell where it stands."""

    def __init__(self, text: str, shown: Shown) -> None:
        self.text, self.shown = text, shown
        self.lines: list[Keyed] = shown.lines
        self.taken: Sequence[bool] = shown.taken(text)
        self.telling: Sequence[int] = [i for i, taken in enumerate(self.taken) if taken and self._tells(*self.lines[i])]

    @staticmethod
    def _tells(line: Line, key: str) -> bool:
        return len(key) >= TELLS and line.linked < LINKED

    def node(self, line: int) -> Any:
        """The element in which the line begins."""
        return self.lines[line].line.pieces[0].node

    def letters(self, lines: Iterable[int]) -> int:
        """The letters and digits of the lines."""
        return sum([self._lengths[i] for i in lines])

    def linked(self, lines: Iterable[int]) -> float:
        """Those of them in links."""
        return sum([self._lengths[i] * self.lines[i].line.linked for i in lines])

    def is_placed(self, line: int) -> bool:
        """Whether the line is in the text, and no words that stand there by chance."""
        return self.taken[line] and len(self.lines[line].key) >= PLACED

    def share(self, lines: range) -> float:
        """The share of the lines' letters that the text holds."""
        before, taken = self._sums
        return (taken[lines.stop] - taken[lines.start]) / (before[lines.stop] - before[lines.start])

    @cached_property
    def _lengths(self) -> list[int]:
        return [len(key) for _, key in self.lines]

    @cached_property
    def _sums(self) -> tuple[list[int], list[int]]:
        """The letters before each line, and those of them that the text holds."""
        taken = map(mul, self._lengths, self.taken)
        return [0, *accumulate(self._lengths)], [0, *accumulate(taken)]

    @cached_property
    def holders(self) -> dict[Any, list[int]]:
        """The elements in which the telling lines stand, each with these."""
        holders: dict[Any, list[int]] = defaultdict(list)
        for i in self.telling:
            holders[_holder(self.node(i))].append(i)
        return holders

    def reach(self, holder: Any, lines: Sequence[int]) -> range:
        """The lines within the holder, those that stand in it among them."""
        start, stop = lines[0], lines[-1] + 1
        while start and self.block(start - 1, holder) is not None:
            start -= 1
        while stop < len(self.lines) and self.block(stop, holder) is not None:
            stop += 1
        return range(start, stop)

    def told(self, reach: range) -> Sequence[int]:
        """The telling lines among those of the reach."""
        return self.telling[bisect_left(self.telling, reach.start) : bisect_left(self.telling, reach.stop)]

    def block(self, line: int, holder: Any) -> Any:
        """The block of the holder in which a line stands, the holder itself for words in no block, else None."""
        node = self.node(line)
        if node is holder:
            return holder
        while node is not None and (above := node.getparent()) is not holder:
            node = above
        return holder if node is not None and node.tag in INLINE else node


class Placed:
    """The lines of a text, found by the keys of the lines of its page."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.keys = [squeezed(line) for line in self.lines]
        self._whole, self._ends = "".join(self.keys), list(accumulate(map(len, self.keys)))
        self._at = 0

    def next(self, key: str) -> int | None:
        """The number of the line that holds the key, behind the one that was found last; None where none does."""
        found = self._whole.find(key, self._at)
        if found < 0:
            return None
        self._at = found + len(key)
        return bisect_right(self._ends, found)


def _holder(node: Any) -> Any:
    """The element in which a line, or the paragraph or the item that it is in, stands."""
    while node.tag in _IN_PARAGRAPH and (above := node.getparent()) is not None:
        node = above
    return node
