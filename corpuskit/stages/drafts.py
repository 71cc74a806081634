"""Records on their way into a batch: repaired, split into lines, and as rows of ``docs.arrow``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpuskit.annotate.sites import site_hash, site_name
from corpuskit.annotate.title import first_line
from corpuskit.model import Document, Edit
from corpuskit.rules.markup import shown_lines
from corpuskit.rules.repair import repairs_of
from corpuskit.sources.record import FIELDS, Record
from corpuskit.stages.batches import DOCS, packed
from corpuskit.stages.source import Source
from corpuskit.text.lines import Lines


class Read(NamedTuple):
    """A record, its file, and its repairs where somebody has looked for them."""

    record: Record
    source: Source
    repairs: list[Edit] | None = None


class Draft(NamedTuple):
    """A document on its way into a batch: the record, its file, its repairs and its repaired text."""

    record: Record
    source: Source
    repairs: list[Edit]
    view: str

    @property
    def title(self) -> str:
        """What its source calls it, else its first line."""
        return self.record.fields.get("title") or first_line(self.view)

    @property
    def site(self) -> int:
        """The hash of its site."""
        return site_hash(site_name(self.record.fields.get("url"), self.record.text, self.source.file.name))


def drafts(batch: Sequence[Read]) -> list[Draft]:
    """The documents of a batch, repaired."""
    unseen = repairs_of([read.record.text if read.repairs is None else "" for read in batch])
    mends = [more if read.repairs is None else read.repairs for read, more in zip(batch, unseen, strict=True)]
    return [
        Draft(read.record, read.source, edits, _view(read.record.text, edits))
        for read, edits in zip(batch, mends, strict=True)
    ]


def _view(text: str, edits: list[Edit]) -> str:
    return Document(text, tuple(edits)).clean if edits else text


def table_of(batch: Sequence[Draft]) -> Lines:
    """The table of lines of a batch; link targets of Markdown do not count as text."""
    return shown_lines([draft.view for draft in batch])


def sites_of(batch: Sequence[Draft]) -> NDArray[np.uint64]:
    """The hash of the site of each document."""
    return np.array([draft.site for draft in batch], np.uint64)


def rows_of(batch: Sequence[Draft], table: Lines, sites: NDArray[np.uint64]) -> pa.RecordBatch:
    """The documents of a batch as rows of ``docs.arrow``."""
    return pa.record_batch(_columns(batch, sites, table.scripts), DOCS)


def document_id(name: str, key: str) -> str:
    """The id of a document: 80 bits of sha256 over its source path and its own id or line, in hex.

    It never depends on the content, so that it stays the same across versions.
    """
    return hashlib.sha256(f"{name}\n{key}".encode()).hexdigest()[:20]


def _texts(records: Sequence[Record]) -> pa.StringArray:
    """The texts of records; what is UTF-8 already was decoded, and is not looked at again."""
    return pa.array([record.utf8 or record.text for record in records], pa.binary()).view(pa.string())


def _columns(batch: Sequence[Draft], sites: NDArray[np.uint64], scripts: NDArray[np.int32]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "id": [document_id(d.source.file.name, d.record.key) for d in batch],
        "source_path": [d.source.file.name for d in batch],
        "source_where": [d.record.where or None for d in batch],
        "source_sha256": [d.source.sha256 for d in batch],
        "basis": [d.record.basis for d in batch],
        "extractor": [d.record.extractor for d in batch],
        "text": _texts([d.record for d in batch]),
        "view": [packed(d.view) for d in batch],
        "repairs": [
            [{n: getattr(e, n) for n in ("start", "end", "rule", "new", "why")} for e in d.repairs] for d in batch
        ],
        "came_from": [json.dumps(dict(d.record.came_from)) if d.record.came_from else None for d in batch],
        "captions": [d.record.captions for d in batch],
        "site": sites,
        "scripts": [row.tobytes() for row in scripts],
    }
    return columns | {name: [d.record.fields.get(name) for d in batch] for name in FIELDS}
