"""Duplicates: the copy that a ledger row names was kept, and it says the same.

A second pass over the release looks at the documents that were named. A claim takes 60
bytes in memory, however long its text.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from corpuskit.model import Document
from corpuskit.rules.repair import needs_repair, repairs
from corpuskit.text.characters import code_points
from corpuskit.text.lines import table_of_lines
from corpuskit.verbs.validate.documents import BrokenSpans, Found, hash_of, rebuilt
from corpuskit.verbs.validate.report import Findings
from corpuskit.verbs.validate.tables import Span

#: Where a line of a source may end; a build makes newlines of all of these.
LINE_END: Final = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
#: The rules whose spans are equal to what their twins name: a paragraph, a whole document.
PARAGRAPH: Final = "duplicate"
WHOLE: Final = "duplicate-document"
#: The key of a line that cannot be compared; no other line has it.
NO_KEY: Final = 0
#: Lines whose keys are made at once.
BATCH: Final = 4096


class Twins:
    """Collects what duplicates say of their twins, then looks at the twins.

    ``compare``: read the texts too, which only the code that built the release can do.
    """

    def __init__(self, findings: Findings, compare: bool) -> None:
        self.findings, self.compare = findings, compare
        self.high, self.low, self.raw, self.key = (array("Q") for _ in range(4))
        self.start, self.row = array("q"), array("q")
        self.whole: dict[int, NDArray[np.uint64]] = {}
        self.waiting: list[str] = []

    def __len__(self) -> int:
        return len(self.row)

    def collect(self, found: Found) -> None:
        """Note the twins that the spans of a document name."""
        for number, span in enumerate(found.spans, found.first):
            if (span.twin_id is None) != (span.twin_start is None):
                self.findings.add("twins", f"removed row {number}", "twin_id without twin_start, or the reverse")
            elif span.twin_id is not None:
                self._collect(span, number)

    def _collect(self, span: Span, number: int) -> None:
        high, low = np.frombuffer(hash_of(span.twin_id), "<u8").tolist()
        if self.compare and span.rule == WHOLE:
            self.whole[len(self)] = np.unique(_half(table_of_lines([view_of(span.text)]).key))
        line = first_line(span.text) if self.compare and span.rule == PARAGRAPH else ""
        self.high.append(high)
        self.low.append(low)
        self.raw.append(_raw(line))
        self.start.append(span.twin_start or 0)
        self.row.append(number)
        self.waiting.append(line)
        if len(self.waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self.key.extend(keys(self.waiting).tolist())
        self.waiting = []

    def check(self, documents: Iterable[Found]) -> None:
        """Go through all ``documents`` again and compare each twin with what was said of it."""
        self._flush()
        high, low = np.array(self.high, np.uint64), np.array(self.low, np.uint64)
        order = np.argsort(high, kind="stable")
        ranked, seen = high[order], np.zeros(len(order), bool)
        for found in documents:
            here = np.frombuffer(hash_of(found.id), "<u8")
            claims = order[slice(*(int(np.searchsorted(ranked, here[0], side)) for side in ("left", "right")))]
            claims = claims[low[claims] == here[1]]
            if len(claims):
                seen[claims] = True
                self._check(claims.tolist(), found)
        for claim in np.flatnonzero(~seen).tolist():
            self._add(claim, "names a document that is not in the release")

    def _check(self, claims: Sequence[int], found: Found) -> None:
        """Compare one document with what was said of it."""
        try:
            source, _ = rebuilt(found.row.text if found.row else "", found.spans)
        except BrokenSpans:
            return  # said before, as a failure of that document
        starts = [span.start for span in found.spans]
        for claim in claims:
            start = self.start[claim]
            before = bisect_right(starts, start)
            if not 0 <= start < len(source):
                self._add(claim, f"names character {start} of {found.id}, which has {len(source)}")
            elif claim in self.whole:
                self._check_document(claim, found)
            else:
                self._check_paragraph(claim, found, source, found.spans[before - 1] if before else None)

    def _check_paragraph(self, claim: int, found: Found, source: str, span: Span | None) -> None:
        """``span`` is the last one that starts before the paragraph does, or with it."""
        start = self.start[claim]
        after = LINE_END.search(source, start)
        end = after.start() if after else len(source)
        if span and end <= span.end and not span.replacement:
            self._add(claim, f"names a paragraph of {found.id} that was removed too ({span.rule})")
        elif not self._same(claim, source[start:end]):
            self._add(claim, f"is not the paragraph of {found.id} at character {start}")

    def _same(self, claim: int, line: str) -> bool:
        if self.key[claim] == NO_KEY or self.raw[claim] == _raw(line.strip()):
            return True
        return int(keys([line])[0]) in (NO_KEY, self.key[claim])

    def _check_document(self, claim: int, found: Found) -> None:
        """Every line that its twin publishes, as it stands in its source, stands in the duplicate too."""
        if found.row is None:
            return  # its own paragraphs were published elsewhere
        touched = {edge for stretch in rebuilt(found.row.text, found.spans)[1] for edge in stretch}
        lines = table_of_lines([found.row.text])
        own = np.flatnonzero(~lines.blank)
        theirs = np.isin(_half(lines.key[own]), self.whole[claim])
        for i in own[~theirs].tolist():
            if not any(lines.start[i] <= edge <= lines.end[i] for edge in touched):
                self._add(claim, f"is not the document {found.id}, which has the line at character {lines.start[i]}")
                return

    def _add(self, claim: int, problem: str) -> None:
        self.findings.add("twins", f"removed row {self.row[claim]}", problem)


def view_of(text: str) -> str:
    """A source text as the build compares it: repaired."""
    return Document(text, tuple(repairs(text))).clean


def first_line(text: str) -> str:
    """The first line of ``text`` that shows something, without the white space around it."""
    return next(filter(None, map(str.strip, LINE_END.split(text))), "")


def keys(lines: Sequence[str]) -> NDArray[np.uint64]:
    """Half the duplicate key of each line, :data:`NO_KEY` for a damaged one.

    A repair of damaged text may depend on the text around it, which is not at hand.
    """
    found = _half(table_of_lines(lines).key).copy()
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]
    if len(lines):
        found[np.logical_or.reduceat(needs_repair(code_points("\n".join([*lines, ""]))), starts)] = NO_KEY
    return found


def _half(column: Any) -> NDArray[np.uint64]:
    return np.ascontiguousarray(column).view(np.uint64)[::2]


def _raw(line: str) -> int:
    return xxhash.xxh3_64_intdigest(line.encode())
