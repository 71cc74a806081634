"""A release that is read: its manifest, its tables row by row, and its documents put together again.

``explain``, ``index``, ``diff`` and the report read releases so. ``validate``, which must not trust what it reads,
has readers of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpuskit.errors import ReleaseError
from corpuskit.filenames import MANIFEST
from corpuskit.model import Document, Edit, Twin
from corpuskit.recipe import names_release

Row = Mapping[str, Any]

#: What to do about a release that contradicts itself.
ADVICE: Final = "'corpuskit validate' says what else is wrong"


@dataclass(frozen=True, slots=True)
class UnreadableSource:
    """A source that a release lists as unreadable, or the record in it at ``source_where``, and why."""

    source_path: str
    source_where: str
    reason: str


class Tables(NamedTuple):
    """The data files and the ledger files of a release, in order."""

    data: tuple[Path, ...]
    removed: tuple[Path, ...]


class Wanted(NamedTuple):
    """Rows of which one of ``columns`` holds one of ``values``: by default, those with a source path or an id."""

    values: Collection[str]
    columns: Sequence[str] = ("source_path", "id")


def read_manifest(release: Path) -> dict[str, Any]:
    """The manifest of a release. Raises :class:`ReleaseError` when there is none, or one that cannot be read."""
    path = release / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        if not {"name", "version", "counts", "rules"} <= manifest.keys():
            raise ValueError("it is no manifest of a release")
        if not names_release(manifest["name"], manifest["version"]) or not isinstance(manifest["counts"], dict):
            raise ValueError("its name, version or counts are none")
        if not all(isinstance(count, dict) for count in manifest["rules"].values()):
            raise ValueError("it counts no rules")
    except FileNotFoundError:
        raise ReleaseError(f"no release at {release}: name a folder that 'corpuskit build' wrote") from None
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise ReleaseError(f"cannot read {path}: {error}; {ADVICE}") from None
    return dict(manifest)


def tables_of(release: Path) -> Tables:
    """The files of a release. Raises :class:`ReleaseError` for a folder that is none."""
    if not (release / MANIFEST).is_file():
        raise ReleaseError(f"no release at {release}: name a folder that 'corpuskit build' wrote")
    data, removed = (tuple(sorted((release / folder).glob("*.parquet"))) for folder in ("data", "removed"))
    if not data:
        raise ReleaseError(f"{release} holds no documents: its folder data is gone; {ADVICE}")
    return Tables(data, removed)


def rows_of(files: Sequence[Path], columns: Sequence[str], wanted: Wanted | None = None) -> Iterator[dict[str, Any]]:
    """Rows of Parquet files, all of them or those ``wanted``.

    Raises :class:`ReleaseError` for a file that cannot be read.
    """
    for batch in batches_of(files, columns, wanted):
        yield from batch.to_pylist()


def batches_of(
    files: Sequence[Path], columns: Sequence[str], wanted: Wanted | None = None, size: int = 1024
) -> Iterator[Any]:
    """The rows of :func:`rows_of` as Arrow record batches of ``size`` rows or fewer."""
    import pyarrow.parquet as pq

    for path in files:
        with readable(path):
            file, wide = pq.ParquetFile(path), list(columns)
            if wanted is None:
                yield from file.iter_batches(size, columns=wide)
            else:
                yield from _picked(file, wide, wanted, size)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns what pyarrow raises over a damaged file into :class:`ReleaseError`."""
    import pyarrow as pa

    if not path.is_file():  # opening a pipe would wait for its other end
        raise ReleaseError(f"cannot read {path}: it is no file; {ADVICE}")
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ReleaseError(f"cannot read {path}: {reason}; {ADVICE}") from None


def _picked(file: Any, columns: list[str], wanted: Wanted, size: int) -> Iterator[Any]:
    """The rows that are wanted, in batches.

    An id is a hash, so that no statistics tell where it stands: values are looked for in the columns
    that may hold them, and the others are read of the row groups that have one.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pa.array(sorted(wanted.values), pa.string())
    for group in range(file.num_row_groups):
        masks = [pc.is_in(column, values) for column in file.read_row_group(group, columns=[*wanted.columns]).columns]
        mask = reduce(pc.or_, masks)
        if pc.any(mask).as_py():
            yield from file.read_row_group(group, columns=columns).filter(mask).to_batches(size)


def restored(published: str, rows: Iterable[Row]) -> Document:
    """The document whose published text is ``published`` and whose ledger rows are ``rows``, in order.

    Raises :class:`ReleaseError` where the two contradict each other: the message says at which code point.
    """
    parts: list[str] = []
    edits: list[Edit] = []
    at = shown = 0  # how much of the source and of the published text is accounted for
    for row in rows:
        edit, old = _edit(row), row["text"]
        kept = published[shown : shown + max(0, edit.start - at)]
        shown += len(kept)
        whole = len(kept) == edit.start - at and len(old) == edit.end - edit.start
        if not whole or not published.startswith(edit.new, shown):
            raise ReleaseError(f"the ledger contradicts the text at {edit.start}:{edit.end} ({edit.rule})")
        parts += [kept, old]
        edits.append(edit)
        at, shown = edit.end, shown + len(edit.new)
    return Document("".join(parts) + published[shown:], tuple(edits))


def _edit(row: Row) -> Edit:
    twin = Twin(row["twin_id"], row["twin_start"] or 0) if row["twin_id"] else None
    try:
        return Edit(row["start"], row["end"], row["rule"], row["replacement"] or "", row["why"] or "", twin)
    except (TypeError, ValueError) as error:
        raise ReleaseError(f"a row of the ledger is damaged: {error}") from None
