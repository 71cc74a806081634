"""Clusters: documents that are copies or near copies of one another, directly or by way of others.

Linked are a document and the one that kept a paragraph, or the whole, of it (unless so many
share that paragraph that it says nothing of them), and near copies. A cluster is named by
the least id in it, whatever the order of the sources, so that a new document moves others
only where it joins two clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.stages.near import LINK
from corpuskit.stages.twins import LOST, WHOLE
from corpuskit.stages.verdicts import load_for_shard, save_by_shard
from corpuskit.store import store_at
from corpuskit.store.steps import Step, Store

if TYPE_CHECKING:
    from corpuskit.stages.across import ClusterTask

#: A paragraph that more documents share is a notice or a formula: it makes no cluster of them.
SHARED_MAX: Final = 10


def clusters_of(store: Store, steps: Sequence[Step], shard: int) -> list[str]:
    """The name of the cluster of each document of a shard: 16 digits of the least id in it; empty without splits."""
    return [f"{least:016x}" for least in load_for_shard(store, steps, "clusters", shard).tolist()] if steps else []


def find(draft: Path, task: ClusterTask) -> None:
    """Name the cluster of each document, into ``draft``."""
    store = store_at(task.home)
    ids = [store.array(step, "ids.npy")[:] for step in task.judged]
    sizes = [len(part) for part in ids]
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    gone = _gone(store, task)
    lost = (_lost_links(store, twins, len(ids), gone) for twins in task.twins)
    near = (store.array(step, "links.npy")[:] for step in task.near)
    links = np.concatenate([np.zeros(0, LINK), *lost, *near])
    ends = (offsets[links["shard"]] + links["doc"], offsets[links["twin_shard"]] + links["twin_doc"])
    labels = components(int(offsets[-1]), *ends)
    everyone = np.concatenate(ids) if ids else np.zeros(0, np.uint64)
    least = everyone.copy()
    np.minimum.at(least, labels, everyone)
    save_by_shard(draft, "clusters", least[labels], sizes)


def _lost_links(store: Store, twins: Step, shards: int, gone: NDArray[np.int64]) -> NDArray[Any]:
    """The documents that lost something to another one, linked to it; paragraphs of more than a few link nobody."""
    lost = [load_for_shard(store, [twins], "lost", shard) for shard in range(shards)]
    rows = np.concatenate([np.zeros(0, LOST), *lost])
    links = np.zeros(len(rows), LINK)
    links["shard"] = np.repeat(np.arange(shards), [len(part) for part in lost])
    links["doc"], links["twin_shard"], links["twin_doc"] = rows["doc"], rows["shard"], rows["twin_doc"]
    whole = rows["row"] == WHOLE
    few = _few(links[~whole], rows["twin_start"][~whole], gone)
    return np.unique(np.concatenate((links[whole], links[~whole][few])))


def _gone(store: Store, task: ClusterTask) -> NDArray[Any]:
    """The documents that went whole to an earlier copy: they publish none of the paragraphs that they lost."""
    found = []
    for shard in range(len(task.judged)):
        rows = load_for_shard(store, task.twins, "lost", shard)
        docs = np.unique(rows["doc"][rows["row"] == WHOLE])
        found.append(np.int64(shard) << 32 | docs.astype(np.int64))
    return np.concatenate([np.zeros(0, np.int64), *found])


def _few(links: NDArray[Any], starts: NDArray[np.int32], gone: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which lost paragraphs at most :data:`SHARED_MAX` published documents share, the one that kept it counted."""
    if not len(links):
        return np.zeros(0, bool)
    losers = links["shard"].astype(np.int64) << 32 | links["doc"]
    keepers = links["twin_shard"].astype(np.int64) << 32 | links["twin_doc"]
    kept = np.stack((keepers, starts.astype(np.int64)), axis=1)
    _, paragraph = np.unique(kept, axis=0, return_inverse=True)
    pairs = np.unique(np.stack((paragraph, losers), axis=1)[~np.isin(losers, gone)], axis=0)
    counts = np.bincount(pairs[:, 0], minlength=int(paragraph.max()) + 1)
    few: NDArray[np.bool_] = counts[paragraph] < SHARED_MAX
    return few


def components(count: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of ``count`` nodes the least node that is connected to it by the edges ``a``-``b``.

    In each round every edge between two trees hangs the greater root under the lesser, and all trees are made flat:
    a few rounds, whatever the shape.
    """
    label = np.arange(count)
    while (open_edges := label[a] != label[b]).any():
        a, b = a[open_edges], b[open_edges]
        low = np.minimum(label[a], label[b])
        np.minimum.at(label, label[a], low)
        np.minimum.at(label, label[b], low)
        while (label[label] != label).any():
            label = label[label]
    return label
