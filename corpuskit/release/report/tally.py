"""Sums by key over tables of any size, in Arrow, within a fixed memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

#: Keys that a tally carries from batch to batch. Beyond it the smallest are forgotten (see :class:`Tally`).
KEYS: Final = 100_000


class Top(NamedTuple):
    """The largest groups, the sums over all the others, and how many others there are.

    ``exact`` is false when keys had to be forgotten: then what is said of a group is the least that it can be.
    """

    rows: list[tuple[Any, ...]]
    rest: tuple[int, ...]
    others: int
    exact: bool


class Tally:
    """Sums of whole numbers, by one or more key columns.

    A corpus may have more hosts or paragraphs with copies than memory has room for. Past
    ``2 * limit`` keys the largest ``limit`` stay, as in the algorithm of Misra and Gries (1982): what
    is large keeps its place, and only the small end of a long tail is blurred.
    """

    def __init__(self, keys: Sequence[str], sums: Sequence[str], limit: int = KEYS) -> None:
        self.keys, self.sums, self.limit = list(keys), list(sums), limit
        self.exact = True
        self._parts: list[pa.Table] = []
        self._rest = [0] * len(self.sums)
        self._forgotten = 0

    def add(self, table: pa.Table) -> None:
        """Add the rows of a table that has the key columns and the columns to sum."""
        self._parts.append(self._summed(table.select([*self.keys, *self.sums])))
        if sum(map(len, self._parts)) > 2 * self.limit and len(self._merged()) > 2 * self.limit:
            self._forget()

    def groups(self) -> pa.Table:
        """All groups that are carried: the key columns and the sums."""
        if self._parts:
            return self._ordered()
        types = dict.fromkeys(self.keys, pa.string()) | dict.fromkeys(self.sums, pa.int64())
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})

    def top(self, count: int) -> Top:
        """The ``count`` groups with the largest first sum; equal ones in the order of their keys."""
        if not self._parts:
            return Top([], tuple(self._rest), 0, self.exact)
        ordered = self._ordered()
        shown, others = ordered.slice(0, count), ordered.slice(count)
        rows = list(zip(*(column.to_pylist() for column in shown.columns), strict=True))
        rest = tuple(a + b for a, b in zip(self._rest, self._totals(others), strict=True))
        return Top(rows, rest, len(others) + self._forgotten, self.exact)

    def _summed(self, table: pa.Table) -> pa.Table:
        grouped = table.group_by(self.keys, use_threads=False).aggregate([(name, "sum") for name in self.sums])
        sums = [f"{name}_sum" for name in self.sums]
        return grouped.select([*self.keys, *sums]).rename_columns([*self.keys, *self.sums])

    def _merged(self) -> pa.Table:
        """The groups of all parts as one: to merge them costs more than to wait until there are many."""
        if len(self._parts) > 1:
            self._parts = [self._summed(pa.concat_tables(self._parts))]
        return self._parts[0]

    def _ordered(self) -> pa.Table:
        return self._merged().sort_by([(self.sums[0], "descending"), *((key, "ascending") for key in self.keys)])

    def _totals(self, table: pa.Table) -> list[int]:
        return [pc.sum(table.column(name)).as_py() or 0 for name in self.sums]

    def _forget(self) -> None:
        ordered = self._ordered()
        lost = ordered.slice(self.limit)
        self._rest = [a + b for a, b in zip(self._rest, self._totals(lost), strict=True)]
        self._forgotten += len(lost)
        self._parts, self.exact = [ordered.slice(0, self.limit)], False
