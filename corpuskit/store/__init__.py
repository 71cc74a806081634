"""The store of finished work, on a disk or in an object store, and what reads and writes files in either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpuskit.store.places import is_remote

if TYPE_CHECKING:
    from corpuskit.store.steps import Store


def store_at(home: str) -> Store:
    """The store at a path or address."""
    if is_remote(home):
        from corpuskit.store.objectstore import ObjectStore

        return ObjectStore(home)
    from corpuskit.store.steps import Store

    return Store(Path(home))


def drop_drafts(home: str) -> None:
    """Remove what is no finished step from this machine."""
    store_at(home).drop_drafts()
