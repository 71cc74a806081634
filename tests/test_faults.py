"""Promises P2 to P5: a build that is killed, or whose disk fails, leaves nothing visible or a whole release.

Real child processes and real signals; strace makes the kernel refuse a call or kill the
process at its n-th. Each fault is followed by an undisturbed run of the same command, which
must end in the bytes of a build that nothing ever happened to, and leave nothing behind.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from corpuskit.errors import OutputError, VersionExists
from corpuskit.filenames import WORK

ROOT = Path(__file__).parents[1]
needs_strace = pytest.mark.skipif(
    not shutil.which("strace") or subprocess.run(["strace", "-o", os.devnull, "true"], check=False).returncode != 0,
    reason="strace is not installed, or may not trace here",
)
needs_mounts = pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0,
    reason="no right to mount file systems",
)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

PROSE = "คนเลี้ยงผึ้งบนดอยเล่าว่าปีนี้ดอกกาแฟบานช้า รังผึ้งจึงเบากว่าทุกปี แต่น้ำผึ้งหอมกว่าเดิมจนขายหมดก่อนฝนมา รังที่ {}"
#: Calls that change the file system, or open something of it.
CALLS = (
    "openat", "write", "mkdir", "rename", "unlink", "unlinkat", "rmdir", "fsync", "ftruncate", "sendfile",
    "copy_file_range",
)  # fmt: skip
#: What a failing disk does, by call.
FAULTS = {
    "write": ("ENOSPC", "EIO", "EDQUOT"),
    "mkdir": ("ENOSPC", "EROFS"),
    "rename": ("EIO", "ENOSPC"),
    "fsync": ("EIO", "ENOSPC"),
    "copy_file_range": ("ENOSPC", "EIO"),
    "sendfile": ("ENOSPC",),
}


def write_pages(folder: Path, pages: int = 8) -> None:
    folder.mkdir()
    for i in range(pages):
        body = "\n".join(PROSE.format(n if n % 3 else f"{i}-{n}") for n in range(9))
        (folder / f"{i}.txt").write_text(f"เรื่องที่ {i}\n\n{body}\n", "utf-8")
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xff")


def contents(release: Path) -> dict[str, bytes]:
    return {p.relative_to(release).as_posix(): p.read_bytes() for p in sorted(release.rglob("*")) if p.is_file()}


class Zygote:
    """Builds in children of one warm process: a whole build takes a fraction of a second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_pages(folder / "pages")
        text = 'name = "t"\nversion = "1.0.0"\nsources = ["pages"]\n[output]\nshard_bytes = 4096\n'
        (folder / "corpus.toml").write_text(text, "utf-8")
        (folder / "tmp").mkdir()
        env = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
        command = [sys.executable, str(ROOT / "tests" / "zygote.py")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        assert self.build("whole") == 0, self.said
        self.whole = contents(self.release("whole"))

    def release(self, out: str) -> Path:
        return self.folder / out / "t-1.0.0"

    def build(self, out: str, trace: tuple[str, ...] = ()) -> int:
        """Exit code of a build into ``out`` (negative: a signal), under strace with these options."""
        command = ["build", "--recipe", f"{self.folder}/corpus.toml", "--out", f"{self.folder}/{out}"]
        request = [[*command, "--engine", "here", "--quiet"], f"{self.folder}/err", bool(trace)]
        print(json.dumps(request), file=self.process.stdin, flush=True)
        pid = int(self.process.stdout.readline())
        if trace:
            tracer = subprocess.Popen(["strace", "-q", "-f", "-p", str(pid), *trace], stderr=subprocess.DEVNULL)
            wait_until(lambda: traced(pid))
            print(file=self.process.stdin, flush=True)
            code = int(self.process.stdout.readline())
            tracer.wait(60)
            return code
        return int(self.process.stdout.readline())

    @property
    def said(self) -> str:
        return (self.folder / "err").read_text("utf-8")

    @cached_property
    def calls(self) -> Counter[str]:
        """How often an undisturbed first build makes each call (a second one would find everything done)."""
        log = self.folder / "log"
        assert self.build("counted", ("-o", str(log), "-e", f"trace={','.join(CALLS)}")) == 0
        return Counter(re.findall(r"^(?:\d+ +)?(\w+)\(", log.read_text("utf-8", "replace"), re.MULTILINE))

    def survives(self, call: str, number: int, fault: str) -> int:
        """Disturb one build at the n-th call of a kind, check what is visible, and build again; its exit code."""
        out = f"out-{call}-{number}-{fault.partition('=')[2]}"
        options = ("-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}")
        code = self.build(out, options)
        said = self.said
        if fault.startswith("error") and code:
            assert code == OutputError.exit_code, said
            assert re.fullmatch(r"Error: [^\n]+\n", said), said
            assert not self.release(out).exists() or number, "an error publishes nothing"
        self.check_visible(out)
        assert self.build(out) == 0, f"after {call} {number} {fault} ({code}: {said}): {self.said}"
        self.check_finished(out)
        shutil.rmtree(self.folder / out)
        return code

    def check_visible(self, out: str) -> None:
        folder = self.folder / out
        if folder.exists():
            assert {p.name for p in folder.iterdir()} <= {WORK, "t-1.0.0"}
        if self.release(out).exists():
            assert contents(self.release(out)) == self.whole

    def check_finished(self, out: str) -> None:
        work = self.folder / out / WORK
        assert contents(self.release(out)) == self.whole
        assert {p.name for p in (self.folder / out).iterdir()} == {WORK, "t-1.0.0"}
        assert {p.name for p in work.iterdir()} <= {"t", "t.lock"}
        assert not [p for p in work.rglob("*") if p.name.startswith(".")], "a draft was left"
        assert len(list(work.glob("t/*/*"))) == len(list((self.folder / "whole" / WORK).glob("t/*/*")))
        assert not list((self.folder / "tmp").iterdir())


def wait_until(true) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)


def traced(pid: int) -> bool:
    return "TracerPid:\t0" not in Path(f"/proc/{pid}/status").read_text()


@pytest.fixture(scope="module")
def zygote(tmp_path_factory) -> Iterator[Zygote]:
    made = Zygote(tmp_path_factory.mktemp("faults"))
    with made.process:
        yield made
        made.process.stdin.close()


def moments(calls: Counter[str], count: int) -> list[tuple[str, int]]:
    """Moments spread evenly over all calls of a build, in their order by kind."""
    every = [(call, n) for call in CALLS for n in range(1, calls[call] + 1)]
    return every[:: max(1, len(every) // count)]


@needs_strace
def test_kills_and_faults_at_single_calls(zygote):
    calls = zygote.calls
    sample = random.Random(5)
    for call in ("write", "rename", "fsync"):
        zygote.survives(call, sample.randint(1, calls[call]), "signal=KILL")
        assert zygote.survives(call, sample.randint(1, calls[call]), f"error={FAULTS[call][0]}") in (0, 7)


@pytest.mark.slow
@needs_strace
def test_kills_at_every_kth_call(zygote, capsys):
    chosen = moments(zygote.calls, 250)
    killed = sum(zygote.survives(call, number, "signal=KILL") == -signal.SIGKILL for call, number in chosen)
    with capsys.disabled():
        print(f"\nsurvived {killed} kills at single calls")
    assert killed > len(chosen) * 0.9


@pytest.mark.slow
@needs_strace
def test_faults_at_every_kth_call(zygote, capsys):
    calls, met = zygote.calls, Counter()
    for call, errors in FAULTS.items():
        for i in range(1, calls[call] + 1, max(1, calls[call] // 12)):
            for error in errors:
                met[zygote.survives(call, i, f"error={error}")] += 1
    with capsys.disabled():
        print(f"\nsurvived {met.total()} faults of the disk; exit codes: {dict(met)}")
    assert met.total() > 50
    assert set(met) <= {0, OutputError.exit_code}


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "corpuskit", "build", "--recipe", f"{folder}/corpus.toml", *more]


def start(folder: Path, *more: str, **options) -> subprocess.Popen:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command(folder, *more), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_two_builds_to_one_folder_at_the_same_moment(zygote):
    """With the same inputs both succeed; with others one of them publishes and one says why not."""
    pair = [start(zygote.folder, "--out", f"{zygote.folder}/both", "--workers", "1") for _ in range(2)]
    said = [process.communicate(timeout=240) for process in pair]
    assert [process.returncode for process in pair] == [0, 0], said
    zygote.check_finished("both")
    other = ("--out", f"{zygote.folder}/rivals", "--workers", "1", "--quiet")
    pair = [start(zygote.folder, *other), start(zygote.folder, f"{zygote.folder}/pages/0.txt", *other)]
    said = [process.communicate(timeout=240) for process in pair]
    assert sorted(process.returncode for process in pair) == [0, VersionExists.exit_code], said
    winner = contents(zygote.release("rivals"))
    assert (winner == zygote.whole) == (pair[0].returncode == 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_worker_writes_the_release(zygote, number):
    """The command dies, its worker is left with half a release: that ends with it, or stands whole."""
    out = f"writing-{number}"
    process = start(zygote.folder, "--out", f"{zygote.folder}/{out}", "--workers", "2", "--quiet")
    wait_until(lambda: list(zygote.folder.glob(f"{out}/{WORK}/t/release/.*")) or process.poll() is not None)
    assert process.poll() is None
    process.send_signal(number)
    process.communicate(timeout=120)
    assert zygote.build(out) == 0  # at once: the worker may still be there
    zygote.check_finished(out)
    shutil.rmtree(zygote.folder / out)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_signals_at_random_moments(zygote, number):
    """The command itself, with two workers; a kill reaches the parent alone: its workers must end by themselves."""
    chance = random.Random(number)
    for i in range(8):
        out = f"signal-{number}-{i}"
        process = start(zygote.folder, "--out", f"{zygote.folder}/{out}", "--workers", "2", "--quiet")
        time.sleep(chance.uniform(0.1, 4))
        workers = descendants(process.pid)
        process.send_signal(number)
        process.communicate(timeout=120)
        zygote.check_visible(out)
        wait_until(lambda pids=workers: not any(map(alive, pids)))
        assert zygote.build(out) == 0
        zygote.check_finished(out)
        shutil.rmtree(zygote.folder / out)


def descendants(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    below = [int(child) for child in path.read_text().split()] if path.exists() else []
    return below + [pid for child in below for pid in descendants(child)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.slow
def test_a_worker_that_is_killed_once_costs_nothing(zygote):
    """Out of memory, say: the work is done again by another worker, and no document is blamed."""
    for i in range(4):
        out = f"worker-{i}"
        process = start(zygote.folder, "--out", f"{zygote.folder}/{out}", "--workers", "2", "--quiet")
        wait_until(lambda o=out: (zygote.folder / o / WORK / "t").exists())
        time.sleep(0.3 * i)
        for pid in descendants(process.pid)[-1:]:
            os.kill(pid, signal.SIGKILL)
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        zygote.check_finished(out)


@needs_mounts
@pytest.mark.parametrize("options", ["size=64k", "nr_inodes=12", "ro"])
def test_a_full_or_read_only_disk_is_told_and_nothing_is_published(zygote, options, tmp_path):
    """On a file system of its own: too small, without inodes, read-only; with room, the same command goes on."""
    mount = tmp_path / "disk"
    mount.mkdir()
    build = " ".join(command(zygote.folder, "--out", f"{mount}/out", "--workers", "1", "--quiet"))
    script = f"""
        mount -t tmpfs -o {options} none {mount}
        {build}; echo "code $?"; ls -A {mount}/out 2>/dev/null
        mount -o remount,rw,size=64m,nr_inodes=4096 {mount}
        {build} && cp -r {mount}/out/t-1.0.0 {tmp_path}/release
    """
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert "code 7" in done.stdout, done.stdout + done.stderr
    assert re.search(r"^Error: cannot write .*(space|read-only)", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert contents(tmp_path / "release") == zygote.whole
    before_second_run = done.stdout.partition("code 7")[2].splitlines()
    assert set(before_second_run[1:-1]) <= {WORK}
