"""Rules of other packages: functions with the signature of a :data:`~corpuskit.rules.findings.LineRule`.

A package names them as entry points of the group ``corpuskit.rules``, and a recipe lists
those that it wants: what happens to be installed decides nothing.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from corpuskit.errors import RecipeError
from corpuskit.versions import plugin, plugin_versions

if TYPE_CHECKING:
    from corpuskit.rules.findings import LineRule


@lru_cache(maxsize=16)
def plugins(names: tuple[str, ...]) -> tuple[LineRule, ...]:
    """The rules that the recipe lists, by name. Raises :class:`RecipeError` for one that cannot be had."""
    return tuple(_load(name) for name in sorted(set(names)))


def _load(name: str) -> LineRule:
    try:
        rule = plugin(name).load()
    except (ImportError, AttributeError) as error:
        raise RecipeError(f"clean.plugins: the rule {name!r} cannot be loaded: {error}") from None
    if not callable(rule):
        raise RecipeError(f"clean.plugins: {name!r} is no function")
    found: LineRule = rule
    return found


@lru_cache(maxsize=16)
def plugin_digests(names: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Name, version and hash of the module of each plugin: one that is being written keeps its version."""
    told = plugin_versions(names)
    return tuple((name, told[f"plugin {name}"], _digest(plugin(name).module)) for name in sorted(set(names)))


def _digest(module: str) -> str:
    spec = find_spec(module)
    source = Path(spec.origin) if spec and spec.origin else None
    return hashlib.sha256(source.read_bytes()).hexdigest() if source and source.is_file() else ""
