"""Blocks that an extractor left out between the paragraphs of a text: lists, tables, words in no element.

Where trafilatura's own search takes little, it takes what stands in paragraphs, from the whole page or as another
extractor found it; what stands between them is lost. An element that holds several paragraphs of the text holds text:
what else it holds between them is text as well, if it is neither links nor a picture nor a form. Before the first
one it is text where it is long (a lead), behind the last one where it is a list: comments and promotions follow there.
Measured on 1,191 labelled pages: 90 changed, F +.0035, 60 better and 9 worse.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final, TypeAlias

from corpuskit.annotate.pagelines import INLINE, Keyed, Line, squeezed
from corpuskit.sources.blocklines import block_lines

#: Letters of a line that tells where the text stands.
TELLS: Final = 25
#: Paragraphs of the text that an element must hold, and share of the text that they must be.
SEVERAL: Final = 2
SHARE: Final = 0.1
#: Share of a line's or a block's letters in links above which it is no text.
LINKED: Final = 0.5
LINKS: Final = 0.2
#: Letters of a box that is no menu item, date or label; of one that leads a text in.
BOX: Final = 60
LEAD: Final = 100
#: Letters of a line that is looked for in the text, to know where it stands there; shorter ones recur.
PLACED: Final = 12

_PARAGRAPHS: Final = frozenset("p h1 h2 h3 h4 h5 h6 pre blockquote li dt dd".split())
_LISTS: Final = frozenset("ul ol dl table pre".split())
#: What is no text, and what text does not hold.
_ASIDE: Final = frozenset("nav footer aside form figure header dialog figcaption".split())
_NOT_TEXT: Final = _ASIDE | frozenset(
    "img picture input button select textarea iframe video audio object embed canvas".split()
)

#: A block and which lines of the page it holds; where words stand in no block, the element that they stand in.
Gap: TypeAlias = tuple[Any, range]


def without_gaps(text: str, told: Sequence[Keyed]) -> str:
    """The ``text`` with the blocks that it lacks between its paragraphs; ``told``: the page's lines and their keys."""
    whole = squeezed(text)
    taken = [key in whole for _, key in told]
    holders: dict[Any, list[int]] = defaultdict(list)
    for i, (line, key) in enumerate(told):
        if taken[i] and len(key) >= TELLS and line.linked() < LINKED:
            holders[_holder(line)].append(i)
    letters = {holder: sum(len(told[i][1]) for i in lines) for holder, lines in holders.items()}
    least = SHARE * sum(letters.values())
    gaps = [
        gap
        for holder, lines in holders.items()
        if len(lines) >= SEVERAL and letters[holder] >= least and not _is_aside(holder)
        for gap in _gaps(holder, lines, told, taken)
    ]
    return _filled(text, told, taken, gaps) if gaps else text


def _holder(line: Line) -> Any:
    """The element in which a line, or the paragraph that it is in, stands."""
    node = line.pieces[0].node
    while node.tag in INLINE and node.getparent() is not None:
        node = node.getparent()
    return node.getparent() if node.tag in _PARAGRAPHS and node.getparent() is not None else node


def _is_aside(node: Any) -> bool:
    return node.tag in _ASIDE or next(node.iterancestors(*_ASIDE), None) is not None


def _gaps(holder: Any, lines: Sequence[int], told: Sequence[Keyed], taken: Sequence[bool]) -> Iterator[Gap]:
    """The blocks of the holder that are text and were not taken."""
    for block, its in _blocks(holder, lines[0], told):
        if any(taken[its.start : its.stop]):
            continue
        if its.start > lines[-1]:
            lost = block.tag in _LISTS
        else:
            lost = (_leads_in if its.start < lines[0] else _stands_between)(block, holder, told[its.start : its.stop])
        if lost and _is_text(block, holder, told[its.start : its.stop]):
            yield block, its


def _blocks(holder: Any, line: int, told: Sequence[Keyed]) -> Iterator[Gap]:
    """What stands in the holder around a line: its blocks, or itself for words in no block, each with their lines."""
    start = line
    while start and _block(told[start - 1], holder) is not None:
        start -= 1
    while start < len(told) and (block := _block(told[start], holder)) is not None:
        stop = start + 1
        while block is not holder and stop < len(told) and _block(told[stop], holder) is block:
            stop += 1
        yield block, range(start, stop)
        start = stop


def _block(told: Keyed, holder: Any) -> Any:
    """The block of the holder in which a line stands, the holder itself for words in no block, else None."""
    node = told.line.pieces[0].node
    if node is holder:
        return holder
    while node is not None and node.getparent() is not holder:
        node = node.getparent()
    return holder if node is not None and node.tag in INLINE else node


def _stands_between(block: Any, holder: Any, told: Sequence[Keyed]) -> bool:
    return block.tag in _LISTS | _PARAGRAPHS or _letters(told) >= (TELLS if block is holder else BOX)


def _leads_in(block: Any, holder: Any, told: Sequence[Keyed]) -> bool:
    in_line = block is holder or all(inner.tag in INLINE for inner in block)
    return block.tag in _LISTS or (in_line and _letters(told) >= LEAD)


def _is_text(block: Any, holder: Any, told: Sequence[Keyed]) -> bool:
    linked = sum(len(key) * line.linked() for line, key in told)
    return linked <= LINKS * _letters(told) and (block is holder or next(block.iter(*_NOT_TEXT), None) is None)


def _letters(told: Sequence[Keyed]) -> int:
    return sum(len(key) for _, key in told)


def _filled(text: str, told: Sequence[Keyed], taken: Sequence[bool], gaps: Sequence[Gap]) -> str:
    """The text with each gap behind the line that holds the last line of the page before the gap."""
    lines = text.split("\n")
    keys = [squeezed(line) for line in lines]
    whole, ends = "".join(keys), list(accumulate(map(len, keys)))
    behind: dict[int, list[str]] = defaultdict(list)
    starts = {its.start: (block, its) for block, its in gaps}
    place, at = -1, 0
    for i, (_, key) in enumerate(told):
        if i in starts:
            block, its = starts[i]
            behind[place] += block_lines(block, (line for line, _ in told[its.start : its.stop]))
        elif taken[i] and len(key) >= PLACED and (found := whole.find(key, at)) >= 0:
            at = found + len(key)
            place = bisect_right(ends, found)
    return "\n".join([*behind[-1], *(part for i, line in enumerate(lines) for part in (line, *behind[i]))])
