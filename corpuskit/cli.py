"""The command line: parse, one library call, print.

stdout carries the result alone (a path, a table, JSON); all talk goes to stderr. Exit
codes: 0 done, 1 the answer is no, 2 usage, 3 and up as in :mod:`corpuskit.errors`, 70 a
defect of corpuskit itself, 130 and 143 interrupted. Never a traceback, unless
``CORPUSKIT_DEBUG`` asks for one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

import click

from corpuskit import __version__
from corpuskit.display import show
from corpuskit.errors import CorpuskitError, OutputError, RecipeError, UsageError

if TYPE_CHECKING:
    from corpuskit.pipeline import Built
    from corpuskit.recipe import Recipe

Command = TypeVar("Command", bound=Callable[..., Any])

#: Exit codes beyond those of the exception tree: sysexits.h EX_SOFTWARE, and 128 + the number of a signal.
DEFECT: Final = 70
BROKEN_PIPE: Final = 141


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="corpuskit")
def cli() -> None:
    """From scraped pages to a citable dataset, with every removed character accounted for.

    The result of a command goes to stdout, all talk to stderr. Exit codes: 0 done, 1 the answer is no, 2 a wrong
    call, 3 and up an error that the message names.
    """


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


@cli.command(short_help="Publish sources as one release, clean and whole.")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--name", metavar="N", help="The dataset's name: 1-64 of A-Z a-z 0-9 . _ -")
@click.option("--version", metavar="V", help="The release's version: MAJOR.MINOR.PATCH.")
@click.option("--out", metavar="DIR", default="dist", show_default=True, help="The folder of releases.")
@recipe_options
@click.option("--workers", metavar="K", type=click.IntRange(min=1), help="Processes.  [default: one for each CPU]")
@click.option("--engine", metavar="NAME", default="local", show_default=True, help="What runs the stages.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr but errors.")
@json_option
def build(
    sources: tuple[str, ...], name: str | None, version: str | None, out: str, recipe_path: str | None,
    profile: str | None, workers: int | None, engine: str, quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    """Clean, deduplicate and publish SOURCEs (files, folders, globs) as one release; print its path.

    The release DIR/NAME-VERSION appears whole or not at all, and is the same bytes for the same sources and recipe,
    however many workers.

    Without SOURCE the recipe names the sources, relative to its own folder; it is ./corpus.toml unless --recipe
    names another. With SOURCE and without --recipe no recipe is read: the defaults hold. Options on the command line
    go before the recipe.
    """
    _check_out(out)
    recipe, chosen = choose(sources, recipe_path, profile, name=name, version=version)
    if sources and not recipe_path and not quiet and Path("corpus.toml").exists():
        click.echo("note: ./corpus.toml is not read; --recipe corpus.toml uses it", err=True)
    from corpuskit import console, pipeline

    watch = console.Watch()
    with console.progress(quiet, watch) as note:
        built = pipeline.build(chosen, recipe, out, workers=workers, engine=engine, progress=note)
    path = Path(out, built.path.name).as_posix()
    if not quiet:
        console.summary(built, path, watch)
    _print_json(_told(built, path)) if as_json else click.echo(path)


@cli.command(short_help="Check a release; one line for each failure.")
@click.argument("release", metavar="RELEASE")
@click.option("--rebuild", metavar="SOURCE", multiple=True, help="Also build SOURCE again, and compare the bytes.")
@click.argument("more", nargs=-1, metavar="[SOURCE]...")
@json_option
def validate(release: str, rebuild: tuple[str, ...], more: tuple[str, ...], as_json: bool) -> None:
    """Check everything that RELEASE promises; print one line for each failure.

    Exits with 1 if there is any. With --rebuild the release is built again from its sources, and the bytes compared:
    corpuskit validate dist/N-V --rebuild SOURCE...
    """
    if more and not rebuild:
        raise UsageError(f"one release at a time: what is {more[0]}? (sources follow --rebuild)")
    from corpuskit.validate import validate as check

    report = check(Path(release), (*rebuild, *more))
    if as_json:
        failures = [{"check": f.check, "where": f.where, "problem": f.problem} for f in report.failures]
        told = {"release": release, "release_id": report.release_id, "valid": report.ok, "verdict": report.verdict}
        _print_json(told | {"checked": dict(report.checked), "failures": failures})
    else:
        _print(show(str(failure)) for failure in report.failures)
    if not report.ok:
        raise click.exceptions.Exit(1)
    counts = ", ".join(f"{count:,} {what}" for what, count in report.checked.items())
    click.echo(show(f"valid: {release}, release id {report.release_id}; checked {counts}"), err=True)
    if report.verdict:
        click.echo(show(report.verdict), err=True)


@cli.command(short_help="Show a document with every edit and its reason.")
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
    if rule is not None:
        _explain_rule(rule, release, as_json)
        return
    if source is None:
        raise UsageError("name a SOURCE_PATH to explain, or a rule: --rule NAME")
    if release is not None:
        from corpuskit.explain import explain as explain_from

        found = explain_from(source, release)
    else:
        from corpuskit.trial import explain_source

        found = explain_source(source, choose((source,), recipe_path, profile)[0])
    if as_json:
        _print_json(found.plain())
    else:
        from corpuskit import console

        _print(console.explanation(found))


@cli.command(short_help="List the rules, and what each did in a release.")
@click.option("--release", metavar="DIR", help="Also count what each rule did in this release.")
@json_option
def rules(release: str | None, as_json: bool) -> None:
    """List the rules by kind, each with what it does; 'corpuskit explain --rule NAME' shows the page of one."""
    from corpuskit.rulebook import rules as listed

    found = listed(release)
    if as_json:
        _print_json({"rules": [_rule(rule) for rule in found]})
    else:
        from corpuskit import console

        _print(console.rule_table(found))


@cli.command(short_help="Begin a corpus: corpus.toml, seeds/, .gitignore.")
@click.argument("folder", metavar="[DIR]", default=".")
def init(folder: str) -> None:
    """Begin a corpus in DIR: a commented corpus.toml, seeds/ with a page to try, .gitignore.

    Prints what it wrote. What exists is left as it is.
    """
    from corpuskit.scaffold import init as begin

    done = begin(folder)
    for path in done.kept:
        click.echo(f"exists, left as it is: {show(str(path))}", err=True)
    _print(show(str(path)) for path in done.written)


@cli.command(short_help="Write INDEX.md: sources and releases.")
@click.option("--recipe", "recipe_path", metavar="FILE", default="corpus.toml", show_default=True, help="Its recipe.")
@click.option("--out", metavar="DIR", default="dist", show_default=True, help="The folder of releases.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if INDEX.md is stale.")
def index(recipe_path: str, out: str, check: bool) -> None:
    """Write INDEX.md beside the recipe, a table of sources and one of releases; print its path."""
    from corpuskit.index import FILE, write_index

    folder = Path(recipe_path).parent
    fresh = write_index(_read(recipe_path), folder, out, check=check)
    if check and not fresh:
        click.echo(f"Error: {show(str(folder / FILE))} is stale: run 'corpuskit index'", err=True)
        raise click.exceptions.Exit(1)
    click.echo(show(str(folder / FILE)))


@cli.command(short_help="Propose the templates of sites, as TOML to review.")
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
        _check_out(out)
        if os.path.lexists(out):
            raise UsageError(f"--out {out}: it exists, and may hold a review: name a new file")
    recipe, chosen = choose(sources, recipe_path, profile)
    from corpuskit import console
    from corpuskit.learn import learn as look

    with console.progress(quiet, console.Watch()) as note:
        found = look(chosen, recipe, workers, note).toml()
    if out is None:
        click.echo(found, nl=False)
    else:
        with open(out, "x", encoding="utf-8", newline="\n") as file:
            file.write(found)
        click.echo(out)


@cli.command(short_help="Put a release on the Hugging Face Hub: one commit, one tag, every sum compared.")
@click.argument("release", metavar="RELEASE")
@click.option("--repo-id", metavar="USER/NAME", required=True, help="The dataset repository; created if missing.")
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
    if not sys.stderr.isatty():  # read when the Hub's library is imported
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from corpuskit.publish import publish as run

    done = run(
        Path(release), repo_id, token=_token(token_from), private=private, dry_run=dry_run,
        say=lambda message: click.echo(show(message), err=True),
    )  # fmt: skip
    for what, paths in (("upload", done.uploaded), ("delete", done.deleted)) if dry_run else ():
        for path in paths:
            click.echo(f"would {what} {show(path)}", err=True)
    _print_json(asdict(done) | {"address": done.address, "dry_run": dry_run}) if as_json else click.echo(done.address)


def _token(source: str) -> str | None:
    """The token, or None to let the Hub's library look for it. Never an option: a process list would show it."""
    if source == "login":
        return None
    token = os.environ.get("HF_TOKEN", "") if source == "env" else sys.stdin.readline()
    if not token.strip():
        raise UsageError("no token: set HF_TOKEN" if source == "env" else "no token: standard input is empty")
    return token


def choose(
    sources: Sequence[str], path: str | None, profile: str | None, **changes: str | None
) -> tuple[Recipe, Sequence[str]]:
    """The recipe with the changes of the command line, and the sources: those given, else those of the recipe."""
    from corpuskit.recipe import Recipe

    recipe = Recipe() if path is None and sources else _read(path or "corpus.toml")
    if sources:
        recipe = replace(recipe, sources=())
    elif recipe.sources:
        sources = [_beside(path or "corpus.toml", source) for source in recipe.sources]
    else:
        raise RecipeError(f"{path or 'corpus.toml'} names no sources: set sources there, or name a SOURCE")
    if profile is not None:
        recipe = replace(recipe, clean=replace(recipe.clean, profile=profile))
    chosen: dict[str, Any] = {key: value for key, value in changes.items() if value is not None}
    return replace(recipe, **chosen), sources


def _read(path: str) -> Recipe:
    from corpuskit.recipe import read_recipe

    try:
        return read_recipe(Path(path))
    except OSError as error:
        raise RecipeError(f"cannot read {path}: {error.strerror or error}") from None
    except RecursionError:
        raise RecipeError(f"{path} is nested too deep") from None


def _beside(recipe: str, source: str) -> str:
    """A source of a recipe, which is relative to its folder; a folder's own ``[`` or ``*`` is no pattern."""
    import glob

    folder = os.path.dirname(recipe)
    plain = os.path.join(folder, source)
    return plain if os.path.lexists(plain) else os.path.join(glob.escape(folder), source)


def _check_out(out: str) -> None:
    """The path is the one line on stdout: one that would break the line, or is no text, is refused."""
    if show(out) != out or show(os.path.abspath(out)).count("\\uDC"):
        raise UsageError(f"--out {out!r}: use a path of printable UTF-8 characters")


def _explain_rule(rule: str, release: str | None, as_json: bool) -> None:
    from corpuskit.rulebook import describe
    from corpuskit.rulebook import rules as listed

    page = describe(rule)
    entry = next(found for found in listed(release) if found.name == rule)
    if as_json:
        _print_json(_rule(entry) | {"page": page})
        return
    click.echo(page, nl=False)
    if entry.spans is not None:
        click.echo(f"\nIn {show(str(release))}: {entry.spans:,} spans, {entry.characters:,} characters.")


def _told(built: Built, path: str) -> dict[str, Any]:
    import hashlib

    totals = built.totals
    return {
        "path": path,
        "release_id": hashlib.sha256(totals.sums).hexdigest(),
        "counts": dict(sorted(totals.counts.items())),
        "rules": {rule: {"spans": spans, "characters": n} for rule, (spans, n) in sorted(totals.rules.items())},
        "quarantined": len(totals.quarantined),
        "existed": built.existed,
    }


def _rule(rule: Any) -> dict[str, Any]:
    told = {name: getattr(rule, name) for name in ("name", "kind", "line", "spans", "characters")}
    return {name: value for name, value in told.items() if value is not None}


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_json(value: Any) -> None:
    """One line of ASCII: whatever a page holds, it cannot act on a terminal or fail in a locale."""
    click.echo(json.dumps(value))


def run(args: Sequence[str]) -> int:
    """Run the command line; returns its exit code. Every error becomes one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        _forgive(stream)
    try:
        color = False if os.environ.get("NO_COLOR") else None  # None: colours on a terminal
        code = cli.main(list(args), prog_name="corpuskit", standalone_mode=False, color=color)
        if sys.stdout is not None:  # a caller may have closed it
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it flushes at exit
        return BROKEN_PIPE
    except SystemExit as end:  # click has printed a shell's completions, or met a broken pipe: its 1 says "no" here
        return BROKEN_PIPE if end.code == 1 else int(end.code or 0)
    except click.ClickException as error:
        return _refused(error)
    except (CorpuskitError, OSError, MemoryError) as error:
        return _failed(error)
    except Exception as error:  # the last resort: a person must not meet a traceback
        if os.environ.get("CORPUSKIT_DEBUG"):
            raise
        return _fail(f"internal: {type(error).__name__}: {error}; please report (more: CORPUSKIT_DEBUG=1)", DEFECT)


def _refused(error: click.ClickException) -> int:
    """A call that click could not parse; a call without a command gets the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = f" (see '{context.command_path} --help')" if context else ""
    return _fail(error.format_message().rstrip(".") + where, error.exit_code)


def _failed(error: CorpuskitError | OSError | MemoryError) -> int:
    if isinstance(error, CorpuskitError):
        return _fail(str(error), error.exit_code)
    if isinstance(error, MemoryError):
        return _fail("out of memory: try fewer --workers", CorpuskitError.exit_code)
    where = f" {error.filename}" if error.filename else ""
    return _fail(f"cannot read or write{where}: {error.strerror or error}", OutputError.exit_code)


def _fail(message: str, code: int) -> int:
    click.echo(f"Error: {show(message)}", err=True)
    return code


def _forgive(stream: IO[str]) -> None:
    """Print what the terminal's encoding lacks as an escape, rather than fail."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
