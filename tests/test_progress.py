"""The progress of a build: rates and remaining time, on a terminal and in a log, and the memory of all processes."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpuskit.cli.progress import Watch, told_pace, told_size, told_time

ROOT = Path(__file__).parents[1]
PROSE = "เด็กๆ ในหมู่บ้านเก็บเห็ดหลังฝนแรกแล้วเอาไปขายที่ตลาดเช้า ได้เงินพอซื้อสมุดเล่มใหม่กันทุกคน แถวที่ {}\n"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.4, "0 s"), (59.6, "1 min 00 s"), (61, "1 min 01 s"), (7320, "2 h 02 min")]
)
def test_times_are_told_for_people(seconds, told):
    assert told_time(seconds) == told


def test_the_rest_takes_as_long_for_each_byte_as_what_is_done():
    assert list(told_pace(10, 5_000_000, 20_000_000)) == ["500.0 kB/s", "30 s left"]
    assert list(told_pace(10, 20_000_000, 20_000_000)) == ["2.0 MB/s"]
    assert list(told_pace(10, 0, 0)) == []
    assert told_size(1_234_567_890) == "1.2 GB"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of other processes")
def test_the_memory_of_all_processes_is_added_up():
    watch = Watch()
    watch.look()
    alone = watch.memory
    hungry = "import sys; data = b'x' * 200_000_000; print(len(data), flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hungry], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        watch.look()
        child.stdin.close()
    assert watch.memory - alone > 200_000_000


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_a_build_shows_rates_in_a_log_and_bars_on_a_terminal(tmp_path):
    (tmp_path / "in").mkdir()
    for i in range(6):
        (tmp_path / "in" / f"{i}.txt").write_text("".join(PROSE.format(f"{i} {n}") for n in range(40)), "utf-8")
    (tmp_path / "corpus.toml").write_text(
        'name = "n"\nversion = "1.0.0"\nsources = ["in"]\n[output]\nshard_bytes = 4096\n'
    )
    command = [sys.executable, "-m", "corpuskit", "build", "--workers", "1", "--out"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"}
    log = subprocess.run([*command, "log"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stderr
    assert re.search(r"^reading: \d of \d, [0-9.]+ [kM]?B/s, \d+ s left$", log, re.MULTILINE)
    assert re.search(r"^writing: (\d+) of \1, [0-9.]+ [kM]?B/s$", log, re.MULTILINE)
    assert re.search(r"^time +[0-9.]+ s, [0-9.]+ [kM]?B/s$", log, re.MULTILINE)
    assert re.search(r"^peak memory +at most \d+ MiB in all processes together$", log, re.MULTILINE)
    ours, theirs = pty.openpty()
    with subprocess.Popen([*command, "tty"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
    assert process.returncode == 0
    assert b"judging" in shown
    assert re.search(rb"[kM]?B/s", shown)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # nobody writes any more
        return b""
