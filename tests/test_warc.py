"""WARC files of careless servers and crawlers: each response is a document, or told with its number."""

import gzip
import io
import json
import zlib

import pytest

from corpuskit.recipe import Recipe, recipe_from
from corpuskit.sources.html import read_html
from corpuskit.sources.reading import read_records
from corpuskit.sources.record import Record
from corpuskit.sources.unreadable import Unreadable

PROSE = (
    "The lock keeper writes down every barge that passes, and his book goes back to the year of the great flood. " * 3
)
THAI = "คนเฝ้าประตูน้ำจดชื่อเรือทุกลำที่ผ่านไว้ในสมุดเล่มเดิม ซึ่งเริ่มจดมาตั้งแต่ปีที่น้ำท่วมใหญ่ " * 3
CZECH = "Žluťoučký kůň přešel přes řeku a šťastně se vrátil domů, kde ho čekala večeře. " * 3


def record(
    body: bytes,
    kind: str | None = "text/html",
    *headers: str,
    rec_type="response",
    uri="https://a.example/1",
    status="HTTP/1.1 200 OK",
    said_by_crawler=(),
):
    said = [f"Content-Type: {kind}"] if kind is not None else []
    payload = "\r\n".join([status, *said, *headers, "", ""]).encode() + body
    head = ["WARC/1.0", f"WARC-Type: {rec_type}", f"WARC-Target-URI: {uri}", f"Content-Length: {len(payload)}"]
    head += said_by_crawler
    head += ["WARC-Date: 2024-01-02T00:00:00Z", "Content-Type: application/http; msgtype=response", "", ""]
    return "\r\n".join(head).encode() + payload + b"\r\n\r\n"


def page(text: str, encoding: str = "utf-8") -> bytes:
    return f"<html><body><article><p>{text}</p></article></body></html>".encode(encoding)


def read(*records: bytes, name: str = "a.warc", recipe: Recipe | None = None) -> list[Record | Unreadable]:
    return list(read_records(io.BytesIO(b"".join(records)), name, recipe or Recipe()))


def reasons(found) -> list[str]:
    return [str(item) for item in found if isinstance(item, Unreadable)]


def texts(found) -> list[str]:
    return [item.text.strip() for item in found if isinstance(item, Record)]


def chunks(data: bytes) -> bytes:
    return b"%x\r\n" % len(data) + data + b"\r\n0\r\n\r\n"


CODED = {
    "chunked": (chunks, "Transfer-Encoding: chunked"),
    "chunked, says the header alone": (bytes, "Transfer-Encoding: chunked"),
    "gzip": (gzip.compress, "Content-Encoding: gzip"),
    "x-gzip": (gzip.compress, "Content-Encoding: X-GZIP"),
    "gzip, says the header alone": (bytes, "Content-Encoding: gzip"),
    "zlib": (zlib.compress, "Content-Encoding: deflate"),
    "raw deflate": (lambda data: zlib.compress(data)[2:-4], "Content-Encoding: deflate"),
    "twice": (lambda data: gzip.compress(gzip.compress(data)), "Content-Encoding: gzip, gzip"),
    "br, says the header alone": (bytes, "Content-Encoding: br"),
}


@pytest.mark.parametrize("coding", CODED)
def test_bodies_are_read_without_the_coding_of_their_transfer(coding):
    code, header = CODED[coding]
    assert texts(read(record(code(page(PROSE)), "text/html", header))) == [PROSE.strip()]


@pytest.mark.parametrize(
    ("body", "header", "reason"),
    [
        (gzip.compress(page(PROSE * 9))[:-30], "gzip", "cut short: the gzip body ends too early"),
        (b"\x1f\x8bjunk", "gzip", "damaged gzip body"),
        (b"\x8b\x02\x80 brotli \x03", "br", "Content-Encoding br: gzip and deflate are read"),
    ],
)
def test_a_body_that_is_not_whole_is_told_and_its_neighbour_is_read(body, header, reason):
    found = read(record(body, "text/html", f"Content-Encoding: {header}"), record(page(PROSE)))
    assert texts(found) == [PROSE.strip()]
    assert reasons(found)[0].startswith(f"record 1: {reason}")


def test_a_body_that_expands_over_the_limit_is_told():
    body = gzip.compress(page(PROSE * 100))
    recipe = recipe_from({"limits": {"document_bytes": 4000}})
    found = read(record(body, "text/html", "Content-Encoding: gzip"), recipe=recipe)
    assert reasons(found) == ["record 1: larger than 4000 bytes (limits.document_bytes)"]


@pytest.mark.parametrize("kind", [None, "", "*/*", "TEXT/HTML", "text/html charset=utf-8", "text/html, text/html"])
def test_pages_of_servers_that_name_no_type_or_name_it_oddly_are_read(kind):
    assert texts(read(record(page(PROSE), kind))) == [PROSE.strip()]


def test_records_of_other_types_are_counted_in_one_row():
    others = [record(b"x", kind) for kind in ("image/png", "application/pdf", "image/png", "text/css\x07")]
    asked = record(b"", None, rec_type="request")
    found = read(*others, asked, record(page(PROSE)), record(b"no page", None))
    assert texts(found) == [PROSE.strip()]
    assert reasons(found) == [
        "5 records of other types: neither HTML nor plain text: application/pdf 1, image/png 2, no type 1, "
        "text/css\\u0007 1"
    ]


def test_what_servers_write_about_moved_and_missing_pages_is_counted_and_no_document():
    statuses = ("301 Moved Permanently", "404 Not Found", "404", "503 Service Unavailable", "304 Not Modified")
    found = read(*(record(page(PROSE), status=f"HTTP/1.1 {status}") for status in statuses), record(page(THAI)))
    assert texts(found) == [THAI.strip()]
    assert reasons(found) == [
        "5 responses that are no pages: moved, missing, failed: by status 301 1, 304 1, 404 2, 503 1"
    ]


@pytest.mark.parametrize("status", ["HTTP/1.0 203 Non-Authoritative", "HTTP/2 200", "HTTP/1.1 OK", "ICY 200 OK"])
def test_pages_that_were_asked_for_are_read_and_so_are_those_without_a_status(status):
    assert texts(read(record(page(PROSE), status=status))) == [PROSE.strip()]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("WARC-Truncated: length", "cut short by the crawler (WARC-Truncated: length)"),
        ("WARC-Segment-Number: 1", "one segment of a record (WARC-Segment-Number)"),
    ],
)
def test_a_part_of_a_page_is_told_and_not_published(header, reason):
    found = read(record(page(PROSE), said_by_crawler=[header]), record(page(THAI)))
    assert texts(found) == [THAI.strip()]
    (said,) = reasons(found)
    assert said.startswith(f"record 1: {reason}")


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (THAI, "cp874", "tis-620"),
        (THAI, "cp874", "ISO-8859-11"),
        (THAI, "cp874", "iso-8859-1"),
        (THAI, "cp874", "utf-8"),
        (THAI, "cp874", "hex"),
        (THAI, "utf-8", "tis-620"),
        (CZECH, "iso8859-2", "iso-8859-2"),
        (CZECH, "cp1250", '"windows-1250"'),
    ],
)
def test_the_charset_of_the_server_is_believed_where_it_fits(text, encoding, said):
    found = read(record(page(text, encoding), f"text/html; charset={said}"))
    assert texts(found) == [text.strip()]


def test_plain_text_in_the_charset_of_the_server():
    found = read(
        record(THAI.encode("cp874"), "text/plain; charset=tis-620"),
        record(CZECH.encode("cp1250"), "text/plain; charset=iso-8859-1"),
        record(b"tea \xa1", "text/plain; charset=euc-kr"),
    )
    assert texts(found) == [THAI.strip()]
    assert [reason.partition(":")[0] for reason in reasons(found)] == ["record 2", "record 3"]


@pytest.mark.parametrize("name", ["hex", "rot13", "idna", "undefined", "unicode_escape", "zip", "nonsense"])
def test_a_page_that_declares_what_is_no_charset_is_read_by_its_letters(name):
    head = f"<html><head><meta charset='{name}'></head><body><p>{THAI}</p></body></html>"
    assert THAI.strip() in read_html(head.encode("cp874")).text


def test_an_address_that_is_no_text_is_absent():
    (found,) = read(record(page(PROSE), uri="https://a.example/\0x"))
    assert not found.fields.get("url")


@pytest.mark.parametrize("compression", ["gz", "bz2", "xz", "zst"])
def test_what_stands_before_damage_is_read(compression):
    import bz2
    import lzma

    import pyarrow as pa

    compress = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zst": lambda data: pa.compress(data, "zstd", asbytes=True),
    }
    lines = [json.dumps({"text": f"{i} {i * i} {PROSE[: i % 300]}"}) for i in range(20_000)]
    data = compress[compression]("\n".join(lines).encode())
    found = read(data[: len(data) * 9 // 10], name=f"a.jsonl.{compression}")
    count = len(texts(found))
    assert count > 2000
    (reason,) = reasons(found)
    assert reason.startswith(f"after line {count}: damaged compressed data")
