"""Reader of WARC files: one record for each HTML or plain-text response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from corpuskit.recipe import Limits
from corpuskit.sources.record import Record, UnreadPage
from corpuskit.sources.text import decode
from corpuskit.sources.unreadable import Unreadable

HTML_TYPES: Final = ("text/html", "application/xhtml+xml")


def read_warc(stream: IO[bytes], limits: Limits) -> Iterator[Record | UnreadPage | Unreadable]:
    """Responses and resources of the types HTML and plain text; other records are no documents.

    A record cut short, or garbage after the last whole one, is reported with its number.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if record.rec_type in ("response", "resource", "conversion"):
                found = _read(record, f"record {number}", limits)
                if found is not None:
                    yield found
    except (ArchiveLoadFailed, OSError, ValueError, OverflowError, EOFError) as error:
        yield Unreadable(f"damaged WARC: {error}", f"after record {number}")


def _read(record: Any, where: str, limits: Limits) -> Record | UnreadPage | Unreadable | None:
    kind = _content_type(record)
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    key = record.rec_headers.get_header("WARC-Record-ID") or where
    if kind not in HTML_TYPES and kind != "text/plain":
        return None
    declared = int(record.rec_headers.get_header("Content-Length") or 0)
    data = record.content_stream().read(limits.document_bytes + 1)
    try:
        if len(data) > limits.document_bytes:
            raise Unreadable(f"larger than {limits.document_bytes} bytes (limits.document_bytes)")
        if record.raw_stream.limit > 0:
            raise Unreadable(f"cut short: {declared} bytes announced, {record.raw_stream.limit} missing")
        if kind == "text/plain":
            return Record(decode(data), key, where, fields={"url": url}, came_from={"url": "warc"})
        return UnreadPage(data, key, where, {"url": url})
    except Unreadable as error:
        return Unreadable(error.reason, where)


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
