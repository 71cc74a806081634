"""Threads of which an extractor took only some posts: elements of one class, some taken and some not.

trafilatura looks for one article and takes for comments what stands beside it. On forums, pages of questions and
answers, of reviews and of numbered parts the elements that hold the text are of one class: where most of what was
taken stands in such elements, their siblings are text as well.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from corpuskit.page.lines import Line, Shown

#: Letters of a line that tells where the text stands, and share of it in links above which it is no text.
TOLD: Final = 25
LINKED: Final = 0.5
#: Share of the taken text that must stand in elements of the class.
COMMON: Final = 0.8
#: Share of the text in such elements that must be missing.
MISSING: Final = 0.2
#: Share of the text in such elements that one of them may have.
LARGEST: Final = 0.85
#: So many of them must have been taken and so many not: one that was is an article, one that was not an aside.
SEVERAL: Final = 2
#: Classes that hold so much of the most text are equals; the one with the least around its text is chosen.
EQUAL: Final = 0.9
#: What is no part of the text whatever its class.
_ASIDE: Final = frozenset("nav footer aside form".split())
_NUMBER: Final = re.compile(r"\d+")


@dataclass(slots=True)
class _Kind:
    """The elements of one class: letters of text in each, of text that was taken, and in all; the lines to take."""

    text: Counter[Any] = field(default_factory=Counter)
    taken: Counter[Any] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    letters: int = 0


def with_siblings(text: str, shown: Shown) -> str:
    """The ``text``, or that of all elements of the class in which most of it stands; ``shown``: the page's lines."""
    told = [(line, key, taken) for (line, key), taken in zip(shown.lines, shown.taken(text), strict=True)]
    letters = {True: 0, False: 0}
    for line, key, taken in told:
        if _tells(line, key):
            letters[taken] += len(key)
    found = letters[True]
    if not found or letters[False] < MISSING * found:
        return text
    fitting = [kind for kind in _kinds(told).values() if _fits(kind, found)]
    most = max((kind.text.total() for kind in fitting), default=0)
    equals = [kind for kind in fitting if kind.text.total() >= EQUAL * most]
    chosen = min(equals, key=lambda kind: kind.letters, default=None)
    return "\n".join(chosen.lines) if chosen else text


def _fits(kind: _Kind, found: int) -> bool:
    """Whether several elements of the kind hold most of what was taken, and several others text that was not."""
    total = kind.text.total()
    missed = [letters for node, letters in kind.text.items() if not kind.taken[node]]
    return (
        kind.taken.total() >= COMMON * found
        and sum(missed) >= MISSING * total
        and max(kind.text.values()) <= LARGEST * total
        and len(missed) >= SEVERAL
        and len(kind.text) - len(missed) >= SEVERAL
    )


def _kinds(told: Sequence[tuple[Line, str, bool]]) -> dict[str, _Kind]:
    kinds: dict[str, _Kind] = defaultdict(_Kind)
    above: dict[Any, dict[str, Any] | None] = {}
    for line, key, taken in told:
        for name, node in (_classes(line.pieces[0].node, above) or {}).items():
            kind = kinds[name]
            kind.letters += len(key)
            if taken or line.linked() < LINKED:
                kind.lines.append(line.text)
            if _tells(line, key):
                kind.text[node] += len(key)
                kind.taken[node] += len(key) * taken
    return kinds


def _classes(node: Any, known: dict[Any, dict[str, Any] | None]) -> dict[str, Any] | None:
    """The classes of the elements around a node, each with the innermost one that has it; None beside the text."""
    if node is None:
        return {}
    if node not in known:
        around = None if node.tag in _ASIDE else _classes(node.getparent(), known)
        known[node] = None if around is None else around | dict.fromkeys(_names(node), node)
    return known[node]


def _names(node: Any) -> Iterator[str]:
    for name in (node.get("class") or "").split():
        yield f"{node.tag}.{_NUMBER.sub('0', name)}"


def _tells(line: Line, key: str) -> bool:
    return len(key) >= TOLD and line.linked() < LINKED
