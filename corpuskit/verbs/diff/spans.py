"""The ledgers of two releases: which spans are only in one, and which another rule takes.

A span is told by its document, its text (but for white space at its ends, which goes with whichever line goes) and
what stands in its place, not by its offsets: these move when something before it changes. Memory is bounded: the
ledgers are compared a part of the documents at a time.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from corpuskit.errors import ReleaseError
from corpuskit.release.reading import ADVICE, batches_of
from corpuskit.verbs.diff.opened import ROWS, Hashes, Opened, column, hashes
from corpuskit.verbs.diff.result import Move, RuleChange

#: Rows of the larger ledger that are compared at a time: about 200 bytes for each row of both.
PART: Final = 1_000_000
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)

Numbers = NDArray[np.int64]


class Spans(NamedTuple):
    """Spans of a part of a ledger: a hash of what each is, the number of its rule, its code points."""

    key: Hashes
    rule: Numbers
    size: Numbers

    def at(self, rows: NDArray[Any]) -> Spans:
        """Some of them."""
        return Spans(self.key[rows], self.rule[rows], self.size[rows])


class Ledgers(NamedTuple):
    """What differs between two ledgers."""

    rules: tuple[RuleChange, ...]
    moves: tuple[Move, ...]


def compare_ledgers(old: Opened, new: Opened, part: int = PART) -> Ledgers:
    """Compare the spans of documents that both releases have read, published or not."""
    both = np.intersect1d(_known(old), _known(new))
    rows = max(sum(spans for spans, _ in release.rules.values()) for release in (old, new))
    parts = 1 + rows // part
    rules = sorted(old.rules.keys() | new.rules.keys())
    added, removed = Counter[int](), Counter[int]()
    moves: dict[tuple[int, int], list[int]] = {}
    for number in range(parts):
        before, after = (_spans(release, both[both % parts == number], rules) for release in (old, new))
        went, came = _unmatched(before, after)
        removed.update(went.rule.tolist())
        added.update(came.rule.tolist())
        _count_moves(went, came, moves)
    told = [Move(rules[a], rules[b], spans, size) for (a, b), (spans, size) in sorted(moves.items())]
    changes = (_change(old, new, rule, added[i], removed[i]) for i, rule in enumerate(rules))
    return Ledgers(tuple(filter(_differs, changes)), tuple(told))


def _change(old: Opened, new: Opened, rule: str, added: int, removed: int) -> RuleChange:
    before, after = (release.rules.get(rule, (0, 0)) for release in (old, new))
    return RuleChange(rule, (before[0], after[0]), (before[1], after[1]), added, removed)


def _differs(change: RuleChange) -> bool:
    pairs = (change.spans, change.characters, (change.added + change.removed, 0))
    return any(before != after for before, after in pairs)


def _known(release: Opened) -> Hashes:
    """The ids of the documents that a release has read, hashed and sorted."""
    published = column(release.tables.data, "id")
    batches = batches_of(release.tables.removed, ("id",), size=ROWS)
    removed = [np.unique(hashes(batch.column(0))) for batch in batches]
    known = np.unique(np.concatenate([published, *removed]))
    found: Hashes = known[known != 0]  # 0: what could not be read has no id
    return found


def _spans(release: Opened, ids: Hashes, rules: list[str]) -> Spans:
    """The spans of these documents."""
    numbers = {rule: i for i, rule in enumerate(rules)}
    parts = [Spans(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))]
    columns = ("id", "start", "end", "text", "replacement", "rule")
    for batch in batches_of(release.tables.removed, columns, size=ROWS):
        seeds = hashes(batch.column("id"))
        mine = np.flatnonzero(_is_in(seeds, ids))
        if len(mine):
            parts.append(_numbered(batch.take(mine), seeds[mine], numbers))
    return Spans(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _is_in(values: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which values the sorted array holds."""
    if not len(known):
        return np.zeros(len(values), bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values
    return found


def _numbered(batch: pa.RecordBatch, seeds: Hashes, numbers: dict[str, int]) -> Spans:
    texts, replacements = (batch.column(name).cast(pa.binary()).to_pylist() for name in ("text", "replacement"))
    start, end = (np.asarray(batch.column(name).fill_null(0), np.int64) for name in ("start", "end"))
    triples = zip(texts, replacements, seeds.tolist(), strict=True)
    keys = [
        xxhash.xxh3_64_intdigest(b"%b\0%b" % ((text or b"").strip(), new or b""), seed) for text, new, seed in triples
    ]
    try:
        rules = [numbers[rule] for rule in batch.column("rule").to_pylist()]
    except KeyError as rule:
        raise ReleaseError(f"the ledger has a rule {rule} that its manifest does not count; {ADVICE}") from None
    return Spans(np.array(keys, np.uint64), np.array(rules, np.int64), end - start)


def _unmatched(before: Spans, after: Spans) -> tuple[Spans, Spans]:
    """The spans that have no equal of the same rule on the other side."""
    mine, theirs = (_counted(_mixed(spans.key, spans.rule)) for spans in (before, after))
    return before.at(~np.isin(mine, theirs)), after.at(~np.isin(theirs, mine))


def _count_moves(went: Spans, came: Spans, moves: dict[tuple[int, int], list[int]]) -> None:
    """Pair what one rule took before and another takes now."""
    mine, theirs = _counted(went.key), _counted(came.key)
    _, at_old, at_new = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    pairs = zip(went.rule[at_old].tolist(), came.rule[at_new].tolist(), came.size[at_new].tolist(), strict=True)
    for rule, to, size in pairs:
        total = moves.setdefault((rule, to), [0, 0])
        total[0] += 1
        total[1] += size


def _counted(keys: Hashes) -> Hashes:
    """Keys, those that occur again told apart by how often they have: the nth meets the nth."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    opens = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(keys) else order
    ranks = np.zeros(len(keys), np.int64)
    ranks[order] = np.arange(len(keys)) - np.repeat(opens, np.diff([*opens, len(keys)]))
    return _mixed(keys, ranks)


def _mixed(keys: Hashes, numbers: Numbers) -> Hashes:
    return (keys ^ (numbers.astype(np.uint64) + np.uint64(1)) * _MIX) * _MIX
