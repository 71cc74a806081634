"""Record files that nobody has cleaned: each record is a document, or a row with its place and what to do."""

import datetime
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import read, reasons, texts

from corpuskit.errors import SourceError
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.sources.listing import list_sources
from corpuskit.sources.record import Record
from corpuskit.stages import shardfiles, source
from corpuskit.stages.recordkeys import RecordKeys
from corpuskit.stages.shardreader import ShardReader
from corpuskit.verbs.validate import validate

PROSE = "The ferry to the far bank leaves when the last of the market women has come aboard with her baskets, no. {}."


def parquet(columns) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, row_group_size=2)
    return sink.getvalue()


def no_utf8(*values: bytes) -> pa.Array:
    """A column of strings that are none."""
    return pa.Array.from_buffers(pa.string(), len(values), pa.array(values, pa.binary()).buffers())


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2024-01-02T23:30:00+07:00", "2024-01-02"),
        ("2024-01-02 10:00:00", "2024-01-02"),
        ("5 มีนาคม 2564", "2021-03-05"),
        ("Tue, 02 Jan 2024 10:00:00 GMT", "2024-01-02"),
        ("not a date", None),
        ("2024", None),
        ("1704067200", None),
        ("0000-00-00", None),
        ("1850-05-06", None),
        (20240102, "2024-01-02"),
    ],
)
def test_the_date_of_a_record_is_a_day_or_absent(said, day):
    (record,) = read(json.dumps({"text": "one", "date": said}).encode(), "a.jsonl")
    assert record.fields.get("date") == day


def test_days_and_times_of_parquet_are_days():
    late = datetime.datetime(2024, 3, 5, 23, tzinfo=datetime.UTC)
    zoned = pa.array([late, None], pa.timestamp("us", tz="Asia/Bangkok"))
    for dates, day in ((zoned, "2024-03-06"), (pa.array([datetime.date(2024, 1, 2), None]), "2024-01-02")):
        found = read(parquet({"text": ["one", "two"], "date": dates}), "a.parquet")
        assert [record.fields.get("date") for record in found] == [day, None]


def test_times_to_the_nanosecond_are_days(tmp_path):
    """A worker's pyarrow knows no pandas, whose times count nanoseconds."""
    late = pa.array([1704067200_000_000_001, None], pa.timestamp("ns"))
    (tmp_path / "a.parquet").write_bytes(parquet({"text": [PROSE.format(1), PROSE.format(2)], "date": late}))
    built = build([tmp_path], Recipe(name="n", version="1.0.0"), tmp_path / "out", workers=2)
    days = pq.read_table(built.path / "data", columns=["date"]).to_pylist()
    assert [row["date"] for row in days] == [datetime.date(2024, 1, 1), None]


def test_buddhist_years_of_old_writers_are_beyond_nanoseconds():
    """Spark wrote times as INT96, which 64 bits of nanoseconds hold only until 2262."""
    sink = io.BytesIO()
    days = pa.array([datetime.date(2567, 1, 2), datetime.date(2024, 1, 3)]).cast(pa.timestamp("us"))
    pq.write_table(pa.table({"text": ["1", "2"], "date": days}), sink, use_deprecated_int96_timestamps=True)
    assert [record.fields.get("date") for record in read(sink.getvalue(), "a.parquet")] == ["2024-01-02", "2024-01-03"]


def test_a_value_that_cannot_be_read_costs_no_other_field_of_its_struct():
    far = pa.array([1 << 30], pa.int32()).cast(pa.date32())
    page = pa.StructArray.from_arrays([pa.array(["one"]), far], ["text", "date"])
    recipe = recipe_from({"columns": {"text": "page.text", "date": "page.date"}})
    (found,) = read(parquet({"page": page}), "a.parquet", recipe)
    assert (found.text, found.fields) == ("one", {})


def test_odd_fields_do_not_cost_a_release(tmp_path):
    """Fields that no column can hold count as absent; the reason of a row is printable whatever it quotes."""
    odd = {"id": "a\0", "title": "\0", "author": "x\0y", "date": "soon", "url": "https://[", "language": "\0"}
    lines = [odd | {"text": PROSE.format(1)}, {"text": PROSE.format(2), "date": "2024-01-02T03:04:05Z"}, {"a\0b": 1}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "b.csv").write_bytes("prénom,corps\nx,y\n".encode("latin-1"))
    built = build([tmp_path], Recipe(name="n", version="1.0.0"), tmp_path / "out", workers=1)
    assert (built.totals.counts["published"], len(built.totals.unreadable)) == (2, 2)
    assert validate(built.path).ok
    rows = pq.read_table(built.path / "removed").to_pylist()
    whys = [row["why"] for row in rows if row["rule"] == "unreadable"]
    assert "a\\u0000b" in whys[0]
    assert "pr\\uDCE9nom" in whys[1]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.tsv", "a.warc", "a.parquet"])
def test_a_file_without_records_is_told(name):
    data = {"a.csv": b"id,text\n", "a.parquet": parquet({"text": pa.array([], pa.string())})}.get(name, b"")
    (reason,) = reasons(read(data, name))
    assert "empty: no record in it" in reason


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_without_the_column_a_table_is_told_once_with_the_columns_it_has(name):
    rows = [{"body": PROSE, "lead": "x"}] * 3
    data = {
        "a.jsonl": json.dumps(rows[0]).encode(),
        "a.csv": b"body,lead\n1,2\n3,4\n",
        "a.parquet": parquet({"body": ["1"] * 3, "lead": ["2"] * 3}),
    }[name]
    (reason,) = reasons(read(data, name))
    assert "no column 'text' (has: body, lead); set [columns] text" in reason


@pytest.mark.parametrize("column", ["text", "id", "date"])
@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_two_columns_of_one_name_are_refused(name, column):
    names = ["text", *(["text"] if column == "text" else [column] * 2), "other", "other"]
    row = [f"value {i}" for i in range(len(names))]
    table = pa.table([[value] for value in row], names=names)
    data = f"{','.join(names)}\n{','.join(row)}\n".encode() if name == "a.csv" else parquet(table)
    assert texts(read(data, name)) == []
    assert reasons(read(data, name)) == [f"2 columns are called '{column}': rename all but one"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_records_in_another_encoding_are_told_once(name, encoding):
    (reason,) = reasons(read('{"text": "one"}\n{"text": "two"}\n'.encode(encoding), name))
    assert "convert the file" in reason


def test_the_reason_names_what_a_line_holds_instead():
    found = read(b'7\nnull\n[]\n"x"\ntrue\n{"text": null}\n', "a.jsonl")
    said = [reason.partition(": ")[2].partition(",")[0] for reason in reasons(found)]
    assert said == ["a number", "null", "an array", "a string", "a boolean", "column 'text' is null"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "id;text\n7;one, two\n"),
        ("a.csv", "id\ttext\n7\tone, two\n"),
        ("a.csv", 'id|text|"a, b"\n7|one, two|\n'),
        ("a.csv", "sep=;\nid;text\n7;one, two\n"),
        ("a.csv", '\ufeff"sep=;"\r\nid;text\r\n7;"one, two"\r\n'),
        ("a.csv", "SEP=^\r\nid^text\r\n7^one, two\r\n"),
        ("a.csv", "\n\nid;text\n7;one, two\n"),
        ("a.csv", 'a;b,id,text\n;,7,"one, two"\n'),
        ("a.tsv", "id,text\n7,\"one, two\"\n"),
        ("a.tsv", "id\ttext\n7\tone, two\n"),
    ],
)  # fmt: skip
def test_the_header_of_a_table_tells_what_stands_between_its_values(name, data):
    (found,) = read(data.encode(), name)
    assert (found.text, found.key) == ("one, two", "7")


def test_a_header_that_names_no_text_under_any_delimiter_is_told():
    (reason,) = reasons(read(b"sep=;\nid;body\n1;one\n", "a.csv"))
    assert "no column 'text' (has: body, id)" in reason
    (reason,) = reasons(read(b"id;body\n1;one\n", "a.csv"))
    assert "no column 'text' (has: id;body)" in reason
    (reason,) = reasons(read(b"sep=;\n", "a.csv"))
    assert "empty" in reason


def test_places_in_a_table_count_the_lines_before_its_header():
    found = read(b'\nid;text\n1;one\n2;"two" or three\n', "a.csv")
    assert [record.where for record in found if isinstance(record, Record)] == ["row 2"]
    assert reasons(found)[0].startswith("after row 2: malformed CSV at line 4")


def test_a_large_file_that_changes_while_it_is_read_ends_the_build(tmp_path, monkeypatch):
    """It is hashed first: its rows would stand under the hash of other bytes."""
    monkeypatch.setattr(source, "WHOLE", 10)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"text": PROSE.format(i)}) for i in range(3)))
    files = shardfiles.at_hand(list_sources([str(path)]).files, Recipe(), tmp_path)
    records = ShardReader(Recipe()).records(files.sources, lambda name, where: None)
    assert next(records).record.key == "1"
    with path.open("a") as file:
        file.write("\n" + json.dumps({"text": PROSE.format(9)}))
    for rest in (records, ShardReader(Recipe()).records(files.sources, lambda name, where: None)):
        with pytest.raises(SourceError, match=r"a\.jsonl changed while it was read: build again when nothing writes"):
            list(rest)
        path.unlink(missing_ok=True)


def test_the_size_of_a_source_is_that_of_what_was_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one")
    listed = list_sources([str(path)]).files
    path.write_text("one and two")
    (source,) = shardfiles.at_hand(listed, Recipe(), tmp_path).sources
    assert source.file.size == len(source.data) == 11


def test_an_empty_text_beside_a_page_is_none():
    data = b'text,html\n,"<p>' + PROSE.encode() * 3 + b'</p>"\n,\n'
    found = read(data, "a.csv")
    assert PROSE in texts(found)[0]
    assert reasons(found) == ["row 2: empty: no text in it"]


def test_csv_in_another_encoding_costs_the_rows_that_show_it():
    found = read("id,text\n1,caf\xe9\n2,tea\n\n3,milk\n".encode("latin-1"), "a.csv")
    assert texts(found) == ["tea", "milk"]
    assert reasons(found) == ["row 1: not UTF-8: byte 0xE9 at character 3; convert it"]


def test_a_quotation_mark_that_breaks_a_table_is_told_with_its_line():
    found = read(b'id,text\n1,one\n2,"two" or three\n3,four\n', "a.csv")
    assert texts(found) == ["one"]
    (reason,) = reasons(found)
    assert reason.startswith("after row 1: malformed CSV at line 3: ")
    assert "nothing behind it is read" in reason


def test_a_value_that_cannot_be_read_costs_its_row_or_its_field():
    bad = no_utf8(b"one", b"\xe9t\xe9", b"three")
    found = read(parquet({"text": bad}), "a.parquet")
    assert texts(found) == ["one", "three"]
    assert reasons(found) == ["row 2: not UTF-8: byte 0xE9 at byte 0; convert the file to UTF-8"]
    far = pa.array([1 << 30, 0, 0], pa.int32()).cast(pa.date32())
    found = read(parquet({"text": ["1", "2", "3"], "title": bad, "date": far}), "a.parquet")
    assert [record.fields.get("title") for record in found] == ["one", None, "three"]


def test_a_damaged_row_group_costs_itself():
    numbers = [f"{i} {PROSE}" for i in range(6)]
    data = bytearray(parquet({"text": numbers}))
    start = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0).dictionary_page_offset
    data[start + 30 : start + 60] = b"\xff" * 30
    found = read(bytes(data), "a.parquet")
    assert texts(found) == numbers[:2] + numbers[4:]
    (reason,) = reasons(found)
    assert reason.startswith("after row 2: damaged Parquet")


def test_a_number_that_is_none_is_no_title():
    found = read(parquet({"text": ["one"], "title": [float("nan")]}), "a.parquet")
    assert found[0].fields == {}


def test_encrypted_parquet_is_told():
    data = parquet({"text": ["one"]})
    assert "damaged Parquet" in reasons(read(b"PARE" + data[4:-4] + b"PARE", "a.parquet"))[0]


def test_columns_of_structs_are_found_in_a_table():
    recipe = recipe_from({"columns": {"text": "page.body"}})
    assert texts(read(parquet({"page": [{"body": "one"}]}), "a.parquet", recipe)) == ["one"]
    assert texts(read(parquet({"page.body": ["two"]}), "a.parquet", recipe)) == ["two"]


def test_metadata_of_a_page_that_is_no_text_is_absent():
    """JSON may hold halves of surrogate pairs, which no file can."""
    said = '{"@type": "Article", "headline": "\\ud800", "author": "\\udfff x", "datePublished": "2024-01-02"}'
    html = (
        f"<html><head><script type='application/ld+json'>{said}</script></head><body><p>{PROSE * 3}</p></body></html>"
    )
    (record,) = read(html.encode(), "a.html")
    assert record.fields == {"date": "2024-01-02"}
    assert set(record.came_from) == {"date"}


@given(st.lists(st.integers(0, 40).map(lambda n: n * (2**64 - 1) // 40)), st.integers(1, 5))
def test_the_keys_of_a_large_file_are_a_set(keys, many):
    """However few of them are held in a set of Python."""
    known, seen = RecordKeys(many), set()
    for key in keys:
        assert known.add(key) == (key not in seen)
        seen.add(key)
