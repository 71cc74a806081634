"""The command line: parse, one library call, print.

stdout carries the result alone (a path, a table, JSON); all talk goes to stderr. Exit
codes: 0 done, 1 the answer is no, 2 usage, 3 and up as in :mod:`corpuskit.errors`, 70 a
defect of corpuskit itself, 130 and 143 interrupted. Never a traceback, unless
``CORPUSKIT_DEBUG`` asks for one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import IO, Final

import click

from corpuskit import __version__
from corpuskit.cli.building import build, learn
from corpuskit.cli.comparing import diff
from corpuskit.cli.corpus import index, init
from corpuskit.cli.looking import explain, rules
from corpuskit.cli.packing import archive, sign
from corpuskit.cli.publishing import publish
from corpuskit.cli.validating import validate
from corpuskit.cli.withdrawing import withdraw
from corpuskit.display import show
from corpuskit.errors import CorpuskitError, OutputError

#: Exit codes beyond those of the exception tree: sysexits.h EX_SOFTWARE, and 128 + the number of a signal.
DEFECT: Final = 70
BROKEN_PIPE: Final = 141
#: What Python and libraries say, in errors of every kind, when the system gives them no memory or no thread.
_SCARCE: Final = re.compile("failed to map segment|launch worker thread|start new thread|allocate memory", re.I)
_OUT_OF_MEMORY: Final = "out of memory, or of what a process may have of it (ulimit): try fewer --workers"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="corpuskit")
def cli() -> None:
    """From scraped pages to a citable dataset, with every removed character accounted for.

    The result of a command goes to stdout, all talk to stderr. Exit codes: 0 done, 1 the answer is no, 2 a wrong
    call, 3 and up an error that the message names.
    """


for command in (build, validate, explain, diff, rules, init, index, learn, archive, sign, publish, withdraw):
    cli.add_command(command)


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
        if _SCARCE.search(str(error)):
            return _fail(_OUT_OF_MEMORY, CorpuskitError.exit_code)
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
        return _fail(_OUT_OF_MEMORY, CorpuskitError.exit_code)
    if not error.filename and isinstance(error, FileNotFoundError):
        return _fail("the current folder is gone: change to one that exists", OutputError.exit_code)
    where = f" {error.filename}" if error.filename else ""
    return _fail(f"cannot read or write{where}: {error.strerror or error}", OutputError.exit_code)


def _fail(message: str, code: int) -> int:
    click.echo(f"Error: {show(message)}", err=True)
    return code


def _forgive(stream: IO[str]) -> None:
    """Print what the terminal's encoding lacks as an escape, rather than fail."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
