"""The filter: documents that the recipe does not want go whole, before anybody compares paragraphs.

A document that goes must not be the one that keeps a paragraph for others: so flags are measured
here on what the rules leave, and what a filtered document says is no claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from corpuskit.annotate.quality import Kept, qualities
from corpuskit.model import Document, Edit
from corpuskit.rules.findings import Batch, Cut, Drop, Finding
from corpuskit.stages.batches import strings, texts_of
from corpuskit.stages.layout import PageLayout, Taken
from corpuskit.text.wrapped import rows_of

#: A document of the batch that goes whole, and why.
FILTERED: Final = pa.schema([("doc", pa.int32()), ("why", pa.string())])


def filtered(docs: pa.RecordBatch, batch: Batch, found: Sequence[Finding], notes: pa.RecordBatch) -> dict[int, str]:
    """The documents with a flag that the recipe filters: their numbers, and what was measured."""
    wanted = batch.recipe.filter.flags
    if not wanted:
        return {}
    why = {}
    for doc, quality in enumerate(qualities(_kept(docs, batch, found, notes), batch.recipe.output.words)):
        reasons = [f"{flag}: {quality.flags[flag]}" for flag in wanted if flag in quality.flags]
        if reasons:
            why[doc] = "; ".join(reasons)
    return why


def _kept(docs: pa.RecordBatch, batch: Batch, found: Sequence[Finding], notes: pa.RecordBatch) -> Kept:
    """What the rules leave of the batch, duplicates included."""
    taken = {f.row: Taken(f.rule, f.why) for f in found if isinstance(f, Drop)}
    layout = PageLayout(batch.as_read, taken, sorted(f for f in found if isinstance(f, Cut)))
    texts = [Document(text, tuple(layout.edits(i))).clean for i, text in enumerate(texts_of(docs))]
    shown = [text if not text.isspace() else "" for text in texts]
    sizes = [len(text) for text in strings(docs, "text")]
    return Kept(shown, sizes, batch.as_read, rows_of(batch.sizes, batch.open), notes.to_pylist(), layout.cuts.keys())


def left_out(text: str, why: str) -> Document:
    """A document that goes whole."""
    return Document(text, (Edit(0, len(text), "filtered", "", why),))
