"""What a data file counts: spans and characters by rule, documents and characters, languages, flags."""

from __future__ import annotations

from collections import Counter
from typing import Any

from corpuskit.annotate.quality import Quality
from corpuskit.model import Document


class Counts:
    """What accumulates over the documents of a data file."""

    def __init__(self) -> None:
        self.rules: dict[str, list[int]] = {}
        self.languages: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()

    def unreadable(self) -> None:
        """A source, or a record in it, that could not be read."""
        self._span("unreadable", 0)

    def document(self, document: Document) -> None:
        """A document that was read, published or not."""
        self.counts.update(documents=1, source_chars=len(document.text))
        for edit in document.edits:
            self._span(edit.rule, edit.end - edit.start)

    def published(self, document: Document, text: str, paragraphs: int, language: str, quality: Quality) -> None:
        """A document of which ``text`` is published."""
        shrunk = len(document.text) - len(text)
        self.counts.update(published=1, chars=len(text), paragraphs=paragraphs, shrunk=shrunk)
        if quality.words is not None:
            self.counts.update(words=quality.words, worded=1)
        self.languages[language] += 1
        self.flags.update(quality.flags.keys())

    def plain(self) -> dict[str, dict[str, Any]]:
        """All of it in plain JSON types, as :meth:`corpuskit.release.write.Totals.add` takes it."""
        names = ("rules", "languages", "counts", "flags")
        return {name: dict(sorted(getattr(self, name).items())) for name in names}

    def _span(self, rule: str, chars: int) -> None:
        count = self.rules.setdefault(rule, [0, 0])
        count[0] += 1
        count[1] += chars
