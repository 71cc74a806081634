"""``corpus.toml`` and the files beside it that a recipe names: templates, withdrawals, the changelog."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import tomli

from corpuskit.errors import RecipeError
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.recipe.tables import EVIDENCE
from corpuskit.recipe.withdrawals import FILE as WITHDRAWN
from corpuskit.recipe.withdrawals import Entry, entries_from


def read_recipe(path: Path) -> Recipe:
    """Read ``corpus.toml``. Raises :class:`RecipeError` naming the file, the key and what is accepted."""
    try:
        values = _read_toml(path)
    except FileNotFoundError:
        raise RecipeError(f"no recipe at {path}: name a SOURCE, or run 'corpuskit init' to write one") from None
    clean = values.get("clean")
    if isinstance(clean, dict) and isinstance(clean.get("templates"), str):
        values["clean"] = clean | {"templates": read_templates(path.parent / clean["templates"])}
    if found := _withdrawn(values.get("withdrawn", []), path.parent):
        values["withdrawn"] = found
    if values.get("changelog") and isinstance(values["changelog"], str):
        values["changelog"] = read_changelog(path.parent / values["changelog"])
    return recipe_from(values, where=str(path))


def _withdrawn(named: Any, folder: Path) -> Any:
    """The withdrawals of the file that a recipe names, and of the one beside it whether it is named or not."""
    if not isinstance(named, str) and named != []:
        return named  # digests, as in a manifest
    paths = [folder / named] if named else []
    if (beside := folder / WITHDRAWN) not in paths and os.path.lexists(beside):
        paths.append(beside)
    entries = [entry for path in paths for entry in read_withdrawn(path)]
    return [
        {"items": items, "paragraphs": keys}
        for items, keys in sorted({(e.items(), tuple(sorted(e.paragraphs))) for e in entries})
    ]


def read_withdrawn(path: Path) -> list[Entry]:
    """The entries of a ``withdrawn.toml``."""
    try:
        return entries_from(_read_toml(path), str(path))
    except FileNotFoundError:
        raise RecipeError(
            f"no withdrawals at {path}: without them a build publishes what was withdrawn; bring the file back"
        ) from None


def changelog_of(path: Path) -> Path | None:
    """The changelog that the recipe in ``path`` names; None when there is no recipe, or it names none."""
    named = _read_toml(path).get("changelog") if path.is_file() else None
    return path.parent / named if named and isinstance(named, str) else None


def read_changelog(path: Path) -> str:
    """The text of a changelog, empty before the first entry. Raises :class:`RecipeError` when it cannot be read."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:  # also for a path that can be none
        reason = error.strerror if isinstance(error, OSError) else error
        raise RecipeError(f"cannot read the changelog {path}: {reason}") from None


def read_templates(path: Path) -> list[dict[str, Any]]:
    """The ``[[templates]]`` of a file that ``corpuskit learn`` wrote, without their evidence."""
    try:
        values = _read_toml(path)
    except FileNotFoundError:
        raise RecipeError(f"no templates at {path}: 'corpuskit learn SOURCE... --out FILE' writes some") from None
    tables = values.get("templates", [])
    if not set(values) <= {"templates"}:
        raise RecipeError(f"{path}: only [[templates]] may stand in it")
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        raise RecipeError(f"{path}: templates must be tables, as in [[templates]]")
    return [{key: value for key, value in table.items() if key not in EVIDENCE} for table in tables]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError as error:  # no UTF-8, no TOML, a number of thousands of digits, a path that can be none
        raise RecipeError(f"{path} is not valid TOML: {error}") from None
