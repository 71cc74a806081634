"""What a document is known to be: what the rules noted of it, else what its source says."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from corpuskit.annotate.language import languages
from corpuskit.rules.findings import Batch, Finding, Note
from corpuskit.stages.batches import strings

#: ``came_from``: JSON, field → where its value stands.
NOTES: Final = pa.schema(
    [(n, pa.string()) for n in ("title", "source_url", "date", "author", "publisher", "language", "license")]
    + [("captions", pa.list_(pa.string())), ("flags", pa.list_(pa.string())), ("came_from", pa.string())]
)
#: Fields of which a document may have several.
LISTS: Final = ("captions", "flags")


def notes_of(docs: pa.RecordBatch, batch: Batch, found: list[Finding]) -> pa.RecordBatch:
    """One row for each document."""
    values: list[dict[str, Any]] = [
        {"source_url" if name == "url" else name: value for name, value in known.items()}
        | {"captions": captions, "flags": []}
        for known, captions in zip(batch.known, docs["captions"].to_pylist(), strict=True)
    ]
    origins = [json.loads(said) if said else {} for said in strings(docs, "came_from")]
    for note in (f for f in found if isinstance(f, Note)):
        row = values[note.doc]
        if note.field in LISTS:
            row[note.field].append(note.value)
        elif note.field == "title" or not row.get(note.field):
            row[note.field] = note.value
            origins[note.doc].setdefault(note.field, note.origin)
    said = [row.get("language") for row in values]
    found_languages = languages(batch.texts, batch.lines.scripts, said, batch.recipe.output.language_model)
    for row, language in zip(values, found_languages, strict=True):
        row["language"] = language
    for row, origin in zip(values, origins, strict=True):
        row["came_from"] = _json(tuple(sorted(origin.items()))) if origin else None
    return pa.RecordBatch.from_pylist(values, NOTES)


@lru_cache(maxsize=1 << 10)
def _json(origin: tuple[tuple[str, str], ...]) -> str:
    """Few documents of a corpus say another thing than the one before."""
    return json.dumps(dict(origin), ensure_ascii=False)
