"""Engines: an ordered map, and nothing more.

``map(fn, items)`` yields ``fn(item)`` in the order of ``items``. ``fn`` is a module-level
function and ``item`` small and picklable: what travels between stages is file names.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import ModuleType
from typing import Protocol, TypeVar

from corpuskit.errors import EngineError

In = TypeVar("In")
Out = TypeVar("Out")


class Engine(Protocol):
    """Anything with an ordered map."""

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
        """Yield ``fn(item)`` for each item, in order."""

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """``fn(*args)``, once on each machine."""

    def close(self) -> None:
        """End the workers."""


class Here:
    """This process."""

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
        """See :class:`Engine`."""
        return map(fn, items)

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """See :class:`Engine`."""
        return [fn(*args)]

    def close(self) -> None:
        """Nothing to end."""


class Processes:
    """A pool of ``workers`` processes; never threads (libxml2 crashes under them)."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
        if sys.platform != "win32":
            context.set_forkserver_preload(["corpuskit.stages.preload"])
            from multiprocessing import forkserver, resource_tracker  # not on Windows

            resource_tracker.ensure_running()  # first: starting it unblocks SIGINT
            with _deaf_to_interrupts():
                forkserver.ensure_running()
        self.pool = ProcessPoolExecutor(workers, mp_context=context)

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
        """See :class:`Engine`. Raises :class:`EngineError` when a worker dies."""
        with _no_main_module():
            results = self.pool.map(fn, items)
        try:
            yield from results
        except BrokenProcessPool as error:
            raise EngineError(
                "a worker process died (out of memory, or killed); run the build again to go on"
            ) from error

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """See :class:`Engine`."""
        return [fn(*args)]

    def close(self) -> None:
        """End the workers; work not begun is dropped."""
        self.pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started here never hears Ctrl-C: a terminal sends it to every process, and only this one may answer."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Start workers without running the caller's script again in each of them.

    Tasks are functions of corpuskit's own modules, so that a worker needs nothing of the
    script: a build may be called from one without a ``__main__`` guard, or from standard input.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def engine_for(name: str, workers: int) -> Engine:
    """The engine of this name with so many workers."""
    if name == "local":
        return Here() if workers == 1 else Processes(workers)
    if name == "ray":
        from corpuskit.cluster import Ray

        return Ray(workers)
    raise EngineError(f"unknown engine {name!r} (known: local, ray)")
