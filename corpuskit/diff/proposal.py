"""Which version may follow: MAJOR, MINOR or PATCH, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from corpuskit.diff.documents import Documents
from corpuskit.diff.result import Proposal, Setting, Side
from corpuskit.semver import LEVELS, final, following, precedence

_ORDER: Final = {level: i for i, level in enumerate(LEVELS)}

Reason = tuple[str, str]


def propose(old: Side, new: Side, documents: Documents, schema: Sequence[Setting], ledger: bool) -> Proposal:
    """The least version that may follow ``old`` when it becomes ``new``.

    ``ledger``: whether the ledgers or the lists of what could not be read differ.
    """
    found = [*_breaking(old, new, documents, schema), *_additions(documents, schema)]
    found += _corrections(documents, ledger) if not found or documents.changes else []
    if not found and old.release_id != new.release_id:
        found = [("patch", "the content is the same, but not the bytes, and a published version never changes")]
    level = max((level for level, _ in found), key=_ORDER.__getitem__, default="none")
    told = tuple(reason for which, reason in found if which == level)
    version = following(old.version, level)
    # a candidate stands for its release
    enough = precedence(final(new.version)) >= precedence(version) and (level == "none" or new.version != old.version)
    return Proposal(level, version, told, enough)


def _breaking(old: Side, new: Side, documents: Documents, schema: Sequence[Setting]) -> Iterator[Reason]:
    if old.name != new.name:
        yield "major", f"the name was {old.name} and is {new.name}"
    for setting in schema:
        if not _is_new_config(setting):
            yield "major", f"the schema changed: {setting.what}"
    for kind, words in (("removed", "{} gone"), ("renamed", "{} under another id")):
        if count := _count(documents, kind):
            yield "major", words.format(counted(count))


def _additions(documents: Documents, schema: Sequence[Setting]) -> Iterator[Reason]:
    if count := _count(documents, "added"):
        yield "minor", f"{counted(count)} added"
    yield from (("minor", f"a new {setting.what}") for setting in schema if _is_new_config(setting))


def _corrections(documents: Documents, ledger: bool) -> Iterator[Reason]:
    if count := _count(documents, "changed"):
        yield "patch", f"{counted(count)} corrected"
    elif ledger:
        yield "patch", "the ledger changed"


def _is_new_config(setting: Setting) -> bool:
    return setting.what.startswith("config ") and not setting.old


def _count(documents: Documents, kind: str) -> int:
    return sum(change.kind == kind for change in documents.changes)


def counted(number: int, one: str = "document", many: str = "") -> str:
    """A number and what it counts: ``1 document``, ``2,000 documents``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
