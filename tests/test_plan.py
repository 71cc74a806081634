"""``build --plan`` and incremental builds: what is done again is what changed, and the plan says so before."""

import json
import random
from pathlib import Path

import pytest

from corpuskit.cli import run
from corpuskit.filenames import WORK
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.verbs.plan import plan

#: Files of the corpus, and the share of steps that one of them may cause to be done again.
FILES = 2000
SHARE = 0.1

WORDS = "ข้าว ปลา เรือ นา คลอง สวน วัด ตลาด ฝน แดด ลม ผ้า ไม้ ดิน น้ำ ควาย".split()


def recipe(**values) -> Recipe:
    return recipe_from({"name": "t", "version": "1.0.0", "output": {"shard_bytes": 16384}} | values)


def text(number: int) -> str:
    chance = random.Random(number)
    lines = ["".join(chance.choices(WORDS, k=14)) for _ in range(3)]
    return "\n".join([f"เรื่องที่ {number}", "", *lines, "การแสดงความคิดเห็น (0)", ""])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for i in range(FILES):
        target = folder / f"s{i % 7}" / f"{i:04}.txt"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text(i), "utf-8")
    return folder


@pytest.fixture(scope="module")
def out(corpus, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    build([corpus], recipe(), folder, workers=2)
    return folder


def steps(out: Path) -> set[str]:
    return {
        p.relative_to(out).as_posix() for p in out.glob(f"{WORK}/t/*/*") if p.parent.name not in ("record", "outcome")
    }


def contents(release: Path) -> dict[str, bytes]:
    return {p.relative_to(release).as_posix(): p.read_bytes() for p in sorted(release.rglob("*")) if p.is_file()}


def everything(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns for p in sorted(folder.rglob("*"))}


def test_one_file_among_thousands_costs_a_small_share_and_the_plan_says_so(corpus, out, tmp_path):
    """A file is added, changed, removed: few steps are done again, and the bytes are those of a fresh build."""
    new, old, whole = corpus / "s3" / "9999.txt", corpus / "s6" / "1000.txt", len(steps(out))
    changes = {
        "added": lambda: new.write_text(text(9999), "utf-8"),
        "changed": lambda: old.write_text(text(1000).replace("ฝน", "หิมะ", 3), "utf-8"),
        "removed": new.unlink,
    }
    for minor, (change, act) in enumerate(changes.items(), 1):
        act()
        release = recipe(version=f"1.{minor}.0")
        before = steps(out)
        told = plan([corpus], release, out, workers=2)
        assert (len(told.added), len(told.changed), len(told.removed)) == tuple(change == c for c in changes)
        assert told.why == ()
        assert not told.nothing
        again = build([corpus], release, out, workers=2).path
        redone = steps(out) - before
        assert len(redone) <= SHARE * whole, f"{change}: {len(redone)} of {whole} steps"
        for stage in told.stages:
            done = sum(step.startswith(f"{WORK}/t/{stage.stage}/") for step in redone)
            assert (done == stage.todo) if stage.exact else (done >= stage.todo), (change, stage, done)
        if change != "added":  # what the last one is equal to, the others are
            continue
        fresh = build([corpus], release, tmp_path / change, workers=2).path
        assert contents(again) == contents(fresh)
    fresh = build([corpus], release, tmp_path / "fresh", workers=2).path
    assert contents(again) == contents(fresh)
    assert plan([corpus], release, out, workers=2).nothing


@pytest.mark.parametrize(
    ("change", "redone", "why"),
    [
        ({"description": "Pages."}, set(), "description"),
        ({"license": "cc0-1.0"}, {"finish"}, "license"),
        ({"dedup": {"min_mass": 60}}, {"judge", "twins", "finish"}, "dedup.min_mass"),
        ({"limits": {"expansion": 100}}, {"read", "recur", "judge", "twins", "finish"}, "limits.expansion"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_change_of_the_recipe_redoes_what_depends_on_it(tmp_path, change, redone, why):
    folder = tmp_path / "in"
    folder.mkdir()
    for i in range(12):
        (folder / f"{i}.txt").write_text(text(i), "utf-8")
    small = {"output": {"shard_bytes": 4096}}
    build([folder], recipe(**small), tmp_path / "out", workers=1)
    before = steps(tmp_path / "out")
    other = recipe(**small | change, version="1.1.0")
    told = plan([folder], other, tmp_path / "out", workers=1)
    assert len(told.why) == 1
    assert why in told.why[0]
    again = build([folder], other, tmp_path / "out", workers=1).path
    new = steps(tmp_path / "out") - before
    assert {step.split("/")[2] for step in new} == redone
    assert contents(again) == contents(build([folder], other, tmp_path / "fresh", workers=1).path)


def test_the_command_prints_the_plan_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    for i in range(4):
        (folder / f"{i}.txt").write_text(text(i), "utf-8")
    args = ["build", "in", "--name", "t", "--version", "1.0.0", "--workers", "1", "--quiet"]
    assert run([*args, "--plan"]) == 0
    assert "nothing was built here before" in capsys.readouterr().out
    assert not (tmp_path / "dist").exists()
    assert run(args) == 0
    before = everything(tmp_path)
    capsys.readouterr()
    assert run([*args, "--plan"]) == 0
    assert capsys.readouterr().out == "nothing to do: t-1.0.0 exists\n"
    (folder / "4\x1b[2J.txt").write_text(text(4), "utf-8")
    (folder / "1.txt").write_text(text(11), "utf-8")
    (folder / "0.txt").unlink()
    before = everything(tmp_path)
    assert run([*args, "--plan"]) == 0
    said = capsys.readouterr().out
    assert "1 file added: 4\\x1b[2J.txt" in said or "1 file added: 4\\u001B[2J.txt" in said
    assert "1 file changed: 1.txt" in said
    assert "1 file removed: 0.txt" in said
    assert run([*args, "--plan", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["nothing"], told["removed"], told["stages"][0]) == (
        False, ["0.txt"], {"stage": "read", "todo": 1, "of": 1, "exact": True},
    )  # fmt: skip
    assert everything(tmp_path) == before
