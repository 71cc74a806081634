"""A trial: one source built in a temporary folder, to see what the rules would do with it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from corpuskit.errors import NothingToPublish
from corpuskit.filenames import WORK
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.release.reading import Tables, tables_of
from corpuskit.verbs.explain import Explanation, traced

NAME = "trial"


def explain_source(source: str | Path, recipe: Recipe | None = None) -> Explanation:
    """What would become of the pages of ``source`` (a file, folder or glob) if they were the whole corpus.

    What depends on other pages, templates and duplicates, shows only among the pages that ``source`` holds.
    """
    recipe = replace(recipe or Recipe(), name=NAME, version="0.0.0", sources=())
    with tempfile.TemporaryDirectory(prefix="corpuskit-") as folder:
        try:
            tables = tables_of(build([source], recipe, folder, workers=1).path)
        except NothingToPublish:
            tables = _unpublished(Path(folder))
            if not tables.removed:
                raise
        return traced(tables)


def _unpublished(folder: Path) -> Tables:
    """The ledger of a build of which nothing was left to publish: its last stage was finished all the same."""
    return Tables((), tuple(sorted(folder.glob(f"{WORK}/{NAME}/finish/*/removed.parquet"))))
