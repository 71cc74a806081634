"""The files of a shard: fetched, opened, hashed, and their names and hashes as one digest.

Of objects that have a tag the hashes are remembered in the store (stage ``seen``), so that a
rebuild fetches what is new.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import orjson

from corpuskit.recipe import Recipe
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.objects import fetch
from corpuskit.stages.source import Source, hashed
from corpuskit.stages.withdrawn import Sieve
from corpuskit.store.steps import Step, Store, name_of


@dataclass(frozen=True)
class Files:
    """The files of a shard, hashed, and those that could not be opened: name, place, reason."""

    sources: list[Source]
    failed: list[tuple[str, str, str]]

    @cached_property
    def digest(self) -> str:
        """Hash of their names and contents, in order."""
        told = [(source.file.name, source.sha256) for source in self.sources], self.failed
        return name_of(orjson.dumps(told).decode())


def at_hand(files: Sequence[SourceFile], recipe: Recipe, folder: Path) -> Files:
    """The files that are not withdrawn, hashed; those of an object store are fetched into ``folder`` first."""
    paths = fetch([file.path for file in files], folder)
    pairs = zip(files, paths, strict=True)
    here = [file if file.path == path else file._replace(place=path) for file, path in pairs]
    return _hash_all(here, Sieve(recipe))


def seen_step(files: Sequence[SourceFile], recipe: Recipe) -> Step | None:
    """The step in which the hashes of these objects are remembered; ``None`` where one of them has no tag."""
    if not all(file.tag for file in files):
        return None
    return Step("seen", name_of("seen", *sorted(Sieve(recipe).items), *(tuple(file) for file in files)))


def remembered(store: Store, files: Sequence[SourceFile], recipe: Recipe) -> Files | None:
    """What :func:`at_hand` made of these very objects, without their bytes; ``None`` if it has not seen them."""
    step = seen_step(files, recipe)
    if step is None or not store.has(step):
        return None
    hashes: dict[str, str] = store.json(step, "hashes.json")
    return Files([Source(file, hashes[file.name], None) for file in files if file.name in hashes], [])


def remember(store: Store, files: Sequence[SourceFile], recipe: Recipe, found: Files) -> None:
    """Keep the hashes of objects; of those that are withdrawn nothing is kept."""
    if step := seen_step(files, recipe):
        hashes = json.dumps({source.file.name: source.sha256 for source in found.sources})
        store.finish(*step, lambda draft: (draft / "hashes.json").write_text(hashes, "utf-8"))


def _hash_all(files: Sequence[SourceFile], sieve: Sieve) -> Files:
    sources, failed = [], []
    for file in files:
        try:
            source = hashed(file)
        except OSError as error:
            failed.append((file.name, "", f"cannot be read: {error.strerror}"))
        else:
            sources += [] if sieve.takes_file(file.name, source.sha256) else [source]
    return Files(sources, failed)
