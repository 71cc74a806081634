"""The counted part of a changelog's entry: what became of the data, and which tool and recipe made it.

Counts alone: an entry names no document, so that it tells that something was withdrawn and never what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpuskit.display import counted
from corpuskit.release.markdown import code, markdown
from corpuskit.verbs.diff.documents import COUNTED, PLACED, reasons_of
from corpuskit.verbs.diff.result import Difference, DocumentChange, RuleChange, Setting
from corpuskit.verbs.diff.settings import told


def entry(found: Difference) -> str:
    """Markdown: a part Data, with what was added, changed and removed, and a part Tool if that changed too."""
    parts = [("### Data", [*_data(found)]), ("### Tool", [*_tool(found)])]
    return "\n\n".join("\n\n".join([head, *blocks]) for head, blocks in parts if blocks) + "\n"


def _data(found: Difference) -> Iterator[str]:
    yield f"{_totals(found)} Since {markdown(found.old.version)}:"
    listed = (("Added", _added(found)), ("Changed", _changed(found)), ("Removed", _removed(found)))
    blocks = [f"#### {head}\n\n{items}" for head, lines in listed if (items := _items(lines))]
    yield from blocks or ["The same content."]


def _totals(found: Difference) -> str:
    documents, characters = counted(found.new.documents, "document"), counted(found.new.characters, "character")
    return f"{documents}, {characters}."


def _added(found: Difference) -> Iterator[str]:
    yield from _documents(found.of("added"))
    yield from (markdown(setting.what) for setting in found.schema if not setting.old)


def _changed(found: Difference) -> Iterator[str]:
    if changed := found.of("changed"):
        columns = [f"{code(name)} of {found.fields[name]:,}" for name in _fields(changed)]
        yield "; ".join([f"{counted(len(changed), 'document')}: {reasons_of(changed)}", *columns])
    if renamed := found.of("renamed"):
        yield f"{counted(len(renamed), 'document')} under another id, with the same text"
    yield from (f"Rule {code(rule.rule)}: {_rule(rule)}" for rule in found.rules if rule.added or rule.removed)
    for move in found.moves:
        rules = f"from rule {code(move.rule)} to {code(move.to)}"
        yield f"{counted(move.spans, 'span')} ({counted(move.characters, 'character')}) moved {rules}"
    if found.now_unreadable:
        yield f"{counted(len(found.now_unreadable), 'source or record', 'sources or records')} can no longer be read"
    if found.now_readable:
        yield f"{counted(len(found.now_readable), 'source or record', 'sources or records')} no longer fail to be read"
    yield from (_setting(setting) for setting in found.schema if setting.old and setting.new)


def _removed(found: Difference) -> Iterator[str]:
    yield from _documents(found.of("removed"))
    yield from (markdown(setting.what) for setting in found.schema if not setting.new)


def _tool(found: Difference) -> Iterator[str]:
    if items := _items([*map(_setting, found.versions), *(f"Recipe: {_setting(s)}" for s in found.recipe)]):
        yield items


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _documents(changes: Sequence[DocumentChange]) -> Iterator[str]:
    if changes:
        characters = sum(change.characters for change in changes)
        yield f"{counted(len(changes), 'document')}, {counted(characters, 'character')}: {reasons_of(changes)}"


def _fields(changed: Iterable[DocumentChange]) -> list[str]:
    """The columns of metadata that differ, in the order in which they were found."""
    names = dict.fromkeys(name for change in changed for name in change.fields)
    return [name for name in names if name not in ("text", *COUNTED, *PLACED)]


def _rule(rule: RuleChange) -> str:
    spans, characters = (f"{before:,} → {after:,}" for before, after in (rule.spans, rule.characters))
    return f"{spans} spans, {characters} characters"


def _setting(setting: Setting) -> str:
    return f"{markdown(setting.what)}: {markdown(told(setting))}"
