"""The last stage, release: the finished data files → a release, written as a draft and put in its place.

One task, which a worker does as any other: what writes cards and reports is not loaded by the build's own process,
and a build whose writer dies says so.
"""

from __future__ import annotations

from typing import NamedTuple

from corpuskit.recipe import Recipe
from corpuskit.release.shelf import Placed, Shelf
from corpuskit.release.totals import Totals
from corpuskit.sources.listing import UnreadableFile
from corpuskit.store import store_at
from corpuskit.store.steps import Step


class ReleaseTask(NamedTuple):
    """The shelf of releases, what could not be listed, and the finished steps of shards and data files."""

    home: str
    shelf: Shelf
    recipe: Recipe
    unreadable: tuple[UnreadableFile, ...]
    reads: tuple[Step, ...]
    files: tuple[Step, ...]


class Released(NamedTuple):
    """What the release holds, and where it is."""

    totals: Totals
    placed: Placed


def release(task: ReleaseTask) -> Released:
    """Write the release, and put it in its place."""
    from corpuskit.release.write import write_release  # late: see stages.chain

    store, recipe = store_at(task.home), task.recipe
    with store.scratch("release", recipe.version) as draft:
        totals = write_release(draft, recipe, task.unreadable, store, task.reads, task.files)
        return Released(totals, task.shelf.place(draft, recipe.title))
