"""The documentation is true: generated pages are fresh, every command is told, every named proof exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from corpuskit import clean_text
from corpuskit.cli import cli
from corpuskit.recipe import recipe_from

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "add-a-rule.md").read_text("utf-8")
PROSE = "The mill by the sea was built in 1820, and it is still used by the people of the village for grinding."


def blocks(language: str) -> list[str]:
    """The code of the guide to rules."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


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


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), ROOT / "bench" / "README.md"])
def test_every_file_of_the_code_that_a_page_names_exists(page):
    named = re.findall(r"\b(?:corpuskit|tests|tools|bench)/[a-z0-9_/]+\.(?:py|toml|json)\b", page.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_addresses(lock):
    text = lock.read_text("utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text


def test_the_pattern_of_the_guide_is_accepted():
    [rule] = recipe_from(tomli.loads(blocks("toml")[0])).rules
    assert (len(rule.drop), len(rule.keep)) == (1, 1)  # tried when it was read


def test_the_rule_of_the_guide_runs_as_a_plugin(tmp_path, monkeypatch):
    _, package, recipe = map(tomli.loads, blocks("toml"))
    [(name, entry)] = package["project"]["entry-points"]["corpuskit.rules"].items()
    info = tmp_path / "my_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[corpuskit.rules]\n{name} = {entry}\n")
    (tmp_path / "my_package.py").write_text(blocks("python")[0], "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    document, _ = clean_text(f"The mill\n\n{PROSE}\nBUY NOW\n{PROSE}", recipe_from(recipe))
    assert [(edit.rule, edit.why) for edit in document.edits] == [("shouting", "capitals only")]
