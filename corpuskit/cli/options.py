"""What the commands share: options, the choice of a recipe, and how a result is printed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpuskit.display import show
from corpuskit.errors import RecipeError, UsageError
from corpuskit.filenames import RECIPE
from corpuskit.store.places import is_remote

if TYPE_CHECKING:
    from corpuskit.recipe import Recipe

Command = TypeVar("Command", bound=Callable[..., Any])


def recipe_options(command: Command) -> Command:
    """The options that choose a recipe and change it."""
    for option in (
        click.option("--profile", metavar="careful|strict", help="How sure a rule must be to remove a line."),
        click.option("--recipe", "recipe_path", metavar="FILE", help="The recipe, a corpus.toml."),
    ):
        command = option(command)
    return command


def json_option(command: Command) -> Command:
    """The option for machines."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")(command)


def choose(
    sources: Sequence[str], path: str | None, profile: str | None, **changes: str | None
) -> tuple[Recipe, Sequence[str]]:
    """The recipe with the changes of the command line, and the sources: those given, else those of the recipe."""
    from corpuskit.recipe import Recipe

    recipe = Recipe() if path is None and sources else read_recipe_of(path or RECIPE)
    if sources:
        recipe = replace(recipe, sources=())
    elif recipe.sources:
        sources = [_beside(path or RECIPE, source) for source in recipe.sources]
    else:
        raise RecipeError(f"{path or RECIPE} names no sources: set sources there, or name a SOURCE")
    if profile is not None:
        recipe = replace(recipe, clean=replace(recipe.clean, profile=profile))
    chosen: dict[str, Any] = {key: value for key, value in changes.items() if value is not None}
    return replace(recipe, **chosen), sources


def read_recipe_of(path: str) -> Recipe:
    """The recipe of a file; what is wrong with it is a :class:`RecipeError`."""
    from corpuskit.recipe.file import read_recipe

    try:
        return read_recipe(Path(path))
    except OSError as error:
        raise RecipeError(f"cannot read {error.filename or path}: {error.strerror or error}") from None
    except RecursionError:
        raise RecipeError(f"{path} is nested too deep") from None


def _beside(recipe: str, source: str) -> str:
    """A source of a recipe, which is relative to its folder; a folder's own ``[`` or ``*`` is no pattern."""
    import glob

    if is_remote(source):
        return source
    folder = os.path.dirname(recipe)
    plain = os.path.join(folder, source)
    return plain if os.path.lexists(plain) else os.path.join(glob.escape(folder), source)


def check_out(out: str) -> None:
    """The path is the one line on stdout: one that would break the line, or is no text, is refused."""
    if not out:
        raise UsageError("--out is empty: name a folder (. for this one)")
    if show(out) != out or show(os.path.abspath(out)).count("\\uDC"):
        raise UsageError(f"--out {out!r}: use a path of printable UTF-8 characters")


def check_local(*places: str | None) -> None:
    """Refuse the address of an object store where only a folder of this machine will do."""
    for place in filter(is_remote, filter(None, places)):
        raise UsageError(f"{place}: this command reads a folder of this machine: copy the release to one")


def print_lines(lines: Iterable[str]) -> None:
    """Print each line."""
    for line in lines:
        click.echo(line)


def print_json(value: Any) -> None:
    """One line of ASCII: whatever a page holds, it cannot act on a terminal or fail in a locale."""
    click.echo(json.dumps(value))
