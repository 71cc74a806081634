"""Worker processes: how they are started, and what happens to one that dies.

Workers are processes and never threads: libxml2 crashes under them, and a process that
crashes costs the work it held and nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from types import ModuleType
from typing import Any, Final, NamedTuple, TypeVar

from corpuskit.errors import EngineError

Out = TypeVar("Out")
#: Told by work that is watched: what it is about to do.
Tell = Callable[[Any], None]

#: Seconds that one document may take: a last guard around endless loops, which decides nothing else.
LAST_GUARD: Final = 600
#: Added to the badness of a worker (0 to 1000, ``man 5 proc``): short of memory, the kernel ends it and not the build.
BADNESS: Final = "500"
#: Whether this process works for a build that outlives it: one that may be ended by the last guard.
EXPENDABLE: Final = ContextVar("EXPENDABLE", default=False)
_HERE: Final = "build outside of it, or with engine='here'"


class Died(NamedTuple):
    """A process that died at its work: how ("signal SIGSEGV"), and what it had told last."""

    how: str
    told: Any = None


def context(*, pages: bool = False) -> BaseContext:
    """How workers are made: forked from a server that has all modules in memory and no threads.

    ``pages``: that has what reads HTML in memory, too; the first call starts the server, later ones find it running.
    Raises :class:`EngineError` in a worker of another program, which can have none.
    """
    if multiprocessing.current_process().daemon:
        raise EngineError(f"a worker of a multiprocessing pool may start no processes: {_HERE}")
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    stages = "corpuskit.stages.preload_pages" if pages else "corpuskit.stages.preload"
    made.set_forkserver_preload(["corpuskit.engine.garbage", stages])
    from multiprocessing import forkserver, resource_tracker  # not on Windows

    resource_tracker.ensure_running()  # first: starting it unblocks SIGINT
    try:
        with _deaf_to_interrupts():
            forkserver.ensure_running()
    except ChildProcessError:
        raise EngineError(
            f"this process was forked from one that had workers, which are not its own: {_HERE}"
        ) from None
    return made


def begin(environment: Mapping[str, str]) -> None:
    """Called once in every worker: it ends with the build, and goes first when memory is short.

    The server that forked it may have been started before this build, under another environment (credentials).
    """
    os.environ.clear()
    os.environ.update(environment)
    EXPENDABLE.set(True)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as badness:
        badness.write(BADNESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A build that is killed cannot end its workers: each of them waits for its end by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def last_guard() -> Iterator[Callable[[], object]]:
    """Yields what begins to count :data:`LAST_GUARD` anew; only a worker is guarded, for it ends by the signal."""
    armed = EXPENDABLE.get() and hasattr(signal, "alarm")
    try:
        yield partial(signal.alarm, LAST_GUARD) if armed else _nothing
    finally:
        if armed:
            signal.alarm(0)


def _nothing() -> None:
    """What there is to do where nobody is guarded."""


def alone(work: Callable[..., Out], *args: Any) -> Out | Died:
    """``work(*args)`` in a process of its own; its errors are raised here, its death is an answer."""
    return _watched(_plainly, work, *args)


def watched(work: Callable[..., Out], *args: Any) -> Out | Died:
    """``work(*args, tell)`` in a process of its own; of one that dies it is known what it told last."""
    return _watched(work, *args)


def _plainly(work: Callable[..., Out], *args: Any) -> Out:
    *rest, _ = args
    return work(*rest)


def _watched(work: Callable[..., Out], *args: Any) -> Out | Died:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = context().Process(target=_run, args=(theirs, dict(os.environ), work, args))  # type: ignore[attr-defined]
    with starting():
        process.start()
    theirs.close()
    told = None
    try:
        while heard := _heard(ours):
            kind, value = heard
            if kind == "told":
                told = value
            elif kind == "done":
                return value  # type: ignore[no-any-return]
            elif isinstance(value, MemoryError):
                return Died("out of memory", told)
            else:
                raise value
        process.join()
        return Died(_how(process.exitcode), told)
    finally:
        ours.close()
        process.terminate()  # it has nothing left to do, or nobody to do it for
        process.join()


def _heard(pipe: Connection) -> tuple[str, Any] | None:
    """The next message, ``None`` when the other side has died, in the middle of one perhaps."""
    try:
        return pipe.recv()  # type: ignore[no-any-return]
    except (EOFError, OSError):
        return None


def _run(pipe: Connection, environment: dict[str, str], work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """What such a process does: tell, then say how it ended."""
    begin(environment)
    try:
        with last_guard() as guard:

            def tell(what: Any) -> None:
                guard()
                pipe.send(("told", what))

            pipe.send(("done", work(*args, tell)))
    except Exception as error:  # raised again where it was asked for
        pipe.send(("failed", error))


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    names = {int(number): number.name for number in signal.Signals}
    return f"signal {names.get(-code, -code)}"


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started here never hears Ctrl-C: a terminal sends it to every process, and only this one may answer."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def starting() -> Iterator[None]:
    """Start workers without running the caller's script again in each of them.

    Tasks are functions of corpuskit's own modules, so that a worker needs nothing of the
    script: a build may be called from one without a ``__main__`` guard, or from standard input.
    Raises :class:`EngineError` when the server that forks them has died.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    except (EOFError, ConnectionError) as error:
        advice = "memory may be short: end other programs, or raise the limit (ulimit -v)"
        raise EngineError(f"no worker process can be started, what starts them has died: {advice}") from error
    finally:
        sys.modules["__main__"] = script
