"""The Parquet files of a release, read row group by row group; what the manifest says of them is noted on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpuskit.release.parquet import SCHEMAS, Digest
from corpuskit.release.splits import split_in
from corpuskit.verbs.validate.files import Files
from corpuskit.verbs.validate.report import Unusable, quoted

#: What pyarrow raises over a damaged file.
DAMAGE: Final = (pa.ArrowException, OSError, ValueError)
#: Rows that are Python objects at a time.
ROWS: Final = 256
#: Columns that are never null; in the ledger, the second group is null for unreadable sources only.
FILLED: Final = {
    "default": (
        "id", "text", "language", "captions", "source_path", "source_sha256", "basis", "n_chars", "n_paragraphs",
        "n_source_chars", "n_removed_chars", "flags",
    ),
    "removed": ("source_path", "rule", "why"),
    "paragraphs": ("id", "index", "text", "start", "source_path"),
    "sources": ("source_path", "sha256", "bytes", "records"),
}  # fmt: skip
FILLED_SPAN: Final = ("basis", "start", "end", "text", "replacement", "source_sha256")


class Config:
    """The files of one config; ``facts`` is what the manifest says of each, once :meth:`tables` has read them all.

    Raises :class:`Unusable` for a file that is no Parquet of the right schema, or whose
    values no release holds.
    """

    def __init__(self, release: Path, config: str, files: Files, split: str = "") -> None:
        self.release, self.config, self.files = release, config, files
        self.names = [name for name in files.of_config(config) if split in ("", split_in(name))]
        self.facts: list[dict[str, Any]] = []

    def splits(self) -> list[Config]:
        """The splits of this config that have files, each by itself."""
        found = dict.fromkeys(map(split_in, self.names))
        return [Config(self.release, self.config, self.files, split) for split in found]

    def check_schemas(self) -> None:
        """Open every file, and read no rows yet."""
        for name in self.names:
            with guarded(name):
                check_schema(name, pq.ParquetFile(self.release / name), SCHEMAS[self.config])

    def tables(self) -> Iterator[pa.Table]:
        """The row groups of all files, in order, each checked."""
        facts = []
        for name in self.names:
            digest, rows, size = Digest(SCHEMAS[self.config]), 0, 0
            for table in row_groups(self.release, name, SCHEMAS[self.config], self.config):
                digest.add(table)
                rows, size = rows + table.num_rows, size + arrow_bytes(table)
                yield table
            sums = {"sha256": self.files.sha256[name], "bytes": self.files.size[name]}
            facts.append({"path": name, "rows": rows, "nbytes": size, "content": digest.hexdigest(), **sums})
        self.facts = facts

    def rows(self, kind: type[Any], columns: Sequence[str] = ()) -> Iterator[Any]:
        """All rows as ``kind``, a named tuple of columns; a table is Python objects :data:`ROWS` at a time."""
        for table in self.tables():
            for batch in table.select(columns or kind._fields).to_batches(max_chunksize=ROWS):
                yield from map(kind._make, zip(*(column.to_pylist() for column in batch.columns), strict=True))

    def column(self, name: str) -> Iterator[list[Any]]:
        """One column, in pieces; the rest of the files is not read."""
        for file in self.names:
            with guarded(file):
                for batch in pq.ParquetFile(self.release / file).iter_batches(1 << 14, columns=[name]):
                    yield batch.column(0).to_pylist()

    def __bool__(self) -> bool:
        return bool(self.names)


@contextmanager
def guarded(name: str) -> Iterator[None]:
    """Turns what pyarrow raises over a damaged file into :class:`Unusable`."""
    try:
        yield
    except DAMAGE as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise Unusable("schema", name, f"cannot be read as Parquet: {reason}") from None


def row_groups(release: Path, name: str, schema: pa.Schema, config: str) -> Iterator[pa.Table]:
    """The row groups of one file as tables of one chunk, schema and values checked."""
    with guarded(name):
        file = pq.ParquetFile(release / name)
        check_schema(name, file, schema)
        for group in range(file.num_row_groups):
            table = file.read_row_group(group).combine_chunks()
            table.validate(full=True)
            _check_values(name, table, config)
            yield table


def check_schema(name: str, file: pq.ParquetFile, schema: pa.Schema) -> None:
    """Columns and types exactly as a build writes them, at least one row, and no metadata that old readers refuse."""
    found = file.schema_arrow
    if not file.metadata.num_rows:
        raise Unusable("schema", name, "no rows: load_dataset cannot read such a file")
    if found.names != schema.names:
        wrong = next((a, b) for a, b in _pairs(found.names, schema.names) if a != b)
        raise Unusable("schema", name, f"column {quoted(wrong[0])} where {quoted(wrong[1])} belongs")
    for there, due in zip(found, schema, strict=True):
        if not there.equals(due):
            raise Unusable("schema", name, f"column {due.name!r} is {there.type}, not {due.type}")
    keys = {*(found.metadata or {}), *(file.metadata.metadata or {})}
    if b"huggingface" in keys:
        raise Unusable("schema", name, "'huggingface' metadata: datasets before 4.0 cannot read it")


def _pairs(found: Sequence[str], due: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    for i in range(max(len(found), len(due))):
        yield found[i] if i < len(found) else None, due[i] if i < len(due) else None


def _check_values(name: str, table: pa.Table, config: str) -> None:
    """Nulls where none belong, and NUL characters."""
    for column in FILLED[config]:
        if table.column(column).null_count:
            raise Unusable("schema", name, f"a null in column {column!r}")
    if config == "removed":
        span = table.column("id").is_valid()
        for column in FILLED_SPAN:
            if pc.any(pc.and_not(span, table.column(column).is_valid())).as_py():
                raise Unusable("schema", name, f"a null in column {column!r} of a span")
    for field in table.schema:
        if pa.types.is_string(field.type) and pc.any(pc.match_substring(table.column(field.name), "\0")).as_py():
            raise Unusable("schema", name, f"a NUL character in column {field.name!r}")


def arrow_bytes(table: pa.Table) -> int:
    """Size of a table as the writer counted it (``pyarrow.Table.nbytes``), whatever buffers its reader made."""
    return sum(_array_bytes(column.combine_chunks()) for column in table.columns)


def _array_bytes(array: Any) -> int:
    size: int = (len(array) + 7) // 8 if array.null_count else 0
    if pa.types.is_string(array.type):
        return size + 4 * len(array) + (pc.sum(pc.binary_length(array)).as_py() or 0)
    if pa.types.is_list(array.type):
        return size + 4 * len(array) + _array_bytes(array.flatten())
    return size + len(array) * int(array.type.bit_width) // 8


class Published(NamedTuple):
    """What the checks need of a row of ``default``."""

    id: str
    text: str
    source_url: str | None
    language: str
    date: Any
    source_path: str
    source_where: str | None
    source_sha256: str
    basis: str
    n_chars: int
    n_paragraphs: int
    n_words: int | None
    n_source_chars: int
    n_removed_chars: int
    flags: list[str]
    cluster: str | None


class Span(NamedTuple):
    """A row of ``removed``."""

    source_path: str
    source_where: str | None
    id: str | None
    basis: str
    start: int
    end: int
    text: str
    replacement: str
    rule: str
    why: str
    twin_id: str | None
    twin_start: int | None
    source_sha256: str
