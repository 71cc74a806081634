"""The manifest, written again from what the data files hold, and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import corpuskit
from corpuskit.display import show
from corpuskit.errors import RecipeError
from corpuskit.filenames import FOLDERS, MANIFEST
from corpuskit.recipe import VERSION, Recipe, recipe_from
from corpuskit.release.totals import Totals
from corpuskit.release.write import LAYOUT, manifest_of
from corpuskit.verbs.validate.report import Findings, Unusable, quoted
from corpuskit.verbs.validate.tables import Config, Span

Json = dict[str, Any]
#: The check that a fact of the manifest belongs to, by its key; all others are counts.
CHECKS: Final = {"content": "digest", "content_digest": "digest", "sha256": "sums"}
#: What the manifest alone knows: it is read, not recomputed.
TOLD: Final = ("manifest", "name", "version", "corpuskit", "versions", "recipe")


class Manifest:
    """The manifest as read: ``said``, and the recipe in it.

    Raises :class:`Unusable` for one that is damaged or of another layout.
    """

    def __init__(self, release: Path) -> None:
        self.text = text_file(release, MANIFEST, "manifest")
        try:
            said = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise Unusable("manifest", MANIFEST, f"no JSON: {error}") from None
        if not isinstance(said, dict):
            raise Unusable("manifest", MANIFEST, "no JSON object")
        if said.get("manifest") != LAYOUT:
            known = f"this corpuskit ({corpuskit.__version__}) reads layout {LAYOUT}"
            raise Unusable("manifest", MANIFEST, f"layout {quoted(said.get('manifest'))}; {known}")
        self.said: Json = said
        self.recipe = _recipe(said)
        self.same_code = said["corpuskit"] == corpuskit.__version__

    def written_again(self, totals: Totals) -> Json:
        """The manifest of a release that holds ``totals``, made by the code that this one names."""
        totals.words = _words_sample(self.said)
        told = {key: self.said[key] for key in ("corpuskit", "versions")}
        recipe = self.recipe.effective()
        if not self.same_code:
            recipe = _known_to(self.said["recipe"], recipe)
        return manifest_of(self.bare_recipe, totals) | told | {"recipe": recipe}

    @property
    def bare_recipe(self) -> Recipe:
        """The recipe without its plugins: a release can be checked where these are not installed."""
        return replace(self.recipe, clean=replace(self.recipe.clean, plugins=()))

    def compare(self, made: Json, findings: Findings) -> None:
        """Report what differs from ``made``, the manifest written again."""
        found = list(differences(self.said, made))
        for path, said, true in found:
            check = "manifest" if path[0] in TOLD else CHECKS.get(path[-1], "counts")
            findings.add(check, f"{MANIFEST}: {'.'.join(path)}", f"{quoted(said)}, found {quoted(true)}")
        if not found and self.text != text_of(made):
            findings.add("manifest", MANIFEST, "not as corpuskit writes it (order of keys, spacing, a key twice)")


def _recipe(said: Json) -> Recipe:
    versions = said.get("versions")
    if not VERSION.match(str(said.get("corpuskit"))) or not isinstance(versions, dict) or not versions:
        raise Unusable("manifest", MANIFEST, "does not say which versions made it")
    if not all(isinstance(version, str) for version in versions.values()):
        raise Unusable("manifest", f"{MANIFEST}: versions", "a version that is no text")
    try:
        recipe = recipe_from(said["recipe"])
    except (RecipeError, KeyError, AttributeError) as error:
        raise Unusable("manifest", f"{MANIFEST}: recipe", str(error)) from None
    if not recipe.name or not recipe.version:
        raise Unusable("manifest", f"{MANIFEST}: recipe", "has no name or no version")
    return recipe


def _known_to(said: Json, recipe: Json) -> Json:
    """The recipe without the keys that ``said`` lacks: the corpuskit that made the release did not know them yet."""
    return {
        key: _known_to(said[key], value) if isinstance(value, dict) else value
        for key, value in recipe.items()
        if key in said
    }


def _words_sample(said: Json) -> dict[str, int]:
    """The figures of the manifest on words in a sample, which are read, not counted again; empty for what is none."""
    sample = said.get("words_sample")
    keys = ["documents", "words", "characters"]
    sound = isinstance(sample, dict) and list(sample) == keys and all(type(n) is int and n > 0 for n in sample.values())
    return dict(sample) if sound and isinstance(sample, dict) else {}


def text_of(manifest: Json) -> str:
    """A JSON file as a build writes it."""
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def differences(said: Any, true: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Where two JSON values differ: the path, what is said there and what is true."""
    if isinstance(said, dict) and isinstance(true, dict):
        for key in dict.fromkeys([*true, *said]):
            yield from differences(said.get(key, "nothing"), true.get(key, "nothing"), (*path, str(key)))
    elif isinstance(said, list) and isinstance(true, list):
        if len(said) != len(true):
            yield (*path, "length"), len(said), len(true)
        for i, (a, b) in enumerate(zip(said, true, strict=False)):
            yield from differences(a, b, (*path, str(i)))
    elif said != true or type(said) is not type(true):
        yield path or ("",), said, true


def unreadable_of(unreadable: list[Span], findings: Findings) -> list[Json]:
    """The manifest's list of what could not be read, from the ledger rows that name no document."""
    listed = []
    for row in unreadable:
        if row.rule != "unreadable" or not row.why or any(v is not None for v in (row.start, row.end, row.text)):
            findings.add("spans", row.source_path, f"a ledger row of {row.rule!r} that names no document")
        place = {"line": show(row.source_where)} if row.source_where else {}
        listed.append({"path": show(row.source_path), **place, "reason": show(row.why)})
    return listed


def totals_of(totals: Totals, configs: dict[str, Config], unreadable: list[Json], sources: Json) -> Totals:
    """``totals`` of the documents, completed by those of the files, the sources and what is unreadable."""
    totals.files = {config: configs[config].facts for config in FOLDERS}
    totals.unreadable = unreadable
    if unreadable:
        totals.rules["unreadable"] = [len(unreadable), 0]
    totals.sources = sources
    return totals


def text_file(release: Path, name: str, check: str) -> str:
    """The text of a file; raises :class:`Unusable`, as a failure of ``check``, when it has none."""
    try:
        return (release / name).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(check, name, f"cannot be read: {error}") from None
