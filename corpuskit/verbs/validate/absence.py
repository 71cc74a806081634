"""What was withdrawn is absent: no document, ledger row or source of a release matches a digest in its recipe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corpuskit.recipe import Recipe
from corpuskit.sources.record import Record
from corpuskit.stages.copies import BLACK, RULE, Copies
from corpuskit.stages.withdrawn import Sieve
from corpuskit.text.lines import table_of_lines
from corpuskit.verbs.validate.documents import Found
from corpuskit.verbs.validate.report import Findings
from corpuskit.verbs.validate.tables import Span
from corpuskit.verbs.validate.twins import view_of

CHECK = "withdrawn"


class Absence:
    """Looks for what the recipe has withdrawn, with the same sieve as a build: who knows a thing can test for it."""

    def __init__(self, findings: Findings, recipe: Recipe) -> None:
        self.findings, self.sieve, self.copies = findings, Sieve(recipe), Copies(recipe)

    def see(self, found: Found, source: str | None) -> None:
        """Check one document, its ``source`` text as put together from the release (``None``: it could not be)."""
        where = f"document {found.id}"
        if self.sieve.items and matches(self.sieve, found, source):
            self.findings.add(CHECK, where, "is withdrawn, and is in the release")
        if self.copies.whole_keys:
            text = view_of(source or (found.row.text if found.row else ""))
            if count := len(self.copies.rows(table_of_lines([text]))):
                self.findings.add(CHECK, where, f"has {count} paragraphs that are withdrawn with their copies")
        for span in found.spans:
            if span.rule == RULE and span.text.strip(BLACK + "\r\n \t"):
                self.findings.add(CHECK, where, f"span {span.start}:{span.end} says what was withdrawn")

    def sources(self, files: Iterable[tuple[str, str]], unreadable: Iterable[Span]) -> None:
        """Check the names and sha256 of the files that were read, and of those that could not be."""
        listed = [*files, *((row.source_path, "") for row in unreadable)] if self.sieve.items else []
        for name, sha256 in listed:
            if self.sieve.takes_file(name, sha256):
                self.findings.add(CHECK, name, "a source that is withdrawn, and is named in the release")


def matches(sieve: Sieve, found: Found, source: str | None) -> bool:
    """Whether a document of a release is withdrawn: by its file, id, text or address."""
    first: Any = found.row or found.spans[0]
    url = found.row.source_url if found.row else None
    record = Record(source or "", fields={"url": url} if url else {})
    return sieve.takes_file(first.source_path, first.source_sha256) or sieve.takes(record, found.id)
