"""Every character accounted for: published text and ledger give the source back, and all counts are true."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from corpuskit.recipe import Recipe
from corpuskit.release.totals import Totals
from corpuskit.sources.formats import format_of
from corpuskit.stages.copies import BLACK
from corpuskit.verbs.validate.documents import BrokenSpans, Found, hash_of, rebuilt
from corpuskit.verbs.validate.report import Findings, quoted
from corpuskit.verbs.validate.tables import Published, Span

#: Encodings of a text file whose first character is a byte order mark; one without is UTF-8.
MARKED: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
#: Columns that a row of ``default`` and its ledger rows share.
SHARED: Final = ("source_path", "source_where", "source_sha256", "basis")
BASES: Final = ("source", "extracted")
#: Years that a page of the web, or a newspaper in an archive, can come from.
YEARS: Final = range(1900, 2151)


class Accounts:
    """Goes through the documents one by one; ``totals`` is what the manifest has to say of them."""

    def __init__(self, findings: Findings, recipe: Recipe) -> None:
        self.findings = findings
        self.blacks_out = any(gone.paragraphs for gone in recipe.withdrawn)
        self.totals = Totals()
        self.totals.counts = Counter(documents=0, published=0, source_chars=0, chars=0, paragraphs=0, shrunk=0)
        self.origins = bytearray()  # 16 bytes for each document

    def see(self, found: Found) -> str | None:
        """Check one document; returns its source text, ``None`` when that cannot be put together."""
        first = found.row or found.spans[0]
        self.origins += hash_of(f"{first.source_path}\n{first.source_sha256}")
        self._count(found)
        self._check_origin(found, first)
        source = self._source(found)
        if source is None:
            self.totals.counts["source_chars"] += found.row.n_source_chars if found.row else found.spans[-1].end
            return None
        self.totals.counts["source_chars"] += len(source)
        self._check_source(found, first, source)
        if found.row:
            self._check_row(found.row, source)
        return source

    def _source(self, found: Found) -> str | None:
        problem = misplaced(found.spans)
        if problem:
            self.findings.add("spans", f"document {found.id}", problem)
            return None
        try:
            return rebuilt(found.row.text if found.row else "", found.spans)[0]
        except BrokenSpans as error:
            self.findings.add("accounted", f"document {found.id}", str(error))
            return None

    def _count(self, found: Found) -> None:
        totals, row = self.totals, found.row
        totals.counts["documents"] += 1
        if row:
            totals.counts.update(published=1, chars=len(row.text), paragraphs=row.n_paragraphs)
            totals.counts["shrunk"] += row.n_removed_chars
            totals.languages[row.language] += 1
            totals.flags.update(row.flags)
            if row.n_words is not None:
                totals.counts.update(words=row.n_words, worded=1)
        for span in found.spans:
            count = totals.rules.setdefault(span.rule, [0, 0])
            count[0] += 1
            count[1] += len(span.text)
            if not span.rule or not span.why:
                problem = f"span {span.start}:{span.end} ({span.rule}) gives no {'reason' if span.rule else 'rule'}"
                self.findings.add("spans", f"document {found.id}", problem)

    def _check_origin(self, found: Found, first: Published | Span) -> None:
        where = f"document {found.id}"
        for column in SHARED:
            said = getattr(first, column)
            if any(getattr(span, column) != said for span in found.spans):
                self.findings.add("ids", where, f"its rows do not agree on {column}")
        path = first.source_path
        if path.startswith("/") or not path or ".." in path.split("/"):
            self.findings.add("ids", where, f"source_path {path!r} leads out of the source folder")
        if first.basis not in BASES:
            self.findings.add("schema", where, f"basis {first.basis!r} is none of {', '.join(BASES)}")

    def _check_source(self, found: Found, first: Published | Span, source: str) -> None:
        """The rebuilt text of a file that is one text document has the sha256 of that file, unless parts are black."""
        kind = format_of(first.source_path)
        if first.basis != "source" or first.source_where or kind is None or kind.kind != "text" or kind.compression:
            return
        if self.blacks_out and any(BLACK in span.text for span in found.spans):
            return
        encodings = ("utf-8", *MARKED) if source.startswith("\ufeff") else ("utf-8",)
        if all(hashlib.sha256(source.encode(name)).hexdigest() != first.source_sha256 for name in encodings):
            problem = f"published text and ledger do not give back {first.source_path} (sha256 {first.source_sha256})"
            self.findings.add("accounted", f"document {found.id}", problem)

    def _check_row(self, row: Published, source: str) -> None:
        where = f"document {row.id}"
        size, kept = len(source), len(row.text)
        if row.n_source_chars != size:
            problem = f"kept and removed make {size} characters, n_source_chars says {row.n_source_chars}"
            self.findings.add("accounted", where, problem)
        if row.n_chars != kept:
            self.findings.add("accounted", where, f"{kept} characters of text, n_chars says {row.n_chars}")
        if row.n_removed_chars != row.n_source_chars - row.n_chars:
            problem = f"n_removed_chars is {row.n_removed_chars}, not the difference of the other two"
            self.findings.add("accounted", where, problem)
        if row.date and row.date.year not in YEARS:
            self.findings.add("dates", where, f"date {row.date} is outside {YEARS[0]} to {YEARS[-1]}")


def misplaced(spans: Sequence[Span]) -> str:
    """What keeps the spans of a document from being stretches of its source, in order and apart; empty if nothing."""
    at = 0
    for span in spans:
        here = f"span {span.start}:{span.end}"
        if not 0 <= span.start < span.end:
            return f"{here} covers nothing"
        if span.start < at:
            return f"{here} begins before the one before it ends ({at})"
        if len(span.text) != span.end - span.start:
            return f"{here} holds {len(span.text)} characters: {quoted(span.text)}"
        at = span.end
    return ""
