"""The strongest check: build the release again from its sources, and compare content first, then bytes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

import corpuskit
from corpuskit.filenames import CHANGELOG, FOLDERS, SOURCES, SUMS
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import SCHEMAS, digest_of
from corpuskit.release.splits import place_of
from corpuskit.release.write import SOURCES_SCHEMA
from corpuskit.sources.listing import list_sources
from corpuskit.sources.objects import fetch
from corpuskit.verbs.validate.facts import Manifest, text_file
from corpuskit.verbs.validate.files import Files, inspect
from corpuskit.verbs.validate.report import Findings, Unusable, quoted
from corpuskit.verbs.validate.tables import check_schema, guarded, row_groups
from corpuskit.versions import plugin_versions, versions

SAME_BYTES: Final = "same bytes"
Row = dict[str, Any]


def rebuilt_verdict(release: Path, sources: Sequence[str], workers: int | None, findings: Findings) -> str:
    """Build ``sources`` with the recipe of ``release``, in a temporary folder beside it, and say how the two compare.

    One of ``same bytes``; ``same content under another NAME VERSION …``; ``different: …`` with
    the first difference, which is a failure too. Sources are compared before anything is built.
    """
    manifest = Manifest(release)
    with tempfile.TemporaryDirectory(prefix=".corpuskit-rebuild-", dir=_place(release)) as folder:
        out = Path(folder)
        others = ", ".join(other_versions(manifest))
        difference = source_difference(release, sources, out, manifest.recipe)
        if not difference:
            from corpuskit.pipeline import build

            recipe = replace(manifest.recipe, changelog=_changelog(release))
            again = build(sources, recipe, out, workers=workers).path
            difference = content_difference(release, again)
            if not difference and _sums(release) == _sums(again):
                return SAME_BYTES
            if not difference and others:
                return f"same content under another {others}"
            where, problem = difference or _other_file(release, again)
            difference = where, f"{problem}; it was made with another {others}" if others else problem
    findings.add("rebuild", *difference)
    return f"different: {': '.join(difference)}"


def _sums(release: Path) -> bytes:
    try:
        return (release / SUMS).read_bytes()
    except OSError as error:
        raise Unusable("structure", SUMS, f"cannot be read: {error.strerror}") from None


def _changelog(release: Path) -> str:
    """What people wrote is read, not made again."""
    return text_file(release, CHANGELOG, "changelog") if (release / CHANGELOG).exists() else ""


def _place(release: Path) -> Path | None:
    """The folder beside the release if it can be written to, else the system's place for temporary files."""
    beside = release.resolve().parent
    return beside if os.access(beside, os.W_OK | os.X_OK) else None


def source_difference(release: Path, sources: Sequence[str], out: Path, recipe: Recipe) -> tuple[str, str] | None:
    """The first source that the release was not made from, was made from in another state, or lacks here.

    A release does not name sources that are withdrawn; one too many may be such a source, and shows in the rebuild.
    """
    import hashlib

    here = {file.name: file.path for file in list_sources(sources, exclude=out).files}
    order = list(here)
    for name, sha256 in _listed(release):
        path = here.pop(name, None)
        if path is None:
            return name, "a source of the release that is not among those given"
        (near,) = fetch([path], out)
        with open(near, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            return name, f"a source that has changed: its sha256 is {found}, the release was made from {sha256}"
    if recipe.withdrawn:
        return None
    unreadable = set(_unreadable(release))
    added = next((name for name in here if name not in unreadable), None)
    if added:
        return added, "a source that the release was not made from"
    moved = next((name for name, (listed, _) in zip(order, _listed(release), strict=False) if name != listed), None)
    return (moved, "a source in another place: name them in the order of sources.parquet") if moved else None


def _listed(release: Path) -> Iterator[tuple[str, str]]:
    for table in row_groups(release, SOURCES, SOURCES_SCHEMA, "sources"):
        yield from zip(table.column("source_path").to_pylist(), table.column("sha256").to_pylist(), strict=True)


def _unreadable(release: Path) -> Iterator[str]:
    """Sources that stand in the ledger because they could not be read."""
    for row in _rows(release, "removed"):
        if row["id"] is None:
            yield row["source_path"]


def content_difference(release: Path, again: Path) -> tuple[str, str] | None:
    """The first row and column in which two releases differ, however their files are cut."""
    for config, schema in SCHEMAS.items():
        if _digest(release, config) != _digest(again, config):
            for number, (old, new) in enumerate(_pairs(_rows(release, config), _rows(again, config))):
                if old != new:
                    return _first(config, number, old, new, schema.names)
    return None


def _first(config: str, number: int, old: Row | None, new: Row | None, columns: Sequence[str]) -> tuple[str, str]:
    row = old or new or {}
    where = f"{config} row {number}, document {row['id']} of {row['source_path']}"
    if old is None or new is None:
        return where, "only in the rebuild" if old is None else "only in the release"
    column = next(name for name in columns if old[name] != new[name])
    return f"{where}, column {column}", f"{quoted(old[column])} in the release, {quoted(new[column])} in the rebuild"


def _pairs(old: Iterator[Row], new: Iterator[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    while True:
        pair = next(old, None), next(new, None)
        if pair == (None, None):
            return
        yield pair


def _files(release: Path, config: str) -> list[Path]:
    return sorted((release / FOLDERS[config]).glob("*.parquet"), key=lambda path: place_of(path.name))


def _digest(release: Path, config: str) -> str:
    """Content digest of a config. Raises :class:`Unusable` for files that are no Parquet of this schema."""
    files = _files(release, config)
    for path in files:
        name = path.relative_to(release).as_posix()
        with guarded(name):
            check_schema(name, pq.ParquetFile(path), SCHEMAS[config])
    with guarded(FOLDERS[config]):
        return digest_of(files, SCHEMAS[config])


def _rows(release: Path, config: str) -> Iterator[Row]:
    for path in _files(release, config):
        for table in row_groups(release, path.relative_to(release).as_posix(), SCHEMAS[config], config):
            for batch in table.to_batches(256):
                yield from batch.to_pylist()


def other_versions(manifest: Manifest) -> list[str]:
    """What made the release and is of another version here: ``pyarrow 25.0.0 (26.0.1 here)``."""
    recipe = manifest.recipe
    used = versions(recipe.output.libraries) | plugin_versions(recipe.clean.plugins)
    here = {"corpuskit": corpuskit.__version__} | used
    there = {"corpuskit": manifest.said["corpuskit"]} | manifest.said["versions"]
    return [
        f"{name} {there.get(name, 'none')} ({here.get(name, 'none')} here)"
        for name in dict.fromkeys([*there, *here])
        if there.get(name) != here.get(name)
    ]


def _other_file(release: Path, again: Path) -> tuple[str, str]:
    """The first file whose bytes differ, of two releases of equal content."""
    there, here = (_quietly(path) for path in (release, again))
    names = sorted(there.sha256.keys() | here.sha256.keys())
    name = next((name for name in names if there.sha256.get(name) != here.sha256.get(name)), SUMS)
    return name, "other bytes, though content and versions are the same"


def _quietly(release: Path) -> Files:
    return inspect(release, Findings())
