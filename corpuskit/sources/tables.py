"""Readers of record files: JSONL, CSV and Parquet. A bad record is unreadable by itself, with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields as dataclass_fields
from itertools import chain
from typing import IO, Any, Final

import orjson
import pyarrow as pa

from corpuskit.recipe.tables import Columns, Limits
from corpuskit.sources.record import FIELDS, RawPage, Record, one_line
from corpuskit.sources.text import check_text, decode
from corpuskit.sources.unreadable import Unreadable

Found = Record | RawPage | Unreadable

#: What a line may hold instead of an object, in words.
_JSON_NAMES: Final = {list: "an array", str: "a string", int: "a number", float: "a number", bool: "a boolean"} | {
    type(None): "null"
}
#: What stands between the values of a table: a comma, a semicolon where commas are decimal, a tab, a bar.
DELIMITERS: Final = (",", ";", "\t", "|")
_SEP: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
#: What reading damaged Parquet raises.
DAMAGED: Final = (pa.ArrowException, OSError, ValueError, LookupError, OverflowError)


def read_jsonl(stream: IO[bytes], columns: Columns, limits: Limits, first_line: int = 1) -> Iterator[Found]:
    """One record for each line that holds JSON; ``first_line`` is the number of the stream's first line."""
    number = first_line - 1
    try:
        while line := stream.readline(limits.document_bytes + 1):
            number += 1
            if len(line) > limits.document_bytes:
                raise Unreadable(f"longer than {limits.document_bytes} bytes (limits.document_bytes)", f"line {number}")
            if line.strip():
                yield _from_json(line, columns, number)
    except Unreadable as error:
        yield Unreadable(error.reason, error.where or f"after line {number}")


def _from_json(line: bytes, columns: Columns, number: int) -> Found:
    where = f"line {number}"
    try:
        values = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return Unreadable(f"malformed JSON: {error.msg} at character {error.pos}", where)
    if not isinstance(values, dict):
        return Unreadable(f"{_JSON_NAMES[type(values)]}, not an object: write one object to a line", where)
    return _record(values, columns, where, str(number))


def read_csv(stream: IO[bytes], columns: Columns, limits: Limits, delimiter: str = ",") -> Iterator[Found]:
    """One record for each row; the first row names the columns.

    Its values are delimited by ``delimiter`` unless the header names the text or page only under another of
    :data:`DELIMITERS`, or the first line says otherwise (``sep=;``, as Excel writes it).
    """
    csv.field_size_limit(limits.document_bytes)
    lines = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    number, header = 0, None
    try:
        rows = _csv_rows(lines, columns, delimiter)
        for number, row in enumerate(rows):
            if not row:  # an empty line
                continue
            if header is None:
                header = row
                _check_header(header, columns)
            elif len(row) != len(header):
                yield Unreadable(f"{len(row)} values in a row, the header names {len(header)}", f"row {number}")
            else:
                yield _record(dict(zip(header, row, strict=True)), columns, f"row {number}", str(number))
    except csv.Error as error:
        advice = "nothing behind it is read: write a quotation mark inside a quoted value twice"
        yield Unreadable(f"malformed CSV at line {rows.line_num}: {error}; {advice}", f"after row {number}")
    except Unreadable as error:
        yield Unreadable(error.reason, f"after row {number}" if number else "")


def _csv_rows(lines: Iterable[str], columns: Columns, usual: str) -> Any:
    """A reader of the rows, made for what delimits their values."""
    lines, opening = iter(lines), []
    for line in lines:
        opening.append(line)
        if line.strip():
            break
    first = opening[-1] if opening else ""
    if said := _SEP.fullmatch(first):
        opening[-1] = "\n"  # it counts as a line
        return csv.reader(chain(opening, lines), delimiter=said[1], strict=True)
    return csv.reader(chain(opening, lines), delimiter=_delimiter(first, columns, usual), strict=True)


def _delimiter(header: str, columns: Columns, usual: str) -> str:
    """The first of ``usual`` and :data:`DELIMITERS` under which the header names the text or page; else ``usual``."""
    for delimiter in (usual, *DELIMITERS):
        with suppress(csv.Error):  # told when the rows are read
            if not _heads(columns).isdisjoint(next(csv.reader([header], delimiter=delimiter), ())):
                return delimiter
    return usual


def _check_header(header: list[str], columns: Columns) -> None:
    """Raises :class:`Unreadable` when no column is the text or page, or two have the name of one that is read."""
    for name in (getattr(columns, field.name) for field in dataclass_fields(columns)):
        if header.count(name) > 1:
            raise Unreadable(f"{header.count(name)} columns are called {name!r}: rename all but one")
    if _heads(columns).isdisjoint(header):
        raise _no_text(header, columns)


def _heads(columns: Columns) -> set[str]:
    """Names that the column of the text or page may have."""
    return {name for path in (columns.text, columns.html) for name in (path, path.split(".")[0])}


def _no_text(have: Iterable[object], columns: Columns) -> Unreadable:
    named = ", ".join(name[:40] for name in sorted(map(str, have))[:8])
    return Unreadable(f"no column {columns.text!r} (has: {named}); set [columns] text in the recipe")


def read_parquet(
    stream: IO[bytes], columns: Columns, limits: Limits, groups: Iterable[int] | None = None
) -> Iterator[Found]:
    """One record for each row of the row groups ``groups`` (all of them by default)."""
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream, coerce_int96_timestamp_unit="us")
        have = file.schema_arrow.names
        _check_header(have, columns)
    except Unreadable as error:
        yield error
        return
    except DAMAGED as error:
        yield Unreadable(f"damaged Parquet: {str(error).splitlines()[0]}")
        return
    wanted = [getattr(columns, f.name).split(".")[0] for f in dataclass_fields(columns)]
    wanted += [getattr(columns, f.name) for f in dataclass_fields(columns)]
    names = [name for name in dict.fromkeys(wanted) if name in have]
    for group in range(file.num_row_groups) if groups is None else groups:
        row = sum(file.metadata.row_group(g).num_rows for g in range(group))
        try:
            for batch in file.iter_batches(256, [group], columns=names):
                for values in _rows(batch):
                    row += 1
                    yield _record(values, columns, f"row {row}", str(row))
        except DAMAGED as error:
            reason = f"damaged Parquet: {str(error).splitlines()[0]}; nothing behind it in its row group is read"
            yield Unreadable(reason, f"after row {row}")


def _rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """The rows of a batch; a value that Python cannot hold is ``None``, one that is no UTF-8 its bytes."""
    wanted = pa.schema([field.with_type(_in_microseconds(field.type)) for field in batch.schema])
    if wanted != batch.schema:
        batch = batch.cast(wanted, safe=False)
    try:
        return batch.to_pylist()  # type: ignore[no-any-return]
    except (ValueError, OverflowError, LookupError):
        names = batch.schema.names
        return [dict(zip(names, map(_cell, row), strict=True)) for row in zip(*batch.columns, strict=True)]


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    """The type whose times Python can hold: it counts no nanoseconds."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_in_microseconds(field.type)) for field in kind])
    return kind


def _cell(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except (ValueError, OverflowError, LookupError) as error:
        if isinstance(value, pa.StructScalar):
            return {name: _cell(inner) for name, inner in value.items()}
        undecoded = isinstance(error, UnicodeDecodeError) and hasattr(value, "as_buffer")
        return value.as_buffer().to_pybytes() if undecoded else None


def _record(values: Mapping[str, Any], columns: Columns, where: str, number: str) -> Found:
    text, html = value_at(values, columns.text), value_at(values, columns.html)
    own = value_at(values, columns.id)
    known = {name: one_line(value_at(values, getattr(columns, name))) for name in FIELDS}
    known["date"] = _day(known["date"])
    fields = {name: value for name, value in known.items() if value}
    key = one_line(own) or number
    try:
        if text is not None and (text or not html):  # CSV has no null: a text that is empty beside a page is none
            plain = decode(text) if isinstance(text, bytes) else check_text(_string(text, columns.text))
            return Record(plain, key, where, fields=fields, came_from=dict.fromkeys(fields, "record"))
        if html is None:
            if columns.text in values:
                raise Unreadable(f"column {columns.text!r} is null")
            raise _no_text(values, columns)
        return RawPage(html if isinstance(html, bytes) else _string(html, columns.html).encode(), key, where, fields)
    except Unreadable as error:
        return Unreadable(error.reason, where)


def page_record(raw: RawPage) -> Record | Unreadable:
    """The record of an HTML page; what the record itself says goes before what the page says."""
    try:
        return _page_record(*raw)
    except Unreadable as error:
        return Unreadable(error.reason, raw.where)


def _page_record(html: bytes, key: str, where: str, known: Mapping[str, str], charset: str) -> Record:
    from corpuskit.sources.html import read_html

    page = read_html(html, url=known.get("url"), charset=charset)
    said = {
        "title": page.title,
        "url": page.source_url,
        "date": page.date.isoformat() if page.date else None,
        "author": page.author,
        "publisher": page.publisher,
        "language": page.language,
    }
    fields = {name: line for name, value in said.items() if (line := one_line(value))} | dict(known)
    came_from = {name: at for name, at in page.came_from.items() if name not in said or name in fields}
    came_from |= dict.fromkeys(known, "record")
    return Record(check_text(page.text), key, where, "extracted", page.extractor, fields, came_from, page.captions)


def value_at(values: Mapping[str, Any], path: str) -> Any:
    """The value of a column; ``a.b`` reaches into the struct ``a`` unless a column has that very name."""
    if path in values or "." not in path:
        return values.get(path)
    head, _, rest = path.partition(".")
    inner = values.get(head)
    return value_at(inner, rest) if isinstance(inner, Mapping) else None


def _string(value: Any, column: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"column {column!r} holds a {type(value).__name__}, not text")
    return value


def _day(said: str) -> str:
    """The day that a record's date names, in ISO; empty where it names none: a year alone, one before 1900."""
    from corpuskit.annotate.dates import parse_iso

    day = parse_iso(said) if said else None
    return day.isoformat() if day else ""
