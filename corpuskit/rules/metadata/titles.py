"""The title rule: what of a page's first lines is its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final, NamedTuple

import numpy as np

from corpuskit.annotate.affixes import Affixes, affixes, without_affixes
from corpuskit.annotate.title import (
    AFFIX_PAGES,
    DATED_MAX,
    HEAD_LINES,
    LABEL,
    REPEAT_LINES,
    TITLE_MAX,
    TITLE_MIN,
    repeated_title,
)
from corpuskit.rules.findings import Batch, Finding, Hold, Note
from corpuskit.rules.pinned import pinned_affixes
from corpuskit.text.characters import Class


def titles(batch: Batch) -> Iterator[Finding]:
    """The title of a document: what its source says, else its first line when it is set apart as a title.

    Set apart: it is a heading of Markdown, or a later line among the first repeats it
    (without the site's name), or it is short, ends no sentence, and a blank line, a dateline
    or a byline follows. Menus above it do not count. What the site puts
    around its titles is learned from the other pages of the site and taken off. The title
    stays in the text.
    """
    told = {doc: title for doc, title in enumerate(batch.known["title"]) if title}
    apart = _set_apart(batch)
    yield from (Hold(title.row) for title in apart.values())
    yield from (Hold(row) for row in _told_again(batch, told))
    found = {doc: title.text for doc, title in apart.items()} | told
    taken = _taken(batch, list(found), affixes(list(found.values())))
    for doc, text in found.items():
        yield Note(doc, "title", without_affixes(text, taken.get(doc, ())), "first line")


def _taken(batch: Batch, docs: Sequence[int], around: Affixes) -> dict[int, list[tuple[int, bool]]]:
    """What is taken off the titles of these documents: what recurs on their sites or is pinned there."""
    owner = np.array(docs, np.int64)[around.title]
    recurs = batch.on_site(owner, around.hash) >= AFFIX_PAGES
    for doc, pinned in pinned_affixes(batch):
        recurs |= (owner == doc) & np.isin(around.hash, pinned)
    taken: dict[int, list[tuple[int, bool]]] = {}
    for doc, cut, behind in zip(
        *(column[recurs].tolist() for column in (owner, around.cut, around.behind)), strict=True
    ):
        taken.setdefault(doc, []).append((cut, behind))
    return taken


def _told_again(batch: Batch, told: dict[int, str]) -> Iterator[int]:
    """The line of an extracted text that repeats what the page calls its title."""
    for doc in (doc for doc in told if batch.extracted[doc]):
        first, past = int(batch.first[doc]), int(batch.past[doc])
        head = range(first, min(past, first + HEAD_LINES))
        yield from islice((row for row in head if batch.line(row).strip() == told[doc]), 1)


class Title(NamedTuple):
    """A title that its page sets apart, and its row; one with bars may be a menu."""

    row: int
    text: str
    barred: bool = False


class _Lines(NamedTuple):
    """Which lines of the batch are open, are short as a label, read like a title, and may begin with ``#``."""

    living: list[bool]
    labels: list[bool]
    plain: list[bool]
    signs: list[bool]


#: Classes of the first telling character of a line that begins with ``#``, white space before it or not.
_SIGNS: Final = (Class.BAR, Class.SPACE, Class.NEWLINE, Class.INVISIBLE)


def _set_apart(batch: Batch) -> dict[int, Title]:
    """The title of each page whose first lines set one apart."""
    lines = batch.lines
    shown = np.flatnonzero(~lines.blank)
    bounds = np.searchsorted(lines.doc[shown], np.arange(len(batch.texts) + 1)).tolist()
    plain = (lines.last != Class.ENDER) & (lines.letters >= TITLE_MIN)
    flags = batch.open, lines.mass <= LABEL, plain, np.isin(lines.first, _SIGNS)
    known = _Lines(*(column.tolist() for column in flags))
    rows, found = shown.tolist(), dict[int, Title]()
    for doc in np.flatnonzero(~batch.extracted).tolist():
        title = _first_title(batch, rows[bounds[doc] : min(bounds[doc + 1], bounds[doc] + HEAD_LINES)], known)
        if title is not None:
            found[doc] = title
    barred = {doc: title for doc, title in found.items() if title.barred}
    for doc in barred.keys() - _beside_site_names(batch, barred):
        del found[doc]
    return found


def _first_title(batch: Batch, rows: list[int], known: _Lines) -> Title | None:
    """The title among the first shown lines of a page, machinery and datelines aside."""
    top = list(islice(filter(known.living.__getitem__, rows), REPEAT_LINES))
    if not top or len(rows) < 2:
        return None
    for row in filter(known.signs.__getitem__, top):
        heading = batch.printed[row].strip()
        if heading.startswith("# "):
            return Title(row, heading.strip("# ")) if heading.strip("# ") else None
    row, line = top[0], batch.printed[top[0]].strip()
    if repeated := repeated_title(line, (batch.printed[other].strip() for other in top[1:])):
        return Title(row, repeated)
    below = [other for other in rows if other > row][:3]
    labels = takewhile(lambda other: known.living[other] and known.labels[other], below)
    announced = any(not known.living[other] for other in below[len(list(labels)) :][:1])
    short = len(line) <= (DATED_MAX if announced else TITLE_MAX)
    apart = announced or not below or below[0] > row + 1
    return Title(row, line, "|" in line) if known.plain[row] and short and apart else None


def _beside_site_names(batch: Batch, titles: dict[int, Title]) -> set[int]:
    """Of which pages the title begins or ends like others of its site, and does not recur itself, as a menu would."""
    if not titles:
        return set()
    around = affixes([title.text for title in titles.values()])
    owner = np.array(list(titles))[around.title]
    often = batch.on_site(owner, around.hash) >= AFFIX_PAGES
    return {doc for doc in owner[often].tolist() if batch.recurrence.site[titles[doc].row] < AFFIX_PAGES}
