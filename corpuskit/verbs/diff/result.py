"""What a comparison of two releases finds. :func:`dataclasses.asdict` makes plain JSON types of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpuskit.release.reading import UnreadableSource
from corpuskit.release.semver import Level


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases: ``documents`` and ``characters`` (code points) that it publishes.

    ``released`` is the day that its recipe gives it, empty for none.
    """

    name: str
    version: str
    released: str
    release_id: str
    documents: int
    characters: int


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that was ``added``, ``removed``, ``changed`` or ``renamed`` (the same text under another id).

    ``reason`` is the kind of cause in a few fixed words, ``why`` the rest in words. ``fields`` names the columns that
    differ. ``characters`` counts those of its text: in the new release, or in the old one when it is not in the new.
    """

    kind: str
    id: str
    source_path: str
    source_where: str
    characters: int
    reason: str = ""
    why: str = ""
    fields: tuple[str, ...] = ()
    old_id: str = ""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule took in either release, (old, new), and which of its spans changed in documents that both have.

    ``added`` and ``removed`` count spans, those that moved from or to another rule included.
    """

    rule: str
    spans: tuple[int, int]
    characters: tuple[int, int]
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Move:
    """Spans of the same text in the same documents that one rule took in the old release, another in the new one."""

    rule: str
    to: str
    spans: int
    characters: int


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that the manifest tells or the files show, as JSON; empty where a side lacks it."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The least version that may follow the old one: how far the change goes, and the reasons.

    ``enough``: the new release's number is that or a higher one.
    """

    level: Level
    version: str
    reasons: tuple[str, ...]
    enough: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs. ``documents`` of one kind stand together, in the order of their release.

    ``kept`` counts documents that are in both and the same. ``fields`` counts, for each column, the documents of both
    releases in which it differs; a place in a source may differ in documents that are the same.
    """

    old: Side
    new: Side
    proposal: Proposal
    kept: int
    documents: tuple[DocumentChange, ...]
    fields: Mapping[str, int]
    rules: tuple[RuleChange, ...]
    moves: tuple[Move, ...]
    now_unreadable: tuple[UnreadableSource, ...]
    now_readable: tuple[UnreadableSource, ...]
    schema: tuple[Setting, ...]
    recipe: tuple[Setting, ...]
    versions: tuple[Setting, ...]

    @property
    def same(self) -> bool:
        """Whether the content is the same: documents, ledger, what could not be read, and schema."""
        return not (self.documents or self.rules or self.now_unreadable or self.now_readable or self.schema)

    def of(self, kind: str) -> list[DocumentChange]:
        """The documents of one kind."""
        return [change for change in self.documents if change.kind == kind]
