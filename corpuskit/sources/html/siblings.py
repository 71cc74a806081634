"""Threads of which an extractor took only some posts: elements of one class, some taken and some not.

trafilatura looks for one article and takes for comments what stands beside it. On forums, pages of questions and
answers, of reviews and of numbered parts the elements that hold the text are of one class: where most of what was
taken stands in such elements, their siblings are text as well.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from corpuskit.page.lines import Line
from corpuskit.page.shown import Keyed, Shown

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
    """The elements of one class: letters of the telling lines in each, and of those that were taken."""

    text: Counter[Any] = field(default_factory=Counter)
    taken: Counter[Any] = field(default_factory=Counter)


@dataclass(slots=True)
class _Around:
    """What stands in the elements of one class: the letters in all, and the lines to take."""

    letters: int = 0
    lines: list[str] = field(default_factory=list)


def with_siblings(text: str, shown: Shown) -> str:
    """The ``text``, or that of all elements of the class in which most of it stands; ``shown``: the page's lines."""
    told = list(zip(shown.lines, shown.taken(text), strict=True))
    telling = [(line.pieces[0].node, len(key), taken) for (line, key), taken in told if _tells(line, key)]
    found = sum(letters for _, letters, taken in telling if taken)
    if not found or sum(letters for _, letters, taken in telling if not taken) < MISSING * found:
        return text
    classes = _Classes()
    kinds = _kinds(telling, classes, COMMON * found)
    fitting = {name: kind for name, kind in kinds.items() if _fits(kind)}
    most = max((kind.text.total() for kind in fitting.values()), default=0)
    equals = {name for name, kind in fitting.items() if kind.text.total() >= EQUAL * most}
    chosen = min(_around(equals, told, classes), key=lambda around: around.letters, default=None)
    return "\n".join(chosen.lines) if chosen else text


def _fits(kind: _Kind) -> bool:
    """Whether several elements of the kind hold what was taken, and several others text that was not."""
    total = kind.text.total()
    missed = [letters for node, letters in kind.text.items() if not kind.taken[node]]
    return (
        sum(missed) >= MISSING * total
        and max(kind.text.values()) <= LARGEST * total
        and len(missed) >= SEVERAL
        and len(kind.text) - len(missed) >= SEVERAL
    )


def _kinds(telling: Iterable[tuple[Any, int, bool]], classes: _Classes, least: float) -> dict[str, _Kind]:
    """The classes whose elements hold at least so many letters that were taken: the letters in each of these elements.

    ``telling`` has the element, the letters, and whether they were taken, of each telling line.
    """
    lines = [(classes.around(node), letters, taken) for node, letters, taken in telling]
    held: Counter[str] = Counter()
    for around, letters, taken in lines:
        if taken:
            for name in around:
                held[name] += letters
    kinds = {name: _Kind() for name, letters in held.items() if letters >= least}
    for around, letters, taken in lines if kinds else ():
        for name in kinds.keys() & around.keys():
            kind, holder = kinds[name], around[name]
            kind.text[holder] += letters
            kind.taken[holder] += letters * taken
    return kinds


def _around(names: Set[str], told: Iterable[tuple[Keyed, bool]], classes: _Classes) -> Iterable[_Around]:
    """What stands in the elements of each of the classes."""
    found: dict[str, _Around] = defaultdict(_Around)
    for (line, key), taken in told if names else ():
        for name in classes.around(line.pieces[0].node):
            if name in names:
                found[name].letters += len(key)
                if taken or line.linked < LINKED:
                    found[name].lines.append(line.text)
    return found.values()


class _Classes:
    """The classes of the elements around each element that was asked for."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[str, Any] | None] = {}

    def around(self, node: Any) -> Mapping[str, Any]:
        """The classes, each with the innermost element that has it; none beside the text."""
        return self._around(node) or {}

    def _around(self, node: Any) -> dict[str, Any] | None:
        if node is None:
            return {}
        if node not in self._known:
            around = None if node.tag in _ASIDE else self._around(node.getparent())
            if around is not None and (names := node.get("class")):
                around = around | dict.fromkeys(_kinds_named(node.tag, names), node)
            self._known[node] = around
        return self._known[node]


@lru_cache(maxsize=1 << 12)
def _kinds_named(tag: str, names: str) -> tuple[str, ...]:
    """The names of an element's classes, their numbers left out; remembered, for the pages of a site have the same."""
    return tuple(f"{tag}.{_NUMBER.sub('0', name)}" for name in names.split())


def _tells(line: Line, key: str) -> bool:
    return len(key) >= TOLD and line.linked < LINKED
