"""Which version may follow: MAJOR, MINOR or PATCH, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpuskit.display import counted
from corpuskit.release.semver import Level, final, following, precedence
from corpuskit.verbs.diff.documents import SPLIT, Documents
from corpuskit.verbs.diff.result import Proposal, Setting, Side

#: How far something goes that has changed, and what it is.
Reason = tuple[Level, str]


def propose(old: Side, new: Side, documents: Documents, schema: Sequence[Setting], others: Sequence[str]) -> Proposal:
    """The least version that may follow ``old`` when it becomes ``new``; ``others`` names what else has changed."""
    found = [*_breaking(old, new, documents, schema), *_additions(documents, schema), *_corrections(documents, others)]
    level: Level = found[0][0] if found else "none"
    version = following(old.version, level)
    # a candidate stands for its release
    enough = level == "none" or precedence(final(new.version)) >= precedence(version)
    return Proposal(level, version, tuple(reason for which, reason in found if which == level), enough)


def _breaking(old: Side, new: Side, documents: Documents, schema: Sequence[Setting]) -> Iterator[Reason]:
    if old.name != new.name:
        yield "major", f"the name was {old.name} and is {new.name}"
    for setting in schema:
        if not _is_new_config(setting):
            yield "major", f"the schema changed: {setting.what}"
    for kind, words in (("removed", "{} gone"), ("renamed", "{} under another id")):
        if count := _count(documents, kind):
            yield "major", words.format(counted(count, "document"))
    if count := documents.fields.get(SPLIT, 0):
        yield "major", f"{counted(count, 'document')} in another split"


def _additions(documents: Documents, schema: Sequence[Setting]) -> Iterator[Reason]:
    if count := _count(documents, "added"):
        yield "minor", f"{counted(count, 'document')} added"
    yield from (("minor", f"a new {setting.what}") for setting in schema if _is_new_config(setting))


def _corrections(documents: Documents, others: Sequence[str]) -> Iterator[Reason]:
    if count := _count(documents, "changed"):
        yield "patch", f"{counted(count, 'document')} corrected"
    yield from (("patch", f"{other} changed") for other in others)


def _is_new_config(setting: Setting) -> bool:
    return setting.what.startswith("config ") and not setting.old


def _count(documents: Documents, kind: str) -> int:
    return sum(change.kind == kind for change in documents.changes)
