"""A parsed page → its blocks of text, in order, and the containers they stand in.

A block is a stretch of text that no block-level tag or line break interrupts: a paragraph, a
heading, a list item, a row of a table. Every visible text of the page is in exactly one
block, so that choosing among blocks decides about all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

#: Tags that open a block. Custom elements (a name with a hyphen) do, too.
BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr label legend li main menu nav noscript ol p pre search "
    "section summary table tbody td tfoot th thead tr ul".split()
)
#: Tags whose text is no text of the page.
SILENT_TAGS: Final = frozenset(
    "annotation annotation-xml audio base canvas datalist embed head iframe input link map meta noembed noframes object "
    "optgroup option param script select source style svg template textarea title track video".split()
)
#: What a class or id says about an element, by the words in it.
FAMILIES: Final = {
    "nav": r"nav|menu|crumb|pagina|pager|^toc$",
    "comment": r"comment|disqus|respond|^repl(?:y|ies)|discussion",
    "share": r"^shar(?:e|ing)|social|follow|facebook|twitter|addthis|^sns|bookmark",
    "related": r"relat|recommend|popular|trending|similar|teaser|promo|recent|latest|^also|^more|^next|^prev|^other|"
               r"suggest|carousel|slider|upsell|headlines",
    "side": r"^side|widget|^rail|aside|secondary",
    "foot": r"foot|bottom|copyright|legal|disclaim",
    "head": r"^header|masthead|topbar|banner|logo|brand",
    "ad": r"^ads?$|advert|sponsor|^dfp|adsense",
    "consent": r"cookie|consent|gdpr|privacy|modal|popup|overlay|lightbox|dialog",
    "signup": r"newsletter|subscri|^sign|^log(?:in|out)|register|regist|paywall|account",
    "meta": r"^meta|byline|author|^dates?$|^time|publish|posted|^info|^source|credit",
    "tag": r"^tags?$|categor|^label|topic|keyword|filter|facet",
    "caption": r"caption|figure|gallery|photo|image|thumb|media",
    "hidden": r"hidden|^hide|^sr$|visually|invisible|offscreen|^none$|reader",
    "tool": r"^tool|print|button|^btn|^cta|action|control|search|^form|rating|^vote|poll|^stats?$|count",
    "article": r"articl|post|entry|story|blog|news|thread|message",
    "body": r"content|text|body|copy|description|detail|paragraph|prose|^rich|markdown|lead|intro|summary",
    "main": r"main|primary|center|page|wrap",
    "item": r"item|card|product|list|grid|row|result|tile",
    "title": r"title|heading|headline|subject",
}  # fmt: skip
#: Tags and attributes that say as much about what is inside.
MARKED_TAGS: Final = ("nav", "header", "footer", "aside", "form", "article", "main", "table", "list", "figure", "quote", "heading", "term", "button", "cell", "noscript")  # fmt: skip
_SIGNS: Final = (*FAMILIES, *MARKED_TAGS, "unseen", "article_body", "main_role")
#: The bit of each sign in a mask.
BITS: Final = {name: 1 << place for place, name in enumerate(_SIGNS)}

_TAG_SIGNS: Final = (
    {name: BITS[name] for name in ("nav", "header", "footer", "aside", "form", "article", "main", "table", "figure", "button", "noscript")}
    | dict.fromkeys(("ul", "ol", "menu", "dir"), BITS["list"])
    | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BITS["heading"])
    | dict.fromkeys(("dl", "dt", "dd"), BITS["term"])
    | dict.fromkeys(("td", "th"), BITS["cell"])
    | {"blockquote": BITS["quote"], "label": BITS["button"]}
)  # fmt: skip
_ROLE_SIGNS: Final = {
    "main": BITS["main_role"], "article": BITS["main_role"], "navigation": BITS["nav"], "menu": BITS["nav"],
    "menubar": BITS["nav"], "tablist": BITS["nav"], "search": BITS["tool"], "contentinfo": BITS["foot"],
    "complementary": BITS["side"], "banner": BITS["head"], "dialog": BITS["consent"],
}  # fmt: skip
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}")
_FAMILY: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in FAMILIES.items()))
_UNSEEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE: Final = re.compile(r"[\s\u200b\ufeff]+")
#: A cell longer than this (code points) is no datum: its row is taken for layout.
_CELL: Final = 200


@lru_cache(maxsize=1 << 16)
def signs_in(word: str) -> int:
    """The mask of the families that one word of a class or id speaks of."""
    mask = 0
    for match in _FAMILY.finditer(word):
        mask |= BITS[match.lastgroup or ""]
    return mask


@dataclass(slots=True)
class Blocks:
    """The blocks of a page, and its containers (block-level elements, parents before children), as columns."""

    text: list[str] = field(default_factory=list)
    #: Share of the block's characters that are link text, in percent.
    linked: list[int] = field(default_factory=list)
    #: The container of each block: the block-level element that its text stands in.
    box: list[int] = field(default_factory=list)
    #: For each container: tag, mask of its own signs, container around it (the first one: itself), kin.
    tag: list[str] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    #: Containers of one kin have the same tags and classes, up to two levels up.
    kin: list[int] = field(default_factory=list)
    #: The blocks inside each container: from ``start`` up to ``end``.
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)


def blocks_of(tree: Any) -> Blocks:
    """The blocks of a page parsed by lxml; reads the tree, changes nothing."""
    body = tree.find(".//body")
    walk = _Walk()
    walk.inside(tree if body is None else body, walk.enter("body", 0, "", 0), False)
    walk.leave(0)
    return walk.blocks


class _Walk:
    """One pass over the tree; ``pieces`` holds the text of the block under way."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.pieces: list[str] = []
        self.linked = 0
        self.names: list[str] = []
        self.kins: dict[tuple[str, str, str], int] = {}

    def enter(self, tag: str, mask: int, name: str, parent: int) -> int:
        """Open a container; returns its number."""
        out = self.blocks
        above = (self.names[parent], self.names[out.parent[parent]]) if out.tag else ("", "")
        out.tag.append(tag)
        out.mask.append(mask)
        out.parent.append(parent)
        self.names.append(name)
        out.kin.append(self.kins.setdefault((name, *above), len(self.kins)))
        out.start.append(len(out.text))
        out.end.append(0)
        return len(out.tag) - 1

    def leave(self, box: int) -> None:
        """Close a container."""
        self.flush(box)
        self.blocks.end[box] = len(self.blocks.text)

    def inside(self, element: Any, box: int, linked: bool) -> None:
        """Read what stands inside ``element``, whose text belongs to container ``box``."""
        if element.text:
            self.add(element.text, linked)
        for child in element:
            tag = child.tag
            if type(tag) is str and tag not in SILENT_TAGS:
                if tag == "br":
                    self.flush(box)
                elif tag in BLOCK_TAGS or "-" in tag:
                    self.flush(box)
                    self.container(child, tag, box, linked)
                else:
                    self.inside(child, box, linked or tag == "a")
            if child.tail:
                self.add(child.tail, linked)

    def container(self, element: Any, tag: str, parent: int, linked: bool) -> None:
        """Read a block-level element."""
        mask, name = _signs(element, tag)
        box = self.enter(tag, mask, name, parent)
        if tag == "pre":
            self.preformatted(element, box)
        elif tag == "tr" and _is_data(element):
            self.row(element, box, linked)
        else:
            self.inside(element, box, linked)
        self.leave(box)

    def row(self, element: Any, box: int, linked: bool) -> None:
        """Read a row of data: its cells on one line."""
        for place, cell in enumerate(element):
            if place:
                self.add(" | ", False)
            self.inside(cell, box, linked)

    def preformatted(self, element: Any, box: int) -> None:
        """Read a block whose line breaks count."""
        text = "".join(element.itertext()).strip("\n")
        if text.strip():
            self.emit("\n".join(line.rstrip() for line in text.split("\n")), 0, box)

    def add(self, text: str, linked: bool) -> None:
        self.pieces.append(text)
        if linked:
            self.linked += len(text)

    def flush(self, box: int) -> None:
        """Close the block under way."""
        if self.pieces:
            raw = "".join(self.pieces)
            text = _SPACE.sub(" ", raw).strip()
            if text and text.strip(" |"):
                self.emit(text, min(100, 100 * self.linked // max(1, len(raw.strip()))), box)
            self.pieces.clear()
            self.linked = 0

    def emit(self, text: str, linked: int, box: int) -> None:
        self.blocks.text.append(text)
        self.blocks.linked.append(linked)
        self.blocks.box.append(box)


def _signs(element: Any, tag: str) -> tuple[int, str]:
    """The mask of an element's own signs, and its name: tag and class."""
    mask = _TAG_SIGNS.get(tag, 0)
    attributes = element.attrib
    if not attributes:
        return mask, tag
    words, name = attributes.get("class", ""), attributes.get("id", "")
    for word in _WORD.findall(f"{words} {name}" if name else words):
        mask |= signs_in(word.lower())
    mask |= _ROLE_SIGNS.get(attributes.get("role", ""), 0)
    if attributes.get("itemprop") == "articleBody":
        mask |= BITS["article_body"]
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or _UNSEEN.search(attributes.get("style", "")):
        mask |= BITS["unseen"]
    return mask, f"{tag}.{words}"


def _is_data(row: Any) -> bool:
    """Whether the cells of a table row hold data: several, short, without blocks inside."""
    if len(row) < 2:
        return False
    for cell in row:
        if cell.tag not in ("td", "th") or any(e.tag in BLOCK_TAGS or e.tag == "br" for e in cell.iterdescendants("*")):
            return False
        if len("".join(cell.itertext()).strip()) > _CELL:
            return False
    return True
