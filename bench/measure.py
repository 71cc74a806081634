"""Measure a command as a whole process tree: CPU seconds of all its processes, wall seconds, peak memory.

CPU time comes from the operating system's account of finished processes. Workers that
outlive their parent (a fork server's children) are adopted by this process, so that none
is missed. Memory is the largest sum of proportional sets, sampled ten times a second. Linux.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """What a command cost: CPU and wall seconds, peak resident bytes of the whole tree, its exit status."""

    cpu: float
    wall: float
    peak: int
    status: int


def measure(command: list[str], env: dict[str, str] | None = None) -> Cost:
    """Run ``command`` (its output goes to /dev/null) and wait for every process that it began."""
    # packages are byte-compiled where they are installed: so is a checkout, at its first run
    env = {name: value for name, value in (env or os.environ).items() if name != "PYTHONDONTWRITEBYTECODE"}
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    before, begun, peak = os.times(), time.perf_counter(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    while process.poll() is None:
        peak = max(peak, sum(resident(pid) for pid in descendants(os.getpid())))
        time.sleep(SAMPLE_SECONDS)
    while True:  # orphans of the command, adopted here
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(cpu, time.perf_counter() - begun, peak, process.returncode)


def measured(name: str, command: list[str], env: dict[str, str] | None = None) -> Cost:
    """As :func:`measure`; ends the benchmark when the command fails."""
    cost = measure(command, env)
    if cost.status:
        sys.exit(f"{name} failed with status {cost.status}: {' '.join(command)}")
    return cost


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A table; the first ``left`` columns hold words, the others numbers."""
    sides = ["---" if i < left else "---:" for i in range(len(heads))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, sides, *rows))


def descendants(root: int) -> list[int]:
    """All processes below ``root``."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        children = children_of(waiting.pop())
        found += children
        waiting += children
    return found


def children_of(pid: int) -> list[int]:
    """The processes that the threads of ``pid`` started and that live; none if it is gone."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def resident(pid: int) -> int:
    """Resident bytes of a process that are its own (proportional share of shared pages where the kernel tells)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
