"""Links of a heading to itself: a sign that generators of pages put beside it, for those who copy addresses."""

from __future__ import annotations

import re
from typing import Any, Final

from corpuskit.annotate.pagetree import found

_LINKS: Final = "//a[starts-with(@href, '#')][ancestor::h1 or ancestor::h2 or ancestor::h3 or ancestor::h4" + (
    " or ancestor::h5 or ancestor::h6 or ancestor::dt]"
)
_SIGN: Final = re.compile(r"\s*(?:[#¶]|🔗\ufe0f?|(§))\s*")


def without_self_links(tree: Any) -> Any:
    """The tree, the signs of such links taken out; a ``§`` before a figure is one of laws."""
    for link in found(_LINKS, tree):
        sign = _SIGN.fullmatch(link.text_content())
        if sign and not (sign[1] and (link.tail or "").lstrip()[:1].isdigit()):
            link.drop_tree()
    return tree
