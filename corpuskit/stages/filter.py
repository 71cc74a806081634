"""The filter: documents that the recipe does not want go whole, before anybody compares paragraphs.

A document that goes must not be the one that keeps a paragraph for others: so flags are measured
here on what the rules leave, and what a filtered document says is no claim.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.annotate.quality import Kept, qualities
from corpuskit.rules.findings import Batch, Found
from corpuskit.stages.batches import texts_of
from corpuskit.stages.codepoints import CodePoints
from corpuskit.stages.layout import layout_of
from corpuskit.stages.splice import spliced, without_blank

#: A document of the batch that goes whole, and why.
FILTERED: Final = pa.schema([("doc", pa.int32()), ("why", pa.string())])


def filtered(docs: pa.RecordBatch, batch: Batch, found: Found, notes: pa.RecordBatch) -> dict[int, str]:
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


def _kept(docs: pa.RecordBatch, batch: Batch, found: Found, notes: pa.RecordBatch) -> Kept:
    """What the rules leave of the batch, duplicates included."""
    goes = layout_of(batch.as_read, found)
    views = CodePoints(pa.array(texts_of(docs), pa.string()))
    made = without_blank(spliced(views, goes.edits))
    sizes = np.asarray(pc.utf8_length(docs.column("text")))
    return Kept(made.texts, made.chars, sizes, batch.as_read, goes.living, notes, goes.cut)
