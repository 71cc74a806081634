"""``withdraw``: takedown of documents, by address, id, file or hash.

What a person names is looked up in the releases there are, written down beside the
recipe (:mod:`corpuskit.recipe.withdrawals`), and kept out by the next build
(:mod:`corpuskit.stages.withdrawn`). Releases that exist are not touched: a published
version never changes, and what to do about it is for a person to decide.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import tomli

from corpuskit.errors import RecipeError, ReleaseError, SourceError, UsageError
from corpuskit.filenames import RECIPE
from corpuskit.model import Document
from corpuskit.recipe import Recipe, names_release
from corpuskit.recipe.file import read_recipe, read_withdrawn
from corpuskit.recipe.tables import Withdrawal
from corpuskit.recipe.withdrawals import FILE, KINDS, Entry, with_entries
from corpuskit.release.semver import following, precedence
from corpuskit.release.shelf import at_hand, shelf_at
from corpuskit.rules.repair import repairs
from corpuskit.stages.copies import Copies, stretches
from corpuskit.stages.withdrawn import Sieve
from corpuskit.store.durable import replace_file
from corpuskit.text.lines import table_of_lines
from corpuskit.verbs.explain import document_of, meant
from corpuskit.verbs.validate.absence import matches
from corpuskit.verbs.validate.documents import BrokenSpans, Found, Index, rebuilt, walk
from corpuskit.verbs.validate.files import inspect
from corpuskit.verbs.validate.report import Findings, Unusable
from corpuskit.verbs.validate.tables import Config
from corpuskit.verbs.validate.twins import view_of

#: Rules that take what is a document's own, because another document has it or nobody wants it.
OWN: Final = ("duplicate", "duplicate-document", "filtered")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was written down: the file, its new entries, those it had already, and the releases that hold any of it.

    ``version`` is the least to build next: that something went is a MAJOR change. ``others`` counts the documents of
    the newest release that have copies and are not named themselves.
    """

    file: Path
    new: tuple[Entry, ...]
    known: tuple[Entry, ...]
    releases: tuple[str, ...]
    version: str
    others: int = 0

    @property
    def documents(self) -> int:
        """How many documents the entries name."""
        return len({i for entry in (*self.new, *self.known) for i in entry.ids})


def withdraw(
    names: Sequence[tuple[str, str]],
    reason: str,
    recipe: str | Path = RECIPE,
    out: str | Path = "dist",
    *,
    copies: bool = False,
    unseen: bool = False,
) -> Withdrawn:
    """Add to the ``withdrawn.toml`` beside ``recipe`` what ``names`` say: pairs of url, id, file or hash and its value.

    With ``copies`` no other document may have its paragraphs either; else the next copy of each is published in its
    stead. Raises :class:`SourceError` for a name that no release under ``out`` holds, unless ``unseen`` allows it, and
    writes nothing then.
    """
    recipe = Path(recipe)
    asked = _entries(names, reason)
    chosen = read_recipe(recipe)
    with ExitStack() as fetched:
        searches = list(_searches(str(out), chosen.name, fetched))
        searched = [_looked_up(entry, searches, chosen, copies) for entry in asked]
        others = searches[-1].others(searched) if copies and searches else 0
    before = withdrawals(recipe)
    known = tuple(entry for entry in searched if any(_covers(old, entry) for old in before))
    new = tuple(entry for entry in dict.fromkeys(searched) if entry not in known)
    for entry in new:
        if not entry.ids and (copies or not unseen):
            raise SourceError(_unknown(entry, chosen.name, [search.place for search in searches], str(out), copies))
    file = recipe.parent / FILE
    if new:
        replace_file(file, _with_entries(file, new).encode())
        read_recipe(recipe)  # what was written reads back
    holding = tuple(search.place for search in searches if search.hits)
    version = following(searches[-1].version, "major") if searches else chosen.version
    return Withdrawn(file, new, known, holding, version, others)


def withdrawals(recipe: str | Path = RECIPE) -> list[Entry]:
    """The entries of the ``withdrawn.toml`` beside ``recipe``, in order; none when there is no such file."""
    file = Path(recipe).parent / FILE
    return read_withdrawn(file) if os.path.lexists(file) else []


def _with_entries(file: Path, entries: Sequence[Entry]) -> str:
    """The text of a ``withdrawn.toml`` with ``entries`` at its end: what a person wrote there stays."""
    text = with_entries(file.read_text("utf-8-sig") if os.path.lexists(file) else "", entries)
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:  # withdrawn = [{...}] cannot be added to
        raise RecipeError(f"{file}: nothing can be added at its end: make each entry a table [[withdrawn]]") from None
    return text


def _entries(names: Sequence[tuple[str, str]], reason: str) -> list[Entry]:
    if not names:
        raise UsageError(f"name what to withdraw: {', '.join('--' + kind for kind in KINDS)}")
    if not reason.strip():
        raise UsageError("a withdrawal needs a reason: --reason 'request of the author, ticket 12'")
    for text in (reason, *(value for _, value in names)):
        if not text.strip() or not text.isprintable():
            raise UsageError(f"{text!r}: use one line of printable text")
    try:
        return [Entry(reason=reason, **_one(kind, value)) for kind, value in names]
    except RecipeError as error:
        raise UsageError(str(error)) from None


def _one(kind: str, value: str) -> dict[str, Any]:
    """The one key of an entry that says what is withdrawn."""
    if kind not in KINDS:
        raise UsageError(f"no {kind!r} can be withdrawn: use one of {', '.join(KINDS)}")
    return {kind: value}


def _searches(out: str, name: str, fetched: ExitStack) -> Iterator[Search]:
    """The releases of a dataset under ``out``, by version; from an object store, fetched until ``fetched`` ends."""
    found = []
    for place, data in shelf_at(out).manifests(name):
        try:
            manifest = json.loads(data)
            mine, version = manifest["name"] == name, manifest["version"]
            if mine and not names_release(name, version):
                raise ValueError("no version of a release")
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ReleaseError(f"cannot search {place}: its manifest is damaged; move it away") from None
        if mine:
            found.append((precedence(version), version, place))
    for _, version, place in sorted(found):
        shown = f"{out.rstrip('/')}/{place.rpartition('/')[2]}"
        yield Search(shown, fetched.enter_context(at_hand(place)), version)


class Search:
    """One release, searched for documents; ``hits`` counts those that were found."""

    def __init__(self, place: str, release: Path, version: str) -> None:
        self.place, self.release, self.version, self.hits = place, release, version, 0

    def named(self, entry: Entry) -> Entry:
        """The entry with the path as this release spells it; raises :class:`SourceError` when it has none like it."""
        return entry if entry.kind != "file" else replace(entry, file=meant(entry.file, self.release))

    def find(self, entry: Entry) -> Iterator[Found]:
        """The documents that an entry names, in order."""
        sieve = Sieve(Recipe(withdrawn=(Withdrawal(entry.items()),)))
        for found, source in self._documents():
            if matches(sieve, found, source) or (found.row and _is(found.row.text, entry)):
                self.hits += 1
                yield found

    def others(self, entries: Sequence[Entry]) -> int:
        """How many documents have a paragraph of the entries without being named by them."""
        copies = Copies(Recipe(withdrawn=tuple(Withdrawal(paragraphs=entry.paragraphs) for entry in entries)))
        named = {i for entry in entries for i in entry.ids}
        texts = (view_of(source or "") for found, source in self._documents() if found.id not in named)
        return sum(len(copies.rows(table_of_lines([text]))) > 0 for text in texts)

    def _documents(self) -> Iterator[tuple[Found, str | None]]:
        files = inspect(self.release, Findings())
        default, removed = (Config(self.release, config, files) for config in ("default", "removed"))
        try:
            for found in walk(default, removed, Index(default, removed), []):
                yield found, _source(found)
        except Unusable as error:
            raise ReleaseError(f"cannot search {self.place}: {error}; move it away if it is damaged") from None


def _is(published: str, entry: Entry) -> bool:
    """Whether the hash is that of a published text, which a reader of the dataset has."""
    return entry.kind == "hash" and hashlib.sha256(published.encode()).hexdigest() == entry.value.lower()


def _source(found: Found) -> str | None:
    try:
        return rebuilt(found.row.text if found.row else "", found.spans)[0]
    except BrokenSpans:
        return None


def _looked_up(entry: Entry, searches: Sequence[Search], recipe: Recipe, copies: bool) -> Entry:
    """The entry with the documents that it names in all releases, and with ``copies`` the keys of their paragraphs."""
    ids: set[str] = set()
    keys: set[str] = set()
    of_file: dict[str, list[bool]] = defaultdict(list)
    for search in searches:
        try:
            entry = search.named(entry)
        except SourceError:
            continue
        for found in search.find(entry):
            first = found.row or found.spans[0]
            ids.add(found.id)
            of_file[first.source_path].append(first.source_where is None)
            keys |= _paragraph_keys(search.release, found.id, recipe) if copies else set()
    files = tuple(sorted(name for name, alone in of_file.items() if all(alone)))
    return replace(entry, ids=tuple(sorted(ids)), files=files, paragraphs=tuple(sorted(keys)))


def _paragraph_keys(release: Path, key: str, recipe: Recipe) -> set[str]:
    """The keys of a document's own paragraphs, in hex: those that no rule took for something else.

    A document that equals an earlier one has the paragraphs of that one.
    """
    found: set[str] = set()
    for trace in document_of(release, key):
        twins = {e.twin.id for e in trace.document.edits if e.twin and e.rule == "duplicate-document"}
        found.update(*(_paragraph_keys(release, twin, recipe) for twin in twins))
        found |= set() if twins else _keys(trace.document, recipe)
    return found


def _keys(document: Document, recipe: Recipe) -> set[str]:
    text = document.text
    mended = repairs(text)
    lines = table_of_lines([Document(text, tuple(mended)).clean])
    rows = np.flatnonzero(lines.comparable(recipe.dedup.min_mass))
    taken = [e for e in document.edits if not e.new and e.rule not in OWN]
    keys = [lines.key[row].tobytes().hex() for row in rows.tolist()]
    places = stretches(lines, rows, mended)
    return {
        key
        for key, line in zip(keys, places, strict=True)
        if not any(e.start <= line.start and line.end <= e.end for e in taken)
    }


def _covers(old: Entry, new: Entry) -> bool:
    return set(new.items()) <= set(old.items()) and set(new.paragraphs) <= set(old.paragraphs)


def _unknown(entry: Entry, name: str, searched: Sequence[str], out: str, copies: bool) -> str:
    where = ", ".join(searched) or f"no release of {name} under {out}"
    advice = {
        "id": "an id has 20 hex digits and stands in the column id",
        "url": "the address as the column source_url has it",
        "file": "a path as in sources.parquet",
        "hash": "the sha256 of a source file, or of a document's source or published text",
    }[entry.kind]
    more = "copies can only be told of what a release holds" if copies else "--unseen keeps out what is yet to come"
    return f"nothing has the {entry.kind} {entry.value} ({where}): give {advice}; {more}"
