"""The first five minutes go as docs/start.md says: each command runs, and prints what the page shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "start.md").read_text("utf-8")


def told() -> list[tuple[list[str], list[str]]]:
    """The commands of the page, and the lines that it shows of what each prints."""
    blocks = "".join(re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    parts = [part.splitlines() for part in blocks.split("$ ")[1:]]
    return [(shlex.split(command), shown) for command, *shown in parts]


def test_the_page_goes_as_it_says(tmp_path):
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    folder, run = tmp_path, 0
    for (program, *args), shown in told():
        if program == "cd":
            folder = folder / args[0]
        elif program == "corpuskit":
            command = [sys.executable, "-m", "corpuskit", *args]
            done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            assert [line for line in shown if line not in done.stdout.splitlines()] == [], args
            run += 1
    assert run == PAGE.count("\n$ corpuskit ")


def test_every_page_of_the_docs_is_reached_from_it():
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"start.md"}
    assert {name for name in pages if f"]({name})" not in PAGE} <= {"rules.md"}  # which add-a-rule.md names
