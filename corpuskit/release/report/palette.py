"""The colour of each rule: its kind chooses the part of the colour wheel, its place among its kind the hue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from corpuskit.rulebook import Rule, rules

#: Kind of rule → what a reader is told it means, and the degrees of the colour wheel that it has.
KINDS: Final = {
    "machinery": ("page machinery", (-22, 62)),
    "metadata": ("moved to a column", (92, 150)),
    "duplicate": ("duplicates", (262, 290)),
    "repair": ("repairs", (188, 232)),
    "filter": ("filtered or withdrawn", (328, 340)),
    "layout": ("white space", (0, 0)),
    "source": ("unreadable", (0, 0)),
    "other": ("other rules", (300, 325)),
}
#: Steps of this share of the range, around and around, keep neighbours in the list apart: the golden section.
STEP: Final = 0.618034


class Swatch(NamedTuple):
    """A rule of the release: name, kind, what it does in a line, and its hue (degrees)."""

    name: str
    kind: str
    line: str
    hue: int


def palette(names: Iterable[str]) -> list[Swatch]:
    """The rules of a release, by kind and name; the place in this list is the rule's number in the page."""
    book = {rule.name: rule for rule in rules()}
    order = list(KINDS)
    known = sorted((order.index(_kind(book.get(name))), name) for name in names)
    made: list[Swatch] = []
    for place, name in known:
        kind = order[place]
        line = book[name].line if name in book else "A rule of another version of corpuskit, or of the recipe."
        made.append(Swatch(name, kind, line, _hue(kind, sum(s.kind == kind for s in made))))
    return made


def stylesheet(swatches: Sequence[Swatch]) -> str:
    """One class for each rule (``r0``, ``r1`` …) that sets its hue; names never enter the style."""
    grey = dict.fromkeys(("layout", "source"), ";--s:0%;--mark-s:0%")
    return "".join(f".r{i}{{--h:{rule.hue}{grey.get(rule.kind, '')}}}\n" for i, rule in enumerate(swatches))


def _kind(rule: Rule | None) -> str:
    return rule.kind if rule and rule.kind in KINDS else "other"


def _hue(kind: str, place: int) -> int:
    first, last = KINDS[kind][1]
    return round(first + (place * STEP % 1) * (last - first)) % 360
