"""``withdrawn.toml``: what must not come back, as a person reads it, and the digests of it that a recipe knows.

The file is the operator's own, and names pages in clear. A recipe, and the manifest of
every release, hold digests alone: they say *that* something went, and let whoever knows
an address, id, path or text test whether it did, and nobody learn it from them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from corpuskit.errors import RecipeError
from corpuskit.recipe.addresses import url_key
from corpuskit.recipe.tomltext import toml
from corpuskit.recipe.typed import check, typed

#: The file beside a recipe that is read whether the recipe names it or not: nobody can forget it.
FILE: Final = "withdrawn.toml"
#: How an entry names what is withdrawn.
KINDS: Final = ("url", "id", "file", "hash")
HEADER: Final = """\
# What was withdrawn from this corpus, and why: no build has it. 'corpuskit withdraw' adds to this file; keep it with
# the recipe and review it: what is deleted here is published again. Releases hold digests of it, never these words.
"""
_HASH: Final = re.compile("[0-9a-f]{64}")
_ID: Final = re.compile("[0-9a-f]{20}")
_KEY: Final = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One withdrawal: one of ``url``, ``id``, ``file`` and ``hash``, and why.

    ``ids`` and ``files`` are the documents that this named in the releases there were, and
    the files that held nothing else; ``paragraphs`` (with ``--copies``) the keys of their
    paragraphs: no other document may have these either.
    """

    url: str = ""
    id: str = ""
    file: str = ""
    hash: str = ""
    reason: str = ""
    ids: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        named = [kind for kind in KINDS if getattr(self, kind)]
        check(len(named) == 1, f"a withdrawal names one of {', '.join(KINDS)}, not {' and '.join(named) or 'none'}")
        where = f"withdrawal {self.value!r}"
        check(self.kind != "hash" or _HASH.fullmatch(self.value.lower()), f"{where}: hash: a sha256 of 64 hex digits")
        check(all(_ID.fullmatch(i) for i in (self.id or "0" * 20, *self.ids)), f"{where}: an id has 20 hex digits")
        check(all(_KEY.fullmatch(key) for key in self.paragraphs), f"{where}: paragraphs: keys of 32 hex digits")

    @property
    def kind(self) -> str:
        """Which of :data:`KINDS` it names."""
        return next(kind for kind in KINDS if getattr(self, kind))

    @property
    def value(self) -> str:
        """The address, id, path or sha256, as given."""
        return str(getattr(self, self.kind))

    def items(self) -> tuple[str, ...]:
        """The digests of all that it names, sorted."""
        named = [(self.kind, self.value), *(("id", i) for i in self.ids), *(("file", name) for name in self.files)]
        return tuple(sorted({item_digest(kind, value) for kind, value in named}))

    def toml(self) -> str:
        """The entry as it stands in the file."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        lines = [f"{key} = {toml(value)}" for key, value in values.items() if value]
        return "\n".join(["[[withdrawn]]", *lines, ""])


def item_digest(kind: str, value: str) -> str:
    """What a recipe knows of one thing that is withdrawn: hex sha256 of its kind and of its value in normal form."""
    normal = {"url": _page, "hash": str.lower}.get(kind, str)(value)
    return hashlib.sha256(f"corpuskit withdrawn {kind}\n{normal}".encode("utf-8", "backslashreplace")).hexdigest()


def names_of(name: str) -> Iterator[str]:
    """The digests under which a person's ``name`` for something may be withdrawn: as id, address, end of a path."""
    yield item_digest("id", name)
    yield item_digest("url", name)
    parts = name.replace("\\", "/").removeprefix("./").split("/")
    yield from (item_digest("file", "/".join(parts[i:])) for i in range(len(parts)))


def withdrawn_items(manifest: Path) -> set[str]:
    """The digests and keys that the manifest of a release has; none for one that cannot be read."""
    try:
        return items_in(manifest.read_bytes())
    except OSError:
        return set()


def items_in(manifest: bytes, dataset: str = "") -> set[str]:
    """The digests and keys in the bytes of a manifest; none for what is no manifest, or that of another dataset."""
    try:
        said = json.loads(manifest)
        gone = said["recipe"].get("withdrawn", []) if dataset in ("", said["name"]) else []
        return {str(part) for entry in gone for kind in ("items", "paragraphs") for part in entry[kind]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return set()


def entries_from(values: dict[str, Any], where: str) -> list[Entry]:
    """The entries of a ``withdrawn.toml`` that was parsed. Raises :class:`RecipeError` for what is none."""
    tables = values.get("withdrawn", [])
    fine = set(values) <= {"withdrawn"} and isinstance(tables, list) and all(isinstance(t, dict) for t in tables)
    check(fine, f"{where}: only tables [[withdrawn]] may stand in it")
    return [_entry(table, f"{where}: entry {number}") for number, table in enumerate(tables, 1)]


def with_entries(text: str, entries: Iterable[Entry]) -> str:
    """The text of a ``withdrawn.toml`` (empty for a new one) with ``entries`` added at its end."""
    return "\n".join([(text or HEADER).rstrip("\n") + "\n", *(entry.toml() for entry in entries)])


def _entry(table: dict[str, Any], where: str) -> Entry:
    try:
        return typed(Entry, table, where)
    except RecipeError as error:
        said = str(error)
        raise RecipeError(said if said.startswith(where) else f"{where}: {said}") from None


def _page(url: str) -> str:
    """An address without what tells no page from another: a takedown must not miss one for its ``https``."""
    url = url.strip()
    try:
        return url_key(url if "://" in url else f"https://{url}").partition("://")[2].rstrip("/")
    except ValueError:  # a page may hold anything: https://[
        return url
