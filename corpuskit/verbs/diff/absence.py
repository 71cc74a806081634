"""Why a document of one release is not in the other: what the other one's ledger and list of sources say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from corpuskit.recipe.withdrawals import item_digest
from corpuskit.release.reading import batches_of
from corpuskit.verbs.diff.opened import ROWS, Opened

#: Rules that take a document whole → the kind of absence.
WHOLE: Final = {"duplicate-document": "duplicate", "filtered": "filtered"}
#: Rules that a document of which nothing was left names.
NAMED: Final = 3


class Place(NamedTuple):
    """Where a document stands: its id, its source, and the record in it."""

    id: str
    source_path: str
    source_where: str


class Absence(NamedTuple):
    """``no source``, ``no record``, ``withdrawn``, ``unreadable``, ``emptied`` or one of :data:`WHOLE`; more of it."""

    kind: str
    why: str = ""


@dataclass(slots=True)
class _Ledger:
    """What a ledger says of some documents and sources."""

    whole: dict[str, Absence] = field(default_factory=dict)
    spans: dict[str, Counter[str]] = field(default_factory=dict)
    unreadable: dict[tuple[str, str], str] = field(default_factory=dict)


def absences(other: Opened, places: Sequence[Place]) -> list[Absence]:
    """Why each of these documents is not published in ``other``."""
    if not places:
        return []
    paths = {place.source_path for place in places}
    ledger = _read(other, {place.id for place in places}, paths)
    sources = paths.intersection(_values(other, "source_path"))
    return [_absence(place, other, ledger, sources) for place in places]


def _absence(place: Place, other: Opened, ledger: _Ledger, sources: set[str]) -> Absence:
    names = {item_digest("id", place.id), item_digest("file", place.source_path)} if other.withdrawn else set()
    if names & other.withdrawn:
        return Absence("withdrawn")
    if place.id in ledger.whole:
        return ledger.whole[place.id]
    if place.id in ledger.spans:
        return Absence("emptied", ", ".join(rule for rule, _ in ledger.spans[place.id].most_common(NAMED)))
    for where in (place.source_where, ""):
        if (place.source_path, where) in ledger.unreadable:
            return Absence("unreadable", ledger.unreadable[place.source_path, where])
    return Absence("no record" if place.source_path in sources else "no source")


def _read(other: Opened, ids: set[str], paths: set[str]) -> _Ledger:
    found = _Ledger()
    for row in _rows(other, ids):
        if row["id"] is None:
            if row["source_path"] in paths:
                found.unreadable[row["source_path"], row["source_where"] or ""] = row["why"] or ""
        elif row["rule"] in WHOLE:
            found.whole[row["id"]] = Absence(WHOLE[row["rule"]], row["why"] or "")
        else:
            spans = found.spans.setdefault(row["id"], Counter())
            spans[row["rule"]] += (row["end"] or 0) - (row["start"] or 0)
    return found


def _rows(other: Opened, ids: set[str]) -> Iterator[dict[str, Any]]:
    """The ledger's rows of these documents, and of no document; only these become objects."""
    columns = ("id", "source_path", "source_where", "start", "end", "rule", "why")
    for batch in batches_of(other.tables.removed, columns, size=ROWS):
        keys = batch.column("id").to_pylist()
        mine = [i for i, key in enumerate(keys) if key is None or key in ids]
        yield from batch.take(mine).to_pylist() if mine else ()


def _values(other: Opened, name: str) -> Iterable[str]:
    for batch in batches_of([other.sources], (name,), size=ROWS):
        yield from batch.column(0).to_pylist()
