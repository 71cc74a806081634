"""The main text of a page as trafilatura takes it, from a tree that stays as it is: trafilatura works on a copy."""

from __future__ import annotations

from typing import Any


def extracted(tree: Any, *, recall: bool = False) -> str:
    """The text that trafilatura takes, one block for each line; empty where it takes none."""
    from trafilatura import bare_extraction

    document = bare_extraction(
        tree,
        favor_recall=recall,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        with_metadata=False,
    )
    return (getattr(document, "text", None) or "") if document is not None else ""
