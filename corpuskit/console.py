"""What people see of a command: progress and summary of a build on stderr, explanations and tables on stdout.

Every name, title and reason comes from untrusted files and passes :func:`corpuskit.display.show`.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from corpuskit.display import show
from corpuskit.explain import Explanation, Trace
from corpuskit.model import BRACKETS, Edit, brackets

if TYPE_CHECKING:
    from corpuskit.pipeline import Built, Progress
    from corpuskit.rulebook import Rule

#: The stages of a build, in order, as they are called on the screen.
STAGES: Final = {
    "read": "reading",
    "recur": "counting what recurs",
    "judge": "judging",
    "twins": "finding duplicates",
    "finish": "writing",
}
COLOURS: Final = ("red", "yellow", "magenta", "cyan", "green", "blue", "bright_red", "bright_yellow", "bright_magenta")
#: Rules and quarantined sources that a summary names.
NAMED_RULES: Final = 10
NAMED_QUARANTINED: Final = 5


class Watch:
    """What a build costs: wall seconds, and the largest memory of any of its processes (bytes; 0: unknown)."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.memory = 0

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.perf_counter() - self.begun

    def look(self) -> None:
        """Note the memory that this process and its workers have needed so far."""
        workers = [_peak(f"/proc/{child.pid}/status") for child in multiprocessing.active_children()]
        self.memory = max(self.memory, _own_peak(), *workers)


def _own_peak() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _peak(status: str) -> int:
    """The high-water mark in a process's status file of Linux, in bytes."""
    try:
        lines = Path(status).read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


@contextmanager
def progress(quiet: bool, watch: Watch) -> Iterator[Progress]:
    """A progress display on stderr: bars on a terminal, a line for each stage elsewhere, nothing if ``quiet``."""
    if quiet:
        yield lambda stage, done, total: None
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield _noting(watch, bars)
    else:
        yield _noting(watch, _line)


def _noting(watch: Watch, then: Progress) -> Progress:
    def note(stage: str, done: int, total: int) -> None:
        watch.look()
        then(stage, done, total)

    return note


def _line(stage: str, done: int, total: int) -> None:
    """A line at every quarter of a stage's tasks: logs are read by people."""
    if done == total or done * 4 // total != (done - 1) * 4 // total:
        click.echo(f"{STAGES.get(stage, stage)}: {done} of {total}", err=True)


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    stage = TextColumn("{task.description:<21}", markup=False)
    shown = (stage, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*shown, console=Console(stderr=True), transient=True) as bars:
        tasks = {"read": bars.add_task(STAGES["read"], total=None)}

        def note(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield note


def summary(built: Built, path: str, watch: Watch) -> None:
    """Print on stderr what a build read, published, removed and could not read, and what it cost."""
    watch.look()
    totals = built.totals
    counts = totals.counts
    files = f"{_count(totals.sources['files'], 'file')}, {_size(totals.sources['bytes'])}"
    facts = [
        ("release", show(path) + (" (existed, with the same content)" if built.existed else "")),
        ("read", f"{_count(counts['documents'], 'document')} in {files}"),
        ("published", f"{_count(totals.documents, 'document')}, {_count(counts['paragraphs'], 'paragraph')}"),
        ("kept", _share(counts["chars"], counts["source_chars"])),
        ("not read", _count(len(totals.quarantined), "source or record", "sources or records")),
        ("time", f"{watch.seconds:,.1f} s, {_size(totals.sources['bytes'] / watch.seconds)}/s"),
    ]
    if watch.memory:
        facts.append(("peak memory", f"{watch.memory / 2**20:,.0f} MiB in the largest process"))
    _say_table((), facts)
    _say_rules(totals.rules)
    for skipped in totals.quarantined[:NAMED_QUARANTINED]:
        place = f", {skipped['line']}" if "line" in skipped else ""
        click.echo(f"not read: {show(skipped['path'])}{show(place)}: {show(skipped['reason'])}", err=True)
    if len(totals.quarantined) > NAMED_QUARANTINED:
        click.echo(f"not read: {len(totals.quarantined) - NAMED_QUARANTINED:,} more: see manifest.json", err=True)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _size(count: float) -> str:
    """Bytes for people, in decimal units."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:,.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"


def _share(kept: int, of: int) -> str:
    return f"{kept:,} of {of:,} characters ({100 * kept / max(of, 1):.1f} %)"


def _say_rules(done: dict[str, list[int]]) -> None:
    rules = sorted(done.items(), key=lambda item: (-item[1][1], item[0]))
    rows = [(rule, f"{spans:,}", f"{characters:,}") for rule, (spans, characters) in rules[:NAMED_RULES]]
    if len(rules) > NAMED_RULES:
        spans, characters = (sum(n[i] for _, n in rules[NAMED_RULES:]) for i in (0, 1))
        rows.append((_count(len(rules) - NAMED_RULES, "more rule"), f"{spans:,}", f"{characters:,}"))
    if rows:
        _say_table(("removed or repaired by", "spans", "characters"), rows)


def _say_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stderr: rich on a terminal, plain lines elsewhere. Numbers (all columns but the first) lean right."""
    if not sys.stderr.isatty():
        for line in columns([heads, *rows] if heads else rows, right=range(1, 3) if heads else ()):
            click.echo(line, err=True)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=bool(heads), pad_edge=False)
    for i in range(len(rows[0])):
        right = i > 0 and bool(heads)
        table.add_column(heads[i] if heads else "", justify="right" if right else "left", style="" if i else "bold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(stderr=True).print(table)


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Rows as lines of aligned columns; those numbered in ``right`` lean right, the last one is not padded."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    for row in rows:
        padded = (f"{cell:>{widths[i]}}" if i in right else f"{cell:<{widths[i]}}" for i, cell in enumerate(row))
        yield "  ".join(padded).rstrip()


def explanation(found: Explanation) -> Iterator[str]:
    """The lines of an explanation: each document in marked notation, then its edits one by one."""
    for source in found.unread:
        place = f", {source.source_where}" if source.source_where else ""
        yield f"{show(source.source_path + place)}: not read: {show(source.reason)}"
    for i, trace in enumerate(found.documents):
        yield from [""] * (i > 0)
        yield click.style(_headline(trace), bold=True)
        yield ""
        yield from "".join(_marked(trace)).split("\n")
        yield ""
        yield from columns([_told(edit, trace) for edit in trace.document.edits])


def _headline(trace: Trace) -> str:
    place = f", {trace.source_where}" if trace.source_where else ""
    kept = _share(len(trace.document.clean), len(trace.document.text))
    count = len(trace.document.edits)
    basis = "" if trace.basis == "source" else "; offsets count the text taken from the page"
    gone = "" if trace.published else "; not published"
    return f"{show(trace.source_path + place)} ({trace.id}): {kept}, {_count(count, 'edit')}{gone}{basis}"


def _marked(trace: Trace) -> Iterator[str]:
    """The document in marked notation, each line safe to print, each edit in the colour of its rule."""
    try:
        pair = brackets(trace.document.text)
    except ValueError:  # all pairs occur in the text: for reading, any will do
        pair = BRACKETS[0]
    rules = sorted({edit.rule for edit in trace.document.edits})
    for text, edit in trace.document.pieces():
        if edit is None:
            yield _shown(text)
        else:
            mark = f"{pair[0]}{edit.rule}|{text}{'→' + edit.new if edit.new else ''}{pair[1]}"
            colour = COLOURS[rules.index(edit.rule) % len(COLOURS)]
            yield "\n".join(click.style(line, fg=colour) for line in _shown(mark).split("\n"))


def _shown(text: str) -> str:
    """Text of several lines, safe to print; tabs stay."""
    return "\n".join("\t".join(map(show, line.split("\t"))) for line in text.split("\n"))


def _told(edit: Edit, trace: Trace) -> tuple[str, ...]:
    twin = ""
    if edit.twin:
        twin = f"kept: {show(trace.twins.get(edit.twin.id) or edit.twin.id)}:{edit.twin.start}"
    return f"{edit.start}:{edit.end}", show(edit.rule), " ".join(filter(None, (show(edit.why), twin)))


def rule_table(rules: Sequence[Rule]) -> Iterator[str]:
    """The lines of a table of rules; with counts if they have some."""
    if rules and rules[0].spans is not None:
        rows = [(show(r.name), r.kind, f"{r.spans:,}", f"{r.characters:,}", r.line) for r in rules]
        return columns([("rule", "kind", "spans", "characters", "what it does"), *rows], right=(2, 3))
    return columns([("rule", "kind", "what it does"), *((r.name, r.kind, r.line) for r in rules)])
