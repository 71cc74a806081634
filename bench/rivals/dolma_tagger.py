"""A dolma tagger: the lines that the patterns mean."""

from __future__ import annotations

from dolma import add_tagger
from dolma.core.data_types import DocResult, Document, Span
from dolma.core.taggers import BaseTagger
from patterns import drops


@add_tagger("bench_lines")
class BenchLines(BaseTagger):
    """Marks each line that goes, with its line end."""

    def predict(self, doc: Document) -> DocResult:
        spans, at = [], 0
        for line in doc.text.splitlines(keepends=True):
            if drops(line):
                spans.append(Span(start=at, end=at + len(line), type="drop", score=1.0))
            at += len(line)
        return DocResult(doc=doc, spans=spans)
