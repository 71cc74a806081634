"""Engines: an ordered map, whose workers come and go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpuskit.engine.engines import Here, Processes, engine_for
from corpuskit.errors import EngineError


@pytest.fixture
def processes():
    engine = Processes(2)
    yield engine
    engine.close()


def test_results_come_in_order(processes):
    assert list(processes.map(len, ["a" * n for n in range(40)])) == list(range(40))


def test_workers_that_rested_are_gone_and_others_do_the_next_work(processes):
    before = {worker.pid for worker in _workers(processes, 4)}
    processes.rest()
    assert not processes.pool._processes
    assert list(processes.map(len, ["ab", "c"])) == [2, 1]
    assert before.isdisjoint(worker.pid for worker in _workers(processes, 4))


def test_this_process_rests_by_doing_nothing():
    engine = Here()
    engine.rest()
    assert list(engine.map(len, ["ab"])) == [2]


def test_an_unknown_engine_is_told():
    with pytest.raises(EngineError, match="unknown engine 'dask'"):
        engine_for("dask", 1)


WORKER = """
import sys, multiprocessing
from concurrent.futures import ProcessPoolExecutor
from corpuskit import Recipe, build
from corpuskit.errors import EngineError

def build_one(name, **engine):
    try:
        return build(["pages"], Recipe(name=name, version="1.0.0"), "out", workers=1, **engine).path.name
    except EngineError as error:
        return str(error)

if __name__ == "__main__":
    print(build_one("own"))
    fork = multiprocessing.get_context("fork")
    with fork.Pool(1) as pool, ProcessPoolExecutor(1, fork) as executor:
        print(pool.apply(build_one, ["daemon"]))
        print(executor.submit(build_one, "child").result())
        print(executor.submit(build_one, "here", engine="here").result())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX")
def test_a_build_inside_a_worker_of_another_program_works_or_says_how_to(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("The miller of the lower weir grinds on Tuesdays only, and sings.\n" * 3)
    (tmp_path / "script.py").write_text(WORKER)
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=100, check=True)
    own, daemon, child, here = done.stdout.splitlines()
    assert (own, here) == ("own-1.0.0", "here-1.0.0")
    assert (
        daemon
        == "a worker of a multiprocessing pool may start no processes: build outside of it, or with engine='here'"
    )
    assert child.startswith("this process was forked from one that had workers")


def _workers(engine: Processes, tasks: int) -> list:
    assert len(list(engine.map(len, ["x"] * tasks))) == tasks
    return list(engine.pool._processes.values())


def test_workers_for_pages_start_with_what_reads_them():
    asked = "'trafilatura' in __import__('sys').modules"
    script = (
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from corpuskit.engine.processes import context, starting\n"
        "with starting(), ProcessPoolExecutor(1, mp_context=context(pages=True)) as pool:\n"
        f"    print(pool.submit(eval, {asked!r}).result(), {asked})\n"
    )
    command = [sys.executable, "-c", script]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["True", "False"], done.stderr
