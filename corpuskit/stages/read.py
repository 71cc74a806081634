"""Stage 1, read: the files of a shard → documents, their lines, and what recurs in them.

The result of a shard (a folder in the store)::

    docs.arrow lines.arrow   the documents and the table of their lines
    names.arrow              id and path of each document
    shapes.npy               which line shapes occur in how many documents of which site (sorted)
    sites.npy                how many documents of each site
    shard.json               digest of the files
    unreadable.json          what could not be read: name, place, reason
    sources.json             the files that end here: name, sha256, bytes, documents
    parts.json               names of the steps that hold the rest of the shard

A shard of which a file is very large is read in one go and kept in several parts, each a step as
above: the stages that follow take them for shards.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from corpuskit.engine.processes import Tell
from corpuskit.recipe import Recipe
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.sharding import LONGEST
from corpuskit.stages.fatal import Fatal, known_fatal
from corpuskit.stages.shardfiles import Files, at_hand, remember, remembered
from corpuskit.store import store_at
from corpuskit.store.steps import Step, Store, name_of
from corpuskit.versions import code_digest, versions


class ReadTask(NamedTuple):
    """A shard to read."""

    home: str
    files: tuple[SourceFile, ...]
    recipe: Recipe

    def __reduce__(self) -> tuple[Any, ...]:
        """To a worker the files go as columns: a named tuple takes five times as long to pickle."""
        return _task, (self.home, tuple(zip(*self.files, strict=True)), self.recipe)

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.files)

    def names(self) -> list[str]:
        """The files that the task is about."""
        return [file.name for file in self.files]


def _task(home: str, columns: tuple[tuple[Any, ...], ...], recipe: Recipe) -> ReadTask:
    return ReadTask(home, tuple(map(SourceFile, *columns)), recipe)


def read_shard(task: ReadTask) -> tuple[Step, ...]:
    """Read the files of a shard; returns the finished steps of its parts."""
    from corpuskit.stages.shardreader import ShardReader, write_parts  # late: see stages.chain

    store = store_at(task.home)
    known = remembered(store, task.files, task.recipe)
    if known and store.has(first := Step("read", read_name(task, known))):
        return parts_of(store, first)
    with store.scratch("read", "sources") as folder:
        files = at_hand(task.files, task.recipe, folder)
        remember(store, task.files, task.recipe, files)
        name = read_name(task, files)
        reader = ShardReader(_read_recipe(task.recipe), _fatal(task, files))
        work = partial(write_parts, store=store, name=name, files=files, reader=reader, most=_most(task))
        return parts_of(store, store.finish("read", name, work))


def parts_of(store: Store, first: Step) -> tuple[Step, ...]:
    """The finished steps of a shard, of which the first is given; it is finished last."""
    return (first, *(Step("read", name) for name in store.json(first, "parts.json")))


def _most(task: ReadTask) -> int:
    """Bytes of text to a part."""
    return LONGEST * task.recipe.output.shard_bytes


def read_name(task: ReadTask, files: Files) -> str:
    """The name of the step: reading depends on the files, and on a small part of the recipe."""
    recipe = _read_recipe(task.recipe).digest()
    return name_of("read", code_digest(), recipe, versions(), files.digest, _most(task), sorted(_fatal(task, files)))


def _read_recipe(recipe: Recipe) -> Recipe:
    sieve = ("withdrawn", "rules", "clean", "dedup") if recipe.withdrawn else ()
    return recipe.only("columns", "limits", *sieve)


def _fatal(task: ReadTask, files: Files) -> list[Fatal]:
    return known_fatal(store_at(task.home), files.digest, task.recipe)


def probe_read(task: ReadTask, tell: Tell) -> None:
    """Read the files of a shard document by document, telling of each before it begins; nothing is kept."""
    from corpuskit.stages.shardreader import ShardReader, read_alone

    with store_at(task.home).scratch("read", "sources") as folder:
        files = at_hand(task.files, task.recipe, folder)
        read_alone(files, ShardReader(task.recipe, _fatal(task, files)), tell)
