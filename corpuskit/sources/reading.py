"""One file → its records. :data:`READERS` maps the kind of a file to its reader: a new format is one line there."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import IO, Final, cast

from corpuskit.recipe import Recipe
from corpuskit.sources.formats import Format, expanded, format_of
from corpuskit.sources.record import RawPage, Record
from corpuskit.sources.tables import page_record, read_csv, read_jsonl, read_parquet
from corpuskit.sources.text import decode, marked
from corpuskit.sources.unreadable import Unreadable
from corpuskit.sources.warc import read_warc

Found = Record | Unreadable
Reader = Callable[[IO[bytes], Format, Recipe], Iterator[Found | RawPage]]
PageReader = Callable[[RawPage], Found]


def _whole(stream: IO[bytes], recipe: Recipe) -> bytes:
    limit = recipe.limits.document_bytes
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"larger than {limit} bytes (limits.document_bytes)")
    return data


def _text(stream: IO[bytes], kind: Format, recipe: Recipe) -> Iterator[Found | RawPage]:
    data = _whole(stream, recipe)
    yield Record(decode(data), utf8=b"" if marked(data) else data)


def _html(stream: IO[bytes], kind: Format, recipe: Recipe) -> Iterator[Found | RawPage]:
    yield RawPage(_whole(stream, recipe))


def _jsonl(stream: IO[bytes], kind: Format, recipe: Recipe) -> Iterator[Found | RawPage]:
    return read_jsonl(_in_utf8(stream), recipe.columns, recipe.limits)


def _csv(stream: IO[bytes], kind: Format, recipe: Recipe) -> Iterator[Found | RawPage]:
    return read_csv(_in_utf8(stream), recipe.columns, recipe.limits, "\t" if kind.suffix == ".tsv" else ",")


def _parquet(stream: IO[bytes], kind: Format, recipe: Recipe) -> Iterator[Found | RawPage]:
    return read_parquet(stream, recipe.columns, recipe.limits)


def _warc(stream: IO[bytes], kind: Format, recipe: Recipe) -> Iterator[Found | RawPage]:
    return read_warc(stream, recipe.limits)


READERS: Final[dict[str, Reader]] = {
    "text": _text, "html": _html, "jsonl": _jsonl, "csv": _csv, "parquet": _parquet, "warc": _warc,
}  # fmt: skip


def read_records(raw: IO[bytes], name: str, recipe: Recipe, pages: PageReader = page_record) -> Iterator[Found]:
    """The records of the file ``name`` whose bytes are ``raw``; what cannot be read comes as :class:`Unreadable`.

    ``pages`` reads each HTML page that the file holds.
    """
    kind = format_of(name)
    if kind is None:
        yield Unreadable("unknown format")
        return
    stream = expanded(raw, kind.compression, recipe.limits.expansion)
    empty = True
    try:
        if kind.kind == "parquet" and kind.compression:
            stream = _in_memory(stream, recipe)
        for found in READERS[kind.kind](stream, kind, recipe):
            empty = False
            yield pages(found) if isinstance(found, RawPage) else found
        if empty:
            raise Unreadable("empty: no record in it")
    except Unreadable as error:
        yield error


def _in_utf8(stream: IO[bytes]) -> IO[bytes]:
    """A stream of lines. Raises :class:`Unreadable` where its mark says that it is in another encoding."""
    lines = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    if encoding := marked(lines.peek(4)[:4]):
        raise Unreadable(f"{encoding.upper()}: records are read from UTF-8; convert the file to it")
    return lines


def _in_memory(stream: IO[bytes], recipe: Recipe) -> IO[bytes]:
    """Parquet is read from its end: a compressed one has to be expanded first."""
    return io.BytesIO(_whole(stream, recipe))
