"""Questions to the tree of a page, each compiled once."""

from __future__ import annotations

from functools import cache
from typing import Any


def found(expression: str, tree: Any) -> Any:
    """What an XPath expression finds in a tree: elements in page order, a number or a truth.

    libxml2 finds ``//@rel[.='author']/..`` in a fifth of the time of ``//*[@rel='author']``.
    """
    return _compiled(expression)(tree)


@cache
def _compiled(expression: str) -> Any:
    from lxml import etree

    return etree.XPath(expression)
