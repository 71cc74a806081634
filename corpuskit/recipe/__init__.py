"""The recipe: every choice that decides bytes, once, frozen, with its default; from and to ``corpus.toml``.

A recipe is passed by hand. Nothing else decides what a build writes: no environment
variable, no global, no clock. :meth:`Recipe.digest` names it in the store and the manifest.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from corpuskit.errors import UsageError
from corpuskit.recipe.tables import Clean, Columns, Dedup, Filter, Limits, Output, Split, UserRule, Withdrawal
from corpuskit.recipe.typed import check, typed
from corpuskit.rulenames import BOOK

#: Names of datasets and files in a release: portable on every file system and in a Hub repository.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: Strict Semantic Versioning 2.0.0, the regular expression of semver.org without build metadata.
VERSION: Final = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?",
    re.ASCII,
)
#: Longest version, characters: a release's folder and its drafts have names of at most 255 bytes.
LONGEST_VERSION: Final = 128
#: A repository on the Hugging Face Hub.
REPO_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
#: Keys that are written on the card and decide nothing else: a change of one leaves finished work as it is.
DESCRIBING: Final = (
    "name", "version", "pretty_name", "description", "homepage", "citation", "authors", "contact", "released",
    "repo_id", "changelog",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe. ``sources`` are paths or globs, relative to the folder of ``corpus.toml``.

    ``changelog`` is the text of the dataset's changelog; in ``corpus.toml`` it names the file that holds it.
    """

    name: str = ""
    version: str = ""
    sources: tuple[str, ...] = ()
    license: str = ""
    pretty_name: str = ""
    description: str = ""
    homepage: str = ""
    citation: str = ""
    authors: tuple[str, ...] = ()
    contact: str = ""
    released: str = ""
    repo_id: str = ""
    changelog: str = ""
    rules: tuple[UserRule, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    columns: Columns = field(default_factory=Columns)
    clean: Clean = field(default_factory=Clean)
    dedup: Dedup = field(default_factory=Dedup)
    filter: Filter = field(default_factory=Filter)
    split: Split = field(default_factory=Split)
    output: Output = field(default_factory=Output)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        check(not self.name or NAME.fullmatch(self.name), f"name {self.name!r}: use 1-64 of A-Z a-z 0-9 . _ -")
        check(
            not self.version or (VERSION.fullmatch(self.version) and len(self.version) <= LONGEST_VERSION),
            f"version {self.version[:200]!r}: use MAJOR.MINOR.PATCH, for example 1.0.0",
        )
        check(not self.released or _is_day(self.released), f"released {self.released!r}: a day, as in 2026-11-22")
        check(not self.repo_id or REPO_ID.fullmatch(self.repo_id), f"repo_id {self.repo_id!r}: name it USER/NAME")
        names = [rule.name for rule in self.rules]
        known = {*BOOK["metadata"], *BOOK["machinery"], *names}
        for rule in self.clean.disable if not self.clean.plugins else ():  # a plugin's rules have names of their own
            check(rule in known, f"clean.disable {rule!r}: no rule of this name can be off; see 'corpuskit rules'")
        twice = sorted({name for name in names if names.count(name) > 1})
        check(not twice, f"rules: more than one is called {', '.join(twice)}")

    @property
    def title(self) -> str:
        """``NAME-VERSION``, as the release is called. Raises :class:`UsageError` while one of them is missing."""
        if not self.name or not self.version:
            raise UsageError("a release needs a name and a version: --name NAME --version 1.0.0")
        return f"{self.name}-{self.version}"

    def digest(self) -> str:
        """Hex sha256 of everything in the recipe that can decide bytes of a stage."""
        return _digest(self)

    def only(self, *keys: str) -> Recipe:
        """This recipe with defaults for all keys but these: a stage that is shown no more depends on no more."""
        return Recipe(**{key: getattr(self, key) for key in keys})

    def effective(self) -> dict[str, Any]:
        """All values, defaults too, as plain JSON types (for the manifest).

        Without ``sources``: where they lay on one machine is no part of a release, which lists each file. And without
        the changelog, which a release holds as a file.
        """
        values: dict[str, Any] = json.loads(json.dumps(asdict(replace(self, sources=(), changelog=""))))
        return values


@lru_cache(maxsize=32)  # every step of a build asks
def _digest(recipe: Recipe) -> str:
    values = {key: value for key, value in asdict(recipe).items() if key not in (*DESCRIBING, "sources")}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def names_release(name: object, version: object) -> bool:
    """Whether a release can have this name and version: both go into names of files."""
    if not (isinstance(name, str) and isinstance(version, str) and len(version) <= LONGEST_VERSION):
        return False
    return bool(NAME.fullmatch(name) and VERSION.fullmatch(version))


def recipe_from(values: Mapping[str, Any], where: str = "recipe") -> Recipe:
    """Build a recipe from nested plain values; unknown keys and wrong types are refused."""
    return typed(Recipe, values, where)


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The values of tables within tables under dotted keys (``clean.profile``); a list is one value."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
