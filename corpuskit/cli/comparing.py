"""``diff``: what became of a release in the next one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuskit.cli.options import check_local, json_option, print_json, print_lines
from corpuskit.display import show
from corpuskit.errors import UsageError
from corpuskit.filenames import CHANGELOG, RECIPE

if TYPE_CHECKING:
    from corpuskit.verbs.diff.result import Difference


@click.command(short_help="What changed between two releases, and the version that asks for.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--document", metavar="ID|PATH", help="Show the text of one document instead.")
@click.option("--changelog", is_flag=True, help="Also write what was counted into the changelog that the recipe names.")
@click.option(
    "--date", metavar="YYYY-MM-DD", help="The date of the changelog's entry.  [default: that of the recipe of NEW]"
)
@click.option("--recipe", metavar="FILE", default=RECIPE, show_default=True, help="The recipe beside it.")
@click.option("--check", is_flag=True, help="Exit with 1 if the version of NEW is too small for what changed.")
@json_option
def diff(
    old: str, new: str, document: str | None, changelog: bool, date: str | None, recipe: str, check: bool, as_json: bool
) -> None:
    """Compare two releases: documents added, removed and changed, spans by rule, schema, recipe and versions.

    It proposes the version that may follow OLD: MAJOR when the schema, ids or meaning changed or documents went, MINOR
    when documents were added, PATCH for corrections.

    --document shows one document: text that went and came, with the rule that decided, or (source) where the source
    itself changed. --changelog writes the entry of NEW's version; of a candidate such as 1.1.0-rc.1, that of 1.1.0.
    """
    check_local(old, new)
    if document is not None:
        if changelog or check:
            raise UsageError("--document shows one document: leave out --changelog and --check")
        _show_document(old, new, document, as_json)
        return
    day = _day(date, changelog)
    from corpuskit.cli import comparison
    from corpuskit.verbs.diff import diff as compare

    found = compare(old, new)
    if as_json:
        print_json(asdict(found) | {"same": found.same})
    else:
        print_lines(comparison.lines(found))
    if changelog:
        _write_entry(found, Path(recipe), day or found.new.released)
    if check and not found.proposal.enough:
        raise click.exceptions.Exit(1)


def _day(date: str | None, changelog: bool) -> str:
    """The date of an entry; nothing but the caller knows it, since no clock decides bytes."""
    import datetime

    if date is None:
        return ""
    if not changelog:
        raise UsageError("--date is that of the entry: add --changelog")
    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError:
        raise UsageError(f"--date {date}: use YYYY-MM-DD") from None


def _write_entry(found: Difference, recipe: Path, date: str) -> None:
    from corpuskit.recipe.file import changelog_of, read_changelog
    from corpuskit.release.changelog import with_entry
    from corpuskit.release.semver import final
    from corpuskit.store.durable import replace_file
    from corpuskit.verbs.diff.entry import entry

    named = changelog_of(recipe)
    path = named or recipe.parent / CHANGELOG
    text = read_changelog(path)
    version = final(found.new.version)
    replace_file(path, with_entry(text, version, entry(found), date).encode())
    click.echo(f"wrote the entry of {show(version)} in {show(str(path))}", err=True)
    if not named:
        click.echo(f'note: releases will carry it when {show(str(recipe))} says changelog = "{CHANGELOG}"', err=True)


def _show_document(old: str, new: str, name: str, as_json: bool) -> None:
    from corpuskit.cli import comparison
    from corpuskit.verbs.diff.texts import diff_document

    found = diff_document(old, new, name)
    if as_json:
        print_json({"documents": [asdict(d) | {"stretches": [s._asdict() for s in d.stretches]} for d in found]})
    else:
        print_lines(comparison.document_lines(found))
