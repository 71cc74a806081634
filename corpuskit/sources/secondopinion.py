"""What trafilatura would keep of a page: a second opinion for pages whose blocks leave doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: Letters from which a block is looked for anywhere in the text; shorter ones must be a line of their own.
LONG: int = 20
#: Letters at either end of a long block that must be found.
ENDS: int = 60


def kept_by_trafilatura(tree: Any, texts: Sequence[str], url: str | None = None) -> list[bool]:
    """For each block of the page parsed as ``tree`` whether trafilatura keeps it.

    Comments and duplicates play no part, so that the answer depends on the page alone.
    """
    from trafilatura import bare_extraction

    document = bare_extraction(tree, url=url, include_comments=False, deduplicate=False, with_metadata=False)
    text = (getattr(document, "text", None) or "") if document is not None else ""
    return found_in(text, texts)


def found_in(text: str, blocks: Sequence[str]) -> list[bool]:
    """For each block whether ``text`` holds it, whatever its spaces and signs."""
    whole = _letters(text)
    lines = {_letters(line) for line in text.splitlines()}
    return [_holds(whole, lines, _letters(block)) for block in blocks]


def _holds(whole: str, lines: set[str], letters: str) -> bool:
    if len(letters) < LONG:
        return letters in lines
    return letters[:ENDS] in whole and letters[-ENDS:] in whole


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
