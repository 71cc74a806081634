"""A judged shard as it is finished: batch by batch what the stages before left, and what the corpus decided of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import pyarrow as pa

from corpuskit.release.parquet import as_columns
from corpuskit.stages.batches import one_by_one, read_batches
from corpuskit.stages.clusters import clusters_of
from corpuskit.stages.twins import WHOLE, Duplicate, duplicates_of
from corpuskit.store.steps import Step, Store


class Settled(NamedTuple):
    """What the corpus decides of a shard: what it lost to earlier copies, and its documents' clusters (for splits)."""

    lost: list[Duplicate]
    clusters: list[str]


def settled(store: Store, twins: Sequence[Step], clusters: Sequence[Step], shard: int) -> Settled:
    """What was settled of the shard of this number."""
    return Settled(duplicates_of(store, twins, shard), clusters_of(store, clusters, shard))


class Stored(NamedTuple):
    """One batch of a shard. Lost lines and documents stand under their rows in the batch, clusters are by document."""

    docs: pa.RecordBatch
    lines: pa.RecordBatch
    drops: pa.RecordBatch
    cuts: pa.RecordBatch
    notes: pa.RecordBatch
    filtered: pa.RecordBatch
    lost_lines: dict[int, Duplicate]
    lost_docs: dict[int, Duplicate]
    clusters: Sequence[str | None]

    def documents(self) -> Iterator[Stored]:
        """Each document of the batch as a batch of its own."""
        row = 0
        singles = one_by_one(self.docs, self.lines, self.cuts, self.filtered)
        for i, (docs, lines, cuts, filtered) in enumerate(singles):
            inside = range(row, row + len(lines))
            drops = [(at - row, *why) for at, *why in zip(*lists(self.drops), strict=True) if at in inside]
            mine = as_columns(drops, self.drops.schema)
            lost_lines = {at - row: lost for at, lost in self.lost_lines.items() if at in inside}
            lost_docs = {0: self.lost_docs[i]} if i in self.lost_docs else {}
            notes, clusters = self.notes.slice(i, 1), self.clusters[i : i + 1]
            yield Stored(docs, lines, mine, cuts, notes, filtered, lost_lines, lost_docs, clusters)
            row += len(lines)


def stored_batches(store: Store, read: Step, judged: Step, decided: Settled) -> Iterator[Stored]:
    """The batches of a shard, in order."""
    files = [store.file(read, f"{name}.arrow") for name in ("docs", "lines")]
    files += [store.file(judged, f"{name}.arrow") for name in ("drops", "cuts", "notes", "filtered")]
    lost = sorted(found for found in decided.lost if found.row != WHOLE)
    whole = {found.doc: found for found in decided.lost if found.row == WHOLE}
    doc = row = 0
    for docs, lines, drops, cuts, notes, filtered in zip(*map(read_batches, files), strict=True):
        past = bisect_left(lost, row + len(lines), key=attrgetter("row"))
        here = lost[bisect_left(lost, row, key=attrgetter("row")) : past]
        yield Stored(
            docs, lines, drops, cuts, notes, filtered,
            lost_lines={found.row - row: found for found in here},
            lost_docs={i: whole[doc + i] for i in range(len(docs)) if doc + i in whole},
            clusters=decided.clusters[doc : doc + len(docs)] or [None] * len(docs),
        )  # fmt: skip
        doc, row = doc + len(docs), row + len(lines)


def lists(batch: pa.RecordBatch) -> list[list[Any]]:
    """The columns of a batch as Python values."""
    return [column.to_pylist() for column in batch.columns]
