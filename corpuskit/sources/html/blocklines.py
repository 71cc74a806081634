"""A block of a page in the lines that an extractor would write for it: items, rows and listings in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from corpuskit.page.lines import Line

_ITEMS: Final = ("li", "dt", "dd")
_PARTS: Final = ("pre", "tr", *_ITEMS)


def block_lines(block: Any, lines: Iterable[Line]) -> Iterator[str]:
    """The ``lines``, which are those of the block, with the signs of a list, a table or a listing."""
    begun: set[Any] = set()
    for part, its in groupby(lines, lambda line: _around(line, block, _PARTS)):
        if part is None:
            yield from (line.text for line in its)
        elif part.tag == "pre":
            yield from part.text_content().strip("\r\n").splitlines()  # white space counts
        elif part.tag == "tr":
            yield _row(its, part)
        else:
            sign = "" if part in begun else "  " * sum(above.tag == "li" for above in _path(part, block)) + "- "
            begun.add(part)
            yield sign + " ".join(line.text for line in its)


def _row(lines: Iterable[Line], row: Any) -> str:
    cells = groupby(lines, lambda line: _around(line, row, ("td", "th")))
    return f"| {' | '.join(' '.join(line.text for line in its) for _, its in cells)} |"


def _around(line: Line, block: Any, tags: Iterable[str]) -> Any:
    """The innermost element around the line, within the block, of one of the tags; None where there is none."""
    node = line.pieces[0].node
    return next((above for above in (node, *_path(node, block)) if above.tag in tags), None)


def _path(node: Any, block: Any) -> Iterator[Any]:
    """What is above the node, up to the block."""
    while node is not block and (node := node.getparent()) is not None:
        yield node
