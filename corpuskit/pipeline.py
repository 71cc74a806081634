"""``build``: the stages in order. The file a newcomer reads first.

::

    sources ──► shards ──► read ──► recur ──► judge ──► twins ──► finish ──► release
    (listed)   (by name)  per      by shape  per       by key    per        card, manifest,
                          shard    prefix    shard     prefix    shard      sums, one rename
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

import numpy as np
from filelock import FileLock

from corpuskit.casualties import Casualty, Lost, surviving
from corpuskit.engine import Engine, engine_for
from corpuskit.errors import OutputError, UsageError, VersionExists
from corpuskit.processes import Died
from corpuskit.recipe import Recipe
from corpuskit.release.write import Totals, write_release
from corpuskit.sharding import shards
from corpuskit.sources.listing import Listing, list_sources
from corpuskit.stages.fatal import fatal_steps
from corpuskit.stages.finish import FinishTask, finish_shard
from corpuskit.stages.judge import JudgeTask, judge_shard
from corpuskit.stages.partitions import partitions
from corpuskit.stages.read import ReadTask, read_shard
from corpuskit.stages.record import keep_record
from corpuskit.stages.recur import RecurTask, settle_shapes
from corpuskit.stages.twins import TwinTask, settle_claims
from corpuskit.store import Store, commit
from corpuskit.versions import plugin_versions

#: The folder of finished steps, inside the output folder: one rename must be able to publish.
WORK: Final = ".corpuskit-work"

Item = TypeVar("Item")


class Progress(Protocol):
    """Told of every finished task: the stage, how many tasks of it are done, and of how many.

    Where tasks are shards, ``size`` of ``sizes`` bytes of the sources are done.
    """

    def __call__(self, stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the release's folder, what it holds, and whether it existed before."""

    path: Path
    totals: Totals
    existed: bool


def silent(stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
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
    """Build a release of ``sources`` under ``out``; it appears there whole, by one rename, or not at all.

    ``workers`` and ``engine`` say how the work is done and cannot change a byte of it.
    Raises a :class:`~corpuskit.errors.CorpuskitError` (see its tree) and leaves no half release.
    """
    if not recipe.name or not recipe.version:
        raise UsageError("a release needs a name and a version: --name NAME --version 1.0.0")
    out = Path(out).absolute()
    try:
        listing = list_sources([str(s) for s in sources], exclude=out)
        work = out / WORK / recipe.name
        work.mkdir(parents=True, exist_ok=True)
        with FileLock(out / WORK / f"{recipe.name}.lock"):
            runner = engine_for(engine, workers or os.cpu_count() or 1)
            try:
                return surviving(lambda: _build(listing, recipe, out, Store(work), runner, progress))
            finally:
                runner.close()
                Store(work).drop_drafts()
    except OSError as error:
        raise OutputError(_trouble(error, out)) from error


def _build(listing: Listing, recipe: Recipe, out: Path, store: Store, engine: Engine, progress: Progress) -> Built:
    root, run = store.root, Runner(engine, progress)
    reads, recurs, judged, sizes = judge(listing, recipe, root, run)
    claim_parts = partitions(claims_in(judged, "claims.npy"))
    twins = run("twins", settle_claims, (TwinTask(root, judged, part) for part in claim_parts if judged))
    finished = run(
        "finish", finish_shard, (FinishTask(root, reads, j, i, twins, recipe) for i, j in enumerate(judged)), sizes
    )
    built = _publish(recipe, listing, reads, finished, out, store)
    record = keep_record(root, recipe, reads)
    store.sweep({*reads, *recurs, *judged, *twins, *finished, *fatal_steps(root, reads, recipe), record})
    return built


class Judged(NamedTuple):
    """The finished steps up to the rules' findings (by shard, range of shapes, shard), and the bytes of each shard."""

    reads: tuple[Path, ...]
    recurs: tuple[Path, ...]
    judged: tuple[Path, ...]
    sizes: tuple[int, ...]


def judge(listing: Listing, recipe: Recipe, root: Path, run: Runner) -> Judged:
    """The stages in which documents are read and the rules look at them (``learn`` needs no others)."""
    plugin_versions(recipe.clean.plugins)  # one that is missing is told before any work
    tasks = [ReadTask(root, files, recipe) for files in shards(listing.files, recipe.output.shard_bytes)]
    sizes = tuple(task.size for task in tasks)
    reads = run("read", read_shard, tasks, sizes)
    shape_parts = partitions(claims_in(reads, "shapes.npy"))
    recurs = run("recur", settle_shapes, (RecurTask(root, reads, part) for part in shape_parts if reads))
    judged = run(
        "judge", judge_shard, (JudgeTask(root, read, i, recurs, recipe) for i, read in enumerate(reads)), sizes
    )
    return Judged(reads, recurs, judged, sizes)


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the tasks of a stage and tells of each that is done."""

    engine: Engine
    progress: Progress = silent

    def __call__(
        self, stage: str, work: Callable[[Item], Path], tasks: Iterable[Item], sizes: Sequence[int] = ()
    ) -> tuple[Path, ...]:
        """The results of the tasks, in order; ``sizes``: the bytes of source that each of them holds.

        Raises :class:`Lost` for tasks that kill every process.
        """
        todo = list(tasks)
        size = 0
        done: list[Path] = []
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


def claims_in(folders: Iterable[Path], name: str) -> int:
    """How many rows the arrays of this name have together."""
    return sum(len(np.load(folder / name, mmap_mode="r")) for folder in folders)


def _publish(
    recipe: Recipe, listing: Listing, reads: Sequence[Path], finished: Sequence[Path], out: Path, store: Store
) -> Built:
    """Write the release beside the work and give it its name; an equal release that exists is left alone."""
    final = out / f"{recipe.name}-{recipe.version}"
    draft = store.root / f".release.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        totals = write_release(draft, recipe, listing.skipped, reads, finished)
        existed = final.exists()
        if not existed:
            commit(draft, final)
        if (final / "SHA256SUMS").read_bytes() != totals.sums and not _same_content(final, draft):
            raise VersionExists(
                f"{final} exists with other content, and a published version never changes: build another --version"
            )
        return Built(final, totals, existed)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _same_content(existing: Path, draft: Path) -> bool:
    """Whether two releases hold the same rows and differ only because other library versions made them."""
    mine, theirs = (json.loads((folder / "manifest.json").read_text("utf-8")) for folder in (draft, existing))
    digests = [{c: f["content_digest"] for c, f in m["configs"].items()} for m in (mine, theirs)]
    return mine["versions"] != theirs["versions"] and mine["recipe"] == theirs["recipe"] and digests[0] == digests[1]


def _trouble(error: OSError, out: Path) -> str:
    where = error.filename or out
    advice = {
        errno.ENOSPC: "free some space and run the same command again: finished work is kept",
        errno.EDQUOT: "free some space and run the same command again: finished work is kept",
        errno.EROFS: "the file system is read-only: choose another --out",
        errno.EACCES: "choose an --out that you may write to",
        errno.EPERM: "choose an --out that you may write to",
    }.get(error.errno or 0, "run the same command again when this is mended: finished work is kept")
    return f"cannot write {where}: {error.strerror or error}; {advice}"
