"""Stage 4, twins: of the documents that claim the same paragraph, the first in source order keeps it.

"Least (shard, document, place)" is associative and commutative: neither partitions nor
workers can change which copy stays. A document claims itself too, under the hash of all
its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpuskit.stages.batches import NAMES, read_batches
from corpuskit.stages.verdicts import load_for_shard, save_by_shard, slices
from corpuskit.store import store_at
from corpuskit.store.steps import Step, Store

if TYPE_CHECKING:
    from corpuskit.stages.across import TwinTask

#: A claim: 128 bits of key, the document's number in its shard, the line's row in its shard
#: (``WHOLE``: the document itself), and where the line starts in its source text (code points).
CLAIM: Final = np.dtype([("high", "<u8"), ("low", "<u8"), ("doc", "<i4"), ("row", "<i4"), ("start", "<i4")])
WHOLE: Final = -1
#: A lost claim: which of the shard's rows, and the copy that was kept.
LOST: Final = np.dtype([("row", "<i4"), ("doc", "<i4"), ("shard", "<i4"), ("twin_doc", "<i4"), ("twin_start", "<i4")])


class Duplicate(NamedTuple):
    """A line (``row`` of the shard) or document (``row`` is :data:`WHOLE`) whose copy was kept elsewhere."""

    row: int
    doc: int
    twin_id: str
    twin_path: str
    twin_start: int


def sort_claims(claims: NDArray[Any]) -> NDArray[Any]:
    """Claims of a shard in the order of their keys, then of their place."""
    return claims[np.lexsort((claims["row"], claims["doc"], claims["low"], claims["high"]))]


def settle(draft: Path, task: TwinTask) -> None:
    """Settle the claims of a partition into ``draft``."""
    store = store_at(task.home)
    found = list(slices((store.array(step, "claims.npy") for step in task.judged), "high", task.part))
    claims = np.concatenate(found)
    shards = np.repeat(np.arange(len(found), dtype=np.int32), [len(part) for part in found])
    lost, of_shard = _lost(claims, shards)
    sizes = np.bincount(of_shard, minlength=len(found)).tolist()
    save_by_shard(draft, "lost", lost, sizes)
    keepers = [np.frombuffer(part, np.uint8) for part in _keepers(store, task.reads, lost, sizes)]
    save_by_shard(draft, "keepers", np.concatenate(keepers), [len(part) for part in keepers])


def _lost(claims: NDArray[Any], shards: NDArray[np.int32]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The claims that another document made earlier, by shard; ``claims`` are those of each shard in their order."""
    order = np.lexsort((claims["low"], claims["high"]))  # stable: what is equal stays by shard, document and row
    claims, shards = claims[order], shards[order]
    opens = np.ones(len(claims), bool)
    opens[1:] = (claims["high"][1:] != claims["high"][:-1]) | (claims["low"][1:] != claims["low"][:-1])
    keeper = np.flatnonzero(opens)[np.cumsum(opens) - 1] if len(claims) else np.zeros(0, np.int64)
    lost = np.flatnonzero((shards != shards[keeper]) | (claims["doc"] != claims["doc"][keeper]))
    kept = keeper[lost]
    rows = np.zeros(len(lost), LOST)
    rows["row"], rows["doc"] = claims["row"][lost], claims["doc"][lost]
    rows["shard"], rows["twin_doc"], rows["twin_start"] = shards[kept], claims["doc"][kept], claims["start"][kept]
    by_shard = np.lexsort((rows["row"], rows["doc"], shards[lost]))
    return rows[by_shard], shards[lost][by_shard]


def _keepers(store: Store, reads: Sequence[Step], lost: NDArray[Any], sizes: Sequence[int]) -> Iterator[bytes]:
    """For each shard id and path of the documents that keep what it lost, in their order, as an Arrow stream."""
    known = np.unique(_keeper(lost))
    shards, docs = known >> 32, known & 0xFFFFFFFF
    tables = [_names(store, reads[shard], docs[shards == shard]) for shard in np.unique(shards).tolist()]
    names = pa.concat_tables([NAMES.empty_table(), *tables]).combine_chunks()
    for part in np.split(lost, np.cumsum(sizes)[:-1]):
        mine = names.take(pa.array(np.searchsorted(known, np.unique(_keeper(part)))))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, NAMES) as stream:
            stream.write_table(mine)
        yield sink.getvalue().to_pybytes()


def _keeper(lost: NDArray[Any]) -> NDArray[np.int64]:
    """The document that keeps each lost claim, as one number: its shard, and its place there."""
    keeper: NDArray[np.int64] = lost["shard"].astype(np.int64) << 32 | lost["twin_doc"]
    return keeper


def _names(store: Store, read: Step, docs: NDArray[np.int64]) -> pa.Table:
    """Ids and paths of some documents of a shard."""
    return pa.Table.from_batches(read_batches(store.file(read, "names.arrow")), NAMES).take(pa.array(docs))


def duplicates_of(store: Store, twins: Sequence[Step], shard: int) -> list[Duplicate]:
    """What one shard lost, with the id and path of each kept copy; sorted by row."""
    return sorted(duplicate for step in twins for duplicate in _duplicates(store, step, shard))


def _duplicates(store: Store, step: Step, shard: int) -> Iterator[Duplicate]:
    """What one shard lost in one partition."""
    lost = load_for_shard(store, [step], "lost", shard)
    keepers = pa.ipc.open_stream(load_for_shard(store, [step], "keepers", shard).tobytes()).read_all()
    keepers = keepers.take(pa.array(np.unique(_keeper(lost), return_inverse=True)[1]))
    names = (keepers.column(name).to_pylist() for name in NAMES.names)
    return map(Duplicate, lost["row"].tolist(), lost["doc"].tolist(), *names, lost["twin_start"].tolist())
