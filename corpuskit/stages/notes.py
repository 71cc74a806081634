"""What a document is known to be: what the rules noted of it, else what its source says."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from corpuskit.annotate.language import languages
from corpuskit.rules.findings import Batch, Found
from corpuskit.stages.batches import strings

#: ``came_from``: JSON, field → where its value stands.
NOTES: Final = pa.schema(
    [(n, pa.string()) for n in ("title", "source_url", "date", "author", "publisher", "language", "license")]
    + [("captions", pa.list_(pa.string())), ("flags", pa.list_(pa.string())), ("came_from", pa.string())]
)
#: Fields of which a document may have several.
LISTS: Final = ("captions", "flags")


def notes_of(docs: pa.RecordBatch, batch: Batch, found: Found) -> pa.RecordBatch:
    """One row for each document."""
    known = {"source_url" if name == "url" else name: list(said) for name, said in batch.known.items()}
    captions = docs["captions"]
    columns: dict[str, list[Any]] = known | {
        "captions": captions.to_pylist() if len(captions.flatten()) else [[] for _ in batch.texts],
        "flags": [[] for _ in batch.texts],
    }
    origins = [json.loads(said) if said else {} for said in strings(docs, "came_from")]
    for note in found.notes:
        if note.field not in columns:
            columns[note.field] = [None] * len(origins)
        column = columns[note.field]
        if note.field in LISTS:
            column[note.doc].append(note.value)
        elif note.field == "title" or not column[note.doc]:
            column[note.doc] = note.value
            origins[note.doc].setdefault(note.field, note.origin)
    model = batch.recipe.output.language_model
    columns["language"] = languages(batch.texts, batch.lines.scripts, columns["language"], model)
    columns["came_from"] = [_json(tuple(sorted(origin.items()))) if origin else None for origin in origins]
    return pa.record_batch([columns[name] for name in NOTES.names], NOTES)


@lru_cache(maxsize=1 << 10)
def _json(origin: tuple[tuple[str, str], ...]) -> str:
    """Few documents of a corpus say another thing than the one before."""
    return json.dumps(dict(origin), ensure_ascii=False)
