"""The documents of two releases, joined by id and compared column by column.

No document becomes an object unless it changed. Memory: about 80 bytes for each, and what the changed ones are told by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow.parquet as pq
import xxhash
from numpy.typing import NDArray

from corpuskit.errors import ReleaseError
from corpuskit.release.reading import ADVICE, batches_of, readable
from corpuskit.release.splits import split_in
from corpuskit.verbs.diff.absence import Place, absences
from corpuskit.verbs.diff.opened import ROWS, Hashes, Opened, column
from corpuskit.verbs.diff.result import DocumentChange

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

#: Columns that follow from the text: they are no change of their own where it changed.
COUNTED: Final = ("n_chars", "n_paragraphs", "n_words", "n_source_chars", "n_removed_chars")
#: Columns that say where a record stands in its file, and what else is in the file: no change of the document.
PLACED: Final = ("source_where", "source_sha256")
#: What stands among the columns for the split of a document.
SPLIT: Final = "split"
#: Kinds of absence, told of a document that is gone and of one that is new.
GONE: Final = {
    "no source": "its source is gone",
    "no record": "its record is gone from the source",
    "unreadable": "now unreadable",
    "filtered": "now filtered",
    "duplicate": "now a duplicate",
    "withdrawn": "withdrawn",
    "emptied": "nothing of it is left",
}
CAME: Final = {
    "no source": "a new source",
    "no record": "a new record",
    "unreadable": "was unreadable",
    "filtered": "was filtered",
    "duplicate": "was a duplicate",
    "withdrawn": "was withdrawn",
    "emptied": "nothing of it was left",
}


class Documents(NamedTuple):
    """What became of the documents; ``fields`` counts the documents in which a column differs."""

    changes: tuple[DocumentChange, ...]
    kept: int
    fields: Mapping[str, int]


class Join(NamedTuple):
    """The rows of documents that both releases have, in the same order, and which rows have no partner."""

    old: Places
    new: Places
    gone: Mask
    came: Mask


def compare_documents(old: Opened, new: Opened) -> Documents:
    """What became of the documents of ``old`` in ``new``, and which are new there."""
    join = _join(_ids(old), _ids(new))
    differs, renamed = {}, {}
    for name in _shared(old, new):
        before, after = (column(release.tables.data, name) for release in (old, new))
        differs[name] = before[join.old] != after[join.new]
        if name == "text":
            renamed = _renamed(before, after, join)
    before, after = (_splits(release) for release in (old, new))
    differs[SPLIT] = before[join.old] != after[join.new]
    for name in COUNTED:
        if name in differs:
            differs[name] &= ~differs["text"]
    touched: Mask = np.zeros(len(join.old), bool)
    for name in differs.keys() - {*PLACED}:
        touched |= differs[name]
    changes = (*_moved(old, new, join, renamed), *_changed(new, join, differs, touched), *_added(old, new, join.came))
    fields = {name: int(rows.sum()) for name, rows in differs.items() if rows.any()}
    return Documents(changes, len(touched) - int(touched.sum()), fields)


def _splits(release: Opened) -> Hashes:
    """The split of each document, hashed: the file that it stands in says it."""
    found = [np.zeros(0, np.uint64)]
    for path in release.tables.data:
        with readable(path):
            rows = pq.ParquetFile(path).metadata.num_rows
        found.append(np.full(rows, xxhash.xxh3_64_intdigest(split_in(path.name).encode()), np.uint64))
    return np.concatenate(found)


def _ids(release: Opened) -> Hashes:
    ids = column(release.tables.data, "id")
    if len(np.unique(ids)) != len(ids):
        raise ReleaseError(f"{release.side.name} {release.side.version} has an id twice; {ADVICE}")
    return ids


def _join(old: Hashes, new: Hashes) -> Join:
    _, at_old, at_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    gone, came = np.ones(len(old), bool), np.ones(len(new), bool)
    gone[at_old] = came[at_new] = False
    return Join(at_old, at_new, gone, came)


def _shared(old: Opened, new: Opened) -> list[str]:
    names = new.schemas["default"].names
    return [name for name in names if name in old.schemas["default"].names and name != "id"]


def _renamed(before: Hashes, after: Hashes, join: Join) -> dict[int, int]:
    """Row of a document that is gone → row of a new one with the same text; each row once, in order.

    They count no longer as gone and new.
    """
    waiting: dict[int, list[int]] = {}
    for row in np.flatnonzero(join.came)[::-1].tolist():
        waiting.setdefault(int(after[row]), []).append(row)
    pairs = {}
    for row in np.flatnonzero(join.gone).tolist():
        if found := waiting.get(int(before[row])):
            pairs[row] = found.pop()
    join.gone[list(pairs)] = join.came[list(pairs.values())] = False
    return pairs


def _moved(old: Opened, new: Opened, join: Join, renamed: Mapping[int, int]) -> Iterator[DocumentChange]:
    """Documents of the old release that have another id or are gone, in its order."""
    gone = [row for _, row in _rows(old, join.gone)]
    for row, absence in zip(gone, absences(new, [_place(row) for row in gone]), strict=True):
        yield _change("removed", row, GONE[absence.kind], absence.why)
    found = dict(_rows(new, _mask(join.came, renamed.values())))
    for number, row in _rows(old, _mask(join.gone, renamed)):
        was = " ".join(filter(None, _place(row)[1:]))
        yield _change("renamed", found[renamed[number]], "another id, the same text", was, old_id=row["id"])


def _changed(new: Opened, join: Join, differs: Mapping[str, Mask], touched: Mask) -> Iterator[DocumentChange]:
    number = dict(zip(join.new[touched].tolist(), np.flatnonzero(touched).tolist(), strict=True))
    for at, row in _rows(new, _mask(join.came, number)):
        fields = tuple(name for name, differ in differs.items() if differ[number[at]])
        yield _change("changed", row, _what(fields), "", fields)


def _what(fields: Sequence[str]) -> str:
    """What of a document changed, in a word."""
    if "text" in fields:
        return "text"
    if SPLIT in fields:
        return "another split"
    return "metadata" if set(fields).difference(COUNTED, PLACED) else "only what was removed"


def _added(old: Opened, new: Opened, came: Mask) -> Iterator[DocumentChange]:
    rows = [row for _, row in _rows(new, came)]
    for row, absence in zip(rows, absences(old, [_place(row) for row in rows]), strict=True):
        yield _change("added", row, CAME[absence.kind], absence.why)


def _change(
    kind: str, row: Mapping[str, Any], reason: str, why: str, fields: tuple[str, ...] = (), old_id: str = ""
) -> DocumentChange:
    return DocumentChange(kind, *_place(row), row["n_chars"] or 0, reason, why, fields, old_id)


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["id"] or "", row["source_path"] or "", row["source_where"] or "")


def _mask(like: Mask, rows: Iterable[int]) -> Mask:
    """True in these rows alone."""
    mask = np.zeros(len(like), bool)
    mask[list(rows)] = True
    return mask


def _rows(release: Opened, wanted: Mask) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a mask, with their numbers; only these become objects."""
    done = 0
    for batch in batches_of(release.tables.data, ("id", "source_path", "source_where", "n_chars"), size=ROWS):
        mine = np.flatnonzero(wanted[done : done + len(batch)])
        rows = batch.take(mine).to_pylist() if len(mine) else []
        yield from zip((mine + done).tolist(), rows, strict=True)
        done += len(batch)


def reasons_of(changes: Sequence[DocumentChange]) -> str:
    """The reasons of documents in words, the most frequent first: ``now filtered (3), withdrawn (1)``."""
    counts = Counter(change.reason for change in changes if change.reason)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{reason} ({number:,})" for reason, number in counts.most_common())
