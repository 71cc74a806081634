"""``python -m corpuskit``, and the entry point of the installed command.

It imports next to nothing before signals are seen to: a person who presses Ctrl-C, or a
scheduler that sends SIGTERM, gets one line, never a traceback, and no draft is left.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import Final

#: Ctrl-C, a request to end, a closed terminal; names, for not every system has them all.
SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """A signal asked to stop: no error, and nothing that a handler of errors may swallow."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_code(self) -> int:
        """128 + the number of the signal, as shells report it."""
        return 128 + self.number

    def __str__(self) -> str:
        name = signal.Signals(self.number).name
        return f"stopped by {name}; finished work is kept, and the same command goes on from it"


def main() -> None:
    """Run the command line and exit."""
    # numpy brings a library for matrices, whose threads spin while they wait for work that never comes
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    fill_streams()
    stop_by_signals()
    try:
        import corpuskit.engine.garbage  # noqa: F401
        from corpuskit.cli import run

        code = run(sys.argv[1:])
    except Stopped as stop:
        sys.stderr.write(f"Error: {stop}\n")
        code = stop.exit_code
    _end_workers()  # a call that was refused is over at once, though their modules are still being loaded
    sys.exit(code)


def fill_streams() -> None:
    """Put what swallows all in the place of standard streams that the caller has closed.

    The first files to be opened would else get their numbers, and whatever a library prints would be written there.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(handle, True)
    os.close(handle)
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open


def stop_by_signals() -> None:
    """Raise :class:`Stopped` when a signal asks to stop; signals that the caller had ignored stay ignored."""
    sys.unraisablehook = _again
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, frame: object) -> None:
    """End the workers and unwind the stack, so that drafts are removed; a second signal ends at once."""
    signal.signal(number, signal.SIG_DFL)
    _end_workers()
    raise Stopped(number)


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Send the signal once more whose :class:`Stopped` was raised where Python drops exceptions.

    It is dropped in what runs when an object is no more (importing a module ends so): the build would go on.
    """
    if not isinstance(lost.exc_value, Stopped):
        sys.__unraisablehook__(lost)
        return
    from threading import Timer

    number = lost.exc_value.number
    signal.signal(number, _stop)
    sender = Timer(0.05, os.kill, (os.getpid(), number))  # behind that place
    sender.daemon = True
    sender.start()


def _end_workers() -> None:
    """End the worker processes, and the server that forks them: it may be about to fork one that nobody would end."""
    if "multiprocessing" not in sys.modules:
        return
    import multiprocessing

    for worker in multiprocessing.active_children():
        worker.terminate()
    server = getattr(sys.modules.get("multiprocessing.forkserver"), "_forkserver", None)
    pid = getattr(server, "_forkserver_pid", None)  # no public name gives it
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
