"""Reader of WARC files: one record for each HTML or plain-text response."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, Final

from corpuskit.recipe import Limits
from corpuskit.sources.bodies import body_of
from corpuskit.sources.encoding import named_charset
from corpuskit.sources.record import Record, UnreadPage, one_line
from corpuskit.sources.text import check_text, decode
from corpuskit.sources.unreadable import Unreadable

HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
#: Types that say nothing, as browsers read them (WHATWG MIME Sniffing): the first bytes tell whether it is a page.
NO_TYPES: Final = ("", "*/*", "unknown/unknown", "application/unknown")
_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)[\s>]", re.IGNORECASE)
_TYPE: Final = re.compile(r"[^;,\s]*")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w:.+-]+)", re.IGNORECASE)


def read_warc(stream: IO[bytes], limits: Limits) -> Iterator[Record | UnreadPage | Unreadable]:
    """Responses and resources of the types HTML and plain text; those of other types are counted in one row.

    A record cut short, or garbage after the last whole one, is reported with its number.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    others: Counter[str] = Counter()
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if record.rec_type in ("response", "resource", "conversion"):
                found = _read(record, f"record {number}", limits)
                if isinstance(found, str):
                    others[found] += 1
                else:
                    yield found
    except Unreadable as error:
        yield Unreadable(error.reason, f"after record {number}")
    except (ArchiveLoadFailed, OSError, ValueError, OverflowError, EOFError) as error:
        yield Unreadable(f"damaged WARC: {error}; nothing behind it is read", f"after record {number}")
    if others:
        named = ", ".join(f"{kind[:40]} {count}" for kind, count in sorted(others.items())[:8])
        yield Unreadable(f"neither HTML nor plain text: {named}", f"{others.total()} records of other types")


def _read(record: Any, where: str, limits: Limits) -> Record | UnreadPage | Unreadable | str:
    """What a record holds; the name of its type when that is no text."""
    said = _header(record, "Content-Type")
    kind = _TYPE.match(said.strip().strip("'\"").lower())[0]  # type: ignore[index]  # it matches the empty string
    if kind not in (*HTML_TYPES, *NO_TYPES, "text/plain"):
        return str(kind)
    url = one_line(record.rec_headers.get_header("WARC-Target-URI"))
    key = one_line(record.rec_headers.get_header("WARC-Record-ID")) or where
    charset = found[1] if (found := _CHARSET.search(said)) else ""
    try:
        data = body_of(record, limits.document_bytes)
        if kind in NO_TYPES and not _PAGE.match(data):
            return kind or "no type"
        if kind == "text/plain":
            return Record(_plain_text(data, charset), key, where, fields={"url": url}, came_from={"url": "warc"})
        return UnreadPage(data, key, where, {"url": url}, charset)
    except Unreadable as error:
        return Unreadable(error.reason, where)


def _plain_text(data: bytes, charset: str) -> str:
    """The text of a response: UTF-8, or strictly what its charset says."""
    try:
        return decode(data)
    except Unreadable:
        if (name := named_charset(charset)) is None:
            raise
        try:
            return check_text(data.decode(name))
        except UnicodeDecodeError as error:
            raise Unreadable(f"neither UTF-8 nor {name}, as declared: byte {error.start} does not fit") from None


def _header(record: Any, name: str) -> str:
    return (record.http_headers or record.rec_headers).get_header(name) or ""
