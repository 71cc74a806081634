"""``build``: the stages in order. The file a newcomer reads first.

::

    sources ──► shards ──► read ──► recur ──► judge ──► twins ──► finish ──► release
    (listed)   (by name)  per      by shape  per       by key    per        card, manifest,
                          shard    prefix    shard     prefix    data file  sums, one rename

The stages behind ``read`` are a chain that ``plan`` walks too (:mod:`corpuskit.stages.chain`).
With ``[split]``, ``near`` and ``clusters`` come before ``finish``: which documents must stay together.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, starmap
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from corpuskit.engine.engines import Engine, engine_for
from corpuskit.engine.processes import Died
from corpuskit.errors import OutputError, UsageError
from corpuskit.recipe import Recipe
from corpuskit.release.outcome import keep_outcome, kept_outcome, outcome_of
from corpuskit.release.shelf import Shelf, shelf_at
from corpuskit.release.totals import Totals
from corpuskit.sources.listing import Listing, list_sources
from corpuskit.sources.sharding import data_files
from corpuskit.stages.casualties import Casualty, Lost, surviving
from corpuskit.stages.chain import Run, Stage, finish, judge
from corpuskit.stages.fatal import fatal_steps
from corpuskit.stages.read import ReadTask, read_shard
from corpuskit.stages.record import keep_record
from corpuskit.stages.release import ReleaseTask, release
from corpuskit.stages.shardfiles import seen_step
from corpuskit.stages.withdrawn import check_remembered, without_withdrawn
from corpuskit.store import drop_drafts, store_at
from corpuskit.store.places import Sources, is_remote, places_of
from corpuskit.store.steps import Step
from corpuskit.versions import plugin_versions, versions

Item = TypeVar("Item")
Done = TypeVar("Done")


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
    title = recipe.title
    try:
        shelf = shelf_at(out)
        check_remembered(recipe, shelf.manifests(recipe.name))
        home = shelf.home(recipe.name)
        listing = without_withdrawn(list_sources(places_of(sources), exclude=out), recipe)
        with shelf.lock(recipe.name):
            runner = engine_for(engine, workers or os.cpu_count() or 1)
            try:
                return surviving(lambda: _build(listing, recipe, shelf, title, Runner(runner, progress)))
            finally:
                runner.everywhere(drop_drafts, home)
                runner.close()
    except OSError as error:
        raise OutputError(_trouble(error, str(out))) from error


def _build(listing: Listing, recipe: Recipe, shelf: Shelf, title: str, run: Runner) -> Built:
    home = shelf.home(recipe.name)
    store = store_at(home)
    reading = read(listing, recipe, home, run)
    outcome = outcome_of(recipe, listing.unreadable, reading.steps)
    if (known := kept_outcome(store, outcome)) and (place := shelf.standing(title, known.totals.sums)):
        store.sweep({*known.used, *reading.seen, outcome, *store.steps("record")})  # of builds that were cut
        return Built(place, known.totals, existed=True)
    walk = run.over(reading.sizes)
    judged = judge(reading.steps, recipe, home, walk)
    finished = finish(judged, reading.files, recipe, home, walk)
    used = {*chain.from_iterable(judged), *chain.from_iterable(finished), *reading.seen}
    used |= fatal_steps(store, reading.steps, recipe)
    store.sweep(used)  # before it can fail: old steps may hold what is withdrawn
    run.engine.rest()
    task = ReleaseTask(home, shelf, recipe, tuple(listing.unreadable), reading.steps, finished.files)
    ((totals, placed),) = Runner(run.engine)("release", release, [task])
    keep_record(store, recipe, reading.steps)
    keep_outcome(store, outcome, totals, used)
    return Built(placed.place, totals, placed.existed)


class Reading(NamedTuple):
    """The finished read steps in order, bytes of source in each (about), and which of them make each data file.

    ``seen``: the steps that remember objects.
    """

    steps: tuple[Step, ...]
    seen: frozenset[Step]
    sizes: tuple[int, ...]
    files: tuple[slice, ...]


def read(listing: Listing, recipe: Recipe, home: str, run: Runner) -> Reading:
    """The stage in which documents are read."""
    plugin_versions(recipe.clean.plugins)  # one that is missing is told before any work
    versions(recipe.output.libraries)
    files, tasks = read_tasks(home, listing, recipe)
    sizes = tuple(task.size for task in tasks)
    seen = frozenset(step for task in tasks if (step := seen_step(task.files, recipe)))
    shards = run("read", read_shard, tasks, sizes)
    shares = [size // len(parts) for size, parts in zip(sizes, shards, strict=True) for _ in parts]
    return Reading(tuple(chain.from_iterable(shards)), seen, tuple(shares), file_steps(files, shards))


def read_tasks(home: str, listing: Listing, recipe: Recipe) -> tuple[tuple[slice, ...], list[ReadTask]]:
    """Which shards make each data file, and what is to be read of each shard."""
    cut = list(data_files(listing.files, recipe.output.shard_bytes))
    ends = [0, *accumulate(map(len, cut))]
    tasks = [ReadTask(home, files, recipe) for shards in cut for files in shards]
    return tuple(starmap(slice, pairwise(ends))), tasks


def file_steps(files: Sequence[slice], shards: Sequence[tuple[Step, ...]]) -> tuple[slice, ...]:
    """Which read steps make each data file: a further part of a shard begins another one."""
    ends, at = [0], 0
    for file in files:
        for parts in shards[file]:
            ends += range(at + 1, at + len(parts))
            at += len(parts)
        ends.append(at)
    return tuple(starmap(slice, pairwise(ends)))


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the tasks of a stage and tells of each that is done."""

    engine: Engine
    progress: Progress = silent

    def __call__(
        self, stage: str, work: Callable[[Item], Done], tasks: Iterable[Item], sizes: Sequence[int] = ()
    ) -> tuple[Done, ...]:
        """The results of the tasks, in order; ``sizes``: the bytes of source that each of them holds.

        Raises :class:`Lost` for tasks that kill every process.
        """
        todo = list(tasks)
        size = 0
        done: list[Done] = []
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

    def over(self, sizes: Sequence[int]) -> Run:
        """Does whole stages; ``sizes``: the bytes of source in each shard."""

        def do(stage: Stage, tasks: Iterable[Any], about: Sequence[slice] | None = None) -> tuple[Step, ...]:
            return self(stage.name, stage.work, tasks, [sum(sizes[at]) for at in about or ()])

        return do


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
