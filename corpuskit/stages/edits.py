"""The table of edits of a batch: what :class:`~corpuskit.model.Edit` says of one document, in columns over many.

The edits of a document are sorted and disjoint, as those of a :class:`~corpuskit.model.Document` are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpuskit.model import Edit, Twin

Ints = NDArray[np.int64]
#: Numbers and offsets, as the table of lines has them or as edits do.
Places = NDArray[np.signedinteger[Any]]
Mask = NDArray[np.bool_]
#: Who decided an edit, on what evidence, what takes the place of the stretch, and the copy that was kept elsewhere.
REASONS: Final = pa.schema(
    [(name, pa.string()) for name in ("rule", "why", "new", "twin_id")] + [("twin_start", pa.int64())]
)


def place(doc: Places, at: Places) -> Ints:
    """One number for a document and a place in it, in their order."""
    return doc.astype(np.int64) << 32 | at


def reasons(rule: Any, why: Any, new: Any = None) -> pa.RecordBatch:
    """Rows of :data:`REASONS` from columns; nothing takes the place of the stretch if ``new`` is not given."""
    size = len(rule)
    new = pa.repeat("", size) if new is None else new
    return pa.record_batch([rule, why, new, pa.nulls(size, pa.string()), pa.nulls(size, pa.int64())], REASONS)


def by_rule(rule: str, why: Sequence[str], twins: Sequence[Twin | None]) -> pa.RecordBatch:
    """Rows of :data:`REASONS` of one rule that removes."""
    told = [(rule, evidence, "", *(twin or (None, None))) for evidence, twin in zip(why, twins, strict=True)]
    return pa.record_batch([list(column) for column in zip(*told, strict=True)], REASONS)


class Edits(NamedTuple):
    """Columns over the edits of a batch: document, code points from ``start`` to ``end``, and the row of its reason."""

    doc: Ints
    start: Ints
    end: Ints
    by: Ints
    reasons: pa.RecordBatch

    def at(self, mask: Mask | Ints) -> Edits:
        """The edits in these rows."""
        return Edits(self.doc[mask], self.start[mask], self.end[mask], self.by[mask], self.reasons)

    def in_order(self) -> Edits:
        """The edits by document and place."""
        return self.at(np.lexsort((self.start, self.doc)))

    def told(self) -> pa.RecordBatch:
        """The reason of each edit."""
        return self.reasons.take(pa.array(self.by))

    def objects(self) -> dict[int, list[Edit]]:
        """The edits of each document that has some."""
        found: dict[int, list[Edit]] = defaultdict(list)
        places = (column.tolist() for column in self[:3])
        told = (column.to_pylist() for column in self.told().columns)
        for doc, start, end, rule, why, new, twin_id, twin_start in zip(*places, *told, strict=True):
            found[doc].append(Edit(start, end, rule, new, why, None if twin_id is None else Twin(twin_id, twin_start)))
        return found

    def covered(self, others: Edits) -> Mask:
        """Which of ``others`` lie inside one of these edits."""
        before = np.searchsorted(place(self.doc, self.start), place(others.doc, others.start), side="right") - 1
        same = np.append(self.doc, -1)[before] == others.doc  # the sentinel is also what stands before the first one
        inside: Mask = same & (np.append(self.end, 0)[before] >= others.end)
        return inside

    def clashing(self) -> Ints:
        """The documents of which edits overlap, where the edits are in order."""
        clash = (self.doc[1:] == self.doc[:-1]) & (self.start[1:] < self.end[:-1])
        return np.unique(self.doc[1:][clash])

    def checked(self, sizes: Ints) -> Edits:
        """These edits of documents of so many code points.

        Raises :class:`ValueError` where they are not sorted, disjoint and inside their documents.
        """
        if np.any(self.start >= self.end) or np.any(self.end > sizes[self.doc]):
            raise ValueError("an edit is empty, or ends behind its document")
        if np.any(self.doc[1:] < self.doc[:-1]) or len(self.clashing()):
            raise ValueError("edits overlap or are out of order")
        return self


def of_objects(found: Mapping[int, Iterable[Edit]]) -> Edits:
    """The table of the edits of some documents."""
    rows = [(doc, edit) for doc, edits in sorted(found.items()) for edit in edits]
    places = np.array([(doc, edit.start, edit.end) for doc, edit in rows], np.int64).reshape(-1, 3)
    told = [(edit.rule, edit.why, edit.new, *(edit.twin or (None, None))) for _, edit in rows]
    columns = [list(column) for column in zip(*told, strict=True)] or [[] for _ in REASONS]
    doc, start, end = places.T
    return Edits(doc, start, end, np.arange(len(rows)), pa.record_batch(columns, REASONS))


def joined(*tables: Edits) -> Edits:
    """All edits of tables that have none in common, in order."""
    offsets = np.cumsum([0, *(len(table.reasons) for table in tables)])
    by = np.concatenate([table.by + offset for table, offset in zip(tables, offsets[:-1], strict=True)])
    doc, start, end = (np.concatenate(columns) for columns in list(zip(*tables, strict=True))[:3])
    return Edits(doc, start, end, by, pa.concat_batches([table.reasons for table in tables])).in_order()
