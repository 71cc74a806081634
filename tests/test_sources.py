"""Sources: every file is a document, or a row that says what is wrong and where."""

import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from readings import read, reasons, texts

from corpuskit.recipe import recipe_from
from corpuskit.sources.formats import format_of
from corpuskit.sources.glance import many_pages
from corpuskit.sources.listing import _list_files, list_sources
from corpuskit.sources.unreadable import Unreadable

THAI = "ข่าวจากริมน้ำ\n"


COMPRESS = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


@pytest.mark.parametrize("compression", COMPRESS)
def test_every_compression_gives_the_same_text(compression):
    assert texts(read(COMPRESS[compression](THAI.encode()), f"a.txt{compression}")) == [THAI]


@pytest.mark.parametrize("compression", [".gz", ".bz2", ".xz", ".zst"])
def test_damaged_compression_is_told(compression):
    data = COMPRESS[compression](THAI.encode() * 50)
    for broken in (data[: len(data) // 2], b"nonsense" * 10, data[:20] + b"\xff\x00" + data[22:]):
        found = read(broken, f"a.txt{compression}")
        assert texts(found) == []
        assert "damaged compressed data" in reasons(found)[0] or "not UTF-8" in reasons(found)[0]


def test_members_and_frames_that_follow_each_other_are_read_whole():
    assert texts(read(gzip.compress(b"one ") + gzip.compress(b"two"), "a.txt.gz")) == ["one two"]
    assert texts(read(COMPRESS[".zst"](b"one ") + COMPRESS[".zst"](b"two"), "a.txt.zst")) == ["one two"]


def test_a_bomb_is_refused():
    bomb = gzip.compress(bytes(b"a" * (80 * 1024 * 1024)))
    found = read(bomb, "a.txt.gz")
    assert texts(found) == []
    assert reasons(found)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\ufeff\n".encode(), "empty"),
        (b"abc \xe0\xb8 x", "not UTF-8: byte 0xE0 at byte 4"),
        ("นายก".encode("cp874"), "not UTF-8"),
        ("ข่าวเช้านี้จากบ้านริมคลอง".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"good text, but\0a NUL in it, and more good text", "a NUL character at character 14"),
        (os.urandom(0) + bytes(range(256)), "not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(data, reason):
    found = read(data, "a.txt")
    assert texts(found) == []
    assert reason in reasons(found)[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_tells_the_encoding_and_stays_in_the_text(encoding):
    (text,) = texts(read(THAI.encode(encoding), "a.txt"))
    assert text == "\ufeff" + THAI


def test_jsonl_skips_bad_lines_by_number_and_keeps_the_others():
    lines = [
        b'{"id": "a", "text": "one", "url": "https://a.example/1", "date": "2024-01-02"}',
        b'{"text": "broken"',
        b"",
        b'{"text": "\\ud800 lone"}',
        b'{"text": 7}',
        b'["no object"]',
        b'{"body": "x"}',
        b'{"text": "a\\u0000b"}',
        b"\xff\xfe",
        b'{"text": "last"}',
    ]
    found = read(b"\n".join(lines), "a.jsonl")
    assert texts(found) == ["one", "last"]
    assert [str(item).partition(":")[0] for item in found if isinstance(item, Unreadable)] == [
        "line 2", "line 4", "line 5", "line 6", "line 7", "line 8", "line 9",
    ]  # fmt: skip
    first = found[0]
    assert (first.key, first.where, first.fields["url"], first.fields["date"]) == (
        "a",
        "line 1",
        "https://a.example/1",
        "2024-01-02",
    )


def test_column_names_are_set_in_the_recipe_and_reach_into_structs():
    recipe = recipe_from({"columns": {"text": "body.content", "id": "key", "url": "meta.link"}})
    line = json.dumps({"key": 5, "body": {"content": "one"}, "meta": {"link": "https://a.example"}})
    (record,) = read(line.encode(), "a.jsonl", recipe)
    assert (record.text, record.key, record.fields) == ("one", "5", {"url": "https://a.example"})


def test_csv_rows_with_quotes_newlines_and_faults():
    data = b'id,text\n1,"two\nlines"\n2,a,b\n3,last\n'
    found = read(data, "a.csv")
    assert texts(found) == ["two\nlines", "last"]
    assert "3 values in a row, the header names 2" in reasons(found)[0]
    assert texts(read(b"id\ttext\n1\tone\n", "a.tsv")) == ["one"]


def test_parquet_rows_and_damage():
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": [1, 2, 3], "text": ["one", None, "three"]}), sink)
    found = read(sink.getvalue(), "a.parquet")
    assert texts(found) == ["one", "three"]
    assert "row 2" in reasons(found)[0]
    assert texts(read(gzip.compress(sink.getvalue()), "a.parquet.gz")) == ["one", "three"]
    assert "damaged Parquet" in reasons(read(sink.getvalue()[:-20], "a.parquet"))[0]


def test_a_document_larger_than_the_limit_is_refused():
    recipe = recipe_from({"limits": {"document_bytes": 100}})
    assert "larger than 100 bytes" in reasons(read(b"a" * 101, "a.txt", recipe))[0]
    long_line = b'{"text": "' + b"a" * 200 + b'"}\n{"text": "b"}'
    assert "longer than 100 bytes" in reasons(read(long_line, "a.jsonl", recipe))[0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.TXT", "text"),
        ("b/c.html.gz", "html"),
        ("x.warc.gz", "warc"),
        ("a.pdf", None),
        ("README", None),
        (".txt", "text"),
    ],
)
def test_formats_are_told_by_name(name, kind):
    found = format_of(name)
    assert (found.kind if found else None) == kind


def test_sources_are_listed_in_the_order_of_their_whole_paths(tmp_path):
    names = ["a.txt", "a/b.txt", "a/b/c.txt", "a/b-1.txt", "a-1.txt", "a0.txt", "ก.txt", "ก/ข.txt", "Z.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    assert [file.name for file in list_sources([str(tmp_path)]).files] == sorted(names, key=str.encode)


def test_links_devices_and_unknown_formats_are_listed_as_unreadable(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.pdf").write_text("b")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.txt")
    listing = list_sources([str(tmp_path)])
    assert [f.name for f in listing.files] == ["a.txt"]
    assert [(s.name, s.reason.split(":")[0]) for s in listing.unreadable] == [
        ("b.pdf", "unknown format"), ("link.txt", "a symbolic link"), ("pipe.txt", "not a regular file"),
    ]  # fmt: skip


def test_a_link_to_a_folder_is_followed_only_where_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("a")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    for named in ("here/link", "here/link/", str(tmp_path / "here" / "link")):
        assert [file.name for file in list_sources([named]).files] == ["a.txt"]
    for found in ("here", "here/*", "*/link"):
        listing = list_sources([found])
        assert (listing.files, [s.reason.split(":")[0] for s in listing.unreadable]) == ([], ["a symbolic link"])


def test_a_file_that_goes_while_its_folder_is_listed_is_told(tmp_path):
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.txt").write_text("two")
    found = _list_files([str(tmp_path)], None)
    assert next(found)[1] == "a.txt"
    (tmp_path / "b.txt").unlink()
    assert [(name, reason) for _, name, _, reason in found] == [("b.txt", "cannot be read: No such file or directory")]


def test_names_are_relative_to_the_folder_or_to_what_the_sources_share(tmp_path):
    for name in ("x/a.txt", "x/sub/b.txt", "y/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("t")

    def names(*sources):
        return [f.name for f in list_sources([str(tmp_path / s) for s in sources]).files]

    assert names("x") == ["a.txt", "sub/b.txt"]
    assert names("y", "x") == ["y/a.txt", "x/a.txt", "x/sub/b.txt"]
    assert names("*/a.txt") == ["x/a.txt", "y/a.txt"]
    assert names("x", "x/a.txt") == ["x/a.txt", "x/sub/b.txt"]


def test_undecodable_and_hostile_names_are_printable(tmp_path):
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff\xfe.txt", os.O_CREAT | os.O_WRONLY))
    (found,) = list_sources([str(tmp_path)]).files
    assert found.name == "\\xff\\xfe.txt"


def test_files_whose_names_are_shown_alike_do_not_hide_each_other(tmp_path):
    for i, name in enumerate((b"\xff.txt", b"\\xff.txt", b"a.txt")):
        path = os.path.join(os.fsencode(tmp_path), name)
        with open(path, "wb") as file:
            file.write(b"text %d" % i)
    listing = list_sources([str(tmp_path)])
    assert sorted(file.name for file in listing.files) == ["\\xff.txt", "a.txt"]
    ((name, reason),) = listing.unreadable
    assert (name, reason.partition(" in the release")[0]) == ("\\xff.txt", "another file has this name")


def test_folders_may_be_nested_deeper_than_functions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    (Path("a.txt")).write_text("text")
    os.chdir(tmp_path)
    (found,) = list_sources(["d"]).files
    assert found.name == "d/" * 1199 + "a.txt"
    while os.path.exists("d"):  # pytest's own clean-up cannot
        os.rename("d", "old")
        if os.path.exists("old/d"):
            os.rename("old/d", "d")
        shutil.rmtree("old")


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # warcio's writer leaves its buffers open
def test_warc_responses_become_records():
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=True)
    for i, (kind, body) in enumerate(
        [("text/plain; charset=utf-8", THAI * 3), ("image/png", "x"), ("text/plain", "two")]
    ):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        payload = io.BytesIO(body.encode())
        writer.write_record(
            writer.create_warc_record(f"https://a.example/{i}", "response", payload=payload, http_headers=headers)
        )
    found = read(sink.getvalue(), "a.warc.gz")
    assert texts(found) == [THAI * 3, "two"]
    assert found[0].fields["url"] == "https://a.example/0"
    cut = read(sink.getvalue()[:-30], "a.warc.gz")
    assert len(texts(cut)) < 2 or reasons(cut), "a record cut short is told"


@pytest.mark.parametrize(
    ("name", "files", "many"),
    [("{}.HTM", 64, True), ("{}.html", 63, False), ("{}.txt", 80, False), ("{}.warc", 1, True)],
)
def test_a_glance_tells_many_pages(tmp_path, name, files, many):
    folder = tmp_path / "in" / "deeper"
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / name.format(number)).touch()
    assert many_pages([str(tmp_path)]) is many
    assert many_pages([str(folder / "*")]) is many
    assert not many_pages(["s3://bucket/pages", str(tmp_path / "none")])


def test_a_listed_file_takes_no_more_than_its_name(tmp_path):
    folder = tmp_path / "a folder with a long name" / "which no file repeats"
    folder.mkdir(parents=True)
    for number in range(1000):
        (folder / f"{number:04}.txt").touch()
    list_sources([str(tmp_path)])  # what the first listing loads is no file's
    tracemalloc.start()
    listing = list_sources([str(tmp_path)])
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(listing.files) == 1000
    assert size / 1000 < 300
    assert {file.place for file in listing.files} == {f"{tmp_path}{os.sep}"}
    assert [file.path for file in listing.files] == [str(folder / f"{number:04}.txt") for number in range(1000)]
