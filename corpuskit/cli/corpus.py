"""``init`` and ``index``: the folder around a corpus."""

from __future__ import annotations

from pathlib import Path

import click

from corpuskit.cli.options import check_local, print_lines, read_recipe_of
from corpuskit.display import show
from corpuskit.filenames import RECIPE


@click.command(short_help="Begin a corpus: corpus.toml, seeds/, .gitignore.")
@click.argument("folder", metavar="[DIR]", default=".")
def init(folder: str) -> None:
    """Begin a corpus in DIR: a commented corpus.toml, seeds/ with a page to try, .gitignore.

    Prints what it wrote. What exists is left as it is.
    """
    from corpuskit.recipe.scaffold import init as begin

    done = begin(folder)
    for path in done.kept:
        click.echo(f"exists, left as it is: {show(str(path))}", err=True)
    print_lines(show(str(path)) for path in done.written)


@click.command(short_help="Write INDEX.md: sources and releases.")
@click.option("--recipe", "recipe_path", metavar="FILE", default=RECIPE, show_default=True, help="Its recipe.")
@click.option("--out", metavar="DIR", default="dist", show_default=True, help="The folder of releases.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if INDEX.md is stale.")
def index(recipe_path: str, out: str, check: bool) -> None:
    """Write INDEX.md beside the recipe, a table of sources and one of releases; print its path."""
    from corpuskit.verbs.index import FILE, write_index

    check_local(out)
    folder = Path(recipe_path).parent
    fresh = write_index(read_recipe_of(recipe_path), folder, out, check=check)
    if check and not fresh:
        click.echo(f"Error: {show(str(folder / FILE))} is stale: run 'corpuskit index'", err=True)
        raise click.exceptions.Exit(1)
    click.echo(show(str(folder / FILE)))
