"""The rows of a release, from the columns of a batch: what only passes through is never a Python value."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.annotate.quality import Quality
from corpuskit.release.parquet import SCHEMAS
from corpuskit.stages.batches import strings
from corpuskit.stages.codepoints import CodePoints, texts_from
from corpuskit.stages.edited import paragraphs
from corpuskit.stages.edits import Edits, Ints
from corpuskit.stages.judged import Stored
from corpuskit.stages.splice import Spliced

#: Columns of a release that are those of ``docs.arrow``, and those that are of the notes.
_OF_SOURCE: Final = ("id", "source_path", "source_where", "source_sha256", "basis")
_NOTED: Final = ("title", "source_url", "publisher", "author", "language", "captions", "came_from")


def document_rows(stored: Stored, made: Spliced, counts: dict[str, Any], licence: str) -> pa.RecordBatch:
    """Every document of a batch as a row of ``default``; ``counts``: the columns that were counted and measured.

    ``licence`` is that of documents that name none.
    """
    docs, notes = stored.docs, stored.notes
    columns = {name: docs.column(name) for name in _OF_SOURCE} | {name: notes.column(name) for name in _NOTED}
    dates = [datetime.date.fromisoformat(said) if said else None for said in strings(notes, "date")]
    own = notes.column("license")
    said = pc.fill_null(pc.equal(own, ""), True)
    columns |= {"text": made.texts, "date": dates, "cluster": stored.clusters}
    columns["license"] = pc.if_else(said, pa.scalar(licence or None, pa.string()), own)
    return _batch("default", columns | counts)


def counted(source: CodePoints, made: Spliced, paragraphs: Ints, qualities: Sequence[Quality]) -> dict[str, Any]:
    """The columns of numbers, and the flags."""
    return {
        "n_chars": made.chars,
        "n_paragraphs": paragraphs,
        "n_words": [quality.words for quality in qualities],
        "n_source_chars": source.sizes,
        "n_removed_chars": source.sizes - made.chars,
        "flags": [sorted(quality.flags) for quality in qualities],
    }


def ledger_rows(docs: pa.RecordBatch, edits: Edits, made: Spliced) -> pa.RecordBatch:
    """Every edit of a batch as a row of ``removed``."""
    of = docs.select(_OF_SOURCE).take(pa.array(edits.doc))
    told = made.told
    columns = {name: of.column(name) for name in _OF_SOURCE}
    columns |= {name: told.column(name) for name in ("rule", "why", "twin_id", "twin_start")}
    columns |= {"start": edits.start, "end": edits.end, "text": made.removed, "replacement": told.column("new")}
    return _batch("removed", columns)


def paragraph_rows(published: pa.RecordBatch) -> pa.RecordBatch:
    """The paragraphs of published documents."""
    texts = published.column("text")
    doc, start, end = paragraphs(texts.to_pylist())
    points = CodePoints(texts)
    first, past = points.bytes_at(doc, start), points.bytes_at(doc, end)
    parts = [points.data[a:b] for a, b in zip(first.tolist(), past.tolist(), strict=True)]
    of = published.select(["id", "source_path"]).take(pa.array(doc))
    index = np.arange(len(doc)) - np.searchsorted(doc, doc)
    columns = {name: of.column(name) for name in ("id", "source_path")}
    return _batch("paragraphs", columns | {"index": index, "text": texts_from(parts, past - first), "start": start})


def _batch(config: str, columns: Mapping[str, Any]) -> pa.RecordBatch:
    return pa.record_batch([columns[name] for name in SCHEMAS[config].names], SCHEMAS[config])
