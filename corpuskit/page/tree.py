"""Questions to the tree of a page, each compiled once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any


def found(expression: str, tree: Any) -> Any:
    """What an XPath expression finds in a tree: elements in page order, a number or a truth.

    libxml2 finds ``//@rel[.='author']/..`` in a fifth of the time of ``//*[@rel='author']``, and
    ``/descendant::time[@pubdate]`` in half the time of ``//time[@pubdate]``, which visits every text too.
    """
    return _compiled(expression)(tree)


def elements(tree: Any, names: Iterable[str], test: str) -> list[Any]:
    """The elements of these names for which an XPath test holds, in page order.

    lxml finds elements by name in half the time of ``//name``, and two names in one walk.
    """
    return [element for element in tree.iter(*names) if found(test, element)]


@cache
def _compiled(expression: str) -> Any:
    from lxml import etree

    return etree.XPath(expression)
