"""HTML as elements: text is escaped when a page is written out, so that no name or title can become markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from corpuskit.display import show
from corpuskit.release.report.tally import Top

Node = ET.Element
Inside = Node | str | int
Cells = list[Inside | None]


def tag(name: str, *inside: Inside | None, **attributes: str) -> Node:
    """An element. Text, and the values of attributes, pass through :func:`show`; whole numbers get their commas.

    ``class_`` and ``for_`` lose the underscore, ``aria_label`` becomes ``aria-label``.
    """
    node = ET.Element(name, {k.rstrip("_").replace("_", "-"): show(v) for k, v in attributes.items()})
    for part in inside:
        if isinstance(part, Node):
            node.append(part)
        elif part is not None:
            _add_text(node, f"{part:,}" if isinstance(part, int) else show(part))
    return node


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Inside | None]]) -> Node:
    """A table, in a box that scrolls sideways where the screen is too narrow; the first cell names its row.

    A head is a heading, and behind a ``|`` how its cells are set: ``number``, ``bar``, ``path``, ``excerpt``.
    """
    columns = [head.partition("|") for head in heads]
    head = tag("tr", *(tag("th", heading, scope="col", class_=kind) for heading, _, kind in columns))
    body = tag("tbody", *(_row([kind for _, _, kind in columns], row) for row in rows))
    whole = tag("table", tag("caption", caption), tag("thead", head), body)
    return tag("div", whole, class_="scroll", tabindex="0", role="region", aria_label=caption)


def stack(parts: Iterable[tuple[float, str]], label: str) -> Node:
    """A bar of parts: each its share (0 to 1) of the whole width, and its class."""
    picture = tag("svg", viewBox="0 0 100 8", preserveAspectRatio="none", class_="stack", role="img", aria_label=label)
    at = 0.0
    for share, kind in parts:
        width = max(0.0, min(100.0 * share, 100.0 - at))
        if width > 0:
            picture.append(tag("rect", x=f"{at:.3f}", y="0", width=f"{width:.3f}", height="8", class_=kind))
        at += width
    return picture


def percent(part: float, whole: float = 1) -> str:
    """A share as a percentage; what is there is never shown as nothing."""
    if not whole:
        return "–"
    return "<0.1%" if 0 < part / whole < 0.0005 else f"{part / whole:.1%}"


def rest_row(name: str, top: Top, shown: int, width: int) -> list[Cells]:
    """The row for all groups that a table does not list, with ``shown`` of their sums; none, if there are none."""
    if not top.others:
        return []
    return [[f"{top.others:,} more {name}", *top.rest[:shown], *[None] * (width - 1 - shown)]]


def html(node: Node) -> str:
    """The element as HTML."""
    return ET.tostring(node, encoding="unicode", method="html")


def _row(kinds: Sequence[str], cells: Sequence[Inside | None]) -> Node:
    made = tag("tr", *(tag("td", cell, class_=kind) for kind, cell in zip(kinds, cells, strict=True)))
    made[0].tag = "th"
    made[0].set("scope", "row")
    return made


def _add_text(node: Node, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text
