"""``build``: the stages in order. The file a newcomer reads first.

::

    sources ──► shards ──► read ──► recur ──► judge ──► twins ──► finish ──► release
    (listed)   (by name)  per      by shape  per       by key    per        card, manifest,
                          shard    prefix    shard     prefix    shard      sums, one rename

With ``[split]``, ``near`` and ``clusters`` come before ``finish``: which documents must stay together.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from corpuskit.casualties import Casualty, Lost, surviving
from corpuskit.engine import Engine, engine_for
from corpuskit.errors import OutputError, UsageError
from corpuskit.places import Sources, is_remote, places_of
from corpuskit.processes import Died
from corpuskit.recipe import Recipe
from corpuskit.release.shelf import Shelf, shelf_at
from corpuskit.release.write import Totals, write_release
from corpuskit.sharding import shards
from corpuskit.sources.listing import Listing, list_sources
from corpuskit.stages.clusters import ClusterTask, find_clusters
from corpuskit.stages.fatal import fatal_steps
from corpuskit.stages.finish import FinishTask, finish_shard
from corpuskit.stages.judge import JudgeTask, judge_shard
from corpuskit.stages.near import NearTask, link_near
from corpuskit.stages.partitions import partitions
from corpuskit.stages.read import ReadTask, read_shard
from corpuskit.stages.record import keep_record
from corpuskit.stages.recur import RecurTask, settle_shapes
from corpuskit.stages.twins import TwinTask, settle_claims
from corpuskit.stages.withdrawn import check_remembered, without_withdrawn
from corpuskit.store import Step, Store, drop_drafts, store_at
from corpuskit.versions import plugin_versions, versions

Item = TypeVar("Item")


class Progress(Protocol):
    """Told of every finished task: the stage, how many tasks of it are done, and of how many.

    Where tasks are shards, ``size`` of ``sizes`` bytes of the sources are done.
    """

    def __call__(self, stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the place of the release (path or address), what it holds, and whether it existed before."""

    place: str
    totals: Totals
    existed: bool

    @property
    def path(self) -> Path:
        """The release's folder. Raises :class:`UsageError` for a release in an object store: use its ``place``."""
        if is_remote(self.place):
            raise UsageError(f"{self.place} is no folder of this machine")
        return Path(self.place)


def silent(stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
    """Progress that nobody watches."""


def build(
    sources: Sources,
    recipe: Recipe,
    out: str | Path = "dist",
    *,
    workers: int | None = None,
    engine: str = "local",
    progress: Progress = silent,
) -> Built:
    """Build a release of ``sources`` under ``out``; it appears there whole, or not at all.

    Sources and ``out`` are paths, or addresses (``s3://BUCKET/FOLDER``). On a disk one rename publishes,
    in an object store the manifest, which is written last.

    ``workers`` and ``engine`` say how the work is done and cannot change a byte of it.
    Raises a :class:`~corpuskit.errors.CorpuskitError` (see its tree) and leaves no half release.
    """
    if not recipe.name or not recipe.version:
        raise UsageError("a release needs a name and a version: --name NAME --version 1.0.0")
    try:
        shelf = shelf_at(out)
        check_remembered(recipe, shelf.manifests(recipe.name))
        home = shelf.home(recipe.name)
        listing = without_withdrawn(list_sources(places_of(sources), exclude=out), recipe)
        with shelf.lock(recipe.name):
            runner = engine_for(engine, workers or os.cpu_count() or 1)
            try:
                return surviving(lambda: _build(listing, recipe, shelf, home, Runner(runner, progress)))
            finally:
                runner.everywhere(drop_drafts, home)
                runner.close()
    except OSError as error:
        raise OutputError(_trouble(error, str(out))) from error


def _build(listing: Listing, recipe: Recipe, shelf: Shelf, home: str, run: Runner) -> Built:
    store = store_at(home)
    reads, recurs, judged, sizes = judge(listing, recipe, home, run)
    claim_parts = partitions(claims_in(store, judged, "claims.npy"))
    twins = run("twins", settle_claims, (TwinTask(home, judged, part) for part in claim_parts if judged))
    near, clusters = _clusters(store, home, judged, twins, run) if recipe.split else ((), ())
    finishing = (FinishTask(home, reads, j, i, twins, clusters, recipe) for i, j in enumerate(judged))
    finished = run("finish", finish_shard, finishing, sizes)
    used = {*reads, *recurs, *judged, *twins, *near, *clusters, *finished, *fatal_steps(store, reads, recipe)}
    store.sweep(used)  # before it can fail: old steps may hold what is withdrawn
    run.engine.rest()
    with store.scratch("release", recipe.version) as draft:
        totals = write_release(draft, recipe, listing.skipped, store, reads, finished)
        placed = shelf.place(draft, f"{recipe.name}-{recipe.version}")
    keep_record(store, recipe, reads)
    return Built(placed.place, totals, placed.existed)


class Judged(NamedTuple):
    """The finished steps up to the rules' findings (by shard, range of shapes, shard), and the bytes of each shard."""

    reads: tuple[Step, ...]
    recurs: tuple[Step, ...]
    judged: tuple[Step, ...]
    sizes: tuple[int, ...]


def judge(listing: Listing, recipe: Recipe, home: str, run: Runner) -> Judged:
    """The stages in which documents are read and the rules look at them (``learn`` needs no others)."""
    plugin_versions(recipe.clean.plugins)  # one that is missing is told before any work
    versions(recipe.output.libraries)
    tasks = [ReadTask(home, files, recipe) for files in shards(listing.files, recipe.output.shard_bytes)]
    sizes = tuple(task.size for task in tasks)
    reads = run("read", read_shard, tasks, sizes)
    shape_parts = partitions(claims_in(store_at(home), reads, "shapes.npy"))
    recurs = run("recur", settle_shapes, (RecurTask(home, reads, part) for part in shape_parts if reads))
    judging = (JudgeTask(home, read, i, recurs, recipe) for i, read in enumerate(reads))
    return Judged(reads, recurs, run("judge", judge_shard, judging, sizes), sizes)


def _clusters(
    store: Store, home: str, judged: tuple[Step, ...], twins: tuple[Step, ...], run: Runner
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The steps that tell which documents must not be parted by splits."""
    parts = partitions(claims_in(store, judged, "bands.npy"))
    near = run("near", link_near, (NearTask(home, judged, part) for part in parts if judged))
    return near, run("clusters", find_clusters, [ClusterTask(home, judged, twins, near)])


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the tasks of a stage and tells of each that is done."""

    engine: Engine
    progress: Progress = silent

    def __call__(
        self, stage: str, work: Callable[[Item], Step], tasks: Iterable[Item], sizes: Sequence[int] = ()
    ) -> tuple[Step, ...]:
        """The results of the tasks, in order; ``sizes``: the bytes of source that each of them holds.

        Raises :class:`Lost` for tasks that kill every process.
        """
        todo = list(tasks)
        size = 0
        done: list[Step] = []
        lost: list[Casualty] = []
        for i, (task, result) in enumerate(zip(todo, self.engine.map(work, todo), strict=True)):
            if isinstance(result, Died):
                lost.append(Casualty(stage, task, result.how))
            else:
                done.append(result)
            size += sizes[i] if sizes else 0
            self.progress(stage, i + 1, len(todo), size, sum(sizes))
        if lost:
            raise Lost(lost)
        return tuple(done)


def claims_in(store: Store, steps: Iterable[Step], name: str) -> int:
    """How many rows the arrays of this name have together."""
    return sum(len(store.array(step, name)) for step in steps)


def _trouble(error: OSError, out: str) -> str:
    where = error.filename or out
    advice = {
        errno.ENOSPC: "free some space and run the same command again: finished work is kept",
        errno.EDQUOT: "free some space and run the same command again: finished work is kept",
        errno.EROFS: "the file system is read-only: choose another --out",
        errno.EACCES: "choose an --out that you may write to",
        errno.EPERM: "choose an --out that you may write to",
    }.get(error.errno or 0, "run the same command again when this is mended: finished work is kept")
    return f"cannot write {where}: {error.strerror or error}; {advice}"
