"""Lines that say where a page comes from: they become ``source_url`` and ``publisher``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corpuskit.annotate.urls import URL, bare_domain
from corpuskit.rules.findings import Batch, Drop, Finding, Note
from corpuskit.rules.language_packs import FIELDS
from corpuskit.rules.phrases import value_of
from corpuskit.text.segment import Zone

SOURCE: Final = FIELDS.index("source")
#: Lines from the end of a page among which a bare domain or an empty label is the page's own.
EDGE: Final = 12


def source_lines(batch: Batch) -> Iterator[Finding]:
    """``ที่มา: https://…``: a source label with an address becomes ``source_url``, printed as it stands.

    Of several in a page the last one says where the page comes from, those above it what the
    author read: they stay. The label alone, outside the prose, says nothing and goes. A label with words
    behind it (``ที่มา: สำนักข่าว…``) stays unless another rule knows it, and so does
    a label or an address inside a sentence.

    Example::

        The end.
        ⟦source|Source: https://news.example.org/a?id=1⟧
    """
    found: dict[int, tuple[int, str]] = {}
    for row in batch.rows(batch.signals.label == SOURCE):
        line = batch.line(row)
        address = URL.search(line)
        if address and not line[address.end() :].strip(" )]）】.,"):
            found[int(batch.lines.doc[row])] = row, address[0].rstrip(".,)]" if "(" not in address[0] else ".,")
        elif batch.shape.zone[row] != Zone.BODY and not (value_of(line) or ("", "x"))[1]:
            yield Drop(row, "source", "a source label without an address")
    for doc, (row, url) in found.items():
        yield Note(doc, "source_url", url, "source line")
        yield Drop(row, "source", "a source label and an address: moved to source_url")


def publisher_lines(batch: Batch) -> Iterator[Finding]:
    """A line that is a domain name alone, at the end of a page: its publisher.

    Example::

        The end.
        ⟦publisher|news.example.org⟧
    """
    lines = batch.lines
    like = (lines.spaces <= 2) & (lines.enders > 0) & (lines.length <= 60) & (batch.shape.zone == Zone.TAIL)
    for row in batch.rows(like):
        if bare_domain(batch.line(row)):
            yield Note(int(lines.doc[row]), "publisher", batch.line(row).strip(), "domain line")
            yield Drop(row, "publisher", "a domain name alone on its line: moved to publisher")
