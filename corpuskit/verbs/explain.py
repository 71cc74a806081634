"""``explain``: a document of a release put together again, with every edit in place.

The published text and the ledger are enough: what was kept and what was removed, in
order, are the source. Nothing but the release is read, so that ``explain`` works where
the sources are long gone, and shows what the release itself says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpuskit.errors import ReleaseError, SourceError, UsageError
from corpuskit.filenames import MANIFEST, SOURCES
from corpuskit.model import Document, Edit
from corpuskit.recipe.withdrawals import names_of, withdrawn_items
from corpuskit.release.reading import ADVICE, Row, Tables, UnreadableSource, Wanted, restored, rows_of, tables_of

_SHOWN: Final = ("id", "source_path", "source_where", "basis", "text", "n_source_chars")
_LEDGER: Final = (
    "id", "source_path", "source_where", "basis",
    "start", "end", "text", "replacement", "rule", "why", "twin_id", "twin_start",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trace:
    """A document with all that was decided about it.

    ``document`` holds its source text and edits; ``twins`` the source path of each kept
    copy that an edit names, by id. ``published`` is false for a document of which nothing was left.
    """

    id: str
    source_path: str
    source_where: str
    basis: str
    document: Document
    published: bool
    twins: Mapping[str, str] = field(default_factory=dict)


class Explanation(NamedTuple):
    """What became of a source: its documents, and what could not be read of it."""

    documents: list[Trace]
    unreadable: list[UnreadableSource]

    def plain(self) -> dict[str, Any]:
        """All of it in plain JSON types."""
        return {"documents": list(map(_plain, self.documents)), "unreadable": list(map(asdict, self.unreadable))}


def explain(name: str, release: str | Path) -> Explanation:
    """What became of one source of a release, by its path or by the id of one of its documents.

    A path may be longer or shorter than the one in the release (``seeds/th/a.txt`` for ``th/a.txt``) as long as
    it means one source. Raises :class:`SourceError` for a name that the release does not hold.
    """
    release = Path(release)
    tables = tables_of(release)
    found = traced(tables, name)
    if any(found):
        return found
    if was_withdrawn(name, release):
        raise SourceError(f"{name} was withdrawn: {release} holds nothing of it, and does not say what it was")
    return traced(tables, meant(name, release))


def document_of(release: str | Path, name: str) -> list[Trace]:
    """The documents of a release with this source path or id, put together from data and ledger alone."""
    return traced(tables_of(Path(release)), name).documents


def traced(tables: Tables, name: str = "") -> Explanation:
    """The documents with this source path or id (all documents, without a name), and what could not be read."""
    names = Wanted([name]) if name else None
    shown = {row["id"]: row for row in rows_of(tables.data, _SHOWN, names)}
    ledger: dict[str, list[Row]] = {key: [] for key in shown}
    unreadable = []
    for row in rows_of(tables.removed, _LEDGER, names):
        if row["id"] is None:
            unreadable.append(UnreadableSource(row["source_path"], row["source_where"] or "", row["why"] or ""))
        else:
            ledger.setdefault(row["id"], []).append(row)
    twins = _paths_of(tables, {row["twin_id"] for rows in ledger.values() for row in rows if row["twin_id"]})
    traces = [_trace(shown.get(key), rows, twins) for key, rows in ledger.items()]
    return Explanation(sorted(traces, key=_place), unreadable)


def _plain(trace: Trace) -> dict[str, Any]:
    told = {name: getattr(trace, name) for name in ("id", "source_path", "source_where", "basis", "published")}
    edits = [_plain_edit(piece.text, piece.edit, trace) for piece in trace.document.pieces() if piece.edit]
    return told | {"source_text": trace.document.text, "text": trace.document.clean, "edits": edits}


def _plain_edit(text: str, edit: Edit, trace: Trace) -> dict[str, Any]:
    told = {"start": edit.start, "end": edit.end, "rule": edit.rule, "why": edit.why, "text": text}
    told["replacement"] = edit.new
    if edit.twin is None:
        return told
    return told | {"twin_id": edit.twin.id, "twin_path": trace.twins[edit.twin.id], "twin_start": edit.twin.start}


def _trace(shown: Row | None, rows: Sequence[Row], paths: Mapping[str, str]) -> Trace:
    head = shown or rows[0]
    try:
        document = restored(shown["text"] if shown else "", rows)
    except ReleaseError as error:
        raise ReleaseError(f"{head['source_path']}: {error}; {ADVICE}") from None
    if shown and len(document.text) != shown["n_source_chars"]:
        raise ReleaseError(f"{head['source_path']}: kept and removed text do not make the source; {ADVICE}")
    twins = {row["twin_id"]: paths.get(row["twin_id"], "") for row in rows if row["twin_id"]}
    where = head["source_where"] or ""
    return Trace(head["id"], head["source_path"], where, head["basis"], document, shown is not None, twins)


def _place(trace: Trace) -> tuple[str, list[int]]:
    """Sorts records of one file by the numbers of their lines."""
    return trace.source_path, [int(number) for number in re.findall("[0-9]+", trace.source_where)]


def _paths_of(tables: Tables, ids: set[str]) -> dict[str, str]:
    """The source path of each of these documents."""
    rows = rows_of(tables.data, ("id", "source_path"), Wanted(ids)) if ids else ()
    return {row["id"]: row["source_path"] for row in rows}


def was_withdrawn(name: str, release: Path) -> bool:
    """Whether the recipe of a release has withdrawn something of this name: an id, an address, or a path's end."""
    return not withdrawn_items(release / MANIFEST).isdisjoint(names_of(name))


def meant(name: str, release: Path) -> str:
    """The source of the release that this path means."""
    path = name.replace("\\", "/").removeprefix("./")
    sources = [row["source_path"] for row in rows_of([release / SOURCES], ("source_path",))]
    meant = [s for s in sources if f"/{path}".endswith(f"/{s}") or f"/{s}".endswith(f"/{path}")]
    if len(meant) == 1:
        return str(meant[0])
    if meant:
        raise UsageError(f"{name} may mean {', '.join(meant[:5])}: name one of them")
    raise SourceError(f"{release} holds no source {name}: give a path as in its sources.parquet, or a document's id")
