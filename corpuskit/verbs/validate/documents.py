"""Rows of ``default`` and ``removed`` put together again, document by document, in one pass over both.

Both are in source order, so that no more than one document is held at a time. What tells a
ledger row of a published document from one of a document that went whole is an index of
all ids as 16-byte hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from corpuskit.release.splits import split_in
from corpuskit.verbs.validate.report import Unusable
from corpuskit.verbs.validate.tables import Config, Published, Span

Hashes = NDArray[np.uint64]


class Found(NamedTuple):
    """A document of the release: its row (``None``: it went whole), its spans, and the ledger row of the first one.

    ``split`` is where its row stands; empty for a document that went whole.
    """

    id: str
    row: Published | None
    spans: Sequence[Span]
    first: int
    split: str = ""


class BrokenSpans(Exception):
    """The spans of a document do not fit together, or do not fit its published text."""


class Keys:
    """A set of 16-byte hashes: where in it stands a hash? 24 bytes a member."""

    def __init__(self, hashes: Hashes) -> None:
        self.order = np.lexsort((hashes[:, 1], hashes[:, 0]))
        self.sorted = hashes[self.order]

    def find(self, hashes: Hashes) -> NDArray[np.int64]:
        """The place of each hash among those of the set as they were given; -1 for one that is not in it."""
        out = np.full(len(hashes), -1)
        if not len(self.sorted):
            return out
        for side, back in (("left", 0), ("right", 1)):  # two members may share a half; three never do
            at = np.searchsorted(self.sorted[:, 0], hashes[:, 0], side) - back  # type: ignore[call-overload]
            at = np.clip(at, 0, len(self.sorted) - 1)
            hit = (self.sorted[at] == hashes).all(axis=1)
            out[hit] = self.order[at[hit]]
        return out

    def twice(self) -> tuple[int, int] | None:
        """The places of two equal hashes, if there are any."""
        same = np.flatnonzero((self.sorted[1:] == self.sorted[:-1]).all(axis=1))
        return (int(self.order[same[0]]), int(self.order[same[0] + 1])) if len(same) else None


def hash_of(text: str | None) -> bytes:
    """16 bytes that stand for a string; zeros for none."""
    return b"\0" * 16 if text is None else xxhash.xxh3_128_digest(text.encode())


def hashes_of(texts: Iterable[str | None]) -> Hashes:
    """Two numbers for each string; zeros for none."""
    return np.frombuffer(b"".join(map(hash_of, texts)), "<u8").reshape(-1, 2)


class Index:
    """The ids of a release: all are different, and the ledger names those of a split in the order of ``default``.

    Raises :class:`Unusable` when that is not so: then there is nothing to put together.
    ``splits`` says of each group of ledger rows in which split its document is published, by number; -1: in none.
    """

    def __init__(self, default: Config, removed: Config) -> None:
        published = Keys(_collect(default.column("id")))
        groups = _groups(removed)
        if again := published.twice():
            raise Unusable("ids", "default", f"two rows have the same id: rows {again[0]:,} and {again[1]:,}, from 0")
        if again := Keys(groups).twice():
            raise Unusable("ids", "removed", f"the spans of a document do not stand together: groups {again}")
        places = published.find(groups)
        sizes = [sum(map(len, split.column("id"))) for split in default.splits()]
        self.splits: NDArray[np.int64] = np.searchsorted(np.cumsum(sizes), places, side="right")
        self.splits[places < 0] = -1
        for split in range(len(sizes)):
            joined = places[self.splits == split]
            if (joined[1:] < joined[:-1]).any():
                raise Unusable("ids", "removed", "the ledger does not name the documents in the order of default")


def _collect(pieces: Iterable[Sequence[str | None]]) -> Hashes:
    parts = [hashes_of(piece) for piece in pieces]
    return np.concatenate(parts) if parts else np.zeros((0, 2), np.uint64)


def _groups(removed: Config) -> Hashes:
    """The documents that the ledger names, once for each run of rows with the same id."""
    runs = _collect([key for key, _ in groupby(piece)] for piece in removed.column("id"))
    opens = np.append(True, (runs[1:] != runs[:-1]).any(axis=1))[: len(runs)]
    return runs[opens & runs.any(axis=1)]


def walk(default: Config, removed: Config, index: Index, unreadable: list[Span]) -> Iterator[Found]:
    """All documents, those of each split in order; ledger rows without a document are added to ``unreadable``."""
    splits = default.splits()
    names = [split_in(split.names[0]) for split in splits]
    rows = [split.rows(Published) for split in splits]
    places = iter(index.splits.tolist())
    first = 0
    for key, group in groupby(removed.rows(Span), key=attrgetter("id")):
        spans = list(group)
        if key is None:
            unreadable += spans
        elif (split := next(places, -1)) < 0:
            yield Found(key, None, spans, first)
        else:
            for row in rows[split]:
                if row.id == key:
                    yield Found(key, row, spans, first, names[split])
                    break
                yield Found(row.id, row, (), first, names[split])
        first += len(spans)
    for name, left in zip(names, rows, strict=True):
        for row in left:
            yield Found(row.id, row, (), first, name)
    default.facts = [facts for split in splits for facts in split.facts]


def rebuilt(text: str, spans: Sequence[Span]) -> tuple[str, list[tuple[int, int]]]:
    """The source text, and the stretch of the published ``text`` that each span left (code points).

    Raises :class:`BrokenSpans`, saying where, when spans and text do not fit.
    """
    parts: list[str] = []
    left: list[tuple[int, int]] = []
    at = source_at = 0
    for span in spans:
        kept = text[at : at + span.start - source_at]
        if len(kept) < span.start - source_at:
            missing = f"{source_at + len(kept)} to {span.start}"
            raise BrokenSpans(f"characters {missing} are neither published nor in the ledger")
        at += len(kept)
        if not text.startswith(span.replacement, at):
            raise BrokenSpans(f"the replacement of {span.start}:{span.end} is not in the published text")
        left.append((at, at + len(span.replacement)))
        at += len(span.replacement)
        parts += (kept, span.text)
        source_at = span.end
    return "".join(parts) + text[at:], left
