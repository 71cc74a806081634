"""What people see of a command: the summary of a build on stderr, plans, explanations and tables on stdout.

Every name, title and reason comes from untrusted files and passes :func:`corpuskit.display.show`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from corpuskit.cli.progress import STAGES, Watch, told_size
from corpuskit.display import counted, place, show
from corpuskit.model import BRACKETS, Edit, brackets
from corpuskit.verbs.explain import Explanation, Trace

if TYPE_CHECKING:
    from corpuskit.pipeline import Built
    from corpuskit.rulebook import Rule
    from corpuskit.verbs.plan import Plan, ShardPlan

COLOURS: Final = ("red", "yellow", "magenta", "cyan", "green", "blue", "bright_red", "bright_yellow", "bright_magenta")
#: Rules and unreadable sources that a summary names.
NAMED_RULES: Final = 10
NAMED_UNREADABLE: Final = 5
#: Shards that a plan names, and files of each.
NAMED_SHARDS: Final = 10
NAMED_FILES: Final = 3


def summary(built: Built, path: str, watch: Watch) -> None:
    """Print on stderr what a build read, published, removed and could not read, and what it cost."""
    watch.look()
    totals = built.totals
    counts = totals.counts
    files = f"{counted(totals.sources['files'], 'file')}, {told_size(totals.sources['bytes'])}"
    facts = [
        ("release", show(path) + (" (existed, with the same content)" if built.existed else "")),
        ("read", f"{counted(counts['documents'], 'document')} in {files}"),
        ("published", f"{counted(totals.documents, 'document')}, {counted(counts['paragraphs'], 'paragraph')}"),
        ("kept", _share(counts["chars"], counts["source_chars"])),
        ("not read", counted(len(totals.unreadable), "source or record", "sources or records")),
        ("time", f"{watch.seconds:,.1f} s, {told_size(totals.sources['bytes'] / watch.seconds)}/s"),
    ]
    if (splits := _splits(totals.files["default"])).keys() - {"train"}:  # whole clusters may miss the shares asked for
        facts.insert(3, ("splits", ", ".join(f"{split} {rows:,}" for split, rows in splits.items())))
    if watch.memory:
        facts.append(("peak memory", f"at most {watch.memory / 2**20:,.0f} MiB in all processes together"))
    _say_table((), facts)
    _say_rules(totals.rules)
    for source in totals.unreadable[:NAMED_UNREADABLE]:
        where = place(source["path"], source.get("line"))
        click.echo(f"not read: {show(where)}: {show(source['reason'])}", err=True)
    if len(totals.unreadable) > NAMED_UNREADABLE:
        click.echo(f"not read: {len(totals.unreadable) - NAMED_UNREADABLE:,} more: see manifest.json", err=True)


def _splits(files: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many documents each split has."""
    from corpuskit.release.splits import split_in

    rows: dict[str, int] = {}
    for facts in files:
        split = split_in(facts["path"])
        rows[split] = rows.get(split, 0) + facts["rows"]
    return rows


def _share(kept: int, of: int) -> str:
    return f"{kept:,} of {of:,} characters ({100 * kept / max(of, 1):.1f} %)"


def _say_rules(done: dict[str, list[int]]) -> None:
    rules = sorted(done.items(), key=lambda item: (-item[1][1], item[0]))
    rows = [(rule, f"{spans:,}", f"{characters:,}") for rule, (spans, characters) in rules[:NAMED_RULES]]
    if len(rules) > NAMED_RULES:
        spans, characters = (sum(n[i] for _, n in rules[NAMED_RULES:]) for i in (0, 1))
        rows.append((counted(len(rules) - NAMED_RULES, "more rule"), f"{spans:,}", f"{characters:,}"))
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


def planned(plan: Plan) -> Iterator[str]:
    """The lines of a plan: why, which files and shards, how much of each stage."""
    yield from plan.why
    for what, names in (("added", plan.added), ("changed", plan.changed), ("removed", plan.removed)):
        if names:
            yield f"{counted(len(names), 'file')} {what}: {_names(names)}"
    for shard in plan.shards[:NAMED_SHARDS]:
        yield f"shard {shard.shard} ({counted(shard.files, 'file')}) is read again: {_causes(shard)}"
    if len(plan.shards) > NAMED_SHARDS:
        yield f"and {counted(len(plan.shards) - NAMED_SHARDS, 'more shard')}: see --json"
    if plan.nothing:
        yield f"nothing to do: {plan.release} exists"
        return
    rows = [(STAGES[s.stage], ("" if s.exact else "at least ") + f"{s.todo:,} of {s.of:,}") for s in plan.stages]
    release = "exists: its content is compared" if plan.exists else "is written"
    yield from columns([*rows, (plan.release, release)])


def _causes(shard: ShardPlan) -> str:
    found = (("added", shard.added), ("changed", shard.changed), ("gone", shard.gone))
    told = "; ".join(f"{_names(names)} {what}" for what, names in found if names)
    return told or "no finished work has its files in this grouping, by this code and recipe"


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED_FILES:,} more" if len(names) > NAMED_FILES else ""
    return ", ".join(map(show, names[:NAMED_FILES])) + more


def explanation(found: Explanation) -> Iterator[str]:
    """The lines of an explanation: each document in marked notation, then its edits one by one."""
    for source in found.unreadable:
        yield f"{show(place(source.source_path, source.source_where))}: not read: {show(source.reason)}"
    for i, trace in enumerate(found.documents):
        yield from [""] * (i > 0)
        yield click.style(_headline(trace), bold=True)
        yield ""
        yield from "".join(_marked(trace)).split("\n")
        yield ""
        yield from columns([_told(edit, trace) for edit in trace.document.edits])


def _headline(trace: Trace) -> str:
    where = place(trace.source_path, trace.source_where)
    kept = _share(len(trace.document.clean), len(trace.document.text))
    count = len(trace.document.edits)
    basis = "" if trace.basis == "source" else "; offsets count the text taken from the page"
    gone = "" if trace.published else "; not published"
    return f"{show(where)} ({trace.id}): {kept}, {counted(count, 'edit')}{gone}{basis}"


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
