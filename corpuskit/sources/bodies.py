"""Bodies of WARC records: without the codings of their transfer, whole or told."""

from __future__ import annotations

import zlib
from typing import Any, Final

from corpuskit.sources.unreadable import Unreadable

#: Codings that zlib reads, and the windows to try for each: gzip; zlib, and raw deflate, which old servers send.
_WINDOWS: Final = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


def body_of(record: Any, limit: int) -> bytes:
    """The bytes of a record's page. Raises :class:`Unreadable` where they are damaged, cut short, or over ``limit``."""
    data = bytes(_stream(record).read(limit + 1))
    if len(data) > limit:
        raise _too_large(limit)
    while record.raw_stream.read(1 << 16):  # what follows the last chunk
        pass
    if record.raw_stream.limit > 0:
        declared = record.rec_headers.get_header("Content-Length")
        raise Unreadable(f"cut short: {declared} bytes announced, {record.raw_stream.limit} missing")
    codings = record.http_headers.get_header("Content-Encoding") if record.http_headers else None
    for coding in reversed((codings or "").lower().split(",")):
        data = _decoded(data, coding.strip(), limit)
    return data


def _stream(record: Any) -> Any:
    from warcio.bufferedreaders import ChunkedDataReader

    coding = record.http_headers.get_header("Transfer-Encoding") if record.http_headers else None
    # archives may keep the header of a body that they have put together: then the reader passes it on as it is
    return ChunkedDataReader(record.raw_stream) if "chunked" in (coding or "").lower() else record.raw_stream


def _decoded(data: bytes, coding: str, limit: int) -> bytes:
    """The data without one coding; data that shows no sign of it is taken for decoded already."""
    if coding in ("", "identity", "none"):
        return data
    if coding not in _WINDOWS:
        if data.lstrip()[:1] == b"<":
            return data
        raise Unreadable(f"Content-Encoding {coding}: gzip and deflate are read; store the page decoded")
    for window in _WINDOWS[coding]:
        inflater = zlib.decompressobj(window)
        try:
            plain = inflater.decompress(data, limit + 1)
        except zlib.error as error:
            if data.startswith(b"\x1f\x8b"):
                raise Unreadable(f"damaged {coding} body: {error}") from None
            continue
        if len(plain) > limit:
            raise _too_large(limit)
        if not inflater.eof:
            raise Unreadable(f"cut short: the {coding} body ends too early")
        return plain
    return data


def _too_large(limit: int) -> Unreadable:
    return Unreadable(f"larger than {limit} bytes (limits.document_bytes)")
