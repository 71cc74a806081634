"""HTML pages → main text and metadata.

trafilatura chooses the text, with a second opinion where it takes little; what would make a
parser lose text in silence or take minutes is refused before. No clock and no process-wide cache decides anything.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from corpuskit.page.facts import page_facts
from corpuskit.page.lines import page_lines
from corpuskit.page.shown import Shown
from corpuskit.page.tree import found
from corpuskit.sources.encoding import decode_page
from corpuskit.sources.html.boxes import with_known_boxes
from corpuskit.sources.html.crowdedtags import MAX_ATTRIBUTES, crowded_tag
from corpuskit.sources.html.dialogs import without_dialogs
from corpuskit.sources.html.extraction import extracted, without_unread
from corpuskit.sources.html.fallback import more_of
from corpuskit.sources.html.figures import image_captions
from corpuskit.sources.html.flow import laid_out
from corpuskit.sources.html.gaps import without_gaps
from corpuskit.sources.html.layouttables import without_layout_tables
from corpuskit.sources.html.linklists import without_link_lists
from corpuskit.sources.html.selflinks import without_self_links
from corpuskit.sources.html.siblings import with_siblings
from corpuskit.sources.html.standing import Standing
from corpuskit.sources.html.teasers import without_teasers
from corpuskit.sources.unreadable import Unreadable
from corpuskit.versions import versions

#: Largest page, in bytes: the limit of trafilatura's own downloads.
MAX_BYTES: Final = 20_000_000
#: libxml2 drops text nested deeper than 255 elements and says nothing (reliability.md, measured).
MAX_DEPTH: Final = 250
#: Extractors' time grows with the square of the elements of some pages: 16,000 take ten seconds, and 100,000 some
#: 200 MB. Of 1,500 pages of Thai sites the largest has 6,210.
MAX_ELEMENTS: Final = 100_000

_TOO_DEEP: Final = f"boolean({'/*' * MAX_DEPTH})"

#: What no XML tree may hold, bare or as a reference: extractors fail on it.
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\r"))
_BLANKED: Final = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_REFERENCE: Final = re.compile(
    "&#(?:0*(?:[0-8]|1[1245-9]|2[0-9]|3[01]|6553[45])(?![0-9])|x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f]));?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its main text, one block for each line, and what it says about itself."""

    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    source_url: str | None = None
    date: datetime.date | None = None
    language: str | None = None
    came_from: Mapping[str, str] = field(default_factory=dict)
    extractor: str = ""
    captions: tuple[str, ...] = ()


def read_html(data: bytes, *, url: str | None = None, charset: str = "") -> Page:
    """Read a page; ``url`` is where it was found, ``charset`` what its server said that it is in.

    Raises :class:`Unreadable` for a page that is too large, nested too deep, has too many elements or a tag with
    thousands of attributes, is in no known encoding, or holds no text.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"a page larger than {MAX_BYTES} bytes")
    tree = parsed(decode_page(data, charset))
    alive = list(tree.iter())  # while they live, none of the ten walks through the tree makes its elements anew
    tree = without_self_links(without_dialogs(tree))
    lines = page_lines(tree)
    facts = page_facts(tree, lines, url)
    captions = image_captions(tree)
    tree = without_unread(laid_out(with_known_boxes(tree)))
    shown = Shown(lines)
    text = without_layout_tables(more_of(tree, with_siblings(extracted(tree), shown)), lines)
    text = without_link_lists(without_gaps(without_teasers(Standing(text, shown))), shown)
    del alive
    if not text.strip():
        raise Unreadable("no main text found: a page of menus, or one that a script fills")
    return Page(
        text=text,
        extractor=f"trafilatura {versions()['trafilatura']}",
        captions=tuple(c for c in captions if c not in text),
        **facts,
    )


def parsed(text: str) -> Any:
    """The tree of a page. Raises :class:`Unreadable` for one that parsers lose text of."""
    from lxml import etree

    if (at := crowded_tag(text)) is not None:
        raise Unreadable(f"a tag with more than {MAX_ATTRIBUTES} attributes at character {at}")
    try:
        tree = etree.HTML(_characters(text), _parser())
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"no HTML page: {error}") from None
    if tree is None:
        raise Unreadable("no HTML page: no element in it")
    etree.strip_elements(tree, "style", "svg", with_tail=False)  # nobody reads them, and extractors copy them
    if found("count(//*)", tree) > MAX_ELEMENTS:
        raise Unreadable(f"more than {MAX_ELEMENTS} elements: extractors would take minutes; split the page")
    if found(_TOO_DEEP, tree):
        raise Unreadable(f"nested deeper than {MAX_DEPTH} elements: parsers lose what lies below; flatten the page")
    return tree


@cache
def _parser() -> Any:
    """A parser of UTF-8 that leaves comments out.

    Each element is an ``HtmlElement``, as extractors expect: lxml.html's own parser calls Python to choose a class
    for every element that is looked at, a tenth of the time that an extraction takes.
    """
    from lxml import etree, html

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser


def _characters(text: str) -> bytes:
    """A page in UTF-8, a space for each character that no XML tree may hold."""
    if "&#" in text:
        text = _REFERENCE.sub(" ", text)
    data = text.replace("\ufffe", " ").replace("\uffff", " ").encode()
    return data.translate(_BLANKED) if any(map(data.__contains__, _CONTROL)) else data
