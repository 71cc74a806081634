"""Which documents the report shows: a draw that anyone can repeat, and that stays the same from version to version."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Documents in the report, and of these the most that are there because one rule touched them.
DOCUMENTS: Final = 200
PER_RULE: Final = 2


class Draw:
    """The smallest ids of a release, and the smallest among the documents that each rule touched.

    An id is a hash of where a document comes from (never of what it says), so that the smallest
    ids are a fair draw, and a document that was drawn once is drawn in the next version too.
    """

    def __init__(self) -> None:
        self._ids = pa.array([], pa.string())
        self._touched = pa.table({"rule": self._ids, "id": self._ids})

    def add(self, ids: Any, rules: Any | None) -> None:
        """Add rows of the data (``rules`` is none) or of the ledger (its column of rules)."""
        known = pc.unique(ids).drop_null()
        found = pc.unique(pa.chunked_array([self._ids, known]))
        self._ids = pc.take(found, pc.select_k_unstable(found, DOCUMENTS, [("", "ascending")]))
        if rules is not None:
            rows = pa.table({"rule": rules, "id": ids}).drop_null()
            self._touched = _first(pa.concat_tables([self._touched, rows]), PER_RULE)

    def drawn(self) -> list[str]:
        """Ids of the documents to show, in order; at most :data:`DOCUMENTS`."""
        chosen = dict.fromkeys([*self._touched.column("id").to_pylist(), *sorted(self._ids.to_pylist())])
        return sorted(list(chosen)[:DOCUMENTS])


def _first(rows: pa.Table, count: int) -> pa.Table:
    """The ``count`` smallest ids of each rule."""
    pairs = rows.group_by(["rule", "id"], use_threads=False).aggregate([])
    pairs = pairs.sort_by([("rule", "ascending"), ("id", "ascending")])
    rule = np.asarray(pairs.column("rule").combine_chunks().dictionary_encode().indices)
    starts = np.searchsorted(rule, rule)  # sorted by rule: where the run of each row's rule starts
    return pairs.filter(pa.array(np.arange(len(rule)) - starts < count))
