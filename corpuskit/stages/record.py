"""The record of a build: what decided it. The names of steps are hashes; this says what went into them.

It decides nothing itself: ``build --plan`` compares it with what a build would be made from now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from corpuskit.recipe import Recipe
from corpuskit.rules.plugins import plugin_digests
from corpuskit.store.steps import Step, Store, name_of
from corpuskit.versions import code_digest, versions


class BuildRecord(NamedTuple):
    """What a build was made from: code, library versions, plugins, recipe, and each shard's files.

    Of a file its name and its sha256 come first, then what else ``sources.json`` says (:mod:`corpuskit.stages.read`).
    """

    code: str
    versions: dict[str, str]
    plugins: dict[str, str]
    recipe: dict[str, Any]
    shards: Sequence[Any]


def record_of(recipe: Recipe, shards: Sequence[Any]) -> BuildRecord:
    """The record of a build with this recipe and these shards, by this code and these libraries."""
    plugins = {name: f"{version} {digest}" for name, version, digest in plugin_digests(recipe.clean.plugins)}
    return BuildRecord(code_digest(), versions(recipe.output.libraries), plugins, recipe.effective(), shards)


def keep_record(store: Store, recipe: Recipe, reads: Sequence[Step]) -> Step:
    """Keep the record of a build whose read steps are ``reads``; returns its step in the store."""
    begin = orjson.dumps(tuple(record_of(recipe, [])))
    name = hashlib.sha256()
    for part in _parts(begin, store, reads):
        name.update(part)
    return store.finish("record", name_of(name.hexdigest()), lambda draft: _write(draft, _parts(begin, store, reads)))


def _parts(record: bytes, store: Store, reads: Sequence[Step]) -> Iterator[bytes]:
    """A record without shards, in JSON, with the shards of these steps: one by one, for they name every file."""
    yield record.removesuffix(b"]]")
    for i, step in enumerate(reads):
        yield b"," * bool(i) + store.file(step, "sources.json").read_bytes()
    yield b"]]"


def last_record(store: Store) -> BuildRecord | None:
    """The record of the last build, if one was finished."""
    found = store.steps("record")
    return BuildRecord(*store.json(found[-1], "record.json")) if found else None


def _write(draft: Path, parts: Iterable[bytes]) -> None:
    with (draft / "record.json").open("wb") as file:
        file.writelines(parts)
