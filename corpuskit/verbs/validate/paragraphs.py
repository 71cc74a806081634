"""The config ``paragraphs``: the paragraphs of each published document, in order, as they stand in its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Any, Final, NamedTuple

from corpuskit.verbs.validate.report import Findings
from corpuskit.verbs.validate.tables import Config, Published

#: Columns that make a :class:`Paragraph`.
COLUMNS: Final = ("id", "index", "text", "start", "source_path")


class Paragraph(NamedTuple):
    """What the checks need of a row of ``paragraphs``."""

    id: str
    number: int
    text: str
    start: int
    source_path: str


def check_paragraphs(paragraphs: Config, default: Config, findings: Findings) -> None:
    """Every published document has its paragraphs there, and nothing else is; a release may lack the config."""
    if not paragraphs:
        return
    by_id = groupby(paragraphs.rows(Paragraph, COLUMNS), key=attrgetter("id"))
    groups: Iterator[Any] = ((key, list(rows)) for key, rows in by_id)
    document: Any
    for document, (key, rows) in zip_longest(default.rows(Published), groups, fillvalue=(None, ())):
        if not isinstance(document, Published) or document.id != key:
            findings.add("paragraphs", f"document {key}", "is not in default, or its paragraphs stand in another order")
            break
        if problem := _problem(document, rows):
            findings.add("paragraphs", f"document {key}", problem)
    for _ in groups:
        pass  # the facts of the files need all rows


def _problem(document: Published, rows: Sequence[Paragraph]) -> str:
    if len(rows) != document.n_paragraphs:
        return f"{len(rows)} paragraphs, n_paragraphs says {document.n_paragraphs}"
    if [row.number for row in rows] != list(range(len(rows))):
        return "its paragraphs are not numbered from 0"
    if any(row.source_path != document.source_path for row in rows):
        return "its paragraphs come from another source"
    at = 0
    for row in rows:
        if not row.text or row.start < at or not document.text.startswith(row.text, row.start):
            return f"paragraph {row.number} does not stand at character {row.start} of its text"
        at = row.start + len(row.text)
    return ""
