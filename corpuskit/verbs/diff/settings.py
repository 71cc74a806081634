"""What two manifests tell differently: schema, recipe and versions; and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from corpuskit.recipe import flat
from corpuskit.release.reading import UnreadableSource
from corpuskit.verbs.diff.opened import Opened
from corpuskit.verbs.diff.result import Setting

#: Keys of the recipe that say which version it makes.
CHANGING: Final = ("name", "version", "released")
#: Longest value that is told in words, in characters.
QUOTED: Final = 60


def schema_changes(old: Opened, new: Opened) -> Iterator[Setting]:
    """Configs and columns that came, went, moved, or hold another type; and another layout of the manifest."""
    yield from _settings({"manifest": old.manifest.get("manifest")}, {"manifest": new.manifest.get("manifest")})
    for config in sorted(old.schemas.keys() | new.schemas.keys()):
        if config not in old.schemas or config not in new.schemas:
            yield Setting(f"config {config}", *("yes" if config in r.schemas else "" for r in (old, new)))
            continue
        before, after = ({f.name: str(f.type) for f in release.schemas[config]} for release in (old, new))
        yield from _settings(before, after, f"{config}.")
        shared = [name for name in before if name in after]
        if shared != [name for name in after if name in before]:
            yield Setting(f"{config}: order of columns", ", ".join(before), ", ".join(after))


def recipe_changes(old: Opened, new: Opened) -> Iterator[Setting]:
    """Keys of the recipe with another value, but for those that every version changes."""
    yield from _settings(_recipe(old), _recipe(new))


def version_changes(old: Opened, new: Opened) -> Iterator[Setting]:
    """Libraries and corpuskit itself in another version."""
    yield from _settings(_versions(old), _versions(new))


def unreadable_changes(old: Opened, new: Opened) -> tuple[tuple[UnreadableSource, ...], tuple[UnreadableSource, ...]]:
    """What only the new release could not read, and what only the old one could not."""
    return tuple(_without(new, old)), tuple(_without(old, new))


def _without(mine: Opened, other: Opened) -> Iterator[UnreadableSource]:
    known = set(other.unreadable)
    return (source for source in mine.unreadable if source not in known)


def _recipe(release: Opened) -> dict[str, Any]:
    told = {key: value for key, value in flat(release.manifest.get("recipe") or {}) if key not in CHANGING}
    if told.get("withdrawn"):
        told["withdrawn"] = len(told["withdrawn"])  # digests say nothing to a person
    return told


def _versions(release: Opened) -> dict[str, Any]:
    return {"corpuskit": release.manifest.get("corpuskit")} | dict(release.manifest.get("versions") or {})


def _settings(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> Iterator[Setting]:
    for key in dict.fromkeys([*old, *new]):
        before, after = (_told(side, key) for side in (old, new))
        if before != after:
            yield Setting(prefix + key, before, after)


def _told(side: Mapping[str, Any], key: str) -> str:
    if key not in side:
        return ""
    value = side[key]
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def told(setting: Setting) -> str:
    """A change in words: ``1.0 → 2.0``; of long values, only that they changed."""
    if max(len(setting.old), len(setting.new)) > QUOTED:
        return "changed"
    return f"{setting.old or 'none'} → {setting.new or 'none'}"
