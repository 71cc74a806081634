"""The public names: complete, and functions whatever was imported before."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import corpuskit
from corpuskit.cli import cli
from corpuskit.verbs.learn import learn

#: The package of the rules has this name already.
ELSEWHERE = {"rules"}


@pytest.mark.parametrize("name", corpuskit.__all__)
def test_public_names_are_there(name):
    assert callable(getattr(corpuskit, name))


def test_type_checkers_are_told_the_same_names():
    tree = ast.parse(Path(corpuskit.__file__).read_text("utf-8"))
    told = {alias.asname for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert told - {None} == set(corpuskit.__all__)


def test_every_command_is_a_function_of_the_same_name():
    assert set(cli.commands) - ELSEWHERE <= set(corpuskit.__all__)


def test_importing_costs_next_to_nothing():
    code = "import sys, corpuskit; print(sorted({'pyarrow', 'numpy', 'datasets', 'trafilatura'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_verb_is_a_function_even_after_its_module_was_imported():
    code = "import corpuskit.verbs.explain; from corpuskit import explain; print(callable(explain))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_one_text_can_be_cleaned_alone():
    prose = "The mill by the sea was built in 1820, and it is still used by the people of the village for grinding."
    document, notes = corpuskit.clean_text(f"The mill\n\n{prose}\n\nComments (0)\n")
    assert document.clean == f"The mill\n\n{prose}"
    assert (notes["title"], notes["language"]) == ("The mill", "en")


def test_one_source_needs_no_list(tmp_path):
    """A string is a sequence too: of its characters."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text("The bell ringer of the lower town counts the steps, and there are more each year.\n")
    recipe = corpuskit.Recipe(name="n", version="1.0.0")
    release = corpuskit.build(str(pages), recipe, tmp_path / "one", workers=1).path
    assert corpuskit.build(pages, recipe, tmp_path / "one", workers=1).existed
    assert corpuskit.validate(release, str(pages), workers=1).verdict == "same bytes"
    assert corpuskit.plan(pages, recipe, tmp_path / "one").shards == ()
    assert learn(pages).templates == ()
