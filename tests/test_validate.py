"""``validate``: every damage is noticed, each by its own check, and nothing else is."""

import contextlib
import datetime
import hashlib
import json
import os
import random
import shutil
import subprocess
import venv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import corpuskit
from corpuskit.errors import ReleaseError
from corpuskit.filenames import FOLDERS
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.recipe.file import read_recipe
from corpuskit.release.card import card
from corpuskit.release.croissant import croissant
from corpuskit.release.parquet import SCHEMAS, Writer
from corpuskit.release.report import report
from corpuskit.verbs.validate import Failure, validate
from corpuskit.verbs.validate.documents import Keys, hashes_of
from corpuskit.verbs.validate.report import SHOWN, Findings

SEEDS = Path(__file__).parents[1] / "seeds"
PARAGRAPH = "เรือเมล์สายบ่ายออกจากท่าหลวงช้ากว่าปกติ เพราะน้ำลงต่ำจนท้องเรือติดเลน ผู้โดยสารจึงช่วยกันลงไปเข็น"


@pytest.fixture
def release(built, tmp_path) -> Path:
    """A copy of the built release, to be damaged."""
    return Path(shutil.copytree(built, tmp_path / built.name))


def checks(release: Path) -> set[str]:
    return {failure.check for failure in validate(release).failures}


def names_of(release: Path) -> list[str]:
    return sorted(p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file())


def resum(release: Path) -> None:
    """Write ``SHA256SUMS`` anew, as one would who wants a change to pass."""
    sums = release / "SHA256SUMS"
    sums.unlink(missing_ok=True)
    lines = [f"{hashlib.sha256((release / name).read_bytes()).hexdigest()}  {name}\n" for name in names_of(release)]
    sums.write_text("".join(lines))


def manifest_of(release: Path) -> dict:
    return json.loads((release / "manifest.json").read_text("utf-8"))


def write_manifest(release: Path, manifest: object) -> None:
    (release / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    resum(release)


def rows_of(release: Path, config: str) -> list[dict]:
    return [row for path in sorted((release / FOLDERS[config]).iterdir()) for row in pq.read_table(path).to_pylist()]


def forge(release: Path, config: str, rows: list[dict], level: int = 9) -> None:
    """Replace the rows of a config, and make digests, manifest, card and sums fit."""
    for path in (release / FOLDERS[config]).iterdir():
        path.unlink()
    path = release / FOLDERS[config] / "train-00000-of-00001.parquet"
    writer = Writer(path, SCHEMAS[config], level)
    writer.write(pa.Table.from_pylist(rows, SCHEMAS[config]))
    writer.close()
    facts = {"path": path.relative_to(release).as_posix(), **writer.facts()}
    manifest = manifest_of(release)
    manifest["configs"][config] = {
        "rows": facts["rows"],
        "nbytes": facts["nbytes"],
        "content_digest": hashlib.sha256(facts["content"].encode()).hexdigest(),
        "files": [facts],
    }
    rewrite(release, manifest)


def rewrite(release: Path, manifest: dict) -> None:
    """Write manifest, card, Croissant description, report and sums anew."""
    recipe = recipe_from(manifest["recipe"])
    (release / "README.md").write_text(card(release, recipe, manifest), "utf-8")
    text = json.dumps(croissant(recipe, manifest), ensure_ascii=False, indent=1) + "\n"
    (release / "croissant.json").write_text(text, "utf-8")
    with contextlib.suppress(KeyError):  # of a ledger with a rule that nobody knows there is no report
        (release / "report.html").write_text(report(release, recipe, manifest), "utf-8")
    write_manifest(release, manifest)


def change(release: Path, config: str, chosen, **values) -> None:
    """Change columns of the first row of a config that ``chosen`` picks."""
    rows = rows_of(release, config)
    row = next(row for row in rows if chosen(row))
    row |= {name: value(row) if callable(value) else value for name, value in values.items()}
    forge(release, config, rows)


def is_text_file(row: dict) -> bool:
    return row["source_path"].endswith((".txt", ".md"))


def is_record(row: dict) -> bool:
    return row["source_path"].endswith(".jsonl")


def is_whole(row: dict) -> bool:
    return row["rule"] == "duplicate-document"


def anything(row: dict) -> bool:
    return True


# what is sound passes


def test_a_release_passes(built):
    found = validate(built)
    assert found.failures == ()
    assert found.ok
    assert found.verdict is None
    assert found.release_id == hashlib.sha256((built / "SHA256SUMS").read_bytes()).hexdigest()
    counts = manifest_of(built)["counts"]
    assert found.checked["documents"] == counts["documents"]
    assert found.checked["characters"] == counts["source_chars"]
    assert found.checked["twins"] >= 2
    assert found.checked["files"] == sum(p.is_file() for p in built.rglob("*"))


def test_a_moved_and_renamed_copy_passes(built, tmp_path):
    copy = shutil.copytree(built, tmp_path / "ย้าย มา [1]")
    assert validate(copy).failures == ()
    assert validate(str(copy)).release_id == validate(built).release_id


def test_a_read_only_copy_passes(release):
    for path in release.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    release.chmod(0o555)
    try:
        assert validate(release).failures == ()
    finally:
        for path in (release, *release.rglob("*")):
            path.chmod(0o755)


def test_validating_changes_nothing(release):
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in release.rglob("*")}
    validate(release)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in release.rglob("*")} == before


def test_a_forged_copy_without_a_change_passes(release):
    """So that the tests below fail for what they change, and for nothing else."""
    for config in ("default", "removed"):
        forge(release, config, rows_of(release, config))
    assert validate(release).failures == ()


def test_no_folder_is_an_error(tmp_path):
    with pytest.raises(ReleaseError, match="no release at"):
        validate(tmp_path / "nowhere")


def test_an_empty_folder_fails(tmp_path):
    found = validate(tmp_path)
    assert {f.check for f in found.failures} == {"structure", "sums"} - ({"sums"} if not found.release_id else set())
    assert found.release_id == ""


# the folder and its files


def test_any_flipped_bit_is_noticed(release):
    chance = random.Random(1)
    for name in names_of(release):
        path = release / name
        sound = path.read_bytes()
        places = {0, len(sound) - 1, *(chance.randrange(len(sound)) for _ in range(10))}
        for at in sorted(places):
            path.write_bytes(sound[:at] + bytes([sound[at] ^ (1 << chance.randrange(8))]) + sound[at + 1 :])
            assert checks(release) & {"sums", "structure"}, f"{name} at byte {at}"
        path.write_bytes(sound)
    assert not checks(release)


def test_any_flipped_bit_in_the_sums_is_noticed(release):
    path = release / "SHA256SUMS"
    sound = path.read_bytes()
    for at in {0, 63, 64, 65, 66, len(sound) - 1, *random.Random(4).sample(range(len(sound)), 120)}:
        path.write_bytes(sound[:at] + bytes([sound[at] ^ (1 << at % 8)]) + sound[at + 1 :])
        assert checks(release) & {"sums", "structure"}, f"byte {at}"


@pytest.mark.parametrize("edit", [
    lambda s: s + b"\n", lambda s: s[:-1], lambda s: b"\n".join(sorted(s.split(b"\n"))), lambda s: s.replace(b"  ",
    b" *"),
    lambda s: s.replace(b"\n", b"\r\n"), lambda s: s + s.split(b"\n")[0] + b"\n", lambda s: b"\xff\xfe" + s,
    lambda s: b"",
])  # fmt: skip
def test_another_form_of_the_sums_is_noticed(release, edit):
    path = release / "SHA256SUMS"
    path.write_bytes(edit(path.read_bytes()))
    assert "sums" in checks(release) or "structure" in checks(release)


def test_each_missing_file_is_noticed(release, built):
    for name in names_of(release):
        (release / name).unlink()
        assert "structure" in checks(release), name
        if name != "SHA256SUMS":
            resum(release)
            assert checks(release), f"{name}, and the sums do not name it"
        shutil.copy(built / name, release / name)
        shutil.copy(built / "SHA256SUMS", release / "SHA256SUMS")


@pytest.mark.parametrize(
    "name", ["stray.txt", ".hidden", "data/train-zzz.parquet", "data/notes.md", "removed/x", "data/sub/x", "extra/y"]
)
@pytest.mark.parametrize("summed", [False, True])
def test_a_stray_file_is_noticed(release, name, summed):
    path = release / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    if summed:
        resum(release)
    assert "structure" in checks(release)


def test_a_stray_folder_is_noticed(release):
    (release / "empty").mkdir()
    assert checks(release) == {"structure"}


def test_a_file_whose_name_is_no_unicode_is_noticed(release):
    try:
        Path(os.fsdecode(os.fsencode(release) + b"/caf\xe9.txt")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system holds no such names")
    (failure,) = validate(release).failures
    assert failure.check == "structure"
    assert failure.where.isprintable()


@pytest.mark.parametrize("summed", [False, True])
def test_a_renamed_file_is_noticed(release, summed):
    data = release / "data" / "train-00000-of-00001.parquet"
    data.rename(data.with_name("train-00001-of-00002.parquet"))
    if summed:
        resum(release)
    assert "structure" in checks(release)


def test_swapped_files_are_noticed(release):
    a, b = release / "sources.parquet", release / "data" / "train-00000-of-00001.parquet"
    first, second = a.read_bytes(), b.read_bytes()
    a.write_bytes(second)
    b.write_bytes(first)
    assert checks(release) == {"sums"}
    resum(release)
    assert checks(release) == {"schema"}


def test_a_truncated_file_is_noticed(release):
    for name in names_of(release):
        path = release / name
        sound = path.read_bytes()
        for size in (0, len(sound) // 2, len(sound) - 1):
            path.write_bytes(sound[:size])
            assert checks(release) & {"sums", "structure"}, f"{name} cut to {size} bytes"
        path.write_bytes(sound)


def test_a_link_in_the_place_of_a_file_is_noticed(release, tmp_path):
    for name in names_of(release):
        path, moved = release / name, tmp_path / "moved"
        path.rename(moved)
        path.symlink_to(moved)
        failures = validate(release).failures
        assert Failure("structure", name, "a symbolic link: a release holds its files themselves") in failures
        path.unlink()
        moved.rename(path)


def test_a_link_in_the_place_of_a_folder_is_noticed(release, tmp_path):
    (release / "data").rename(tmp_path / "data")
    (release / "data").symlink_to(tmp_path / "data")
    assert "structure" in checks(release)


def test_a_pipe_is_never_opened(release):
    (release / "README.md").unlink()
    os.mkfifo(release / "README.md")
    assert "structure" in checks(release)


# manifest and card


def set_in(values, path: str, value) -> None:
    *heads, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for head in heads:
        values = values[head]
    values[last] = value(values[last])


@pytest.mark.parametrize(("path", "check"), [
    ("counts.chars", "counts"), ("counts.documents", "counts"), ("counts.paragraphs", "counts"),
    ("counts.source_chars", "counts"), ("rules.placeholder.spans", "counts"), ("rules.comments.characters", "counts"),
    ("languages.th", "counts"), ("sources.files", "counts"), ("sources.bytes", "counts"),
    ("configs.default.rows", "counts"), ("configs.removed.nbytes", "counts"), ("configs.default.files.0.rows",
    "counts"),
    ("configs.default.files.0.bytes", "counts"),
])  # fmt: skip
def test_a_wrong_number_in_the_manifest_is_noticed(release, path, check):
    manifest = manifest_of(release)
    set_in(manifest, path, lambda n: n + 1)
    write_manifest(release, manifest)
    (failure,) = validate(release).failures
    assert (failure.check, failure.where) == (check, f"manifest.json: {path}")


@pytest.mark.parametrize(("path", "check"), [
    ("configs.default.content_digest", "digest"), ("configs.removed.files.0.content", "digest"),
    ("configs.default.files.0.sha256", "sums"),
])  # fmt: skip
def test_a_wrong_digest_in_the_manifest_is_noticed(release, path, check):
    manifest = manifest_of(release)
    set_in(manifest, path, lambda old: old[::-1])
    write_manifest(release, manifest)
    assert checks(release) == {check}


def test_a_forgotten_skip_in_the_manifest_is_noticed(release):
    manifest = manifest_of(release)
    manifest["quarantined"].append({"path": "a.txt", "reason": "no reason"})
    write_manifest(release, manifest)
    assert checks(release) == {"counts"}


def test_another_way_to_write_the_same_manifest_is_noticed(release):
    (release / "manifest.json").write_text(json.dumps(manifest_of(release)), "utf-8")
    resum(release)
    assert checks(release) == {"manifest"}


@pytest.mark.parametrize("text", [
    "", "[]", "null", "{", "nan", "\ufeff{}", '{"manifest": 1}', '{"manifest": 2}', '{"manifest": true}',
    "[" * 100_000, "9" * 10_000,
    '{"manifest": 1, "corpuskit": 1, "versions": {}}', '{"manifest": 1, "corpuskit": "0.1.0", "versions": {"a": 1}}',
    '{"manifest": 1, "corpuskit": "0.1.0", "versions": {}, "recipe": []}', "\x00",
])  # fmt: skip
def test_a_damaged_manifest_gives_a_failure_and_no_traceback(release, text):
    (release / "manifest.json").write_text(text, "utf-8")
    resum(release)
    assert checks(release) == {"manifest"}


@pytest.mark.parametrize("key", [
    "manifest", "name", "version", "corpuskit", "versions", "recipe", "configs", "counts", "rules", "languages",
    "sources",
    "quarantined",
])  # fmt: skip
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], {"x": {"y": []}}, [None, {"path": 3}]], ids=str)
def test_a_manifest_with_a_strange_value_gives_failures_and_no_traceback(release, key, value):
    manifest = manifest_of(release)
    if manifest[key] == value:
        return
    manifest[key] = value
    write_manifest(release, manifest)
    assert checks(release)


@pytest.mark.parametrize("key", ["name", "version", "recipe", "configs", "counts", "quarantined", "versions"])
def test_a_manifest_without_a_part_of_it_is_noticed(release, key):
    manifest = manifest_of(release)
    del manifest[key]
    write_manifest(release, manifest)
    assert checks(release)


def test_a_release_of_an_older_corpuskit_may_lack_keys_of_the_recipe(release):
    manifest = manifest_of(release)
    manifest["corpuskit"] = "0.0.9"
    del manifest["recipe"]["output"]["language_model"]
    rewrite(release, manifest)
    assert "manifest" not in checks(release)
    manifest["corpuskit"] = corpuskit.__version__
    rewrite(release, manifest)
    assert "manifest" in checks(release)


@pytest.mark.parametrize("edit", [
    lambda s: s.replace("documents published", "documents found"), lambda s: s.replace("\n## Load", ""),
    lambda s: s.replace("num_examples: ", "num_examples: 1"), lambda s: s.replace("dtype: date32", "dtype: string"),
    lambda s: s.replace("path: data/train-", "path: data/"), lambda s: s.replace("sha256:", "sha256:0"),
    lambda s: s + "\n", lambda s: s.replace("\n", "\r\n"), lambda s: s.replace("---\n", "", 1), lambda s: "",
    lambda s: "---\n---\n", lambda s: "---\n[\n---\n", lambda s: "---\n- a\n---\n",
    lambda s: "---\na: 2026-99-99\n---\n",
    lambda s: "---\n!!python/object/apply:os.system ['true']\n---\n", lambda s: "---\n" + "[" * 1500 + "\n---\n",
    lambda s: "---\n" + "a: b\n" * 300_000 + "---\n",
])  # fmt: skip
def test_an_edited_card_is_noticed(release, edit):
    path = release / "README.md"
    path.write_bytes(edit(path.read_text("utf-8")).encode())
    resum(release)
    assert checks(release) == {"card"}


@pytest.mark.parametrize("edit", [lambda s: s[:-1], lambda s: s.replace(b"seeds", b"other", 1), lambda s: b"\xff"])
def test_an_edited_croissant_description_is_noticed(release, edit):
    path = release / "croissant.json"
    path.write_bytes(edit(path.read_bytes()))
    resum(release)
    assert checks(release) == {"croissant"}


@pytest.mark.parametrize("edit", [lambda s: s[:-1], lambda s: s.replace(b"<body>", b"<body><script>alert(1)</script>")])
def test_an_edited_report_is_noticed(release, edit):
    path = release / "report.html"
    sound = path.read_bytes()
    path.write_bytes(edit(sound))
    assert path.read_bytes() != sound
    resum(release)
    assert checks(release) == {"report"}


def test_a_card_that_is_no_text_is_noticed(release):
    (release / "README.md").write_bytes(b"---\n\xff\xfe\n---\n")
    resum(release)
    assert checks(release) == {"card"}


# the Parquet files


def replace_table(release: Path, config: str, edit) -> None:
    path = next((release / FOLDERS[config]).iterdir())
    pq.write_table(edit(pq.read_table(path)), path)
    resum(release)


@pytest.mark.parametrize("edit", [
    lambda t: t.slice(0, 0), lambda t: t.select(t.column_names[::-1]), lambda t: t.drop_columns(["title"]),
    lambda t: t.append_column("extra", t.column("id")), lambda t: t.rename_columns(["ID", *t.column_names[1:]]),
    lambda t: t.set_column(14, "n_chars", t.column("n_chars").cast(pa.int32())),
    lambda t: t.set_column(1, "text", t.column("text").cast(pa.large_string())),
    lambda t: t.replace_schema_metadata({"huggingface": "{}"}),
    lambda t: t.set_column(1, "text", pa.array([None] * len(t), pa.string())),
    lambda t: t.set_column(1, "text", pa.array(["a\0b"] * len(t))),
    lambda t: t.set_column(7, "language", pa.chunked_array([pa.array([b"\xff\xfe"] * len(t)).view(pa.string())])),
])  # fmt: skip
def test_another_schema_or_an_impossible_value_is_noticed(release, edit):
    replace_table(release, "default", edit)
    assert checks(release) == {"schema"}


@pytest.mark.parametrize("column", ["rule", "why", "start", "text", "replacement", "basis"])
def test_a_null_in_the_ledger_is_noticed(release, column):
    at, kind = SCHEMAS["removed"].get_field_index(column), SCHEMAS["removed"].field(column)
    replace_table(release, "removed", lambda t: t.set_column(at, kind, pa.nulls(len(t), kind.type)))
    assert checks(release) == {"schema"}


@pytest.mark.parametrize(
    "name", ["data/train-00000-of-00001.parquet", "removed/train-00000-of-00001.parquet", "sources.parquet"]
)
def test_damaged_parquet_gives_a_failure_and_no_traceback(release, name):
    """Damage behind right sums: whatever the bytes are, the answer is a failure."""
    chance = random.Random(2)
    path = release / name
    sound = path.read_bytes()
    pieces = [b"", b"PAR1", sound[: len(sound) // 2], sound[:8] + sound[40:], sound[::-1]]
    for _ in range(15):
        at = chance.randrange(len(sound))
        pieces.append(sound[:at] + bytes([sound[at] ^ (1 << chance.randrange(8))]) + sound[at + 1 :])
    for damaged in pieces:
        path.write_bytes(damaged)
        resum(release)
        assert checks(release), name


# documents and their spans


@pytest.mark.parametrize("edit", [
    lambda s: s[:9] + chr(ord(s[9]) ^ 1) + s[10:], lambda s: s[:-1], lambda s: s + "ๆ", lambda s: s.replace("น", "ณ",
    1),
    lambda s: s[1:] + s[:1], lambda s: s[:5] + " " + s[5:],
])  # fmt: skip
def test_one_changed_character_of_a_text_is_noticed(release, edit):
    change(release, "default", lambda r: is_text_file(r) and "น" in r["text"], text=lambda r: edit(r["text"]))
    assert "accounted" in checks(release)


def test_one_changed_character_of_the_ledger_is_noticed(release):
    long = lambda r: is_text_file(r) and len(r["text"]) > 3  # noqa: E731
    change(release, "removed", long, text=lambda r: r["text"][:-2] + "x" + r["text"][-1:])
    assert checks(release) == {"accounted"}


def test_one_changed_character_of_a_document_that_went_whole_is_noticed(tmp_path):
    release = small_release(tmp_path, {"a.txt": PARAGRAPH, "b.txt": f"{PARAGRAPH}\n", "c.txt": "อีกเรื่อง " + PARAGRAPH})
    change(release, "removed", is_whole, text=lambda r: r["text"].replace("ท่าหลวง", "ท่าหลาง"))
    assert "accounted" in checks(release)


def small_release(folder: Path, files: dict[str, str], **values) -> Path:
    """A release of a few pages, sound as built."""
    for name, text in files.items():
        target = folder / "small" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    recipe = recipe_from({"name": "small", "version": "1.0.0", **values})
    release = build([folder / "small"], recipe, folder / "out", workers=1).path
    assert validate(release).failures == ()
    return release


@pytest.mark.parametrize("column", ["n_chars", "n_source_chars", "n_removed_chars", "n_paragraphs"])
def test_a_wrong_count_of_a_document_is_noticed(release, column):
    change(release, "default", anything, **{column: lambda r: r[column] + 1})
    assert "accounted" in checks(release)


def test_a_lost_span_is_noticed(release):
    rows = rows_of(release, "removed")
    at = next(i for i, row in enumerate(rows) if row["rule"] == "comments")
    forge(release, "removed", rows[:at] + rows[at + 1 :])
    assert "accounted" in checks(release)


def test_a_lost_document_is_noticed(release):
    rows = rows_of(release, "default")
    forge(release, "default", rows[:3] + rows[4:])
    assert "accounted" in checks(release)


def test_a_duplicate_id_is_noticed(release):
    rows = rows_of(release, "default")
    rows[3]["id"] = rows[5]["id"]
    forge(release, "default", rows)
    assert checks(release) == {"ids"}


def test_documents_in_another_order_are_noticed(release):
    forge(release, "default", rows_of(release, "default")[::-1])
    assert checks(release) == {"ids"}


def test_spans_that_do_not_stand_together_are_noticed(release):
    rows = rows_of(release, "removed")
    forge(release, "removed", [*rows[1:], rows[0]])
    assert checks(release) == {"ids"}


@pytest.mark.parametrize("column", ["source_path", "source_sha256", "basis"])
def test_a_document_and_its_spans_that_disagree_are_noticed(release, column):
    change(release, "removed", anything, **{column: "extracted" if column == "basis" else "other"})
    assert "ids" in checks(release)


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.txt", "a/../../b.txt", ""])
def test_a_source_outside_its_folder_is_noticed(release, path):
    change(release, "default", is_record, source_path=path)
    assert "ids" in checks(release)


@pytest.mark.parametrize(("values", "problem"), [
    ({"rule": ""}, "gives no rule"), ({"why": ""}, "gives no reason"), ({"start": -1}, "covers nothing"),
    ({"end": lambda r: r["start"]}, "covers nothing"), ({"end": lambda r: r["end"] + 1}, "holds"),
    ({"text": ""}, "holds"),
])  # fmt: skip
def test_a_broken_span_is_noticed(release, values, problem):
    change(release, "removed", lambda r: r["start"] is not None, **values)
    assert any(f.check == "spans" and problem in f.problem for f in validate(release).failures)


def test_overlapping_spans_are_noticed(release):
    rows = rows_of(release, "removed")
    at = next(i for i, row in enumerate(rows[1:], 1) if row["id"] == rows[i - 1]["id"])
    rows[at]["start"] = rows[at - 1]["end"] - 1
    rows[at]["text"] = "x" * (rows[at]["end"] - rows[at]["start"])
    forge(release, "removed", rows)
    assert "spans" in checks(release)


def test_a_ledger_row_without_a_document_is_noticed(release):
    rows = rows_of(release, "removed")
    row = dict.fromkeys(rows[0]) | {"source_path": "a.txt", "rule": "comments", "why": "x"}
    forge(release, "removed", [row, *rows])
    assert {"spans", "counts"} <= checks(release)


def test_a_date_that_no_page_has_is_noticed(release):
    change(release, "default", anything, date=datetime.date(2567, 1, 1))
    assert checks(release) == {"dates"}


def test_a_source_that_is_not_listed_is_noticed(release):
    path = release / "sources.parquet"
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    resum(release)
    assert {"ids", "counts"} <= checks(release)


@pytest.mark.parametrize("edit", [
    lambda rows: rows[::-1],
    lambda rows: [a | {"bytes": b["bytes"]} for a, b in zip(rows, rows[1:] + rows[:1], strict=True)],
    lambda rows: rows[1:] + rows[:1],
], ids=["turned", "sizes of others", "moved"])  # fmt: skip
def test_other_sources_behind_right_sums_are_noticed(release, edit):
    """Changes that leave every count as it is: the manifest has the digest of what the list holds."""
    path = release / "sources.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    assert edit(rows) != rows
    pq.write_table(pa.Table.from_pylist(edit(rows), table.schema), path)
    resum(release)
    assert "digest" in checks(release)


def test_other_bytes_of_the_sources_are_noticed(release):
    """The same rows, written in another way."""
    path = release / "sources.parquet"
    pq.write_table(pq.read_table(path), path, compression="none")
    resum(release)
    (failure,) = validate(release).failures
    assert (failure.check, failure.where) == ("sums", "manifest.json: sources.sha256")


# duplicates


def twin(row: dict) -> bool:
    return row["rule"] == "duplicate"


@pytest.mark.parametrize(("values", "problem"), [
    ({"twin_id": "0" * 20}, "not in the release"), ({"twin_start": 10**6}, "names character"),
    ({"twin_start": -1}, "names character"), ({"twin_start": None}, "without"),
    ({"twin_start": lambda r: r["twin_start"] + 5}, "is not the paragraph"),
])  # fmt: skip
def test_a_wrong_twin_is_noticed(release, values, problem):
    change(release, "removed", twin, **values)
    (failure,) = validate(release).failures
    assert failure.check == "twins"
    assert problem in failure.problem


def test_a_paragraph_called_duplicate_that_is_none_is_noticed(tmp_path):
    records = [json.dumps({"id": i, "text": f"{i} ก่อน\n{PARAGRAPH}"}) for i in range(3)]
    release = small_release(tmp_path, {"a.jsonl": "\n".join(records)})
    change(release, "removed", twin, text=lambda r: r["text"].replace("ติดเลน", "ติดทราย"), end=lambda r: r["end"] + 1)
    assert "twins" in checks(release)


def test_a_document_called_duplicate_that_is_none_is_noticed(tmp_path):
    records = [json.dumps({"id": i, "text": f"{PARAGRAPH}\nจบ"}, ensure_ascii=False) for i in range(2)]
    release = small_release(tmp_path, {"a.jsonl": "\n".join(records)})
    change(release, "removed", is_whole, text=lambda r: r["text"].replace("บ่าย", "ค่ำ ๆ"[:4]))
    assert "twins" in checks(release)


def test_copies_that_differ_in_what_does_not_show_are_twins(tmp_path):
    """White space, case, invisible characters, line ends and composition do not make another text."""
    shown = "The café by the river opens at seven and closes when the last ferry has gone home for the night."
    variants = {
        "b.txt": shown.upper(), "c.txt": shown.replace(" ", "  "), "d.txt": shown.replace("river", "ri\u00adver"),
        "e.txt": f"\ufeff{shown}\r\nmore\r\n", "f.txt": shown.replace("é", "e\u0301"),
        "g.txt": shown.replace("last", "la\u200bst"),
    }  # fmt: skip
    files = {name: f"Page {name}\n\n{text}\n" for name, text in variants.items()}
    release = small_release(tmp_path, {"a.txt": f"The first page\n\n{shown}\nThe end of it.", **files})
    assert sum(map(twin, rows_of(release, "removed"))) == len(variants)


def test_unreadable_sources_are_in_the_ledger_and_counted(tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "bad.txt").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "small" / "what.bin").write_bytes(b"x")
    (tmp_path / "small" / "link.txt").symlink_to("a.txt")
    (tmp_path / "small" / "a\x1b[1m.jsonl").write_text('{"text": "' + PARAGRAPH + '"}\n{broken\n', "utf-8")
    release = small_release(tmp_path, {"a.txt": PARAGRAPH})
    assert len(manifest_of(release)["quarantined"]) == 4
    rows = rows_of(release, "removed")
    change(release, "removed", lambda r: r["rule"] == "unreadable", why="another reason")
    assert checks(release) == {"counts", "card"}
    forge(release, "removed", [row for row in rows if row["source_path"] != "what.bin"])
    assert checks(release) == {"counts", "card"}


# leaks


@pytest.mark.parametrize(("leak", "what"), [
    ("\n![](leaked.jpg)", "placeholder"), ("\n![a boat](b.png) |", "placeholder"), ("\n[image]", "placeholder"),
    ("\n<img src='a.jpg'>", "placeholder"), ("\nLeave a comment", "comments"), ("\nแสดงความคิดเห็น", "comments"),
    ("\ufeff", "byte order mark"), ("\r", "carriage return"),
])  # fmt: skip
def test_leaked_boilerplate_is_noticed(release, leak, what):
    text = "The ferry to the island leaves the old pier at seven, and the last one comes back long after dark.\n" * 3
    changed = {row["id"] for row in rows_of(release, "removed")}
    change(release, "default", lambda r: r["id"] not in changed, text=text.strip() + leak)
    assert any(f.check == "leaks" and what in f.problem for f in validate(release).failures)


def test_the_same_words_inside_the_text_are_no_leak(release):
    text = "Write ![alt](x.png) in a sentence, or Leave a comment in the middle of one, and nothing is wrong with it.\n"
    text += "```\n![](example.jpg)\n```\nThe ferry leaves the old pier at seven, and comes back to it long after dark."
    changed = {row["id"] for row in rows_of(release, "removed")}
    change(release, "default", lambda r: r["id"] not in changed, text=text)
    assert "leaks" not in checks(release)


def test_a_rule_that_the_recipe_turned_off_leaks_nothing(tmp_path):
    text = "\n".join([PARAGRAPH, PARAGRAPH[::-1], "![](kept.jpg)", "แสดงความคิดเห็น"])
    small_release(tmp_path, {"a.txt": text}, clean={"disable": ["placeholder", "comments", "tail-block", "caption"]})


def test_a_repair_that_writes_replacement_characters_is_noticed(release):
    change(release, "removed", lambda r: r["start"] is not None and not r["replacement"], replacement="\ufffd")
    assert "leaks" in checks(release)


def test_a_release_whose_plugin_is_not_installed_can_be_checked(release):
    manifest = manifest_of(release)
    manifest["recipe"]["clean"]["plugins"] = ["not-installed"]
    write_manifest(release, manifest)
    assert checks(release) == set()


# building again


def test_a_rebuild_gives_the_same_bytes(built):
    found = validate(built, [str(SEEDS)], workers=1)
    assert (found.verdict, found.failures) == ("same bytes", ())
    assert sorted(p.name for p in built.parent.iterdir()) == [".corpuskit-work", built.name], "nothing is left behind"


@pytest.fixture
def corpus(tmp_path) -> tuple[Path, Path]:
    """A few records and a page, and their release."""
    records = [json.dumps({"id": i, "text": f"บันทึก {i}\n{PARAGRAPH * i}"}, ensure_ascii=False) for i in range(1, 4)]
    files = {"a.jsonl": "\n".join(records), "b.txt": PARAGRAPH[::-1] + "\n\n\n", "c.txt": "จบแล้ว"}
    return small_release(tmp_path, files), tmp_path / "small"


@pytest.mark.parametrize(("edit", "name", "problem"), [
    (lambda folder: (folder / "b.txt").write_text("อย่างอื่น"), "b.txt", "has changed"),
    (lambda folder: (folder / "b.txt").unlink(), "b.txt", "not among those given"),
    (lambda folder: (folder / "0.txt").write_text("ใหม่"), "0.txt", "was not made from"),
])  # fmt: skip
def test_other_sources_are_named(corpus, edit, name, problem):
    release, folder = corpus
    edit(folder)
    found = validate(release, [str(folder)], workers=1)
    (failure,) = found.failures
    assert (failure.check, failure.where) == ("rebuild", name)
    assert problem in failure.problem
    assert found.verdict.startswith(f"different: {name}: ")


def test_other_sources_are_named_before_anything_is_built(corpus, monkeypatch):
    release, folder = corpus
    (folder / "b.txt").unlink()
    monkeypatch.setattr("corpuskit.pipeline.build", lambda *_, **__: pytest.fail("built for nothing"))
    assert validate(release, [folder], workers=1).failures[0].where == "b.txt"


def test_sources_in_another_order_are_named(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{name} {PARAGRAPH}", "utf-8")
    given = [tmp_path / "b.txt", tmp_path / "a.txt"]
    release = build(given, Recipe(name="turned", version="1.0.0"), tmp_path / "out", workers=1).path
    assert validate(release, given, workers=1).verdict == "same bytes"
    found = validate(release, given[::-1], workers=1)
    assert found.verdict == "different: a.txt: a source in another place: name them in the order of sources.parquet"


def test_the_manifest_alone_holds_the_recipe_of_a_rebuild(tmp_path):
    """Everything that a recipe can say comes from there: no file of the build but the sources is left."""
    for i in range(3):
        page = tmp_path / "site" / "news" / f"{i}.txt"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"Menu of the day\n{PARAGRAPH} {i}\nTell a friend {i}\nposted here\n", "utf-8")
    (tmp_path / "templates.toml").write_text('[[templates]]\nsite = "/news"\nline = "Tell a friend 1"\nzone = "any"\n')
    (tmp_path / "corpus.toml").write_text(
        'name = "told"\nversion = "2.0.0"\nsources = ["site"]\nlicense = "cc0-1.0"\nauthors = ["A"]\n'
        '[clean]\ntemplates = "templates.toml"\nprofile = "strict"\ndisable = ["comments"]\n'
        "[output]\nparagraphs = true\nreport = false\nshard_bytes = 4096\ncompression_level = 1\n"
        '[filter]\nflags = ["duplicate-lines"]\n[dedup]\nmin_mass = 30\n'
        '[[rules]]\nname = "posted"\npattern = "^posted here$"\ndrop = ["posted here"]\n'
    )
    release = build([tmp_path / "site"], read_recipe(tmp_path / "corpus.toml"), tmp_path / "out", workers=1).path
    assert {"posted", "template"} <= manifest_of(release)["rules"].keys()
    elsewhere = tmp_path / "third party"
    shutil.copytree(release, elsewhere / "release")
    shutil.copytree(tmp_path / "site", elsewhere / "copies")
    for name in ("corpus.toml", "templates.toml"):
        (tmp_path / name).unlink()
    found = validate(elsewhere / "release", [elsewhere / "copies"], workers=1)
    assert (found.verdict, found.failures) == ("same bytes", ())


@pytest.fixture(scope="module")
def other_pyarrow(tmp_path_factory):
    """Its version, and a Python that has it, with all other packages of this one."""
    other = "25.0.0" if pa.__version__ != "25.0.0" else "24.0.0"
    folder = tmp_path_factory.mktemp("pyarrow")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", f"pyarrow=={other}"], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"another pyarrow cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "others.pth").write_text(f"{Path(pa.__file__).parents[1]}\n")  # looked at after the folder's own
    yield other, python
    shutil.rmtree(folder)


@pytest.mark.slow
def test_a_rebuild_under_another_pyarrow_has_the_same_content(other_pyarrow, tmp_path):
    """For real: the release of an older pyarrow has other bytes, and is told from one of other content."""
    other, python = other_pyarrow
    for page in (SEEDS / "th").glob("*.txt"):
        (tmp_path / "th").mkdir(exist_ok=True)
        shutil.copy(page, tmp_path / "th")
    command = [python, "-m", "corpuskit", "build", "th", "--name", "old", "--version", "1.0.0", "--quiet"]
    env = os.environ | {"PYTHONPATH": str(SEEDS.parent)}
    subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True)
    release = tmp_path / "dist" / "old-1.0.0"
    assert manifest_of(release)["versions"]["pyarrow"] == other
    found = validate(release, [tmp_path / "th"], workers=1)
    assert (found.verdict, found.failures) == (
        f"same content under another pyarrow {other} ({pa.__version__} here)",
        (),
    )
    forged = rows_of(release, "default")
    forged[0]["title"] = "another title"
    forge(release, "default", forged)
    found = validate(release, [tmp_path / "th"], workers=1)
    assert found.verdict.startswith(f"different: default row 0, document {forged[0]['id']} of ")
    assert found.verdict.endswith(f"it was made with another pyarrow {other} ({pa.__version__} here)")


def test_a_changed_record_is_named_by_the_rebuild(corpus):
    """What no sum in the release can tell: the text of a record was changed, and all digests fit."""
    release, folder = corpus
    second = lambda r: r["text"].count(PARAGRAPH) == 2  # noqa: E731
    change(release, "default", second, text=lambda r: r["text"].replace("บ่าย", "เช้า"))
    assert validate(release).failures == ()
    found = validate(release, [str(folder)], workers=1)
    document = next(row for row in rows_of(release, "default") if "เช้า" in row["text"])
    (failure,) = found.failures
    assert failure.check == "rebuild"
    assert failure.where == f"default row 1, document {document['id']} of a.jsonl, column text"


def test_a_release_of_another_schema_is_told_by_the_rebuild(corpus):
    release, folder = corpus
    (path,) = (release / "data").iterdir()
    pq.write_table(pq.read_table(path).drop_columns("cluster"), path)
    said = [str(failure) for failure in validate(release, [str(folder)], workers=1).failures]
    assert said[-1] == f"schema: data/{path.name}: column None where 'cluster' belongs"


def test_a_rebuild_of_a_release_without_sums_is_no_error(corpus):
    release, folder = corpus
    (release / "SHA256SUMS").unlink()
    said = [failure.check for failure in validate(release, [str(folder)], workers=1).failures]
    assert set(said) == {"structure"}


def test_a_lost_row_is_named_by_the_rebuild(corpus):
    release, folder = corpus
    forge(release, "default", rows_of(release, "default")[:-1])
    found = validate(release, [str(folder)], workers=1)
    assert "only in the rebuild" in found.verdict


def test_the_same_content_under_another_version_is_no_failure(corpus):
    release, folder = corpus
    manifest = manifest_of(release)
    manifest["versions"]["pyarrow"] = "25.0.0"
    rewrite(release, manifest)
    found = validate(release, [str(folder)], workers=1)
    assert found.failures == ()
    assert found.verdict == f"same content under another pyarrow 25.0.0 ({pa.__version__} here)"


def test_other_bytes_under_the_same_versions_are_a_failure(corpus):
    release, folder = corpus
    forge(release, "default", rows_of(release, "default"), level=1)
    found = validate(release, [str(folder)], workers=1)
    assert found.verdict == "different: README.md: other bytes, though content and versions are the same"


# the report itself


def test_many_failures_of_a_check_are_counted():
    findings = Findings()
    for i in range(SHOWN + 5):
        findings.add("spans", f"document {i}", "bad\x1b[31m\n")
    failures = findings.failures()
    assert len(failures) == SHOWN + 1
    assert str(failures[0]) == "spans: document 0: bad\\u001B[31m\\u000A"
    assert failures[-1].problem == "5 further failures of this check"


def test_hashes_are_found_in_any_order():
    words = [f"document {i}" for i in range(1000)]
    chance = random.Random(3)
    shuffled = chance.sample(words, len(words))
    keys = Keys(hashes_of(shuffled))
    assert keys.find(hashes_of(words)).tolist() == [shuffled.index(word) for word in words]
    assert keys.find(hashes_of(["nothing", None])).tolist() == [-1, -1]
    assert keys.twice() is None
    assert Keys(hashes_of([*words, words[7]])).twice() == (7, 1000)
    assert Keys(hashes_of([])).find(hashes_of(words[:2])).tolist() == [-1, -1]


def test_wrong_paragraphs_are_noticed(tmp_path):
    release = small_release(tmp_path, {"a.txt": f"หัวข้อ\n\n{PARAGRAPH}\n"}, output={"paragraphs": True})
    rows = rows_of(release, "paragraphs")
    changes = [{"text": "อื่น"}, {"start": 1}, {"index": 5}, {"source_path": "b.txt"}, {"id": "0" * 20}]
    damages = [rows[1:], rows[::-1], [*rows, rows[-1]], *([rows[0] | values, *rows[1:]] for values in changes)]
    for damage in damages:
        forge(release, "paragraphs", damage)
        assert checks(release) == {"paragraphs"}, damage


def test_the_recipe_of_the_fixture_is_the_one_in_the_manifest(built):
    assert recipe_from(manifest_of(built)["recipe"]) == Recipe(name="seeds", version="1.0.0", license="cc-by-4.0")
