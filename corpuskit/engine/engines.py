"""Engines: an ordered map, and nothing more.

``map(fn, items)`` yields ``fn(item)`` in the order of ``items``. ``fn`` is a module-level
function and ``item`` small and picklable: what travels between stages is file names.
A worker that dies (a crash in a C library, no memory) takes nothing with it: what it may have
held is done again, one by one, and an item that kills a process of its own comes as ``Died``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from operator import itemgetter
from typing import Final, Protocol, TypeVar

from corpuskit.engine.processes import Died, alone, begin, context, starting
from corpuskit.errors import EngineError

#: Tasks begun for each worker: the next one is at hand, and few are suspect when a worker dies.
AHEAD: Final = 2

In = TypeVar("In")
Out = TypeVar("Out")


class Engine(Protocol):
    """Anything with an ordered map."""

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out | Died]:
        """Yield ``fn(item)`` for each item, in order; ``Died`` for one that kills its worker."""

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """``fn(*args)``, once on each machine."""

    def rest(self) -> None:
        """No work waits: give back the memory that idle workers hold."""

    def close(self) -> None:
        """End the workers."""


class Here:
    """This process, for debuggers and profilers: a crash ends it."""

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out | Died]:
        """See :class:`Engine`."""
        return map(fn, items)

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """See :class:`Engine`."""
        return [fn(*args)]

    def rest(self) -> None:
        """See :class:`Engine`."""

    def close(self) -> None:
        """Nothing to end."""


class Processes:
    """A pool of ``workers`` processes, renewed when one of them dies."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.pool = self._pool()

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, mp_context=context(), initializer=begin, initargs=(dict(os.environ),))

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out | Died]:
        """See :class:`Engine`."""
        todo = enumerate(items)
        begun: dict[Future[Out], tuple[int, In]] = {}
        done: dict[int, Out | Died] = {}
        given = 0
        while True:
            for number, item in islice(todo, AHEAD * self.workers - len(begun)):
                begun[self._begin(fn, item)] = number, item
            if not begun:
                return
            suspects = self._collect(begun, done)
            for number, item in sorted(suspects, key=itemgetter(0)):
                done[number] = alone(fn, item)
            while given in done:
                yield done.pop(given)
                given += 1

    def _begin(self, fn: Callable[[In], Out], item: In) -> Future[Out]:
        try:
            with starting():
                return self.pool.submit(fn, item)
        except BrokenProcessPool as error:  # it broke a moment ago
            failed: Future[Out] = Future()
            failed.set_exception(error)
            return failed

    def _collect(self, begun: dict[Future[Out], tuple[int, In]], done: dict[int, Out | Died]) -> list[tuple[int, In]]:
        """Move what is finished to ``done``; returns the items that a dead worker may have held."""
        finished = wait(begun, return_when=FIRST_COMPLETED).done
        if any(isinstance(future.exception(), BrokenProcessPool) for future in finished):
            finished = wait(begun).done
            self.rest()
        suspects = []
        for future in finished:
            number, item = begun.pop(future)
            try:
                done[number] = future.result()
            except (BrokenProcessPool, MemoryError):
                suspects.append((number, item))
        return suspects

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """See :class:`Engine`."""
        return [fn(*args)]

    def rest(self) -> None:
        """See :class:`Engine`; new workers are started when work comes."""
        self.close()
        self.pool = self._pool()

    def close(self) -> None:
        """End the workers; work not begun is dropped."""
        self.pool.shutdown(wait=True, cancel_futures=True)


def engine_for(name: str, workers: int) -> Engine:
    """The engine of this name with so many workers; one worker is a process too, for it may die."""
    if name == "local":
        return Processes(workers)
    if name == "ray":
        from corpuskit.engine.cluster import Ray

        return Ray(workers)
    if name == "here":
        return Here()
    raise EngineError(f"unknown engine {name!r} (known: local, ray, here)")
