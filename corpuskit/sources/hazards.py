"""Pages that today's parsers lose in silence or chew on for minutes: found before they are parsed.

One linear scan over the tags. Measured with libxml2 2.14: from 256 levels on, text vanishes
without an error; one tag with 20,000 attributes takes half a minute.
"""

from __future__ import annotations

import re
from typing import Final

from corpuskit.sources.unreadable import Unreadable

#: Bytes of a page at most; trafilatura's own limit.
MAX_BYTES: Final = 20_000_000
#: Elements that may be open inside each other; libxml2 gives up at 256.
MAX_DEPTH: Final = 250
#: Attributes that one tag may have.
MAX_ATTRIBUTES: Final = 2_000

#: Elements that never stay open.
_VOID: Final = frozenset(
    "area base basefont bgsound br col command embed frame hr image img input isindex keygen link meta nextid param source "
    "spacer track wbr !doctype html head body".split()
)
#: Elements whose content is no markup.
_RAW: Final = frozenset("script style textarea title xmp iframe noembed noframes".split())
#: Elements that the next one of their group closes, when nothing that holds such a group stands between.
_CLOSED_BY: Final = {
    **dict.fromkeys(("li",), frozenset({"li"})),
    **dict.fromkeys(("dt", "dd"), frozenset({"dt", "dd"})),
    **dict.fromkeys(("option", "optgroup"), frozenset({"option"})),
    **dict.fromkeys(("td", "th"), frozenset({"td", "th"})),
    "tr": frozenset({"tr", "td", "th"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"thead", "tbody", "tfoot", "tr", "td", "th"})),
    **dict.fromkeys(
        "p div ul ol dl table h1 h2 h3 h4 h5 h6 blockquote pre form section article hr address center header footer nav main "
        "aside fieldset figure".split(),
        frozenset({"p"}),
    ),
}
_HOLDERS: Final = frozenset({"table", "ul", "ol", "dl", "select", "menu"})

_TAG: Final = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+))")
_ATTRIBUTE: Final = re.compile(r"[^\s\"'>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]*+))?")


def check_page(text: str) -> None:
    """Raise :class:`Unreadable` for a page whose markup is nested too deeply or has a tag with too many attributes."""
    open_tags: dict[str, int] = {}
    depth = 0
    at = 0
    while match := _TAG.search(text, at):
        at = match.end()
        comment, closing, name, attributes = match.groups()
        if comment:
            at = _after(text, "-->", at)
            continue
        name = name.lower()
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            _check_attributes(name, attributes, text, match.start())
        if name in _VOID or attributes.endswith("/"):
            continue
        if closing:
            depth -= _close(open_tags, name)
            continue
        if name in _RAW:
            at = _after(text, f"</{name}", at)
            continue
        open_tags[name] = open_tags.get(name, 0) + 1
        depth += 1
        if depth > MAX_DEPTH:
            _check_depth(text)
            depth = -len(text)


def _close(open_tags: dict[str, int], name: str) -> int:
    """Close one tag; a stray end tag closes nothing."""
    if open_tags.get(name):
        open_tags[name] -= 1
        return 1
    return 0


def _after(text: str, mark: str, at: int) -> int:
    """The place after the next ``mark``, or the end of the text."""
    found = text.lower().find(mark, at) if mark != "-->" else text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)
