"""What a data file counts: spans and characters by rule, documents and characters, languages, flags."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from corpuskit.stages.edits import Edits, Ints


class Counts:
    """What accumulates over the documents of a data file."""

    def __init__(self) -> None:
        self.rules: dict[str, list[int]] = {}
        self.languages: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()

    def unreadable(self) -> None:
        """A source, or a record in it, that could not be read."""
        self._spans("unreadable", 1, 0)

    def documents(self, sizes: Ints, edits: Edits, rules: pa.StringArray) -> None:
        """Documents of so many code points that were read, published or not, and the rules of their edits."""
        self.counts.update(documents=len(sizes), source_chars=int(sizes.sum()))
        names = rules.dictionary_encode()
        by = np.asarray(names.indices)
        spans, chars = np.bincount(by), np.bincount(by, edits.end - edits.start).astype(np.int64)
        for rule, *count in zip(names.dictionary.to_pylist(), spans.tolist(), chars.tolist(), strict=True):
            self._spans(rule, *count)

    def published(self, rows: pa.RecordBatch) -> None:
        """Published documents: rows of ``default``."""
        if not len(rows):
            return
        names = ("n_chars", "n_paragraphs", "n_removed_chars")
        chars, paragraphs, shrunk = (int(np.asarray(rows[name]).sum()) for name in names)
        self.counts.update(published=len(rows), chars=chars, paragraphs=paragraphs, shrunk=shrunk)
        if words := rows["n_words"].drop_null().to_pylist():
            self.counts.update(words=sum(words), worded=len(words))
        self.languages.update(rows["language"].to_pylist())
        self.flags.update(rows["flags"].flatten().to_pylist())

    def plain(self) -> dict[str, dict[str, Any]]:
        """All of it in plain JSON types, as :meth:`corpuskit.release.write.Totals.add` takes it."""
        names = ("rules", "languages", "counts", "flags")
        return {name: dict(sorted(getattr(self, name).items())) for name in names}

    def _spans(self, rule: str, spans: int, chars: int) -> None:
        count = self.rules.setdefault(rule, [0, 0])
        count[0] += spans
        count[1] += chars
