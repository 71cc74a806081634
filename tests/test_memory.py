"""Memory that is really short: builds in a memory cgroup, where the kernel kills what needs more."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_bench import BENCH  # and the modules of bench are found
from test_crash import PROSE, install_rule, quarantined, write_pages

from corpuskit.verbs.validate import validate

assert BENCH
from limits import memory_limit  # noqa: E402

MB = 1_000_000
#: A document that makes a worker take all the memory that there is, and touch it.
GREEDY = """
def crash(batch):
    if any("POISON" in text for text in batch.texts):
        taken = [b"x" * (16 << 20) for _ in range(100)]
    return ()
"""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="memory cgroups")]


def build(folder: Path, size: int, recipe: str = "") -> tuple[subprocess.CompletedProcess, int]:
    """A build of ``folder/pages`` by two workers within so many bytes; also how many processes were killed."""
    text = f'name = "t"\nversion = "1.0.0"\nsources = ["pages"]\n{recipe}\n'
    (folder / "corpus.toml").write_text(text, "utf-8")
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(BENCH.parent), str(folder / "site")])}
    command = [sys.executable, "-m", "corpuskit", "build", "--out", "out", "--workers", "2"]
    options = {"cwd": folder, "env": env, "capture_output": True, "text": True, "timeout": 600}
    with memory_limit(size) as limit:
        if not limit.how.startswith("cgroup"):
            pytest.skip("no memory cgroup can be made here (that takes root): RLIMIT_AS counts addresses, not memory")
        done = subprocess.run([*limit.before, *command], check=False, **options)
    return done, limit.killed


def test_a_build_needs_no_more_memory_than_is_promised(tmp_path):
    """40 MB of text with two workers in 600 MB, the page cache included: nobody is killed."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(400):
        (pages / f"{i:03}.txt").write_text("\n".join(PROSE.format(f"{i} {n}") for n in range(330)), "utf-8")
    done, killed = build(tmp_path, 600 * MB)
    assert (done.returncode, killed) == (0, 0), done.stderr
    assert validate(tmp_path / "out" / "t-1.0.0").ok


def test_a_document_for_which_memory_is_too_short_is_quarantined(tmp_path):
    """The kernel kills the worker, never the build, and all other documents are published."""
    install_rule(tmp_path / "site")
    (tmp_path / "site" / "crashing.py").write_text(GREEDY)
    write_pages(tmp_path / "pages", {7: "POISON"})
    done, killed = build(tmp_path, 600 * MB, '[clean]\nplugins = ["crash"]')
    assert done.returncode == 0, done.stderr
    assert killed >= 2
    release = tmp_path / "out" / "t-1.0.0"
    assert quarantined(release) == {"07.txt": "the worker process died judging it (signal SIGKILL)"}
    assert pq.read_table(release / "data").num_rows == 23
