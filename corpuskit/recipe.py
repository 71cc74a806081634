"""The recipe: every choice that decides bytes, once, frozen, with its default; from and to ``corpus.toml``.

A recipe is passed by hand. Nothing else decides what a build writes: no environment
variable, no global, no clock. :meth:`Recipe.digest` names it in the store and the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, get_type_hints

from corpuskit.errors import RecipeError

#: Names of datasets and files in a release: portable on every file system and in a Hub repository.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: Strict Semantic Versioning 2.0.0, the regular expression of semver.org without build metadata.
VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
PROFILES: Final = ("careful", "strict")
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns (dotted paths reach into structs) read from JSONL, CSV and Parquet records."""

    text: str = "text"
    html: str = "html"
    id: str = "id"
    url: str = "url"
    title: str = "title"
    date: str = "date"
    author: str = "author"
    publisher: str = "publisher"
    language: str = "language"
    license: str = "license"


@dataclass(frozen=True, slots=True)
class Clean:
    """What is taken out of a text. ``disable`` names rules that stay off."""

    profile: str = "careful"
    disable: tuple[str, ...] = ()
    #: Templates: pages of a site that must show a line before all its copies go, and their share of the site.
    template_pages: int = 3
    template_share: float = 0.3
    #: A site that would lose more than this share of its characters to templates is kept whole and flagged.
    template_guard: float = 0.5


@dataclass(frozen=True, slots=True)
class Dedup:
    """Duplicates across documents. ``min_mass`` is the length, in letters, of the shortest paragraph compared."""

    paragraphs: bool = True
    documents: bool = True
    min_mass: int = 40


@dataclass(frozen=True, slots=True)
class Output:
    """How the release is written. ``shard_bytes`` of input text make one data file (content-defined cuts)."""

    paragraphs: bool = False
    report: bool = True
    shard_bytes: int = 16 * MIB
    compression_level: int = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that decide content: counted in bytes and records, never in seconds."""

    document_bytes: int = 64 * MIB
    expansion: int = 200


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe. ``sources`` are paths or globs, relative to the folder of ``corpus.toml``."""

    name: str = ""
    version: str = ""
    sources: tuple[str, ...] = ()
    license: str = ""
    pretty_name: str = ""
    description: str = ""
    homepage: str = ""
    citation: str = ""
    columns: Columns = field(default_factory=Columns)
    clean: Clean = field(default_factory=Clean)
    dedup: Dedup = field(default_factory=Dedup)
    output: Output = field(default_factory=Output)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        _check(not self.name or NAME.fullmatch(self.name), f"name {self.name!r}: use 1-64 of A-Z a-z 0-9 . _ -")
        _check(
            not self.version or VERSION.fullmatch(self.version),
            f"version {self.version!r}: use MAJOR.MINOR.PATCH, for example 1.0.0",
        )
        _check(self.clean.profile in PROFILES, f"clean.profile {self.clean.profile!r}: use {' or '.join(PROFILES)}")
        _check(self.output.shard_bytes >= 4096, "output.shard_bytes: at least 4096")
        _check(1 <= self.output.compression_level <= 19, "output.compression_level: 1 to 19")

    def digest(self) -> str:
        """Hex sha256 of everything in the recipe that can decide bytes of a stage (name and version cannot)."""
        values = asdict(replace(self, name="", version="", sources=()))
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def effective(self) -> dict[str, Any]:
        """All values, defaults too, as plain JSON types (for the manifest)."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values


def read_recipe(path: Path) -> Recipe:
    """Read ``corpus.toml``. Raises :class:`RecipeError` naming the file, the key and what is accepted."""
    try:
        with path.open("rb") as file:
            return recipe_from(tomllib.load(file), where=str(path))
    except FileNotFoundError:
        raise RecipeError(f"no recipe at {path}: name a SOURCE, or run 'corpuskit init' to write one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is not valid TOML: {error}") from None


def recipe_from(values: Mapping[str, Any], where: str = "recipe") -> Recipe:
    """Build a recipe from nested plain values; unknown keys and wrong types are refused."""
    return _typed(Recipe, values, where)  # type: ignore[no-any-return]


def _typed(kind: Any, values: Mapping[str, Any], where: str) -> Any:
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}
    made: dict[str, Any] = {}
    for key, value in values.items():
        _check(key in known, f"{where}: unknown key {key!r} (known: {', '.join(sorted(known))})")
        made[key] = _value(hints[key], value, f"{where}: {key}")
    return kind(**made)


def _value(hint: Any, value: Any, where: str) -> Any:
    if hasattr(hint, "__dataclass_fields__"):
        _check(isinstance(value, Mapping), f"{where} must be a table")
        return _typed(hint, value, where)
    if hint in (str, bool, int):
        _check(type(value) is hint, f"{where} must be {hint.__name__}, not {type(value).__name__}")
        return value
    if hint is float:
        _check(type(value) in (int, float), f"{where} must be a number")
        return float(value)
    _check(isinstance(value, list | tuple) and all(isinstance(v, str) for v in value), f"{where} must be strings")
    return tuple(value)


def _check(fine: object, message: str) -> None:
    if not fine:
        raise RecipeError(message)
