"""Parquet as a release writes it: schemas of the configs, writer options, and a digest of content without Parquet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: Content-defined page cuts, as the datasets library writes them (256 KiB to 1 MiB): small re-uploads.
CDC: Final = {"min_chunk_size": 262144, "max_chunk_size": 1048576, "norm_level": 0}
OPTIONS: Final[dict[str, Any]] = {
    "version": "2.6", "compression": "zstd", "use_dictionary": True, "write_statistics": True,
    "data_page_version": "1.0", "write_page_index": True, "use_content_defined_chunking": CDC,
}  # fmt: skip
#: A row group holds about this many bytes of Arrow data: dataset viewers scan whole groups.
GROUP_BYTES: Final = 32 * 1024 * 1024

DATA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("title", pa.string()),
        ("source_url", pa.string()),
        ("publisher", pa.string()),
        ("author", pa.string()),
        ("date", pa.date32()),
        ("language", pa.string()),
        ("captions", pa.list_(pa.string())),
        ("license", pa.string()),
        ("source_path", pa.string()),
        ("source_where", pa.string()),
        ("source_sha256", pa.string()),
        ("basis", pa.string()),
        ("n_chars", pa.int64()),
        ("n_paragraphs", pa.int64()),
        ("n_words", pa.int64()),
        ("n_source_chars", pa.int64()),
        ("n_removed_chars", pa.int64()),
        ("came_from", pa.string()),
        ("flags", pa.list_(pa.string())),
        ("cluster", pa.string()),
    ]
)
REMOVED: Final = pa.schema(
    [
        ("source_path", pa.string()),
        ("source_where", pa.string()),
        ("id", pa.string()),
        ("basis", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.string()),
        ("replacement", pa.string()),
        ("rule", pa.string()),
        ("why", pa.string()),
        ("twin_id", pa.string()),
        ("twin_start", pa.int64()),
        ("source_sha256", pa.string()),
    ]
)
PARAGRAPHS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("index", pa.int64()),
        ("text", pa.string()),
        ("start", pa.int64()),
        ("source_path", pa.string()),
    ]
)
SCHEMAS: Final = {"default": DATA, "removed": REMOVED, "paragraphs": PARAGRAPHS}


def as_columns(rows: Iterable[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows, each with its values in the order of ``schema``, as columns."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.record_batch(columns or [[] for _ in schema], schema)


class Writer:
    """Writes one file of a config, row groups cut at :data:`GROUP_BYTES`; no rows, no file.

    Keeps what the card and the manifest need: ``rows``, ``nbytes`` (Arrow bytes, as the
    datasets library counts them) and the content digest.
    """

    def __init__(self, path: Path, schema: pa.Schema, level: int) -> None:
        self.path, self.schema, self.level = path, schema, level
        self.rows = self.nbytes = 0
        self.digest = Digest(schema)
        self._open: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._bytes = 0

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        if table.num_rows:
            self._waiting.append(_compact(table))
            self._bytes += self._waiting[-1].nbytes
            if self._bytes >= GROUP_BYTES:
                self._flush()

    def close(self) -> None:
        """Finish the file."""
        if self._waiting:
            self._flush()
        if self._open is not None:
            self._open.add_key_value_metadata({"content_defined_chunking": json.dumps(CDC)})
            self._open.close()

    def facts(self) -> dict[str, Any]:
        """What the manifest says of the closed file: rows, Arrow bytes, digests, size in bytes."""
        data = self.path.read_bytes()
        return {
            "rows": self.rows,
            "nbytes": self.nbytes,
            "content": self.digest.hexdigest(),
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }

    def _flush(self) -> None:
        # one chunk for each group: the layout of chunks in memory would show in the bytes
        table = pa.concat_tables(self._waiting).combine_chunks()
        if self._open is None:
            self._open = pq.ParquetWriter(self.path, self.schema, compression_level=self.level, **OPTIONS)
        self._open.write_table(table, row_group_size=table.num_rows)
        self.rows, self.nbytes = self.rows + table.num_rows, self.nbytes + table.nbytes
        self.digest.add(table)
        self._waiting, self._bytes = [], 0


def _compact(table: pa.Table) -> pa.Table:
    """The table without bitmaps that say that nothing is null: bytes are counted, however a column came about."""
    return pa.table([pa.concat_arrays(column.chunks) for column in table.columns], schema=table.schema)


class Digest:
    """A sha256 of rows that does not depend on Parquet, its version, or how rows are cut into batches.

    For each column, in order: the validity and length of every value, and the bytes of
    all values, each in a running sha256; the digest is the sha256 of the columns' digests.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self.names = schema.names
        self.hashes = [tuple(hashlib.sha256(f"{f.name}:{f.type}:{part}".encode()) for part in "lv") for f in schema]

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        for column, (lengths, values) in zip(table.columns, self.hashes, strict=True):
            for chunk in column.chunks:
                _feed(chunk, lengths, values)

    def hexdigest(self) -> str:
        """The digest of all rows so far."""
        parts = [f"{n}={a.hexdigest()}{b.hexdigest()}" for n, (a, b) in zip(self.names, self.hashes, strict=True)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _feed(array: Any, lengths: Any, values: Any) -> None:
    valid = np.asarray(array.is_valid())
    if pa.types.is_string(array.type) or pa.types.is_list(array.type):
        offsets = np.frombuffer(array.buffers()[1], np.int32, len(array) + 1, array.offset * 4)
        lengths.update(np.where(valid, np.diff(offsets), -1).astype("<i8").tobytes())
        if pa.types.is_list(array.type):
            _feed(array.flatten(), lengths, values)
        elif offsets[-1] > offsets[0]:
            values.update(memoryview(array.buffers()[2])[offsets[0] : offsets[-1]])
    else:
        lengths.update(valid.tobytes())
        width = np.int32 if pa.types.is_date32(array.type) else np.int64
        values.update(np.asarray(array.cast(pa.int32() if width is np.int32 else pa.int64()).fill_null(0)).tobytes())


def digest_of(paths: Iterable[Path], schema: pa.Schema) -> str:
    """Content digest of the rows of Parquet files, in order."""
    digest = Digest(schema)
    for path in paths:
        for batch in pq.ParquetFile(path).iter_batches(1024):
            digest.add(pa.Table.from_batches([batch]))
    return digest.hexdigest()
