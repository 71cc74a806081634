"""``publish``: a release on the Hugging Face Hub."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from corpuskit.cli.options import check_local, json_option, print_json
from corpuskit.display import show
from corpuskit.errors import UsageError


@click.command(short_help="Put a release on the Hugging Face Hub: one commit, one tag.")
@click.argument("release", metavar="RELEASE")
@click.option(
    "--repo-id", metavar="USER/NAME", default="",
    help="The dataset repository; created if missing.  [default: repo_id of the recipe]",
)  # fmt: skip
@click.option("--private", is_flag=True, help="Create it for its owner alone; refuse one that everybody can read.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and deleted, and change nothing.")
@click.option(
    "--token-from",
    type=click.Choice(["login", "env", "stdin"]),
    default="login",
    show_default=True,
    help="login: HF_TOKEN, else 'hf auth login'; env: HF_TOKEN alone; stdin: one line.",
)
@json_option
def publish(release: str, repo_id: str, private: bool, dry_run: bool, token_from: str, as_json: bool) -> None:
    """Publish RELEASE as the tag vVERSION of a dataset repository; print its hf:// address.

    RELEASE is validated first. Repeating is harmless, and a run that was cut goes on; a published version never
    changes. Files of the repository that are not of the release are deleted (its history keeps them).
    """
    check_local(release)
    if not sys.stderr.isatty():  # read when the Hub's library is imported
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from corpuskit.verbs.publish import publish as run

    done = run(
        Path(release), repo_id, token=_token(token_from), private=private, dry_run=dry_run,
        say=lambda message: click.echo(show(message), err=True),
    )  # fmt: skip
    for what, paths in (("upload", done.uploaded), ("delete", done.deleted)) if dry_run else ():
        for path in paths:
            click.echo(f"would {what} {show(path)}", err=True)
    print_json(asdict(done) | {"address": done.address, "dry_run": dry_run}) if as_json else click.echo(done.address)


def _token(source: str) -> str | None:
    """The token, or None to let the Hub's library look for it. Never an option: a process list would show it."""
    if source == "login":
        return None
    token = os.environ.get("HF_TOKEN", "") if source == "env" else sys.stdin.readline()
    if not token.strip():
        raise UsageError("no token: set HF_TOKEN" if source == "env" else "no token: standard input is empty")
    return token
