"""What a rule sees and what it yields.

A rule is a function from a :class:`Batch` of pages to findings: a :class:`Drop` takes a
whole line out, a :class:`Cut` a stretch within a line, a :class:`Note` says something about
the document. Rules run in order; the first decision on a line stands, so that a rule need
not know the others: it looks at the lines that are still ``open``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.recipe import Recipe
from corpuskit.rules.phrases import Signals
from corpuskit.text.lines import Lines
from corpuskit.text.segment import Shape

Flags = NDArray[np.bool_]

#: A site of so few pages: that a line recurs on all of them says little, unless it does so beside the same line.
FEW_PAGES = 3


class Drop(NamedTuple):
    """Line ``row`` of the batch goes, for the reason ``why``."""

    row: int
    rule: str
    why: str


class Cut(NamedTuple):
    """Code points ``start`` to ``end`` of document ``doc`` become ``new``."""

    doc: int
    start: int
    end: int
    rule: str
    new: str
    why: str


class Note(NamedTuple):
    """Document ``doc`` has this ``value`` for ``field``; ``origin`` says where it stands."""

    doc: int
    field: str
    value: str
    origin: str


class Hold(NamedTuple):
    """Line ``row`` of the batch stays: no later rule may take it."""

    row: int


Finding = Drop | Cut | Note | Hold


class Recurrence(NamedTuple):
    """How often the shape of each line occurs, counts rounded down to preferred numbers.

    ``corpus``: documents of the corpus that hold it; ``site``: documents of the same host or
    folder; ``size``: documents of that site; ``tenths``: share of the site in tenths.
    ``beside``: documents of the site that hold it next to the same line as here, and
    ``beside_tenths`` their share, where the site has :data:`FEW_PAGES` at most (else 1 and 1).
    In a corpus of one document all counts are 1.
    """

    corpus: NDArray[np.int32]
    site: NDArray[np.int32]
    size: NDArray[np.int32]
    tenths: NDArray[np.int32]
    beside: NDArray[np.int32]
    beside_tenths: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of pages, as the rules see it.

    ``texts`` are the repaired texts, ``printed`` their lines, ``lines`` the table of these;
    ``first``/``past`` the rows of each document's lines. A paragraph that a hard wrap tore is in
    all three what stands in its first line, see :mod:`corpuskit.text.wrapped`: its other lines are empty,
    its line breaks are spaces. ``sizes`` has its number of lines (0 for the others), ``as_read`` the
    table of the lines themselves. ``extracted`` marks documents whose
    text an HTML extractor chose, ``typeset`` the lines of texts that somebody set (see
    :mod:`corpuskit.text.typeset`): machinery is rare there. ``known`` holds what the source of each
    document says of it, by field (see ``record.FIELDS``), and ``open`` the lines that no rule has decided
    yet. ``on_site`` counts, for documents and hashes of titles' beginnings and ends, the pages of the site that
    have them too. ``links`` is the share of each line that stands in links of Markdown
    (percent), ``pictured`` marks texts that may hold placeholders of images. ``sites`` has the hash
    of each document's site (see ``sources.sites``).
    """

    texts: Sequence[str]
    printed: Sequence[str]
    lines: Lines
    as_read: Lines
    sizes: NDArray[np.int64]
    shape: Shape
    signals: Signals
    recurrence: Recurrence
    extracted: Flags
    typeset: Flags
    known: dict[str, list[str | None]]
    recipe: Recipe
    on_site: Callable[[NDArray[np.int64], NDArray[np.uint64]], NDArray[np.int64]]
    links: NDArray[np.uint8]
    pictured: Flags
    sites: NDArray[np.uint64]
    first: NDArray[np.int64] = field(init=False)
    past: NDArray[np.int64] = field(init=False)
    open: Flags = field(init=False)
    held: Flags = field(init=False)

    def __post_init__(self) -> None:
        docs = np.arange(len(self.texts))
        object.__setattr__(self, "first", np.searchsorted(self.lines.doc, docs))
        object.__setattr__(self, "past", np.searchsorted(self.lines.doc, docs, side="right"))
        object.__setattr__(self, "open", ~self.lines.blank)
        object.__setattr__(self, "held", np.zeros(len(self.lines), bool))

    def line(self, row: int) -> str:
        """The text of a line."""
        return self.printed[row]

    def rows(self, mask: Flags) -> list[int]:
        """The open lines that ``mask`` marks and nothing holds."""
        chosen: list[int] = np.flatnonzero(mask & self.open & ~self.held).tolist()
        return chosen


LineRule = Callable[[Batch], Iterable[Finding]]


class Found(NamedTuple):
    """What the rules found in a batch, each kind in the order in which they found it."""

    drops: list[Drop]
    cuts: list[Cut]
    notes: list[Note]


def apply(rules: Iterable[LineRule], batch: Batch) -> Found:
    """Run the rules in order; a line that one of them drops is closed for the next.

    A dropped paragraph goes with all of its lines.
    """
    disabled = set(batch.recipe.clean.disable)
    drops, cuts, notes = found = Found([], [], [])
    for rule in rules:
        for finding in rule(batch):
            if isinstance(finding, Note):
                notes.append(finding)
            elif isinstance(finding, Hold):
                batch.held[finding.row] = True
            elif finding.rule in disabled:
                continue
            elif isinstance(finding, Cut):
                cuts.append(finding)
            elif batch.open[finding.row]:
                batch.open[finding.row] = False
                drops.append(finding)
                if (size := int(batch.sizes[finding.row])) > 1:
                    drops += [finding._replace(row=finding.row + more) for more in range(1, size)]
    return found
