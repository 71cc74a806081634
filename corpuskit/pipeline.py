"""``build``: the stages in order. The file a newcomer reads first.

::

    sources ──► shards ──► read ──► recur ──► judge ──► twins ──► finish ──► release
    (listed)   (by name)  per      by shape  per       by key    per        card, manifest,
                          shard    prefix    shard     prefix    shard      sums, one rename
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
from corpuskit.places import is_remote
from corpuskit.processes import Died
from corpuskit.recipe import Recipe
from corpuskit.release.shelf import Shelf, shelf_at
from corpuskit.release.write import Totals, write_release
from corpuskit.sharding import shards
from corpuskit.sources.listing import Listing, list_sources
from corpuskit.stages.fatal import fatal_steps
from corpuskit.stages.finish import FinishTask, finish_shard
from corpuskit.stages.judge import JudgeTask, judge_shard
from corpuskit.stages.partitions import partitions
from corpuskit.stages.read import ReadTask, read_shard
from corpuskit.stages.recur import RecurTask, settle_shapes
from corpuskit.stages.twins import TwinTask, settle_claims
from corpuskit.stages.withdrawn import check_remembered, without_withdrawn
from corpuskit.store import Step, Store, drop_drafts, store_at
from corpuskit.versions import plugin_versions

Item = TypeVar("Item")


class Progress(Protocol):
    """Told of every finished task: the stage, how many tasks of it are done, and of how many."""

    def __call__(self, stage: str, done: int, total: int) -> None:
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


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def build(
    sources: Sequence[str | Path],
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
        listing = without_withdrawn(list_sources([str(s) for s in sources], exclude=out), recipe)
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
    reads, recurs, judged = judge(listing, recipe, home, run)
    claim_parts = partitions(_claims(store, judged, "claims.npy"))
    twins = run("twins", settle_claims, (TwinTask(home, judged, part) for part in claim_parts if judged))
    finished = run("finish", finish_shard, (FinishTask(home, reads, j, i, twins, recipe) for i, j in enumerate(judged)))
    used = {*reads, *recurs, *judged, *twins, *finished, *fatal_steps(store, reads, recipe)}
    store.sweep(used)  # before it can fail: old steps may hold what is withdrawn
    with store.scratch("release", recipe.version) as draft:
        totals = write_release(draft, recipe, listing.skipped, store, reads, finished)
        placed = shelf.place(draft, f"{recipe.name}-{recipe.version}")
    return Built(placed.place, totals, placed.existed)


class Judged(NamedTuple):
    """The finished steps up to the rules' findings: by shard, by range of shapes, and by shard."""

    reads: tuple[Step, ...]
    recurs: tuple[Step, ...]
    judged: tuple[Step, ...]


def judge(listing: Listing, recipe: Recipe, home: str, run: Runner) -> Judged:
    """The stages in which documents are read and the rules look at them (``learn`` needs no others)."""
    plugin_versions(recipe.clean.plugins)  # one that is missing is told before any work
    cut = list(shards(listing.files, recipe.output.shard_bytes))
    reads = run("read", read_shard, (ReadTask(home, files, recipe) for files in cut))
    shape_parts = partitions(_claims(store_at(home), reads, "shapes.npy"))
    recurs = run("recur", settle_shapes, (RecurTask(home, reads, part) for part in shape_parts if reads))
    judged = run("judge", judge_shard, (JudgeTask(home, read, i, recurs, recipe) for i, read in enumerate(reads)))
    return Judged(reads, recurs, judged)


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the tasks of a stage and tells of each that is done."""

    engine: Engine
    progress: Progress = silent

    def __call__(self, stage: str, work: Callable[[Item], Step], tasks: Iterable[Item]) -> tuple[Step, ...]:
        """The results of the tasks, in order. Raises :class:`Lost` for those that kill every process."""
        todo = list(tasks)
        done: list[Step] = []
        lost: list[Casualty] = []
        for task, result in zip(todo, self.engine.map(work, todo), strict=True):
            if isinstance(result, Died):
                lost.append(Casualty(stage, task, result.how))
            else:
                done.append(result)
            self.progress(stage, len(done), len(todo))
        if lost:
            raise Lost(lost)
        return tuple(done)


def _claims(store: Store, steps: Iterable[Step], name: str) -> int:
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
