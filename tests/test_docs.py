"""The documentation is true: generated pages are fresh, every command is told, every named proof exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpuskit.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_generated_pages_are_fresh():
    done = subprocess.run(
        [sys.executable, ROOT / "tools/docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_in_the_readme(command):
    assert f"`corpuskit {command}" in README


def test_every_proof_of_a_promise_exists():
    for name, test in re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?", README):
        source = (ROOT / "tests" / name).read_text("utf-8")
        assert not test or f"def {test}" in source, f"{name}::{test}"


def test_every_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_addresses(lock):
    text = lock.read_text("utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
