"""The build: the same bytes whatever the way, whole or not at all, incremental equal to full."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.errors import NothingToPublish, OutputError, SourceError, UsageError, VersionExists
from corpuskit.filenames import WORK
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.release.write import _sums
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.sharding import SHARDS, data_files, shard_size, shards, text_bytes
from corpuskit.verbs.plan import plan
from corpuskit.verbs.validate import validate

PARAGRAPH = "ย่อหน้าที่ {n} เล่าเรื่องตลาดริมน้ำที่ชาวบ้านช่วยกันดูแลมาหลายสิบปี และมีคนแวะมาเยือนทุกวันหยุด {word}"
WORDS = ("ปลา", "เรือ", "ข้าว", "ผ้า", "ดอกไม้", "น้ำตาล", "ตะกร้า", "ร่ม")


def small(**values) -> Recipe:
    """A recipe that cuts even a small corpus into several shards."""
    return recipe_from({"name": "t", "version": "1.0.0", "output": {"shard_bytes": 4096}} | values)


def write_corpus(folder: Path, pages: int = 30) -> Path:
    """Pages with machinery, shared paragraphs, a repair, an exact duplicate, HTML, JSONL and a bad file."""
    chance = random.Random(7)
    for i in range(pages):
        body = [PARAGRAPH.format(n=chance.randrange(40), word=chance.choice(WORDS)) for _ in range(8)]
        lines = [f"เรื่องที่ {i}", "", *body, "", "การแสดงความคิดเห็น (0)", f"ที่มา: https://news.example.org/{i}"]
        target = folder / f"p{i % 5}" / f"{i:03}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(lines).replace("น้ำ", "นํ้า" if i % 3 else "น้ำ"), "utf-8")
    shutil.copy(folder / "p0" / "000.txt", folder / "p4" / "copy.txt")
    (folder / "page.html").write_text(
        "<html><head><title>A page</title></head><body><article><p>"
        + "A mill by the sea. " * 20
        + "</p></article></body>"
    )
    records = [
        {"id": f"r{i}", "text": PARAGRAPH.format(n=i, word="บันทึก"), "url": f"https://a.example/{i}"} for i in range(5)
    ]
    (folder / "records.jsonl").write_text("\n".join([*map(json.dumps, records), "{broken"]), "utf-8")
    (folder / "bad.txt").write_bytes(b"abc \xe0\xb8 def")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def fresh(corpus, tmp_path_factory) -> Path:
    """The release of the corpus, built by one worker in one go."""
    return build([corpus], small(), tmp_path_factory.mktemp("fresh"), workers=1).path


def contents(release: Path) -> dict[str, bytes]:
    return {p.relative_to(release).as_posix(): p.read_bytes() for p in sorted(release.rglob("*")) if p.is_file()}


def test_the_corpus_is_cut_into_several_shards(fresh):
    assert len(list((fresh / "data").iterdir())) > 3


def test_shards_are_bounded_in_text_also_of_compressed_files():
    target = 16_000_000
    files = [SourceFile("", f"{i:04}.jsonl.zst", 1_000_000) for i in range(500)]
    cut = list(shards(files, target))
    assert [file for shard in cut for file in shard] == files
    assert max(sum(map(text_bytes, shard)) for shard in cut) <= 4 * target + text_bytes(files[0])
    plain = [file._replace(name=file.name.removesuffix(".zst")) for file in files]
    assert len(list(shards(plain, target))) < len(cut) / 2


def test_a_data_file_is_cut_into_shards_and_they_grow_with_the_corpus():
    """Finer cuts do not move the files of a release, and there are never many more shards than data files."""
    target = 1 << 20
    for size, most in ((100, 8), (30_000, 1.3)):
        files = [SourceFile("", f"{i:06}.txt", 10_000) for i in range(size)]
        cut, plain = list(data_files(files, target)), list(shards(files, target))
        assert [tuple(file for shard in file_shards for file in shard) for file_shards in cut] == plain
        assert sum(map(len, cut)) <= max(most * len(plain), 2 * SHARDS)
    assert sum(map(len, data_files(files[:1000], target))) > 4 * len(list(shards(files[:1000], target)))
    assert shard_size(sum(map(text_bytes, files)), target) == target


def test_one_more_file_disturbs_one_shard():
    files = [SourceFile("", f"{i:05}.txt", 4_000 + i % 7 * 900) for i in range(2_000)]
    more = sorted([*files, SourceFile("", "00990x.txt", 5_000)], key=lambda file: file.name)
    before, after = ({shard for file in data_files(some, 1 << 20) for shard in file} for some in (files, more))
    assert len(after - before) == 1 < len(before) / 20


def test_how_finely_the_work_is_cut_decides_no_byte(corpus, fresh, tmp_path, monkeypatch):
    for parts in (1, 3):
        monkeypatch.setattr("corpuskit.sources.sharding.PARTS", parts)
        out = tmp_path / str(parts)
        assert contents(build([corpus], small(), out, engine="here").path) == contents(fresh)
        assert len(list((out / WORK / "t" / "read").iterdir())) >= len(list((fresh / "data").iterdir()))


def test_a_data_file_is_finished_without_a_look_at_other_shards(corpus, fresh, tmp_path):
    """The names of the copies that were kept come with what is settled: else every shard would open every other."""
    release = build([corpus], small(), tmp_path, engine="here").path
    assert "duplicate" in pq.read_table(release / "removed").column("rule").to_pylist()
    shutil.rmtree(release)
    shutil.rmtree(tmp_path / WORK / "t" / "finish")
    for names in (tmp_path / WORK / "t" / "read").glob("*/names.arrow"):
        names.unlink()
    assert contents(build([corpus], small(), tmp_path, engine="here").path) == contents(fresh)


def test_two_workers_give_the_same_bytes(corpus, fresh, tmp_path):
    assert contents(build([corpus], small(), tmp_path, workers=2).path) == contents(fresh)


def test_the_order_in_which_files_were_made_and_their_times_do_not_matter(corpus, fresh, tmp_path):
    files = [p for p in corpus.rglob("*") if p.is_file()]
    random.Random(3).shuffle(files)
    for i, file in enumerate(files):
        target = tmp_path / "other" / file.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
        os.utime(target, (i, i))
    assert contents(build([tmp_path / "other"], small(), tmp_path / "out", workers=1).path) == contents(fresh)


SCRIPT = """
import sys
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
if __name__ == "__main__":
    recipe = recipe_from({"name": "t", "version": "1.0.0", "output": {"shard_bytes": 4096}})
    print(build([sys.argv[1]], recipe, sys.argv[2], workers=int(sys.argv[3])).path)
"""


def test_the_environment_does_not_matter(corpus, fresh, tmp_path):
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    env = os.environ | {"TZ": "Asia/Bangkok", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "12345", "PYTHONUTF8": "0"}
    command = f"umask 077; exec {sys.executable} {script} {os.path.relpath(corpus, tmp_path)} out 1"
    subprocess.run(["sh", "-c", command], env=env, cwd=tmp_path, check=True, capture_output=True)
    assert contents(tmp_path / "out" / "t-1.0.0") == contents(fresh)


@pytest.mark.parametrize("change", ["added", "changed", "removed"])
def test_a_rebuild_after_a_change_equals_a_fresh_build(corpus, tmp_path, change):
    ours = tmp_path / "corpus"
    shutil.copytree(corpus, ours)
    build([ours], small(), tmp_path / "out", workers=1)
    page = ours / "p2" / "007.txt"
    if change == "removed":
        page.unlink()
    else:
        target = page if change == "changed" else ours / "p2" / "999.txt"
        target.write_text(page.read_text("utf-8").replace("ตลาด", "สะพาน"), "utf-8")
    calls: list[str] = []
    again = build(
        [ours], small(version="1.1.0"), tmp_path / "out", workers=1, progress=lambda stage, *_: calls.append(stage)
    )
    whole = build([ours], small(version="1.1.0"), tmp_path / "fresh", workers=1)
    assert contents(again.path) == contents(whole.path)


def test_an_unchanged_corpus_is_not_worked_on_again(corpus, tmp_path):
    first = build([corpus], small(), tmp_path, workers=1)
    steps = {p: p.stat().st_mtime_ns for p in (tmp_path / WORK).rglob("*.arrow")}
    second = build([corpus], small(), tmp_path, workers=1)
    assert second.existed
    assert not first.existed
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / WORK).rglob("*.arrow")} == steps
    assert second.totals == first.totals


def test_a_build_of_what_stands_there_ends_after_reading(corpus, tmp_path):
    """What killed builds left is swept all the same; a release that is damaged, or gone, is not taken for one."""
    stages: list[str] = []

    def built():
        stages.clear()
        return build([corpus], small(), tmp_path, engine="here", progress=lambda stage, *_: stages.append(stage))

    release = built().path
    assert set(stages) == {"read", "recur", "judge", "twins", "finish"}
    left = tmp_path / WORK / "t" / "judge" / ("0" * 40)
    left.mkdir()
    assert built().existed
    assert set(stages) == {"read"}
    assert not left.exists()
    before = contents(release)
    sums = release / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes()[1:])
    with pytest.raises(OutputError, match="damaged"):
        built()
    shutil.rmtree(release)
    assert not built().existed
    assert contents(release) == before
    assert not set(stages) <= {"read"}


@pytest.mark.parametrize(
    "change", [{"description": "x"}, {"changelog": "## 1.0.0\n- x\n"}, {"license": "cc0-1.0"}, {"authors": ("A",)}]
)
def test_whatever_a_release_says_is_part_of_what_makes_it_the_same(corpus, tmp_path, change):
    build([corpus / "p0"], small(), tmp_path, engine="here")
    with pytest.raises(VersionExists):
        build([corpus / "p0"], small(**change), tmp_path, engine="here")


def test_a_source_that_is_unreadable_is_part_of_what_makes_it_the_same(corpus, tmp_path):
    ours = tmp_path / "corpus"
    shutil.copytree(corpus / "p0", ours)
    build([ours], small(), tmp_path / "out", engine="here")
    (ours / "picture.png").write_bytes(b"x")
    with pytest.raises(VersionExists):
        build([ours], small(), tmp_path / "out", engine="here")


@pytest.mark.parametrize("after", [0.3, 0.6, 0.9, 1.2, 1.6])
def test_a_killed_build_leaves_nothing_visible_and_the_next_ends_in_the_same_bytes(corpus, fresh, tmp_path, after):
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, script, corpus, out, "2"], stdout=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(after)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    release = out / "t-1.0.0"
    assert not release.exists() or contents(release) == contents(fresh)
    assert contents(build([corpus], small(), out, workers=1).path) == contents(fresh)
    assert sorted(p.name for p in out.iterdir()) == sorted([WORK, "t-1.0.0"])
    assert not list((out / WORK / "t").rglob(".*")), "drafts of the killed build are swept"


def test_a_published_version_never_changes(corpus, tmp_path):
    first = build([corpus / "p0"], small(), tmp_path, workers=1)
    before = contents(first.path)
    with pytest.raises(VersionExists, match="never changes"):
        build([corpus / "p1"], small(), tmp_path, workers=1)
    assert contents(first.path) == before


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda release: next(release.glob("data/*")).write_bytes(b"PAR1"), "differs from its sum"),
        (lambda release: (release / "report.html").unlink(), "report.html, listed in SHA256SUMS, is no plain file"),
        (lambda release: (release / "manifest.json").write_text("{"), "manifest.json differs from its sum"),
        (lambda release: (release / "SHA256SUMS").write_text("x"), "SHA256SUMS is damaged"),
        (lambda release: (release / "SHA256SUMS").unlink(), "no readable SHA256SUMS"),
        (shutil.rmtree, ""),
    ],
)
def test_a_damaged_release_is_not_taken_for_the_one_that_was_built(corpus, tmp_path, damage, told):
    release = build([corpus / "p0"], small(), tmp_path, workers=1).path
    damage(release)
    if not told:
        release.symlink_to("nowhere")
        told = "no readable SHA256SUMS"
    with pytest.raises(OutputError, match=f"{told}.*move it away, then build again"):
        build([corpus / "p0"], small(), tmp_path, workers=1)


def test_a_release_of_the_same_content_by_other_libraries_is_left_alone(corpus, tmp_path):
    first = build([corpus / "p0"], small(), tmp_path, workers=1).path
    told = json.loads((first / "manifest.json").read_text("utf-8"))
    told["versions"]["unicode"] = "1.0.0"
    (first / "manifest.json").write_text(json.dumps(told), "utf-8")
    (first / "SHA256SUMS").unlink()
    (first / "SHA256SUMS").write_bytes(_sums(first, {}))
    before = contents(first)
    assert build([corpus / "p0"], small(), tmp_path, workers=1).existed
    assert contents(first) == before
    with pytest.raises(VersionExists):
        build([corpus / "p1"], small(), tmp_path, workers=1)


def test_the_output_folder_inside_a_source_is_no_source(corpus, tmp_path):
    ours = tmp_path / "corpus"
    shutil.copytree(corpus, ours)
    first = build([ours], small(), ours / "dist", workers=1)
    again = build([ours], small(), ours / "dist", workers=1)
    assert again.existed
    assert contents(first.path) == contents(again.path)


def test_removed_and_published_rows_account_for_every_character(fresh, corpus):
    data = pq.read_table(fresh / "data").to_pylist()
    ledger = pq.read_table(fresh / "removed").to_pylist()
    for row in data:
        mine = [r for r in ledger if r["id"] == row["id"]]
        change = sum(r["end"] - r["start"] - len(r["replacement"]) for r in mine)
        assert row["n_chars"] + change == row["n_source_chars"]
        assert len(row["text"]) == row["n_chars"]


def test_duplicates_name_the_copy_that_was_kept(fresh):
    data = {row["id"]: row for row in pq.read_table(fresh / "data").to_pylist()}
    lost = [row for row in pq.read_table(fresh / "removed").to_pylist() if row["rule"] == "duplicate"]
    assert lost
    for row in lost:
        twin = data[row["twin_id"]]
        assert row["text"].strip()[:40].replace("ํา", "ำ")[:10] in twin["text"]


def test_the_copy_of_a_document_goes_and_names_the_first(fresh):
    (row,) = [r for r in pq.read_table(fresh / "removed").to_pylist() if r["rule"] == "duplicate-document"]
    assert (row["source_path"], row["why"]) == ("p4/copy.txt", "same document as p0/000.txt")


def test_what_cannot_be_read_is_named_with_its_place(fresh):
    found = json.loads((fresh / "manifest.json").read_text("utf-8"))["quarantined"]
    assert [(q["path"], q.get("line")) for q in found] == [("bad.txt", None), ("records.jsonl", "line 6")]
    assert "byte 0xE0 at byte 4" in found[0]["reason"]


def test_mistakes_of_the_call_are_told_plainly(tmp_path):
    with pytest.raises(SourceError, match="no such source"):
        build([tmp_path / "nothing"], small(), tmp_path)
    with pytest.raises(UsageError, match="name and a version"):
        build([tmp_path], Recipe(), tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    with pytest.raises(NothingToPublish, match=r"empty\.txt: empty"):
        build([tmp_path / "in"], small(), tmp_path / "out", workers=1)
    assert not (tmp_path / "out" / "t-1.0.0").exists()


@pytest.fixture(scope="module")
def huge(tmp_path_factory) -> Path:
    """A file of records with a few batches of text between two small ones; copies, a bad line and keys that recur."""
    folder = tmp_path_factory.mktemp("huge")
    chance = random.Random(5)
    words = ["harvest", "river", "boat", "market", "lantern", "monsoon", "orchard", "copper", "saddle", "ferry"]
    lines = []
    for i in range(1300):
        text = "\n".join(f"Page {i}, line {n}: {' '.join(chance.choices(words, k=30))}." for n in range(10))
        lines.append(json.dumps({"id": f"r{i % 1290}", "text": text}))
    lines[700] = "{no record"
    lines[1200] = json.dumps(
        {"id": "copy", "text": json.loads(lines[3])["text"] + "\nOne line more than the page has."}
    )
    (folder / "b.jsonl").write_text("\n".join(lines))
    (folder / "a.txt").write_text("A page that stands before the large file, and says little.")
    (folder / "c.txt").write_text("A page that stands behind the large file, and says little.")
    return folder


def rows_of(release: Path) -> dict[str, list]:
    return {config: pq.read_table(release / config).to_pylist() for config in ("data", "removed", "sources.parquet")}


def test_one_large_file_is_the_work_of_many(huge, tmp_path):
    """Read in one go, judged and written in parts: the rows are those of one part, whoever does the work."""
    whole = build([huge], small(output={"shard_bytes": 1 << 30}), tmp_path / "whole", workers=1).path
    release = build([huge], small(), tmp_path / "parts", workers=2).path
    assert len(list((release / "data").iterdir())) >= 4
    assert rows_of(release) == rows_of(whole)
    rules = {row["rule"] for row in rows_of(release)["removed"]}
    assert {"unreadable", "duplicate"} <= rules
    assert validate(release).ok
    before = contents(release)
    work = tmp_path / "parts" / WORK / "t" / "read"
    parts = {step: json.loads((step / "parts.json").read_text()) for step in work.iterdir()}
    first, (second, *_) = next((step, others) for step, others in parts.items() if others)
    for step in (first, work / second):  # as if the build had been killed: the first part is finished last
        shutil.rmtree(step)
    shutil.rmtree(release)
    shutil.rmtree(work.parent / "outcome")
    told = plan([huge], small(), tmp_path / "parts", workers=1)
    assert told.stages[0].todo
    assert contents(build([huge], small(), tmp_path / "parts", workers=1).path) == before
    assert plan([huge], small(), tmp_path / "parts", workers=1).nothing
