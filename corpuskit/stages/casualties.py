"""What a build does about workers that die: the document that kills them is found, and read no more.

A document is guilty when the same one kills two processes running that had nothing else to
do. The read stage lists it as unreadable, so that nothing of it goes on, and the stages begin
again: all other work is finished already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from corpuskit.engine.processes import Died, watched
from corpuskit.errors import EngineError
from corpuskit.stages.fatal import Fatal, Place, known_fatal, remember
from corpuskit.stages.finish import probe_finish
from corpuskit.stages.judge import probe_judge
from corpuskit.stages.read import probe_read
from corpuskit.store import store_at

Out = TypeVar("Out")

#: How to look for the document that kills a stage, and what the stage does to it.
PROBES: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "read": (probe_read, "reading"),
    "judge": (probe_judge, "judging"),
    "finish": (probe_finish, "writing"),
}
#: Probes that may die of one shard, each at another place than the one before, until memory is to blame.
PATIENCE: Final = 5


class Casualty(NamedTuple):
    """A task of a stage that killed the process that had nothing else to do."""

    stage: str
    task: Any
    how: str


class Lost(Exception):
    """Tasks that cannot be done as they are."""

    def __init__(self, casualties: Sequence[Casualty]) -> None:
        super().__init__(casualties)
        self.casualties = casualties


def surviving(attempt: Callable[[], Out]) -> Out:
    """What ``attempt`` returns once the documents that kill it are listed as unreadable.

    Raises :class:`EngineError` for work that dies and of which no document is guilty by itself.
    """
    while True:
        try:
            return attempt()
        except Lost as lost:
            for casualty in lost.casualties:
                _convict(casualty)


def _convict(casualty: Casualty) -> None:
    """Keep in the store every document that kills the probe of a task."""
    stage, task, how = casualty
    if stage not in PROBES:
        raise EngineError(f"a worker process died in the stage {stage!r} ({how}): {_ADVICE}")
    probe, doing = PROBES[stage]
    store, guilty = store_at(task.home), 0
    while died := _died_twice(probe, task):
        place = died.told or Place("")
        fatal = Fatal(place.name, place.where, f"the worker process died {doing} it ({died.how})")
        known = known_fatal(store, place.shard, task.recipe)
        if not place.name or (fatal.name, fatal.where) in {(name, where) for name, where, _ in known}:
            break
        remember(store, place.shard, task.recipe, fatal)
        guilty += 1
    if died or not guilty:
        raise EngineError(
            f"a worker process died {doing} {_files(casualty)} ({how}), and no document by itself kills it: {_ADVICE}"
        )


_ADVICE: Final = "memory may be short: try fewer --workers, or smaller shards ([output] shard_bytes)"


def _died_twice(probe: Callable[..., None], task: Any) -> Died | None:
    """How a probe dies at the same place twice running; ``None`` if it survives."""
    before = None
    for _ in range(PATIENCE):
        died = watched(probe, task)
        if not isinstance(died, Died):
            return None
        if before is not None and died.told == before.told:
            return died
        before = died
    return Died("at another place each time", Place(""))


def _files(casualty: Casualty) -> str:
    """The files of a task, for people."""
    names = casualty.task.names()
    return f"{names[0]} and {len(names) - 1} more files" if len(names) > 1 else "".join(names)
