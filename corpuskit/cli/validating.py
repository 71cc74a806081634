"""``validate``: is a release what it says it is?"""

from __future__ import annotations

import click

from corpuskit.cli.options import json_option, print_json, print_lines
from corpuskit.display import counted, show
from corpuskit.errors import UsageError


@click.command(short_help="Check a release; one line for each failure.")
@click.argument("release", metavar="RELEASE")
@click.option("--rebuild", metavar="SOURCE", multiple=True, help="Also build SOURCE again, and compare the bytes.")
@click.option(
    "--signers", metavar="FILE", help="Also require a signature by one of these allowed signers (ssh-keygen)."
)
@click.argument("more", nargs=-1, metavar="[SOURCE]...")
@json_option
def validate(release: str, rebuild: tuple[str, ...], signers: str | None, more: tuple[str, ...], as_json: bool) -> None:
    """Check everything that RELEASE promises; print one line for each failure.

    Exits with 1 if there is any. A RELEASE in an object store (s3://BUCKET/FOLDER) is fetched first. With --rebuild
    the release is built again from its sources, and the bytes compared: corpuskit validate dist/N-V --rebuild
    SOURCE... Recipe and versions come from its manifest.

    A line of the FILE of --signers names who may sign: somchai@example.org ssh-ed25519 AAAA...
    """
    if more and not rebuild:
        raise UsageError(f"one release at a time: what is {more[0]}? (sources follow --rebuild)")
    from corpuskit.verbs.validate import validate as check

    report = check(release, (*rebuild, *more), signers=signers)
    if as_json:
        failures = [{"check": f.check, "where": f.where, "problem": f.problem} for f in report.failures]
        told = {"release": release, "release_id": report.release_id, "valid": report.ok, "verdict": report.verdict}
        print_json(told | {"signer": report.signer, "checked": dict(report.checked), "failures": failures})
    else:
        print_lines(show(str(failure)) for failure in report.failures)
    if not report.ok:
        raise click.exceptions.Exit(1)
    counts = ", ".join(counted(count, what.removesuffix("s")) for what, count in report.checked.items())
    click.echo(show(f"valid: {release}, release id {report.release_id}; checked {counts}"), err=True)
    if report.signer:
        click.echo(show(f"signed by {report.signer}"), err=True)
    if report.verdict:
        click.echo(show(report.verdict), err=True)
