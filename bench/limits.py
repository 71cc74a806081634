"""Run a command inside a memory limit: what it needs is what it gets, page cache included.

In order: a cgroup below our own (root; version 1, or 2 where that allows it), a scope of systemd, else
``RLIMIT_AS`` for each process, which limits addresses and not memory, and says so.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CGROUPS: Final = Path("/sys/fs/cgroup")
#: The file of the limit in a cgroup, and the one that counts what was killed over it, by version.
FILES: Final = {1: ("memory.limit_in_bytes", "memory.oom_control"), 2: ("memory.max", "memory.events")}


@dataclass
class Limit:
    """How the limit is held (``how``), what goes before a command, and after it how many processes it killed."""

    how: str
    before: list[str]
    killed: int = 0


@contextmanager
def memory_limit(size: int) -> Iterator[Limit]:
    """A limit of ``size`` bytes for all processes of a command together."""
    made = _cgroup(size)
    if made is None:
        yield _without_cgroup(size)
        return
    version, group = made
    enter = f'echo $$ > {group}/cgroup.procs; exec "$@"'
    limit = Limit(f"cgroup v{version}, {FILES[version][0]} = {size}", ["sh", "-c", enter, "sh"])
    try:
        yield limit
        counts = dict(line.split() for line in (group / FILES[version][1]).read_text().splitlines())
        limit.killed = int(counts.get("oom_kill", 0))
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    """Remove a cgroup as soon as the last process in it has ended: those that a command started end behind it."""
    for _ in range(100):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _cgroup(size: int) -> tuple[int, Path] | None:
    """A cgroup below the one that this process is in."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        version = 1 if controllers else 2
        above = CGROUPS / controllers / path.lstrip("/")
        if not (above / "cgroup.procs").exists():  # no cgroup: where both versions are, a plain folder holds them
            continue
        try:
            group = Path(tempfile.mkdtemp(prefix="corpuskit-bench-", dir=above))
        except OSError:
            continue
        try:
            (group / FILES[version][0]).write_text(str(size))
            return version, group
        except OSError:  # version 2 lets no group with processes share out its memory
            group.rmdir()
    return None


def _without_cgroup(size: int) -> Limit:
    if shutil.which("systemd-run") and Path("/run/systemd/system").exists():
        scope = ["systemd-run", "--scope", "--quiet", "-p", f"MemoryMax={size}", "-p", "MemorySwapMax=0"]
        return Limit("systemd-run, MemoryMax", scope)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    kib = min(size, hard if hard > 0 else size) // 1024
    return Limit("RLIMIT_AS of each process (addresses, not memory)", ["sh", "-c", f'ulimit -v {kib}; exec "$@"', "sh"])
