"""Published texts read as lines: paragraphs counted anew, and nothing in them that a rule would have taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from corpuskit.lines import Lines, table_of_lines
from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.rules.markup import FILE_NAME, TRIGGERS, placeholders, without_links
from corpuskit.rules.phrases import reason, signals
from corpuskit.segment import SENTENCE_MASS, Zone, shape_of
from corpuskit.validate.documents import Found, rebuilt
from corpuskit.validate.report import Findings, quoted

#: Characters that every build takes out, whatever its recipe.
NEVER: Final = {"\ufeff": "a byte order mark", "\r": "a carriage return"}
#: Code points of text to a batch: one table of lines.
BATCH: Final = 1_000_000


class PublishedTexts:
    """Checks the published texts in batches. ``disabled`` are the rules that the recipe leaves off.

    ``by_rules``: rerun the rules too, which only the code that built the release can do.
    """

    def __init__(self, findings: Findings, disabled: frozenset[str], by_rules: bool) -> None:
        self.findings, self.disabled, self.by_rules = findings, disabled, by_rules
        self.waiting: list[Found] = []
        self.size = 0

    def see(self, found: Found) -> None:
        """Take one published document, whose spans are sound."""
        if found.row is None:
            return
        _check_characters(found, self.findings)
        self.waiting.append(found)
        self.size += len(found.row.text)
        if self.size >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Check what waits."""
        rows = [found.row for found in self.waiting if found.row]
        lines = table_of_lines([row.text for row in rows])
        shown = np.bincount(lines.doc[~lines.blank], minlength=len(rows))
        for row, count in zip(rows, shown.tolist(), strict=True):
            if row.n_paragraphs != count:
                problem = f"{count} lines of text that show something, n_paragraphs says {row.n_paragraphs}"
                self.findings.add("accounted", f"document {row.id}", problem)
            if not count:
                self.findings.add("leaks", f"document {row.id}", "shows nothing, and is published")
        if self.by_rules:
            self._check_placeholders()
            self._check_last_lines(lines)
        self.waiting, self.size = [], 0

    def _check_placeholders(self) -> None:
        for found in self.waiting if "placeholder" not in self.disabled else ():
            text = found.row.text if found.row else ""
            for start, line in _lines(text) if TRIGGERS.search(text) else ():
                whole = TRIGGERS.search(line) and any(mark.whole for mark in placeholders(line))
                if whole and not FILE_NAME.fullmatch(line.strip()) and _untouched(found, start, start + len(line)):
                    self._leak(found, start, line, "an image placeholder")

    def _check_last_lines(self, lines: Lines) -> None:
        """The last line of a page that ends in machinery of portals, by the phrases of the packs."""
        living = np.flatnonzero(~lines.blank)
        last = living[np.append(np.flatnonzero(np.diff(lines.doc[living])), len(living) - 1)] if len(living) else living
        docs = [self.waiting[i] for i in lines.doc[last].tolist()]
        ends = [f.row.text[a:b] for f, a, b in zip(docs, lines.start[last], lines.end[last], strict=True) if f.row]
        ends = [without_links(line) for line in ends]
        if not ends:
            return
        strong = signals(table_of_lines(ends), ends).strong
        for i in np.flatnonzero(strong).tolist():
            start, end = int(lines.start[last[i]]), int(lines.end[last[i]])
            if RULE_NAMES[strong[i]] not in self.disabled and ends[i].strip() and _machinery(docs[i], start, end):
                self._leak(docs[i], start, ends[i], reason(ends[i]) or RULE_NAMES[strong[i]])

    def _leak(self, found: Found, start: int, line: str, what: str) -> None:
        self.findings.add("leaks", f"document {found.id}", f"line {quoted(line)} at character {start}: {what}")


def _check_characters(found: Found, findings: Findings) -> None:
    text, where = found.row.text if found.row else "", f"document {found.id}"
    for character, name in NEVER.items():
        if character in text:
            findings.add("leaks", where, f"{name} at character {text.index(character)}")
    for span in found.spans:
        if span.replacement.count("\ufffd") > span.text.count("\ufffd"):
            findings.add("leaks", where, f"the repair of {span.start}:{span.end} writes U+FFFD, which says nothing")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _untouched(found: Found, start: int, end: int) -> bool:
    """Whether the published line stands in the source as it stands here: edits beside it took whole lines."""
    text = found.row.text if found.row else ""
    for span, (left, right) in zip(found.spans, rebuilt(text, found.spans)[1], strict=True):
        before = right <= start and (right < start or span.text[-1] in "\r\n")
        behind = left >= end and (left > end or span.text[0] in "\r\n")
        if not before and not behind:
            return False
    return True


def _machinery(found: Found, start: int, end: int) -> bool:
    """Whether the last line of a page stands behind its prose, in the release as in the source, and no edit made it."""
    text = found.row.text if found.row else ""
    if not _untouched(found, start, end):
        return False
    stretches = rebuilt(text, found.spans)[1]
    behind = [span.text for span, (at, _) in zip(found.spans, stretches, strict=True) if at >= end]
    if behind and (table_of_lines(behind).mass >= SENTENCE_MASS).any():
        return False
    shown = without_links(text[:end])
    lines = table_of_lines([shown])
    told: Any = signals(lines, [shown])
    shape = shape_of(lines, (told.strong > 0) | (told.label > 0))
    return bool(shape.zone[-1] == Zone.TAIL and not shape.prose[-1] and told.strong[-1])


