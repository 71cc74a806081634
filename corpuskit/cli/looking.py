"""``explain`` and ``rules``: what was decided, and why."""

from __future__ import annotations

from typing import Any

import click

from corpuskit.cli.options import check_local, choose, json_option, print_json, print_lines, recipe_options
from corpuskit.display import show
from corpuskit.errors import UsageError


@click.command(short_help="Show a document with every edit and its reason.")
@click.argument("source", metavar="[SOURCE_PATH]", required=False)
@click.option("--release", metavar="DIR", help="Explain from this release, by a path in it or a document's id.")
@click.option("--rule", metavar="NAME", help="Show the page of a rule instead.")
@recipe_options
@json_option
def explain(
    source: str | None, release: str | None, rule: str | None,
    recipe_path: str | None, profile: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show a document with every edit in place, and for each edit its rule, its reason and the copy that was kept.

    From a release nothing but the release is read. Without --release SOURCE_PATH is built by itself, for a look:
    templates of its site and duplicates in other files cannot show there.

    Edits are written ⟦rule|removed⟧ and ⟦rule|old→new⟧, start:end count code points.
    """
    check_local(release)
    if rule is not None:
        _explain_rule(rule, release, as_json)
        return
    if source is None:
        raise UsageError("name a SOURCE_PATH to explain, or a rule: --rule NAME")
    if release is not None:
        from corpuskit.verbs.explain import explain as explain_from

        found = explain_from(source, release)
    else:
        from corpuskit.verbs.trial import explain_source

        found = explain_source(source, choose((source,), recipe_path, profile)[0])
    if as_json:
        print_json(found.plain())
    else:
        from corpuskit.cli import console

        print_lines(console.explanation(found))


@click.command(short_help="List the rules, and what each did in a release.")
@click.option("--release", metavar="DIR", help="Also count what each rule did in this release.")
@json_option
def rules(release: str | None, as_json: bool) -> None:
    """List the rules by kind, each with what it does; 'corpuskit explain --rule NAME' shows the page of one."""
    from corpuskit.rulebook import rules as listed

    check_local(release)
    found = listed(release)
    if as_json:
        print_json({"rules": [_rule(rule) for rule in found]})
    else:
        from corpuskit.cli import console

        print_lines(console.rule_table(found))


def _explain_rule(rule: str, release: str | None, as_json: bool) -> None:
    from corpuskit.rulebook import describe
    from corpuskit.rulebook import rules as listed

    page = describe(rule)
    entry = next(found for found in listed(release) if found.name == rule)
    if as_json:
        print_json(_rule(entry) | {"page": page})
        return
    click.echo(page, nl=False)
    if entry.spans is not None:
        click.echo(f"\nIn {show(str(release))}: {entry.spans:,} spans, {entry.characters:,} characters.")


def _rule(rule: Any) -> dict[str, Any]:
    told = {name: getattr(rule, name) for name in ("name", "kind", "line", "spans", "characters")}
    return {name: value for name, value in told.items() if value is not None}
