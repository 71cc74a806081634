"""``build`` and ``learn``: the commands that read sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpuskit.cli.options import check_out, choose, json_option, print_json, recipe_options
from corpuskit.cli.packing import FORMATS, KEY, packed
from corpuskit.display import show
from corpuskit.errors import UsageError
from corpuskit.filenames import RECIPE
from corpuskit.store.places import is_remote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.pipeline import Built
    from corpuskit.recipe import Recipe


@click.command(short_help="Publish sources as one release, clean and whole.")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--name", metavar="N", help="The dataset's name: 1-64 of A-Z a-z 0-9 . _ -")
@click.option("--version", metavar="V", help="The release's version: MAJOR.MINOR.PATCH.")
@click.option("--out", metavar="DIR", default="dist", show_default=True, help="The folder of releases.")
@recipe_options
@click.option("--workers", metavar="K", type=click.IntRange(min=1), help="Processes.  [default: one for each CPU]")
@click.option("--engine", metavar="NAME", default="local", show_default=True, help="local, or ray: a cluster.")
@click.option("--plan", "planned", is_flag=True, help="Print what would be done, and why; do and write nothing.")
@click.option("--sign", "key", metavar="KEY", help=f"Also sign the release. {KEY}")
@click.option("--archive", type=click.Choice(FORMATS), help="Also pack it into DIR/NAME-VERSION.zip or .tar.zst.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr but errors.")
@json_option
def build(
    sources: tuple[str, ...], name: str | None, version: str | None, out: str, recipe_path: str | None,
    profile: str | None, workers: int | None, engine: str, planned: bool, key: str | None, archive: str | None,
    quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    """Clean, deduplicate and publish SOURCEs (files, folders, globs) as one release; print its path.

    The release DIR/NAME-VERSION appears whole or not at all, and is the same bytes for the same sources and recipe,
    however many workers. SOURCE and DIR may lie in an object store: s3://BUCKET/FOLDER.

    Without SOURCE the recipe names the sources, relative to its own folder; it is ./corpus.toml unless --recipe
    names another. With SOURCE and without --recipe no recipe is read: the defaults hold. Options on the command line
    go before the recipe.
    """
    check_out(out)
    if is_remote(out) and (key is not None or archive is not None):
        raise UsageError("--sign and --archive need a release on this machine: build into a folder, then copy it")
    if key is not None:  # told before the work, not after it
        from corpuskit.release.signature import check_key

        check_key(Path(key))
    recipe, chosen = choose(sources, recipe_path, profile, name=name, version=version)
    if sources and not recipe_path and not quiet and Path(RECIPE).exists():
        click.echo("note: ./corpus.toml is not read; --recipe corpus.toml uses it", err=True)
    if planned:
        _plan(chosen, recipe, out, workers, quiet, as_json)
        return
    if engine == "local":
        from corpuskit.engine.processes import context
        from corpuskit.sources.glance import many_pages

        # what workers are forked from loads its modules while this process loads its own
        context(pages=many_pages(chosen))
    from corpuskit import pipeline
    from corpuskit.cli import console
    from corpuskit.cli.progress import Watch, progress

    watch = Watch()
    with progress(quiet, watch) as note:
        built = pipeline.build(chosen, recipe, out, workers=workers, engine=engine, progress=note)
    path = built.place if is_remote(out) else Path(out, built.path.name).as_posix()
    if not quiet:
        console.summary(built, path, watch)
        _note_changelog(recipe)
    more = _more(Path(path), key, archive)
    if not quiet:
        for what, where in more.items():
            click.echo(f"{what}: {show(where)}", err=True)
    print_json(_told(built, path) | more) if as_json else click.echo(path)


def _more(release: Path, key: str | None, archive: str | None) -> dict[str, str]:
    """The signature and the archive that were asked for, and where they are: the second holds the first."""
    made = {}
    if key is not None:
        from corpuskit.release.signature import sign

        made["signature"] = sign(release, Path(key)).as_posix()
    if archive is not None:
        made["archive"] = packed(release, archive)
    return made


def _note_changelog(recipe: Recipe) -> None:
    """Say so when the changelog that the release carries does not tell of it; a candidate has no entry yet."""
    from corpuskit.release.changelog import has_entry
    from corpuskit.release.semver import final

    if recipe.changelog and recipe.version == final(recipe.version) and not has_entry(recipe.changelog, recipe.version):
        click.echo(f"note: the changelog has no entry for {recipe.version}: see docs/versions.md", err=True)


def _plan(sources: Sequence[str], recipe: Recipe, out: str, workers: int | None, quiet: bool, as_json: bool) -> None:
    from corpuskit.cli import console
    from corpuskit.cli.progress import Watch, progress
    from corpuskit.verbs.plan import plan

    with progress(quiet, Watch()) as note:
        found = plan(sources, recipe, out, workers=workers, progress=note)
    if as_json:
        print_json(found.plain())
        return
    for line in console.planned(found):
        click.echo(line)


def _told(built: Built, path: str) -> dict[str, Any]:
    from corpuskit.release.sums import release_id

    totals = built.totals
    return {
        "path": path,
        "release_id": release_id(totals.sums),
        "counts": dict(sorted(totals.counts.items())),
        "rules": {rule: {"spans": spans, "characters": n} for rule, (spans, n) in sorted(totals.rules.items())},
        "quarantined": len(totals.unreadable),
        "existed": built.existed,
    }


@click.command(short_help="Propose the templates of sites, as TOML to review.")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--out", metavar="FILE", help="Write them to a new FILE, and print its path instead.")
@recipe_options
@click.option("--workers", metavar="K", type=click.IntRange(min=1), help="Processes.  [default: one for each CPU]")
@click.option("--quiet", is_flag=True, help="Nothing on stderr but errors.")
def learn(
    sources: tuple[str, ...], out: str | None, recipe_path: str | None, profile: str | None,
    workers: int | None, quiet: bool,
) -> None:  # fmt: skip
    """Print the templates that a build of SOURCEs would remove, site by site, with the evidence, as TOML.

    Delete from it what is content and pin the rest in corpus.toml: [clean] templates = "templates.toml". Pinned
    templates go from pages of their sites even when a corpus is too small to show them.
    """
    if out is not None:
        check_out(out)
        if os.path.lexists(out):
            raise UsageError(f"--out {out}: it exists, and may hold a review: name a new file")
        if not os.path.isdir(os.path.dirname(out) or "."):
            raise UsageError(f"--out {out}: there is no folder {os.path.dirname(out)}")
    recipe, chosen = choose(sources, recipe_path, profile)
    from corpuskit.cli.progress import Watch, progress
    from corpuskit.verbs.learn import learn as look

    with progress(quiet, Watch()) as note:
        found = look(chosen, recipe, workers, note).toml()
    if out is None:
        click.echo(found, nl=False)
    else:
        with open(out, "x", encoding="utf-8", newline="\n") as file:
            file.write(found)
        click.echo(out)
