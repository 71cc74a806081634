"""The progress of a build on stderr: bars on a terminal, plain lines elsewhere; and what a build costs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from corpuskit.pipeline import Progress

#: The stages of a build, in order, as they are called on the screen.
STAGES: Final = {
    "hash": "hashing",
    "read": "reading",
    "recur": "counting what recurs",
    "judge": "judging",
    "twins": "finding duplicates",
    "near": "finding near copies",
    "clusters": "joining copies",
    "finish": "writing",
}


class Watch:
    """What a build costs: wall seconds, and the memory of all its processes together (bytes; 0: unknown)."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.memory = 0

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.perf_counter() - self.begun

    def look(self) -> None:
        """Note the most that this process and those below it can have needed at once: their peaks, added up."""
        self.memory = max(self.memory, sum(map(_peak, _tree(os.getpid()))) or _own_peak())


def _tree(pid: int) -> Iterator[int]:
    """A process and all below it, as Linux tells it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return
    for child in children.split():
        yield from _tree(int(child))


def _peak(pid: int) -> int:
    """The high-water mark of a process in Linux, in bytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _own_peak() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@contextmanager
def progress(quiet: bool, watch: Watch) -> Iterator[Progress]:
    """A progress display on stderr: bars on a terminal, lines for each stage elsewhere, nothing if ``quiet``."""
    if quiet:
        yield lambda stage, done, total, size=0, sizes=0: None
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield _noting(watch, bars)
    else:
        yield _noting(watch, _Lines())


def _noting(watch: Watch, then: Progress) -> Progress:
    def note(stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
        watch.look()
        then(stage, done, total, size, sizes)

    return note


class _Lines:
    """A line at every quarter of a stage's tasks: logs are read by people."""

    def __init__(self) -> None:
        self.stage = ""
        self.begun = self.told = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
        now = time.perf_counter()
        if stage != self.stage:  # it began when the stage before told of its last task
            self.stage, self.begun = stage, self.told
        self.told = now
        if done == total or done * 4 // total != (done - 1) * 4 // total:
            pace = "".join(f", {part}" for part in told_pace(now - self.begun, size, sizes))
            click.echo(f"{STAGES.get(stage, stage)}: {done} of {total}{pace}", err=True)


def told_pace(seconds: float, size: int, sizes: int) -> Iterator[str]:
    """The rate of a stage that did ``size`` of ``sizes`` bytes in so many seconds, and how long the rest will take."""
    if size and seconds > 0:
        yield f"{told_size(size / seconds)}/s"
        if size < sizes:
            yield f"{told_time(seconds * (sizes - size) / size)} left"


def told_time(seconds: float) -> str:
    """Seconds for people."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def told_size(count: float) -> str:
    """Bytes for people, in decimal units."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:,.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Pace(ProgressColumn):
        """Rate and remaining time, by the bytes of the sources."""

        def render(self, task: Task) -> Text:
            size, sizes = task.fields["size"], task.fields["sizes"]
            return Text(", ".join(told_pace(task.elapsed or 0, size, sizes)), "cyan")

    stage = TextColumn("{task.description:<21}", markup=False)
    shown = (stage, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), Pace())
    with Bars(*shown, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def note(stage: str, done: int, total: int, size: int = 0, sizes: int = 0) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total, size=0, sizes=0)
            bars.update(tasks[stage], completed=done, total=total, size=size, sizes=sizes)

        yield note
