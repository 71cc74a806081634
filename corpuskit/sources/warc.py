"""Reader of WARC files: one record for each HTML or plain-text response."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, Final, NamedTuple

from corpuskit.recipe.tables import Limits
from corpuskit.sources.bodies import body_of
from corpuskit.sources.encoding import named_charset
from corpuskit.sources.record import RawPage, Record, one_line
from corpuskit.sources.text import check_text, decode
from corpuskit.sources.unreadable import Unreadable

HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
#: Types that say nothing, as browsers read them (WHATWG MIME Sniffing): the first bytes tell whether it is a page.
NO_TYPES: Final = ("", "*/*", "unknown/unknown", "application/unknown")
_STATUS: Final = re.compile("[1-9][0-9]{2}")
_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)[\s>]", re.IGNORECASE)
_TYPE: Final = re.compile(r"[^;,\s]*")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w:.+-]+)", re.IGNORECASE)


def read_warc(stream: IO[bytes], limits: Limits) -> Iterator[Record | RawPage | Unreadable]:
    """Responses and resources of the types HTML and plain text; others are counted, in a row for each reason.

    A response is a page when its status says that it is the one asked for (2xx): what servers write about moved and
    missing pages is none. A record cut short, or garbage after the last whole one, is reported with its number.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    others = _Others(Counter(), Counter())
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if found := _read(record, f"record {number}", limits, others):
                yield found
    except Unreadable as error:
        yield Unreadable(error.reason, f"after record {number}")
    except (ArchiveLoadFailed, OSError, ValueError, OverflowError, EOFError) as error:
        yield Unreadable(f"damaged WARC: {error}; nothing behind it is read", f"after record {number}")
    if others.types:
        reason = f"neither HTML nor plain text: {_counted(others.types)}"
        yield Unreadable(reason, f"{others.types.total()} records of other types")
    if others.statuses:
        reason = f"moved, missing, failed: by status {_counted(others.statuses)}"
        yield Unreadable(reason, f"{others.statuses.total()} responses that are no pages")


class _Others(NamedTuple):
    """Records that hold no document: how many of each type, and of each status."""

    types: Counter[str]
    statuses: Counter[str]


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind[:40]} {count}" for kind, count in sorted(kinds.items())[:8])


def _read(record: Any, where: str, limits: Limits, others: _Others) -> Record | RawPage | Unreadable | None:
    """What a record holds; ``None`` when that is no document: one that should be is counted in ``others``."""
    if record.rec_type not in ("response", "resource", "conversion"):
        return None
    if (status := _status(record)) and not status.startswith("2"):
        others.statuses[status] += 1
        return None
    said = _header(record, "Content-Type")
    kind = _TYPE.match(said.strip().strip("'\"").lower())[0]  # type: ignore[index]  # it matches the empty string
    if kind not in (*HTML_TYPES, *NO_TYPES, "text/plain"):
        others.types[kind] += 1
        return None
    url = one_line(record.rec_headers.get_header("WARC-Target-URI"))
    key = one_line(record.rec_headers.get_header("WARC-Record-ID")) or where
    charset = found[1] if (found := _CHARSET.search(said)) else ""
    try:
        _check_whole(record)
        data = body_of(record, limits.document_bytes)
        if kind in NO_TYPES and not _PAGE.match(data):
            others.types[kind or "no type"] += 1
            return None
        if kind == "text/plain":
            return Record(_plain_text(data, charset), key, where, fields={"url": url}, came_from={"url": "warc"})
        return RawPage(data, key, where, {"url": url}, charset)
    except Unreadable as error:
        return Unreadable(error.reason, where)


def _status(record: Any) -> str:
    """The status of a response; empty where the record holds none that can be read."""
    said = record.http_headers.get_statuscode() if record.http_headers and record.rec_type == "response" else ""
    return said if said and _STATUS.fullmatch(said) else ""


def _check_whole(record: Any) -> None:
    """Raises :class:`Unreadable` for a record of which its archive holds a part."""
    if reason := record.rec_headers.get_header("WARC-Truncated"):
        raise Unreadable(f"cut short by the crawler (WARC-Truncated: {one_line(reason)[:40]}); fetch the page again")
    if record.rec_headers.get_header("WARC-Segment-Number"):
        raise Unreadable("one segment of a record (WARC-Segment-Number): write it whole, in one record")


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
