"""What the benchmarks rest on: corpora that are the same every time, and costs that miss no process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

BENCH = Path(__file__).parents[1] / "bench"
sys.path.insert(0, str(BENCH))

import corpora  # noqa: E402

SIZE = 60_000


@pytest.fixture
def texts(tmp_path) -> Path:
    """A folder of twenty pages, each with a menu line, a heading and long lines."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for i in range(20):
        lines = [f"ย่อหน้าที่ {j} ของหน้า {i} เล่าเรื่องตลาดริมน้ำ ซึ่งชาวบ้านช่วยกันดูแลมาหลายสิบปี และมีคนแวะมาทุกวัน" for j in range(5)]
        (folder / f"{i:02}.txt").write_text("\n".join(["หน้าแรก", f"เรื่องที่ {i}", *lines]), "utf-8")
    return folder


def records_of(folder: Path) -> list[dict[str, str]]:
    opened = (pa.input_stream(path).read() for path in sorted(folder.iterdir()))
    return [json.loads(line) for data in opened for line in data.splitlines()]


def test_a_grown_corpus_is_as_large_as_asked_and_the_same_every_time(texts, tmp_path):
    for name in "ab":
        corpora.make(texts, tmp_path / name, SIZE)
    made = records_of(tmp_path / "a")
    assert made == records_of(tmp_path / "b")
    assert SIZE <= sum(len(record["text"].encode()) for record in made) < SIZE * 1.1
    assert len({record["id"] for record in made}) == len(made) > 20


def test_of_the_long_lines_some_are_repeated_and_most_are_new(texts, tmp_path):
    corpora.make(texts, tmp_path / "grown", SIZE)
    made = [record["text"].split("\n") for record in records_of(tmp_path / "grown")]
    first = {line for lines in made[:20] for line in lines}
    again = [line for lines in made[20:] for line in lines]
    assert {line for line in again if len(line) < corpora.LONG} <= first
    long = [line for line in again if len(line) >= corpora.LONG]
    assert 0.2 < sum(line in first for line in long) / len(long) < 0.6


def test_one_huge_file_and_tiny_files_hold_the_same_texts(texts, tmp_path):
    for shape in ("shards", "huge", "tiny"):
        corpora.make(texts, tmp_path / shape, SIZE, shape)
    assert records_of(tmp_path / "huge") == records_of(tmp_path / "shards")
    paragraphs = [path.read_text("utf-8") for path in sorted((tmp_path / "tiny").rglob("*.txt"))]
    lines = [line for record in records_of(tmp_path / "huge") for line in record["text"].split("\n")]
    assert sorted(paragraphs) == sorted(line for line in lines if line.strip())


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted by Linux's account of them")
def test_the_cost_of_a_command_is_that_of_its_orphans_too():
    work = "import time; held = b'x' * 50_000_000\nwhile time.process_time() < 0.5: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}])"
    # in a process of its own: it waits for all its children, and a test run may have others
    script = f"import sys; from measure import measure; print(measure([sys.executable, '-c', {orphan!r}]).cpu)"
    printed = subprocess.run([sys.executable, "-c", script], cwd=BENCH, capture_output=True, text=True, check=True)
    assert float(printed.stdout) > 0.5
