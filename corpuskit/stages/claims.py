"""Claims: the keys of the paragraphs and documents of a shard that the rules let live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from corpuskit.recipe import Recipe
from corpuskit.rules.findings import Batch
from corpuskit.stages.coordinates import coordinates_of
from corpuskit.stages.twins import CLAIM, WHOLE, sort_claims
from corpuskit.text.lines import Lines
from corpuskit.text.wrapped import keys_of, rows_of


class Claims:
    """What accumulates over the batches of a shard."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.found = [np.zeros(0, CLAIM)]
        self.docs = self.rows = 0

    def add(self, docs: pa.RecordBatch, batch: Batch) -> None:
        """The claims of a batch, of which the open lines live."""
        claims = _claims(docs, batch, self.recipe)
        claims["doc"] += self.docs
        claims["row"][claims["row"] != WHOLE] += self.rows
        self.found.append(claims)
        self.docs, self.rows = self.docs + len(batch.texts), self.rows + len(batch.lines)

    def save(self, draft: Path) -> None:
        """Write ``claims.npy``."""
        np.save(draft / "claims.npy", sort_claims(np.concatenate(self.found)))


def _claims(docs: pa.RecordBatch, batch: Batch, recipe: Recipe) -> NDArray[Any]:
    """The claims of a batch, its documents and lines numbered from 0."""
    lines, living = batch.as_read, rows_of(batch.sizes, batch.open)
    claims_line = rows_of(batch.sizes, batch.open & batch.lines.comparable(recipe.dedup.min_mass))
    rows = np.flatnonzero(claims_line) if recipe.dedup.paragraphs else np.zeros(0, np.int64)
    whole = _document_keys(lines, living, len(batch.texts), recipe) if recipe.dedup.documents else []
    keys = np.concatenate([keys_of(lines, batch.sizes)[rows], np.array([key for _, key in whole], "V16")])
    halves = np.ascontiguousarray(keys).view(np.uint64).reshape(-1, 2)
    claims = np.zeros(len(keys), CLAIM)
    claims["high"], claims["low"] = halves[:, 0], halves[:, 1]
    claims["doc"] = np.concatenate((lines.doc[rows], [doc for doc, _ in whole]))
    claims["row"] = np.concatenate((rows, np.full(len(whole), WHOLE)))
    claims["start"][: len(rows)] = coordinates_of(docs.column("repairs")).to_source(lines.doc[rows], lines.start[rows])
    return claims


def _document_keys(lines: Lines, living: NDArray[np.bool_], count: int, recipe: Recipe) -> list[tuple[int, bytes]]:
    """The key of each document whose living lines are long enough together: the hash of their keys, in order."""
    rows = np.flatnonzero(living)
    keys = np.ascontiguousarray(lines.key[rows]).tobytes()
    long = np.bincount(lines.doc[rows], lines.mass[rows], count) >= recipe.dedup.min_mass
    bounds = np.searchsorted(lines.doc[rows], np.arange(count + 1)) * 16
    cuts = zip(range(count), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    return [(doc, xxhash.xxh3_128_digest(keys[a:b], seed=1)) for doc, a, b in cuts if long[doc]]
