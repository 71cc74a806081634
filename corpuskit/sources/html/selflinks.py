"""Links of a heading to itself: a sign that generators of pages put beside it, for those who copy addresses."""

from __future__ import annotations

import re
from typing import Any, Final

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary")
#: What such a link says.
_SIGN: Final = re.compile(r"\s*(?:[#¶]|🔗\ufe0f?|(§))\s*")


def without_self_links(tree: Any) -> Any:
    """The tree, the signs of such links taken out; a ``§`` before a figure is one of laws."""
    # each once: a dt may hold an h3
    links = dict.fromkeys(link for heading in tree.iter(*_HEADINGS) for link in heading.iter("a"))
    for link in links:
        sign = _SIGN.fullmatch(link.text_content()) if link.get("href", "").startswith("#") else None
        if sign and not (sign[1] and (link.tail or "").lstrip()[:1].isdigit()):
            link.drop_tree()
    return tree
