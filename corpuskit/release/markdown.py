"""Markdown that untrusted text cannot leave: cells, tables and fenced blocks, for cards and indexes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from corpuskit.display import show

#: Characters that begin markup in CommonMark, its GitHub dialect (tables, strike-through) or the Hub's (formulas).
_MARKS: Final = re.compile(r"[\\`*_{}\[\]<>()#+!|~$&]")
#: What makes a line a list, a rule or a heading where it stands first.
_FIRST: Final = re.compile(r"^(?:(?=[-=])|\d+(?=\.(?:\s|$)))")
#: A name that may stand as code: nothing in it can end the code or the cell.
_NAME: Final = re.compile(r"[\w./-]+")
#: Longest text of strangers in a cell, in code points.
CELL: Final = 80


def markdown(text: str) -> str:
    """Untrusted text as one line of Markdown that means nothing but itself."""
    return _FIRST.sub(r"\g<0>\\", _MARKS.sub(r"\\\g<0>", show(" ".join(text.split()))))


def cell(text: str) -> str:
    """Untrusted text for a cell of a table: short, on one line."""
    return markdown(text if len(text) <= CELL else text[:CELL] + "…")


def code(name: str) -> str:
    """A name as code; one of other characters than names have, as text."""
    return f"`{name}`" if _NAME.fullmatch(name) and name.isprintable() else cell(name)


def table(heads: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; ``sides`` has ``l`` or ``r`` for each column."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join('---:' if side == 'r' else '---' for side in sides)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def fenced(language: str, lines: Iterable[str]) -> Iterator[str]:
    """A block of code that ends where it should, whatever it holds."""
    text = list(lines)
    longest = max((len(run) for line in text for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (fence + language, *text, fence)


def json_lines(value: object) -> list[str]:
    """JSON for a block of code; characters that nobody sees are written as escapes, so that it reads back the same."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return ["".join(c if show(c) == c else json.dumps(c)[1:-1] for c in line) for line in text.split("\n")]
