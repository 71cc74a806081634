"""How documents and lines travel between stages: Arrow IPC files, one record batch for each batch of documents.

``docs.arrow`` and ``lines.arrow`` of a shard have the same batches. Columns of numbers
come back as numpy views of what was read, without a copy.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpuskit.text.lines import Lines

REPAIRS: Final = pa.list_(
    pa.struct(
        [("start", pa.int32()), ("end", pa.int32()), ("rule", pa.string()), ("new", pa.string()), ("why", pa.string())]
    )
)
#: One row for each document. ``view`` is the repaired text, see :func:`packed`;
#: offsets of lines and later edits count its code points. ``scripts`` holds 32 int32 counts by class.
DOCS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("source_path", pa.string()),
        ("source_where", pa.string()),
        ("source_sha256", pa.string()),
        ("basis", pa.string()),
        ("extractor", pa.string()),
        ("text", pa.string()),
        ("view", pa.binary()),
        ("repairs", REPAIRS),
        ("title", pa.string()),
        ("url", pa.string()),
        ("date", pa.string()),
        ("author", pa.string()),
        ("publisher", pa.string()),
        ("language", pa.string()),
        ("license", pa.string()),
        ("came_from", pa.string()),
        ("captions", pa.list_(pa.string())),
        ("site", pa.uint64()),
        ("scripts", pa.binary(128)),
    ]
)
#: What other shards ask of a shard's documents: which one keeps a paragraph.
NAMES: Final = pa.schema([DOCS.field(name) for name in ("id", "source_path")])
#: Columns of :class:`~corpuskit.text.lines.Lines` that are stored as numbers.
LINE_COLUMNS: Final = tuple(f.name for f in fields(Lines) if f.name not in ("scripts", "key"))
#: One row for each line: the columns above and its 128-bit key.
LINES: Final = pa.schema(
    [
        (name, {"shape": pa.uint64(), "first": pa.uint8(), "last": pa.uint8()}.get(name, pa.int32()))
        for name in LINE_COLUMNS
    ]
    + [("key", pa.binary(16))]
)


def texts_of(docs: pa.RecordBatch) -> list[str]:
    """The repaired text of each document."""
    wide = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return [str(view, "utf-16" if view.startswith(wide) else "ascii") for view in strings(docs, "view")]


def packed(text: str) -> bytes:
    """A text for :func:`texts_of`: in ASCII, or in UTF-16, which Python reads at six times the speed of UTF-8."""
    return text.encode("ascii" if text.isascii() else "utf-16")


def strings(batch: pa.RecordBatch, name: str) -> list[Any]:
    """A column as Python values."""
    values: list[Any] = batch.column(name).to_pylist()
    return values


def numbers(batch: pa.RecordBatch, name: str) -> NDArray[Any]:
    """A column of numbers as a numpy view."""
    view: NDArray[Any] = batch.column(name).to_numpy(zero_copy_only=True)
    return view


def lines_batch(lines: Lines) -> pa.RecordBatch:
    """The table of lines (without ``scripts``, which stands with the documents) as a record batch."""
    columns = {name: pa.array(getattr(lines, name)) for name in LINE_COLUMNS}
    keys = np.ascontiguousarray(lines.key)
    columns["key"] = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(keys), [None, pa.py_buffer(keys)])
    return pa.record_batch(columns, LINES)


def lines_from(batch: pa.RecordBatch, docs: pa.RecordBatch) -> Lines:
    """The table of lines of a stored batch."""
    columns = {name: numbers(batch, name) for name in LINE_COLUMNS}
    scripts = fixed(docs.column("scripts"), np.dtype((np.int32, 32)))
    return Lines(**columns, key=fixed(batch.column("key"), np.dtype("V16")), scripts=scripts)


def fixed(column: pa.FixedSizeBinaryArray, dtype: np.dtype[Any]) -> NDArray[Any]:
    """A fixed-size binary column as a numpy view of ``dtype``."""
    width = column.type.byte_width
    data = np.frombuffer(column.buffers()[1], np.uint8, len(column) * width, column.offset * width)
    return data.view(dtype) if dtype.subdtype is None else data.view(dtype.base).reshape(-1, *dtype.shape)


def one_by_one(docs: pa.RecordBatch, *tables: pa.RecordBatch) -> Iterator[list[pa.RecordBatch]]:
    """Each document of a batch as a batch of its own, with its rows of tables that have a column ``doc``."""
    for i in range(len(docs)):
        yield [docs.slice(i, 1), *(_of_document(table, i) for table in tables)]


def _of_document(table: pa.RecordBatch, doc: int) -> pa.RecordBatch:
    rows = table.filter(pc.equal(table.column("doc"), doc))
    return rows.set_column(rows.schema.get_field_index("doc"), "doc", pa.array(np.zeros(len(rows), np.int32)))


@contextmanager
def writer(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatchFileWriter]:
    """A writer of record batches to an IPC file, uncompressed: what reads it back wants no decoding."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as batches:
        yield batches


def read_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The record batches of an IPC file, one in memory at a time.

    Not mapped: pages of a map count as the worker's memory until the whole file is closed.
    """
    with pa.OSFile(str(path)) as source:
        reader = pa.ipc.open_file(source)
        for i in range(reader.num_record_batches):
            yield reader.get_batch(i)
