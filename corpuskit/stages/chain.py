"""The chain of stages behind reading: the tasks of each, made from the finished steps of those before it.

::

    read ──► recur ──► judge ──► twins ──► [near ──► clusters] ──► finish
             by shape  per       by key     by band  one task      per
             prefix    shard     prefix     prefix                 data file

Whoever walks it says what becomes of a stage (:class:`Run`): ``build`` does its tasks, ``plan`` only names their steps.
A build's own process needs tasks and names. What does the work of a stage takes long to load (numpy, pyarrow, the
rules), so that it is a module of its own, and the worker that does a task imports it then (those in
:mod:`corpuskit.stages.preload` are in its memory).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from corpuskit.recipe import Recipe
from corpuskit.stages.across import (
    ClusterTask,
    NearTask,
    RecurTask,
    TwinTask,
    clusters_name,
    find_clusters,
    link_near,
    near_name,
    recur_name,
    settle_claims,
    settle_shapes,
    twins_name,
)
from corpuskit.stages.finish import FinishTask, finish_name, finish_shards
from corpuskit.stages.judge import JudgeTask, judge_name, judge_shard
from corpuskit.stages.partitions import partitions_of
from corpuskit.store import store_at
from corpuskit.store.steps import Step

Steps = tuple[Step, ...]


class Stage(NamedTuple):
    """A stage: its name, what does one of its tasks, and what names the finished step of a task."""

    name: str
    work: Callable[[Any], Step]
    step_name: Callable[[Any], str]


RECUR: Final = Stage("recur", settle_shapes, recur_name)
JUDGE: Final = Stage("judge", judge_shard, judge_name)
TWINS: Final = Stage("twins", settle_claims, twins_name)
NEAR: Final = Stage("near", link_near, near_name)
CLUSTERS: Final = Stage("clusters", find_clusters, clusters_name)
FINISH: Final = Stage("finish", finish_shards, finish_name)


class Run(Protocol):
    """What becomes of a stage."""

    def __call__(self, stage: Stage, tasks: Iterable[Any], about: Sequence[slice] | None = None) -> Steps:
        """The steps of the tasks, in order.

        ``tasks`` are found while they are asked for: not before the steps of the earlier stages are finished.
        ``about``: the shards that each task is about; ``None`` for a stage that looks across the corpus.
        """


class Judged(NamedTuple):
    """The steps up to the rules' findings (by shard, range of shapes, shard)."""

    reads: Steps
    recurs: Steps
    judged: Steps


class Finished(NamedTuple):
    """The steps of the data files, and those by which the corpus decided of them."""

    files: Steps
    others: Steps


def judge(reads: Steps, recipe: Recipe, home: str, run: Run) -> Judged:
    """The stages in which the rules look at the documents (``learn`` needs no others)."""
    recurs = run(RECUR, (RecurTask(home, reads, part) for part in partitions_of(store_at(home), reads, "shapes.npy")))
    judging = (JudgeTask(home, read, shard, recurs, recipe) for shard, read in enumerate(reads))
    return Judged(reads, recurs, run(JUDGE, judging, [slice(shard, shard + 1) for shard in range(len(reads))]))


def finish(done: Judged, files: Sequence[slice], recipe: Recipe, home: str, run: Run) -> Finished:
    """The stages in which documents are compared and written; ``files``: the shards of each data file."""
    store, reads, judged = store_at(home), done.reads, done.judged
    claims = partitions_of(store, judged, "claims.npy")
    twins = run(TWINS, (TwinTask(home, reads, judged, part) for part in claims))
    near: Steps = ()
    clusters: Steps = ()
    if recipe.split:
        near = run(NEAR, (NearTask(home, judged, part) for part in partitions_of(store, judged, "bands.npy")))
        clusters = run(CLUSTERS, [ClusterTask(home, judged, twins, near)])
    finishing = (FinishTask(home, reads[at], judged[at], at.start, twins, clusters, recipe) for at in files)
    return Finished(run(FINISH, finishing, files), (*twins, *near, *clusters))
