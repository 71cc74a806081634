"""``build --plan``: what a build would do again, and why, without doing any of it.

Sources are hashed, as a build does; nothing is written. What depends on work that is still
to be done cannot be known before, and is told as "at least".
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np

from corpuskit.engine.engines import engine_for
from corpuskit.engine.processes import Died
from corpuskit.errors import EngineError
from corpuskit.pipeline import Progress, file_steps, read_tasks, silent
from corpuskit.recipe import Recipe, flat
from corpuskit.release.shelf import shelf_at
from corpuskit.sources.listing import list_sources
from corpuskit.stages.chain import Stage, finish, judge
from corpuskit.stages.read import ReadTask, parts_of, read_name
from corpuskit.stages.record import BuildRecord, last_record, record_of
from corpuskit.stages.shardfiles import at_hand, remembered
from corpuskit.stages.withdrawn import without_withdrawn
from corpuskit.store import store_at
from corpuskit.store.places import Sources, places_of
from corpuskit.store.steps import Step, Store

#: Keys of a recipe that name a release and decide nothing else.
NAMES: Final = ("name", "version")


class StagePlan(NamedTuple):
    """How many steps of a stage would be done, of how many; not ``exact``: at least so many."""

    stage: str
    todo: int
    of: int
    exact: bool = True


class ShardPlan(NamedTuple):
    """A shard that would be read again: its number, how many files it has, and those that are the cause."""

    shard: int
    files: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do: ``why`` (besides the files), which files, which shards, and how much of each stage."""

    why: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    shards: tuple[ShardPlan, ...]
    stages: tuple[StagePlan, ...]
    release: str
    exists: bool

    @property
    def nothing(self) -> bool:
        """Whether all steps are finished and the release exists."""
        return self.exists and not any(stage.todo for stage in self.stages)

    def plain(self) -> dict[str, Any]:
        """All of it in plain JSON types."""
        tables = {"shards": [s._asdict() for s in self.shards], "stages": [s._asdict() for s in self.stages]}
        return {name: getattr(self, name) for name in self.__slots__} | tables | {"nothing": self.nothing}


class Hashed(NamedTuple):
    """A shard as it is now: the name of its read step, and its files (name, sha256)."""

    step: str
    files: list[tuple[str, str]]


def plan(
    sources: Sources,
    recipe: Recipe,
    out: str | Path = "dist",
    *,
    workers: int | None = None,
    progress: Progress = silent,
) -> Plan:
    """What :func:`~corpuskit.pipeline.build` would do with the same arguments. Nothing is written."""
    release = recipe.title
    shelf = shelf_at(out)
    home = shelf.home(recipe.name)
    store = store_at(home)
    listing = without_withdrawn(list_sources(places_of(sources), exclude=out), recipe)
    files, tasks = read_tasks(home, listing, recipe)
    now = list(_hash(tasks, workers, progress))
    before = last_record(store)
    added, changed, removed = _files(now, before)
    reads = tuple(Step("read", shard.step) for shard in now)
    return Plan(
        tuple(_why(before, record_of(recipe, []))),
        tuple(added),
        tuple(changed),
        tuple(removed),
        tuple(_shards(store, reads, now, before, added, changed, removed)),
        tuple(_stages(home, files, reads, recipe)),
        release,
        shelf.has(release),
    )


def _hash(tasks: Sequence[ReadTask], workers: int | None, progress: Progress) -> Iterator[Hashed]:
    size, sizes = 0, sum(task.size for task in tasks)
    engine = engine_for("local", workers or os.cpu_count() or 1)
    try:
        for done, (task, found) in enumerate(zip(tasks, engine.map(_hashed, tasks), strict=True), 1):
            if isinstance(found, Died):
                raise EngineError(f"a worker process died hashing {task.names()[0]} ({found.how})")
            size += task.size
            progress("hash", done, len(tasks), size, sizes)
            yield found
    finally:
        engine.close()


def _hashed(task: ReadTask) -> Hashed:
    files = remembered(store_at(task.home), task.files, task.recipe)
    if files is None:
        with TemporaryDirectory(prefix="corpuskit-") as folder:
            files = at_hand(task.files, task.recipe, Path(folder))
    return Hashed(read_name(task, files), [(source.file.name, source.sha256) for source in files.sources])


def _files(now: Sequence[Hashed], before: BuildRecord | None) -> tuple[list[str], list[str], list[str]]:
    """The files that were added, changed and removed since the last build, in source order."""
    old = {name: sha for shard in before.shards for name, sha, *_ in shard} if before else {}
    new = {name: sha for shard in now for name, sha in shard.files}
    changed = [name for name, sha in new.items() if old.get(name, sha) != sha]
    return [n for n in new if n not in old], changed, [n for n in old if n not in new]


def _shards(
    store: Store, reads: Sequence[Step], now: Sequence[Hashed], before: BuildRecord | None, *files: Sequence[str]
) -> Iterator[ShardPlan]:
    added, changed, removed = map(set, files)
    old = [[name for name, *_ in shard] for shard in (before.shards if before else ())]
    shard_of = {name: i for i, names in enumerate(old) for name in names}
    for number, (read, shard) in enumerate(zip(reads, now, strict=True)):
        if not store.has(read):
            names = [name for name, _ in shard.files]
            stood = sorted({shard_of[name] for name in names if name in shard_of})
            gone = tuple(name for i in stood for name in old[i] if name in removed)
            new, other = (tuple(name for name in names if name in some) for some in (added, changed))
            yield ShardPlan(number, len(names), new, other, gone)


def _why(before: BuildRecord | None, now: BuildRecord) -> Iterator[str]:
    """What changed besides the files."""
    if before is None:
        yield "nothing was built here before"
        return
    if before.code != now.code:
        yield "corpuskit itself changed"
    for what, old, new in (
        ("version of ", before.versions, now.versions),
        ("plugin ", before.plugins, now.plugins),
        ("recipe: ", dict(flat(before.recipe)), dict(flat(now.recipe))),
    ):
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key) and key not in NAMES:
                yield f"{what}{key} changed from {_told(old.get(key))} to {_told(new.get(key))}"


def _told(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _stages(home: str, files: Sequence[slice], firsts: tuple[Step, ...], recipe: Recipe) -> list[StagePlan]:
    store = store_at(home)
    shards = [parts_of(store, first) if store.has(first) else (first,) for first in firsts]
    reads = tuple(chain.from_iterable(shards))
    look = _Look(store, reads)
    finish(judge(reads, recipe, home, look), file_steps(files, shards), recipe, home, look)
    return look.plans


class _Look:
    """Looks which steps exist, stage by stage; once a stage has work to do, only the least of the next is known."""

    def __init__(self, store: Store, reads: Sequence[Step]) -> None:
        self.store = store
        #: Shards of which every later stage has to be done.
        self.again = np.array([not store.has(read) for read in reads], bool)
        self.plans = [StagePlan("read", int(self.again.sum()), len(reads))]

    def __call__(self, stage: Stage, tasks: Iterable[Any], about: Sequence[slice] | None = None) -> tuple[Step, ...]:
        """See :class:`~corpuskit.stages.chain.Run`; no steps where they cannot be known."""
        if any(plan.todo for plan in self.plans):
            least, of = (1, 1) if about is None else (sum(bool(self.again[at].any()) for at in about), len(about))
            self.plans.append(StagePlan(stage.name, least, of, exact=False))
            return ()
        steps = tuple(Step(stage.name, stage.step_name(task)) for task in tasks)
        missing = [not self.store.has(step) for step in steps]
        for at, new in zip(about or (), missing, strict=False):
            self.again[at] |= new
        self.plans.append(StagePlan(stage.name, sum(missing), len(steps)))
        return steps
