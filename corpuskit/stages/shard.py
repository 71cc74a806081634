"""A shard as the rules see it: its documents in batches, and how often each of their lines occurs in the corpus."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpuskit.engine.processes import last_guard
from corpuskit.recipe import Recipe
from corpuskit.rules.findings import FEW_PAGES, Batch, Recurrence
from corpuskit.rules.markup import LINK_SHARE, link_shares, may_hold_images
from corpuskit.rules.notices import mark_notices
from corpuskit.rules.phrases import signals
from corpuskit.sources.record import FIELDS
from corpuskit.stages.batches import lines_from, numbers, read_batches, strings, texts_of
from corpuskit.stages.shapes import pairs_of
from corpuskit.store.steps import Step, Store
from corpuskit.text.lines import Lines, split_lines
from corpuskit.text.segment import shape_of
from corpuskit.text.typeset import LINKED, typeset_texts
from corpuskit.text.wrapped import sizes_of, unwrapped


class Seen:
    """How often the shapes of one shard occur in the corpus."""

    def __init__(self, shapes: NDArray[Any], verdicts: NDArray[Any]) -> None:
        pairs = _pair(shapes["shape"], shapes["site"])
        order = np.argsort(pairs)
        self.pairs, self.verdicts = pairs[order], verdicts[order]

    def look_up(self, shapes: NDArray[np.uint64], sites: NDArray[np.uint64]) -> NDArray[Any]:
        """The verdict for each (shape, site); zeros for a shape that was not counted."""
        pairs = _pair(shapes, sites)
        out = np.zeros(len(pairs), self.verdicts.dtype)
        if len(self.pairs):
            place = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
            hit = self.pairs[place] == pairs
            out[hit] = self.verdicts[place[hit]]
        return out


def _pair(shapes: NDArray[np.uint64], sites: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.asarray(shapes ^ (sites * np.uint64(0x9E3779B97F4A7C15)), np.uint64)


def batches(store: Store, read: Step, seen: Seen, recipe: Recipe) -> Iterator[tuple[pa.RecordBatch, Batch]]:
    """The documents of a shard as the rules see them."""
    with last_guard() as guard:
        for docs, rows in stored(store, read):
            guard()
            yield docs, batch_of(docs, lines_from(rows, docs), seen, recipe)


def stored(store: Store, read: Step) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """The batches of a shard as they were read: documents and lines."""
    docs, lines = (read_batches(store.file(read, name)) for name in ("docs.arrow", "lines.arrow"))
    return zip(docs, lines, strict=True)


def batch_of(docs: pa.RecordBatch, as_read: Lines, seen: Seen, recipe: Recipe) -> Batch:
    """A batch of stored documents as the rules see it."""
    texts = texts_of(docs)
    sites = numbers(docs, "site")
    printed = split_lines(texts)
    sizes = sizes_of(as_read, printed)
    lines, texts, printed = unwrapped(as_read, texts, printed, sizes)
    found = signals(lines, printed)
    mark_notices(found, lines, printed)
    links = link_shares(lines, texts)
    extracted = np.array([basis == "extracted" for basis in strings(docs, "basis")], bool)
    plain = ~extracted[lines.doc] & (links < LINKED)
    return Batch(
        texts=texts,
        printed=printed,
        lines=lines,
        as_read=as_read,
        sizes=sizes,
        shape=shape_of(lines, found.machinery | (links >= LINK_SHARE), found.words),
        signals=found,
        recurrence=_recurrence(lines, seen, sites),
        extracted=extracted,
        typeset=typeset_texts(lines, sizes, texts, printed, plain)[lines.doc],
        known={name: [value or None for value in strings(docs, name)] for name in FIELDS},
        recipe=recipe,
        on_site=partial(_on_site, seen, sites),
        links=links,
        pictured=np.array([*map(may_hold_images, texts)], bool),
        sites=sites,
    )


def _recurrence(lines: Lines, seen: Seen, sites: NDArray[np.uint64]) -> Recurrence:
    alone = seen.look_up(lines.shape, sites[lines.doc])
    rows, *pairs = pairs_of(lines, (alone["size"] > 0) & (alone["size"] <= FEW_PAGES))
    before, after = (seen.look_up(pair, sites[lines.doc[rows]]) for pair in pairs)
    beside = np.zeros(len(lines), alone.dtype)
    beside[rows] = np.where(before["site"] >= after["site"], before, after)
    columns = (*(alone[n] for n in ("corpus", "site", "size", "tenths")), beside["site"], beside["tenths"])
    return Recurrence(*(np.maximum(column, 1).astype(np.int32) for column in columns))


def _on_site(
    seen: Seen, sites: NDArray[np.uint64], docs: NDArray[np.int64], hashes: NDArray[np.uint64]
) -> NDArray[np.int64]:
    return seen.look_up(hashes, sites[docs])["site"].astype(np.int64)
