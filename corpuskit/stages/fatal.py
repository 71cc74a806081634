"""Documents that kill the process that works on them: found once, kept in the store, unreadable to the read stage.

A shard of which nobody has died is read in one go. Where somebody has, the document is looked
for by a *probe*: the work of the stage done document by document, each told before it begins.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpuskit.recipe import Recipe
from corpuskit.rules.plugins import plugin_digests
from corpuskit.store.steps import Step, Store, name_of
from corpuskit.versions import code_digest, versions


class Fatal(NamedTuple):
    """A document (``where`` in the file ``name``; empty: the file as a whole) and why it is not read."""

    name: str
    where: str
    reason: str


class Place(NamedTuple):
    """What a probe is about to look at: a document of a shard (by the digest of its files); no name: none of them."""

    shard: str
    name: str = ""
    where: str = ""


def known_fatal(store: Store, shard: str, recipe: Recipe) -> list[Fatal]:
    """What is known to kill those who work on a shard with this recipe and this code, in order of discovery."""
    return [Fatal(*store.json(step, "fatal.json")) for step in _steps(store, shard, recipe)]


def remember(store: Store, shard: str, recipe: Recipe, fatal: Fatal) -> None:
    """Keep one more of them."""
    name = _name(shard, recipe, len(known_fatal(store, shard, recipe)))
    store.finish("fatal", name, lambda draft: _write(draft, fatal))


def fatal_steps(store: Store, reads: Iterable[Step], recipe: Recipe) -> set[Step]:
    """The steps that the store must keep for these read steps."""
    return {step for read in reads for step in _steps(store, shard_of(store, read), recipe)}


def shard_of(store: Store, read: Step) -> str:
    """The digest of the files that a read step was made from."""
    return str(store.json(read, "shard.json"))


def files_of(store: Store, read: Step) -> list[str]:
    """The names of the files that a read step was made from."""
    from corpuskit.stages.batches import read_batches, strings  # late: see stages.chain

    ended = [name for name, *_ in store.json(read, "sources.json")]
    return ended or sorted(
        {name for batch in read_batches(store.file(read, "names.arrow")) for name in strings(batch, "source_path")}
    )


def _steps(store: Store, shard: str, recipe: Recipe) -> Iterator[Step]:
    number = 0
    while store.has(step := Step("fatal", _name(shard, recipe, number))):
        yield step
        number += 1


def _name(shard: str, recipe: Recipe, number: int) -> str:
    known = versions(recipe.output.libraries)
    return name_of("fatal", code_digest(), known, recipe.digest(), plugin_digests(recipe.clean.plugins), shard, number)


def _write(draft: Path, fatal: Fatal) -> None:
    (draft / "fatal.json").write_text(json.dumps(fatal), "utf-8")
