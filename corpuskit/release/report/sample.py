"""The sampled documents: put together again from text and ledger, and shortened where only kept text is long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from corpuskit.display import show
from corpuskit.errors import ReleaseError
from corpuskit.model import Document, Piece
from corpuskit.release.reading import Row, Wanted, restored, rows_of
from corpuskit.release.report.figures import Figures, files_of
from corpuskit.release.report.palette import Swatch

#: Bytes of text (UTF-8) that the report holds at most; documents that come after are counted and left out.
BYTES: Final = 3_000_000
#: Code points of a document that are always shown whole. Beyond it, long stretches lose their middle.
WHOLE: Final = 6_000
#: Code points left at each end of a stretch that lost its middle.
EDGE: Final = 500
#: Stretches of a document that are shown; a page of thousands of repairs is cut here, and says so.
PIECES: Final = 1_500
#: Code points of a name, an address or a reason.
LABEL: Final = 300
#: Groups of copies that the report lists.
CLUSTERS: Final = 12

_DATA: Final = (
    "id", "text", "title", "source_url", "publisher", "author", "date", "language", "source_path", "source_where",
    "basis", "n_chars", "n_source_chars", "flags",
)  # fmt: skip
_LEDGER: Final = (
    "id", "source_path", "source_where", "basis", "start", "end", "text", "replacement", "rule", "why",
    "twin_id", "twin_start",
)  # fmt: skip

Json = dict[str, Any]


@dataclass(slots=True)
class Sample:
    """The documents of the report, in the order of their sources, and the largest groups of copies.

    ``left_out`` counts the documents that were drawn, and for whose texts there was no room.
    """

    documents: list[Json] = field(default_factory=list)
    rules: Sequence[Swatch] = ()
    clusters: list[Json] = field(default_factory=list)
    left_out: int = 0

    def json(self) -> Json:
        """What the script of the page reads."""
        rules = [{"name": show(rule.name), "kind": rule.kind, "line": rule.line} for rule in self.rules]
        return {"rules": rules, "documents": self.documents}


def sample_of(draft: Path, manifest: Row, figures: Figures, rules: Sequence[Swatch]) -> Sample:
    """Read the documents that were drawn, and the largest groups of copies."""
    drawn = figures.draw.drawn()
    largest = figures.copies.top(CLUSTERS).rows
    ledger: dict[str, list[Row]] = {key: [] for key in drawn}
    for row in rows_of(files_of(draft, manifest, "removed"), _LEDGER, Wanted(drawn, ("id",))):
        ledger[row["id"]].append(row)
    kept = {row[0] for row in largest}
    rows = rows_of(files_of(draft, manifest, "default"), _DATA, Wanted({*drawn, *kept}, ("id",)))
    found = {row["id"]: row if row["id"] in ledger else {**row, "text": ""} for row in rows}
    sample = Sample(rules=rules)
    numbers = {rule.name: i for i, rule in enumerate(rules)}
    _fill(sample, {key: (found.get(key), ledger[key]) for key in drawn}, numbers)
    excerpts = _excerpts(files_of(draft, manifest, "removed"), largest)
    sample.clusters = [_cluster(row, found.get(row[0]), excerpts.get(row[:2], "")) for row in largest]
    return sample


def pieces_of(document: Document, numbers: Mapping[str, int]) -> list[Json]:
    """The stretches of a document for the page: ``t`` is the text, whole or as ``[start, code points left out, end]``.

    An edit also has ``r``, the number of its rule, ``at`` and ``size`` (code points), ``w`` (why), and what
    it has of ``n`` (replacement, as ``t``) and ``twin`` (id of the document that kept the copy).
    """
    long = len(document.text) > WHOLE
    made: list[Json] = []
    at = 0
    for piece in document.pieces():
        if len(made) == PIECES:
            made.append({"t": ["", len(document.text) - at, ""]})
            break
        made.append({"t": _stretch(piece.text, long), **_decision(piece, numbers, long)})
        at += len(piece.text)
    return made


def _fill(sample: Sample, drawn: Mapping[str, tuple[Row | None, list[Row]]], numbers: Mapping[str, int]) -> None:
    left = BYTES
    for key, (row, ledger) in drawn.items():
        try:
            document = restored(row["text"] if row else "", ledger)
        except ReleaseError:  # `validate` says so; a report is no reason for a release to fail
            sample.left_out += 1
            continue
        made = _document(key, row or {}, ledger, document, numbers)
        left -= sum(_size(piece["t"]) + _size(piece.get("n", "")) for piece in made["pieces"])
        if left < 0 and sample.documents:
            sample.left_out += 1
        else:
            sample.documents.append(made)
    sample.documents.sort(key=lambda d: (d["path"], len(d["where"]), d["where"]))


def _size(stretch: str | list[str | int]) -> int:
    """Bytes of a stretch in UTF-8."""
    return len((stretch if isinstance(stretch, str) else f"{stretch[0]}{stretch[2]}").encode())


def _document(key: str, row: Row, ledger: list[Row], document: Document, numbers: Mapping[str, int]) -> Json:
    head = row or ledger[0]
    names = ("title", "source_url", "publisher", "author", "language")
    return {
        "id": key,
        "path": _label(head["source_path"]),
        "where": _label(head["source_where"]),
        "folder": _folder(head),
        **{name: _label(row.get(name)) for name in names},
        "date": str(row.get("date") or ""),
        "flags": [_label(flag) for flag in row.get("flags") or ()],
        "extracted": head["basis"] == "extracted",
        "published": bool(row),
        "chars": [len(document.text), row.get("n_chars", 0)],
        "pieces": pieces_of(document, numbers),
    }


def _folder(head: Row) -> str:
    """As :func:`~corpuskit.release.report.figures.folder_of`, of one row."""
    top, slash, _ = head["source_path"].partition("/")
    return _label(top + slash if slash else top if head["source_where"] else "")


def _stretch(text: str, long: bool) -> str | list[str | int]:
    return [text[:EDGE], len(text) - 2 * EDGE, text[-EDGE:]] if long and len(text) > 2 * EDGE else text


def _decision(piece: Piece, numbers: Mapping[str, int], long: bool) -> Json:
    edit = piece.edit
    if edit is None:
        return {}
    made: Json = {"r": numbers[edit.rule], "at": edit.start, "size": edit.end - edit.start, "w": _label(edit.why)}
    if edit.new:
        made["n"] = _stretch(edit.new, long)
    if edit.twin:
        made["twin"] = edit.twin.id
    return made


def _excerpts(files: Sequence[Path], largest: Sequence[tuple[Any, ...]]) -> dict[tuple[str, int], str]:
    """The start of one copy of each group; a group is looked for until it is found."""
    wanted = {(row[0], row[1]) for row in largest}
    found: dict[tuple[str, int], str] = {}
    for path in files:
        if wanted:
            copies = Wanted({key for key, _ in wanted}, ("twin_id",))
            for row in rows_of([path], ("twin_id", "twin_start", "text"), copies):
                found.setdefault((row["twin_id"], row["twin_start"]), row["text"][:LABEL])
            wanted -= found.keys()
    return found


def _cluster(row: tuple[Any, ...], kept: Row | None, excerpt: str) -> Json:
    twin, _, rule, copies, taken = row
    path = _label(kept["source_path"]) if kept else ""
    return {"id": twin, "rule": rule, "copies": copies, "taken": taken, "path": path, "text": excerpt.strip()[:160]}


def _label(text: str | None) -> str:
    text = text or ""
    start = text[:LABEL]
    # what Python calls printable holds nothing that `show` would change; most names are
    return (start if start.isprintable() else show(start)) + (" …" if len(text) > LABEL else "")
