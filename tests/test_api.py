"""The public names: sorted, complete, and functions whatever was imported before."""

import subprocess
import sys

import corpuskit
from corpuskit.learn import learn


def test_public_names_are_sorted_and_there():
    assert corpuskit.__all__ == sorted(corpuskit.__all__)
    assert all(hasattr(corpuskit, name) for name in corpuskit.__all__)


def test_importing_costs_next_to_nothing():
    code = "import sys, corpuskit; print(sorted({'pyarrow', 'numpy', 'datasets', 'trafilatura'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_verb_is_a_function_even_after_its_module_was_imported():
    code = "import corpuskit.explain; from corpuskit import explain; print(callable(explain))"
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
