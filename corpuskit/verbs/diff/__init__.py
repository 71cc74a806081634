"""``diff``: what became of a release in the next one, and which version number that asks for.

::

    default ──► joined by id ──► added, removed (why: the new ledger), changed (which fields), renamed
    removed ──► joined by span ──► per rule before and after, and what moved from one rule to another
    manifest ──► schema, recipe, versions, what could not be read
    all ──► the least version that may follow, and the entry of the changelog

Nothing but the two releases is read, column by column; see :mod:`corpuskit.verbs.validate` for whether they are whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpuskit.verbs.diff.result import Difference

__all__ = ["diff"]


def diff(old: str | Path, new: str | Path) -> Difference:
    """Compare two releases, given by their folders.

    Memory: about 80 bytes for each document, 300 for each one that differs, and some 200 MB for parts of the ledgers.
    Raises :class:`~corpuskit.errors.ReleaseError` for a folder that is no release, or one too damaged to compare.
    """
    from corpuskit.verbs.diff.documents import compare_documents
    from corpuskit.verbs.diff.opened import opened
    from corpuskit.verbs.diff.proposal import propose
    from corpuskit.verbs.diff.result import Difference
    from corpuskit.verbs.diff.settings import recipe_changes, schema_changes, unreadable_changes, version_changes
    from corpuskit.verbs.diff.spans import compare_ledgers

    before, after = opened(old), opened(new)
    documents = compare_documents(before, after)
    ledgers = compare_ledgers(before, after)
    now_unreadable, now_readable = unreadable_changes(before, after)
    schema, recipe = tuple(schema_changes(before, after)), tuple(recipe_changes(before, after))
    others = {
        "the ledger": ledgers.rules or now_unreadable or now_readable,
        "where documents stand in their sources": not documents.changes and documents.fields,
        "the recipe": recipe,
    }
    told = [what for what, changes in others.items() if changes]
    return Difference(
        old=before.side,
        new=after.side,
        proposal=propose(before.side, after.side, documents, schema, told),
        kept=documents.kept,
        documents=documents.changes,
        fields=documents.fields,
        rules=ledgers.rules,
        moves=ledgers.moves,
        now_unreadable=now_unreadable,
        now_readable=now_readable,
        schema=schema,
        recipe=recipe,
        versions=tuple(version_changes(before, after)),
    )
