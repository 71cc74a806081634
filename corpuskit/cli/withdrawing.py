"""``withdraw``: takedowns."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from corpuskit.cli.options import check_local, json_option, print_json, print_lines
from corpuskit.display import counted, show
from corpuskit.errors import UsageError
from corpuskit.filenames import RECIPE

if TYPE_CHECKING:
    from corpuskit.recipe.withdrawals import Entry
    from corpuskit.verbs.withdraw import Withdrawn


@click.command(short_help="Take documents out of every release to come.")
@click.option("--url", metavar="URL", multiple=True, help="The pages with this address.")
@click.option("--id", "key", metavar="ID", multiple=True, help="The document with this id.")
@click.option("--file", metavar="PATH", multiple=True, help="All documents of this source file.")
@click.option("--hash", "sha256", metavar="SHA256", multiple=True, help="Those of a file or text with this sha256.")
@click.option("--reason", metavar="TEXT", default="", help="Why: for the file beside the recipe, never for a release.")
@click.option("--copies", is_flag=True, help="Also their paragraphs in all other documents.")
@click.option("--unseen", is_flag=True, help="Accept what no release holds: keep it out before it comes.")
@click.option("--list", "listed", is_flag=True, help="Change nothing; list what is withdrawn.")
@click.option("--recipe", "recipe_path", metavar="FILE", default=RECIPE, show_default=True, help="The recipe.")
@click.option("--out", metavar="DIR", default="dist", show_default=True, help="The folder of releases to search.")
@json_option
def withdraw(
    url: tuple[str, ...], key: tuple[str, ...], file: tuple[str, ...], sha256: tuple[str, ...], reason: str,
    copies: bool, unseen: bool, listed: bool, recipe_path: str, out: str, as_json: bool,
) -> None:  # fmt: skip
    """Write down in withdrawn.toml, beside the recipe, what must not be published again; print that file's path.

    The next build has nothing of it: no text, no ledger row, no name. Where another document has the same text, that
    copy is published in its stead, unless --copies takes the paragraphs out of all documents.

    Releases that exist are not touched. What to do about them is told on stderr.
    """
    given = {"url": url, "id": key, "file": file, "hash": sha256}
    names = [(kind, value) for kind, values in given.items() for value in values]
    if listed:
        if names or reason:
            raise UsageError("--list stands alone: it changes nothing")
        _list(recipe_path, as_json)
        return
    check_local(out)
    from corpuskit.verbs.withdraw import withdraw as run

    done = run(names, reason, recipe_path, out, copies=copies, unseen=unseen)
    for line in _told(done):
        click.echo(show(line), err=True)
    print_json(_plain(done)) if as_json else click.echo(show(str(done.file)))


def _told(done: Withdrawn) -> list[str]:
    new = counted(len(done.new), "new entry", "new entries")
    lines = [f"{new}; all that was named: {counted(done.documents, 'document')}"]
    lines += [f"known already: {entry.kind} {entry.value}" for entry in done.known]
    if done.others:
        lines.append(f"{done.others:,} other documents have copies of its paragraphs, which go too: review them first")
    if any(entry.ids and not entry.paragraphs for entry in done.new):
        lines.append("the same text in other documents stays, or comes in its stead: --copies takes it out too")
    lines += [f'next: version = "{done.version}" in the recipe, corpuskit build, corpuskit publish']
    lines += [f"then delete {place} and its tag: it holds what is withdrawn" for place in done.releases]
    return lines


def _plain(done: Withdrawn) -> dict[str, Any]:
    told: dict[str, Any] = {"file": str(done.file), "version": done.version, "documents": done.documents}
    told["others"] = done.others
    told["releases"] = list(done.releases)
    return told | {"new": [asdict(entry) for entry in done.new], "known": [asdict(entry) for entry in done.known]}


def _list(recipe: str, as_json: bool) -> None:
    from corpuskit.verbs.withdraw import withdrawals

    found = withdrawals(recipe)
    if as_json:
        print_json({"withdrawn": [asdict(entry) for entry in found]})
    else:
        print_lines(map(_line, found))


def _line(entry: Entry) -> str:
    copies = ", with copies" if entry.paragraphs else ""
    return show(f"{entry.kind} {entry.value}: {counted(len(entry.ids), 'document')}{copies}: {entry.reason}")
