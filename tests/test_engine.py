"""Engines: an ordered map, whose workers come and go."""

import pytest

from corpuskit.engine import Here, Processes, engine_for
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


def _workers(engine: Processes, tasks: int) -> list:
    assert len(list(engine.map(len, ["x"] * tasks))) == tasks
    return list(engine.pool._processes.values())
