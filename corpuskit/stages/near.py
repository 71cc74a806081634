"""Near copies: documents that differ in small edits, found by MinHash of what the rules leave of them.

A document is the set of its stretches of :data:`SHINGLE` characters (folded as for
duplicates, without white space). One permutation with 128 bins, empty ones filled from
others (Li, Owen, Zhang 2012; Shrivastava, Li 2014), gives its signature. Two documents whose
signatures agree in one of 21 bands of 6 are compared, and linked if half of their bins agree:
nearly all pairs that share 80 % of their stretches, 9 in 10 of those that share 70 %, and of
those that share less than half hardly any, however large the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.stages.verdicts import slices
from corpuskit.store import store_at
from corpuskit.store.steps import Step, Store
from corpuskit.text.characters import code_points
from corpuskit.text.lines import Lines
from corpuskit.text.scan import key_points

if TYPE_CHECKING:
    from corpuskit.rules.findings import Batch
    from corpuskit.stages.across import NearTask

#: A band of a document's signature, and the document's number in its shard.
BAND: Final = np.dtype([("band", "<u8"), ("doc", "<i4")])
#: Two documents of the corpus that are linked, each by its shard and its number there.
LINK: Final = np.dtype([("shard", "<i4"), ("doc", "<i4"), ("twin_shard", "<i4"), ("twin_doc", "<i4")])
#: Characters to a stretch: two words of Thai, of which strangers share few.
SHINGLE: Final = 8
#: A document of fewer stretches says too little to be like another.
LEAST: Final = 64
BINS: Final = 128
ROWS: Final = 6
#: Bins of two signatures that must agree. One byte of each is kept: two agree by chance once in 256.
ALIKE: Final = BINS // 2
#: A byte of each bin of a document, as it is stored.
SIGNATURE: Final = np.dtype((np.void, BINS))
#: Pairs that are compared at once: 26 MB of signatures.
PAIRS: Final = 100_000
_EMPTY: Final = np.uint64(2**64 - 1)
#: Odd constants: 2^64 over the golden ratio, and the two of the finalizer of splitmix64.
_STEP, _MIX, _MIX2 = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
Hashes = NDArray[np.uint64]


class Traits:
    """What near copies share, of the documents of a shard."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.bands = [np.zeros(0, BAND)]
        self.signatures = [np.zeros(0, SIGNATURE)]

    def add(self, ids: Sequence[str], batch: Batch) -> None:
        """A batch of documents, of which the open lines stay."""
        bands, signatures = traits_of(batch.texts, batch.lines, batch.open)
        bands["doc"] += len(self.ids)
        self.bands.append(bands)
        self.signatures.append(signatures)
        self.ids += [int(key[:16], 16) for key in ids]

    def save(self, draft: Path) -> None:
        """Write ``ids.npy`` (64 bits of each), ``bands.npy`` (sorted) and ``signatures.npy``."""
        bands = np.concatenate(self.bands)
        np.save(draft / "ids.npy", np.array(self.ids, np.uint64))
        np.save(draft / "bands.npy", bands[np.lexsort((bands["doc"], bands["band"]))])
        np.save(draft / "signatures.npy", np.concatenate(self.signatures))


def traits_of(texts: Sequence[str], lines: Lines, living: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[np.void]]:
    """The bands of a batch of documents, of which the ``living`` lines stay, and a byte of each bin of each one."""
    rows = np.flatnonzero(living)
    bounds = np.searchsorted(lines.doc[rows], np.arange(len(texts) + 1)).tolist()
    stretches = list(zip(lines.start[rows].tolist(), lines.end[rows].tolist(), strict=True))
    left = ["".join(text[a:b] for a, b in stretches[bounds[i] : bounds[i + 1]]) for i, text in enumerate(texts)]
    hashes, docs = _shingles(left)
    long = np.bincount(docs, minlength=len(texts)) >= LEAST
    signatures = _signatures(hashes, docs, len(texts))
    bands = _bands(signatures[long])
    out = np.zeros(bands.size, BAND)
    out["band"], out["doc"] = bands.ravel(), np.repeat(np.flatnonzero(long), bands.shape[1])
    return out, signatures.astype(np.uint8).view(SIGNATURE)[:, 0]


def _shingles(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    """The hashes of all stretches of all texts, and the number of each one's text."""
    points = key_points(code_points("\n".join([*texts, ""]))).astype(np.uint64)
    told = points != 0x20
    points = points[told]
    ends = points == 0x0A
    docs = np.cumsum(ends) - ends
    size = max(len(points) - SHINGLE + 1, 0)
    hashes = np.zeros(size, np.uint64)
    for i in range(SHINGLE):
        hashes = hashes * _STEP + points[i : i + size]
    inside = docs[:size] == docs[len(docs) - size :]
    inside &= ~ends[len(docs) - size :]
    return _mixed(hashes[inside]), docs[:size][inside]


def _mixed(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(30))) * _MIX
    values = (values ^ (values >> np.uint64(27))) * _MIX2
    return values ^ (values >> np.uint64(31))


def _signatures(hashes: Hashes, docs: NDArray[np.int64], count: int) -> Hashes:
    """The least hash in each bin of each document; an empty bin takes that of the closest one, by XOR of numbers."""
    found = np.full(count * BINS, _EMPTY)
    bins = (hashes >> np.uint64(57)).astype(np.int64)
    np.minimum.at(found, docs * BINS + bins, hashes)
    own = found.reshape(count, BINS)
    filled = own.copy()
    numbers = np.arange(BINS)
    for step in range(1, BINS):
        empty = filled == _EMPTY
        if not empty.any():
            break
        filled = np.where(empty, own[:, numbers ^ step], filled)
    return filled


def _bands(signatures: Hashes) -> Hashes:
    """One hash for each :data:`ROWS` bins of each signature."""
    groups = signatures[:, : BINS // ROWS * ROWS].reshape(len(signatures), BINS // ROWS, ROWS)
    bands = np.arange(BINS // ROWS, dtype=np.uint64)[None, :] + np.zeros((len(signatures), 1), np.uint64)
    for row in range(ROWS):
        bands = _mixed(bands * _STEP + groups[:, :, row])
    return bands


def link(draft: Path, task: NearTask) -> None:
    """Link the documents that share a band of the partition, into ``draft``."""
    np.save(draft / "links.npy", _links(store_at(task.home), task))


def _links(store: Store, task: NearTask) -> NDArray[Any]:
    """Each document that shares a band is compared with the first that has it, and with the one before it."""
    found = list(slices((store.array(step, "bands.npy") for step in task.judged), "band", task.part))
    bands = np.concatenate(found)
    shards = np.repeat(np.arange(len(found), dtype=np.int32), [len(part) for part in found])
    order = np.lexsort((bands["doc"], shards, bands["band"]))
    bands, shards = bands[order], shards[order]
    opens = np.append(True, bands["band"][1:] != bands["band"][:-1])[: len(bands)]
    others = np.flatnonzero(~opens)
    first = np.flatnonzero(opens)[np.cumsum(opens)[others] - 1]
    links = np.zeros(2 * len(others), LINK)
    for half, twin in ((slice(len(others)), first), (slice(len(others), None), others - 1)):
        links["shard"][half], links["doc"][half] = shards[others], bands["doc"][others]
        links["twin_shard"][half], links["twin_doc"][half] = shards[twin], bands["doc"][twin]
    links = np.unique(links)
    return links[_alike(links, store, task.judged)]


def _alike(links: NDArray[Any], store: Store, judged: Sequence[Step]) -> NDArray[np.bool_]:
    """Of each link whether enough bins of the two documents agree."""
    parts = [np.zeros(0, np.int64)]
    for some in (links[at : at + PAIRS] for at in range(0, len(links), PAIRS)):
        ours = _signatures_of(store, judged, some["shard"], some["doc"])
        theirs = _signatures_of(store, judged, some["twin_shard"], some["twin_doc"])
        parts.append((ours == theirs).sum(axis=1))
    alike: NDArray[np.bool_] = np.concatenate(parts) >= ALIKE
    return alike


def _signatures_of(
    store: Store, judged: Sequence[Step], shards: NDArray[np.int32], docs: NDArray[np.int32]
) -> NDArray[np.uint8]:
    out = np.zeros(len(docs), SIGNATURE)
    for shard in np.unique(shards).tolist():
        mine = shards == shard
        first, last = int(docs[mine].min()), int(docs[mine].max())
        out[mine] = store.array(judged[shard], "signatures.npy")[first : last + 1][docs[mine] - first]
    return out.view(np.uint8).reshape(-1, BINS)
