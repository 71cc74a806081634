"""A comparison of two releases as lines for a person. All text of releases passes :func:`corpuskit.display.show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click

from corpuskit.cli.console import columns
from corpuskit.display import counted, place, show
from corpuskit.model import BRACKETS
from corpuskit.verbs.diff.documents import reasons_of
from corpuskit.verbs.diff.result import Difference, DocumentChange, Setting
from corpuskit.verbs.diff.settings import told
from corpuskit.verbs.diff.texts import Stretch, TextDifference

#: How many of a kind are named; ``--json`` names all.
NAMED: Final = 20
SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "renamed": ">"}
COLOURS: Final = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}


def lines(found: Difference) -> Iterator[str]:
    """The whole comparison, the proposal last: that is what a terminal shows."""
    yield click.style(
        f"{_title(found.old.name, found.old.version)} → {_title(found.new.name, found.new.version)}", bold=True
    )
    if found.same:
        yield "the same content"
    else:
        yield from _documents(found)
        yield from _rules(found)
        yield from _unreadable(found)
    for what in ("schema", "recipe", "versions"):
        yield from _settings(what, getattr(found, what))
    yield from _proposal(found)


def _title(name: str, version: str) -> str:
    return show(f"{name} {version}")


def _documents(found: Difference) -> Iterator[str]:
    counts = [(side.version, f"{side.documents:,}", f"{side.characters:,}") for side in (found.old, found.new)]
    yield ""
    yield from columns([("", "documents", "characters"), *((show(v), n, c) for v, n, c in counts)], right=(1, 2))
    for kind in SIGNS:
        yield from _kind(kind, found.of(kind))
    yield from ("", f"{counted(found.kept, 'document')} the same")
    if found.fields:
        fields = ", ".join(f"{show(name)} of {count:,}" for name, count in found.fields.items())
        yield f"columns that differ in documents of both: {fields}"


def _kind(kind: str, changes: list[DocumentChange]) -> Iterator[str]:
    if not changes:
        return
    why = reasons_of(changes)
    yield ""
    yield f"{counted(len(changes), 'document')} {kind}" + (f": {why}" if why else "")
    rows = [
        (SIGNS[kind], show(change.id), show(place(change.source_path, change.source_where)), _why(change))
        for change in changes[:NAMED]
    ]
    yield from (_coloured(line) for line in columns(rows))
    yield from _more(len(changes))


def _why(change: DocumentChange) -> str:
    if change.kind == "renamed":
        return show(f"was {change.why} ({change.old_id})")
    return show(", ".join(change.fields) or ": ".join(filter(None, (change.reason, change.why))))


def _rules(found: Difference) -> Iterator[str]:
    if found.rules:
        heads = ("rule", "spans", "", "", "characters", "", "", "in documents of both")
        rows = [
            heads,
            *(_rule(rule.rule, rule.spans, rule.characters, rule.added, rule.removed) for rule in found.rules),
        ]
        yield ""
        yield from columns(rows, right=(1, 3, 4, 6))
    if found.moves:
        yield ""
        moves = (
            f"{show(m.rule)} → {show(m.to)}: {counted(m.spans, 'span')}, {m.characters:,} characters"
            for m in found.moves
        )
        yield from (f"moved from {move}" for move in moves)


def _rule(name: str, spans: tuple[int, int], characters: tuple[int, int], added: int, removed: int) -> tuple[str, ...]:
    both = f"+{added:,} −{removed:,} spans" if added or removed else "the same"
    numbers = [f"{n:,}" for n in (*spans, *characters)]
    return (show(name), numbers[0], "→", numbers[1], numbers[2], "→", numbers[3], both)


def _unreadable(found: Difference) -> Iterator[str]:
    for words, listed in (("no longer read", found.now_unreadable), ("no longer unread", found.now_readable)):
        if listed:
            yield ""
            for source in listed[:NAMED]:
                yield f"{words}: {show(place(source.source_path, source.source_where))}: {show(source.reason)}"
            yield from _more(len(listed))


def _settings(what: str, settings: Sequence[Setting]) -> Iterator[str]:
    if settings:
        yield ""
        yield f"{what}:"
        yield from columns([("  " + show(setting.what), show(told(setting))) for setting in settings])


def _proposal(found: Difference) -> Iterator[str]:
    proposal, version = found.proposal, show(found.new.version)
    yield ""
    if proposal.level == "none":
        yield "no new version is needed"
        return
    reasons = show("; ".join(proposal.reasons))
    level = click.style(proposal.level.upper(), bold=True)
    yield f"{level}: {reasons}. After {show(found.old.version)}: {proposal.version}"
    if not proposal.enough:
        yield click.style(f"{version} is too small: use {proposal.version} or higher", fg="red")


def _more(count: int) -> Iterator[str]:
    if count > NAMED:
        yield f"  {count - NAMED:,} more: --json names all"


def _coloured(line: str) -> str:
    return click.style(line, fg=COLOURS[line[0]])


def document_lines(found: Iterable[TextDifference]) -> Iterator[str]:
    """Documents, changed paragraphs alone, with marks: ``⟦-rule|text that went⟧``, ``⟦+rule|text that came⟧``."""
    for i, document in enumerate(found):
        where = place(document.source_path, document.source_where)
        reason = f": {document.reason}" if document.reason else ""
        yield from [""] * (i > 0)
        yield click.style(show(f"{where} ({document.id}){reason}"), bold=True)
        yield ""
        yield from _changed_paragraphs(document.stretches)
        rows = [(s.sign, show(s.rule), show(s.why)) for s in document.stretches if s.rule]
        if rows:
            yield ""
            yield from columns(list(dict.fromkeys(rows)))


def _changed_paragraphs(stretches: Sequence[Stretch]) -> Iterator[str]:
    """The paragraphs that hold a change; of the others between them, the number."""
    skipped = 0
    for line, changed in _paragraphs(stretches):
        if not changed:
            skipped += 1
            continue
        yield from _same(skipped)
        yield line
        skipped = 0
    yield from _same(skipped)


def _same(count: int) -> Iterator[str]:
    if count:
        yield click.style(f"… {counted(count, 'line')} the same", dim=True)


def _paragraphs(stretches: Sequence[Stretch]) -> Iterator[tuple[str, bool]]:
    line, changed = "", False
    for sign, text in _marked(stretches):
        first, *rest = text.split("\n")
        line, changed = line + _styled(first, sign), changed or sign != "="
        for part in rest:
            yield line, changed
            line, changed = _styled(part, sign), sign != "="
    if line:
        yield line, changed


def _marked(stretches: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    """Text with its sign, changes in marks; line ends around a mark stay outside of it, where they end lines."""
    for stretch in stretches:
        core = stretch.text.strip("\n")
        if stretch.sign == "=":
            yield "=", stretch.text
        elif not core:
            yield stretch.sign, _mark(stretch, "¶" * len(stretch.text))
        else:
            before, _, after = stretch.text.partition(core)
            yield from (("=", before), (stretch.sign, _mark(stretch, core)), ("=", after))


def _mark(stretch: Stretch, text: str) -> str:
    return f"{BRACKETS[0][0]}{stretch.sign}{stretch.rule or '(source)'}|{text}{BRACKETS[0][1]}"


def _styled(text: str, sign: str) -> str:
    safe = "\t".join(map(show, text.split("\t")))
    return safe if sign == "=" else click.style(safe, fg=COLOURS[sign])
