"""A release as a comparison opens it, and its columns as hashes: 8 bytes for a value, however long it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash
from numpy.typing import NDArray

from corpuskit.errors import ReleaseError
from corpuskit.filenames import FOLDERS, MANIFEST, SOURCES, SUMS
from corpuskit.recipe.withdrawals import withdrawn_items
from corpuskit.release.reading import ADVICE, Tables, UnreadableSource, batches_of, read_manifest, readable, tables_of
from corpuskit.release.sums import release_id
from corpuskit.verbs.diff.result import Side

#: Rows that are looked at together.
ROWS: Final = 1 << 14
#: Columns without which documents and spans cannot be told apart.
NEEDED: Final = {
    "default": ("id", "text", "source_path", "source_where", "n_chars"),
    "removed": ("id", "text", "source_path", "source_where", "start", "end", "replacement", "rule", "why"),
}

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Opened:
    """A release: what its manifest says, its files, and the schema of each config that has some.

    ``withdrawn`` are digests: they tell whether something that one knows was withdrawn.
    """

    side: Side
    manifest: Mapping[str, Any]
    rules: Mapping[str, tuple[int, int]]
    unreadable: tuple[UnreadableSource, ...]
    withdrawn: frozenset[str]
    tables: Tables
    sources: Path
    schemas: Mapping[str, pa.Schema]


def opened(release: str | Path) -> Opened:
    """Open a release. Raises :class:`ReleaseError` for what is none, or is too damaged to compare."""
    path = Path(release)
    tables, manifest = tables_of(path), read_manifest(path)
    try:
        rules = {str(rule): (int(n["spans"]), int(n["characters"])) for rule, n in manifest["rules"].items()}
        found = manifest["quarantined"]
        unreadable = tuple(UnreadableSource(str(q["path"]), str(q.get("line", "")), str(q["reason"])) for q in found)
        side = _side(path, manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReleaseError(f"{path / 'manifest.json'} is damaged: {error!r}; {ADVICE}") from None
    withdrawn = frozenset(withdrawn_items(path / MANIFEST))
    return Opened(side, manifest, rules, unreadable, withdrawn, tables, path / SOURCES, dict(_schemas(path)))


def _side(path: Path, manifest: Mapping[str, Any]) -> Side:
    try:
        key = release_id((path / SUMS).read_bytes())
    except OSError as error:
        raise ReleaseError(f"{path} is no release: {SUMS}: {error.strerror}") from None
    counts = manifest["counts"]
    told = (int(counts["published"]), int(counts["chars"]))
    released = str((manifest.get("recipe") or {}).get("released") or "")
    return Side(str(manifest["name"]), str(manifest["version"]), released, key, *told)


def _schemas(release: Path) -> Iterator[tuple[str, pa.Schema]]:
    for config, folder in FOLDERS.items():
        for path in sorted((release / folder).glob("*.parquet"))[:1]:
            with readable(path):
                schema = pq.read_schema(path)
            missing = [name for name in NEEDED.get(config, ()) if name not in schema.names]
            if missing:
                raise ReleaseError(f"cannot compare {path}: it has no column {', '.join(missing)}; {ADVICE}")
            yield config, schema


def column(files: Sequence[Path], name: str) -> Hashes:
    """A hash of every value of a column, in order."""
    found = [hashes(batch.column(0)) for batch in batches_of(files, (name,), size=ROWS)]
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def hashes(values: Any) -> Hashes:
    """A 64-bit hash of each value of an Arrow array; 0 for null."""
    if pa.types.is_string(values.type):
        raw = values.cast(pa.binary()).to_pylist()
    else:
        raw = [None if value is None else repr(value).encode() for value in values.to_pylist()]
    return np.array([0 if value is None else xxhash.xxh3_64_intdigest(value) for value in raw], np.uint64)
