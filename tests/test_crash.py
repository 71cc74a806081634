"""A worker that dies costs the document that killed it: real signals, in real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.errors import EngineError
from corpuskit.filenames import WORK
from corpuskit.verbs.validate import validate

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

PROSE = "ชาวนาที่ริมคลองเกี่ยวข้าวด้วยมือมาสามรุ่น และปีนี้พวกเขาเก็บพันธุ์ข้าวไว้ในยุ้งไม้หลังใหม่ครบทุกพันธุ์ แปลงที่ {}"
#: A rule of another package, as somebody might write it around a C library with a defect.
RULE = """
import os, signal

def crash(batch):
    if any("POISON" in text for text in batch.texts):
        os.kill(os.getpid(), signal.SIGSEGV)
    return ()
"""
#: A reader that dies, at the door of the real one: what a defect of libxml2 would do.
DEFECT = """
import os, signal, sys

if "corpuskit" in " ".join(sys.orig_argv) or "multiprocessing" in " ".join(sys.orig_argv):
    from corpuskit.sources import {module}
    real = {module}.{name}

    def dying(data, *args, **kwargs):
        if {poison} in data:
            {act}
        return real(data, *args, **kwargs)

    {module}.{name} = dying
"""


def install_rule(site: Path) -> None:
    info = site / "corpuskit_crash-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: corpuskit-crash\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[corpuskit.rules]\ncrash = crashing:crash\n")
    (site / "crashing.py").write_text(RULE)


def install_defect(site: Path, module: str, name: str, poison: str, act: str) -> None:
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(DEFECT.format(module=module, name=name, poison=poison, act=act))


def write_pages(folder: Path, poisoned: dict[int, str], pages: int = 24) -> None:
    folder.mkdir()
    for i in range(pages):
        body = "\n".join(PROSE.format(f"{i} {n}") for n in range(12))
        (folder / f"{i:02}.txt").write_text(f"เรื่องที่ {i}\n\n{body}\n{poisoned.get(i, '')}", "utf-8")


def build(
    folder: Path, out: str, workers: int, recipe: str = "", site: Path | None = None, shard_bytes: int = 16384
) -> subprocess.CompletedProcess:
    text = f'name = "t"\nversion = "1.0.0"\nsources = ["pages"]\n{recipe}\n[output]\nshard_bytes = {shard_bytes}\n'
    (folder / "corpus.toml").write_text(text, "utf-8")
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(site or folder / "site")])}
    command = [sys.executable, "-m", "corpuskit", "build", "--out", out, "--workers", str(workers)]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False)


def contents(release: Path) -> dict[str, bytes]:
    return {p.relative_to(release).as_posix(): p.read_bytes() for p in sorted(release.rglob("*")) if p.is_file()}


def quarantined(release: Path) -> dict[str, str]:
    return {
        q["path"] + (":" + q["line"] if "line" in q else ""): q["reason"]
        for q in json.loads((release / "manifest.json").read_text("utf-8"))["quarantined"]
    }


def test_documents_that_kill_a_rule_are_quarantined_and_all_others_survive(tmp_path):
    install_rule(tmp_path / "site")
    write_pages(tmp_path / "pages", {3: "POISON", 17: "POISON", 18: "POISON"})
    recipe = '[clean]\nplugins = ["crash"]'
    done = [build(tmp_path, f"out{workers}", workers, recipe) for workers in (1, 2)]
    assert [run.returncode for run in done] == [0, 0], done[0].stderr + done[1].stderr
    one, two = (tmp_path / f"out{workers}" / "t-1.0.0" for workers in (1, 2))
    assert contents(one) == contents(two)
    reason = "the worker process died judging it (signal SIGSEGV)"
    assert quarantined(one) == dict.fromkeys(["03.txt", "17.txt", "18.txt"], reason)
    assert len(pq.read_table(one / "data")) == 21
    ledger = pq.read_table(one / "removed").to_pylist()
    assert {r["source_path"]: r["why"] for r in ledger if r["rule"] == "unreadable"} == quarantined(one)
    assert not validate(one).failures
    assert "Traceback" not in done[0].stderr
    assert build(tmp_path, "out1", 2, recipe).returncode == 0  # known: nobody dies again
    assert not list((tmp_path / "out1" / WORK).rglob(".*.*"))


def test_records_and_files_that_kill_their_reader_are_quarantined(tmp_path):
    """A page and records among others: by a signal, or for want of memory that no machine has."""
    act = "os.kill(os.getpid(), signal.SIGSEGV) if b'POISONED' in data else bytearray(1 << 62)"
    install_defect(tmp_path / "site", "html", "read_html", "b'POISON'", act)
    write_pages(tmp_path / "pages", {}, 6)
    page = "<html><body><article><p>" + "The mill by the sea has turned for ninety years. " * 12
    for name, more in (("good.html", ""), ("bad.html", "POISONED")):
        (tmp_path / "pages" / name).write_text(page + more)
    rows = [
        {"id": f"r{i}", "html": page.replace("mill", f"mill {i}") + {2: "POISONED", 5: "POISON"}.get(i, "")}
        for i in range(8)
    ]
    (tmp_path / "pages" / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = [build(tmp_path, f"out{workers}", workers) for workers in (1, 2)]
    assert [run.returncode for run in done] == [0, 0], done[0].stderr + done[1].stderr
    one, two = (tmp_path / f"out{workers}" / "t-1.0.0" for workers in (1, 2))
    assert contents(one) == contents(two)
    reason = "the worker process died reading it (signal SIGSEGV)"
    said = dict.fromkeys(["bad.html", "rows.jsonl:line 3"], reason)
    assert quarantined(one) == said | {"rows.jsonl:line 6": reason.replace("signal SIGSEGV", "out of memory")}
    assert pq.read_table(one / "data").num_rows == 6 + 1 + 6
    assert not validate(one).failures


#: The same rule with an endless loop instead, and a last guard of seconds.
LOOP = RULE.replace("os.kill(os.getpid(), signal.SIGSEGV)", "while True: pass")
HASTE = """
import os, sys

if "multiprocessing" in " ".join(sys.orig_argv):
    from corpuskit.engine import processes
    processes.LAST_GUARD = 5
"""


@pytest.mark.slow
def test_an_endless_loop_ends_by_the_last_guard(tmp_path):
    install_rule(tmp_path / "site")
    (tmp_path / "site" / "crashing.py").write_text(LOOP)
    (tmp_path / "site" / "sitecustomize.py").write_text(HASTE)
    write_pages(tmp_path / "pages", {3: "POISON"}, 6)
    done = build(tmp_path, "out", 2, '[clean]\nplugins = ["crash"]')
    assert done.returncode == 0, done.stderr
    release = tmp_path / "out" / "t-1.0.0"
    assert quarantined(release) == {"03.txt": "the worker process died judging it (signal SIGALRM)"}
    assert pq.read_table(release / "data").num_rows == 5


def test_work_that_dies_of_no_document_is_an_error_that_says_what_to_do(tmp_path):
    """Whoever touches the whole shard dies: nothing is published, and the message names the stage and the files."""
    install_rule(tmp_path / "site")
    (tmp_path / "site" / "crashing.py").write_text(RULE.replace("any(", "len(batch.texts) > 1 and any("))
    write_pages(tmp_path / "pages", {3: "POISON"}, 4)
    done = build(tmp_path, "out", 1, '[clean]\nplugins = ["crash"]', shard_bytes=1 << 20)
    assert done.returncode == EngineError.exit_code, done.stderr
    assert "judging 00.txt and 3 more files (signal SIGSEGV), and no document by itself" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [WORK]


def test_workers_that_cannot_be_started_are_an_error_that_says_what_to_do(tmp_path):
    """The server that forks workers dies, as it does for want of memory."""
    (tmp_path / "site").mkdir()
    dying = "import os, sys\nif 'forkserver' in ' '.join(sys.orig_argv):\n    os._exit(1)\n"
    (tmp_path / "site" / "sitecustomize.py").write_text(dying)
    write_pages(tmp_path / "pages", {}, 2)
    done = build(tmp_path, "out", 1)
    assert done.returncode == EngineError.exit_code, done.stderr
    assert "Error: no worker process can be started" in done.stderr
    assert "Traceback" not in done.stderr


WRITING = """
import os, signal, sys

if "multiprocessing" in " ".join(sys.orig_argv):
    from corpuskit.stages import datafile
    real = datafile.qualities

    def dying(kept, *args):
        if any("POISON" in text for text in kept.texts.to_pylist()):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(kept, *args)

    datafile.qualities = dying
"""


def test_a_document_that_kills_whoever_writes_it_is_quarantined(tmp_path):
    """It was read and judged by then: all of it goes, from the shared shapes to the claims."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WRITING)
    write_pages(tmp_path / "pages", {1: "POISON"}, 4)
    done = build(tmp_path, "out", 1)
    assert done.returncode == 0, done.stderr
    assert quarantined(tmp_path / "out" / "t-1.0.0") == {
        "01.txt": "the worker process died writing it (signal SIGKILL)"
    }
    (tmp_path / "pages" / "01.txt").unlink()
    (tmp_path / "site" / "sitecustomize.py").unlink()
    assert build(tmp_path, "without", 1).returncode == 0
    kept = [pq.read_table(tmp_path / out / "t-1.0.0" / "data") for out in ("out", "without")]
    assert kept[0].equals(kept[1])


RELEASING = """
import os, signal, sys

if "multiprocessing" in " ".join(sys.orig_argv):
    from corpuskit.release import write

    write.card = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_release_whose_writer_dies_is_not_there_and_the_error_says_so(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(RELEASING)
    write_pages(tmp_path / "pages", {}, 4)
    done = build(tmp_path, "out", 1)
    assert done.returncode == EngineError.exit_code, done.stderr
    assert "a worker process died in the stage 'release' (signal SIGKILL): memory may be short" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [WORK]
    assert not list((tmp_path / "out" / WORK).glob("*/release/.*"))
    (tmp_path / "site" / "sitecustomize.py").unlink()
    assert build(tmp_path, "out", 1).returncode == 0
