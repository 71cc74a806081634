"""What a page says about itself to machines: meta elements, links, JSON-LD, and its marked-up times and headings.

Nothing is judged here. Values stand in page order, as written, with entities resolved and white space joined.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

#: Code points of a value; longer ones are no title, name or date.
LONGEST: Final = 500
#: Brackets that JSON-LD may have open at once; hostile pages nest without end.
DEPTH: Final = 100
#: JSON-LD types whose date, author and headline are the page's.
ARTICLES: Final = re.compile(r"Article|Posting|Report|Story|Chapter|Thesis|Recipe$|HowTo$|CreativeWork$|Review$|^Book$|^Course$|^Product$|Dataset$")
_PAGES: Final = re.compile(r"Page$|^VideoObject$|^PodcastEpisode$|^Event$")
#: Where a node's own parts begin: what is found there speaks of other things than the page.
_PARTS: Final = frozenset({"itemListElement", "comment", "hasPart", "mentions", "relatedLink", "isPartOf", "about", "review", "offers"})
_SILENT: Final = frozenset({"script", "style", "svg", "template", "noscript"})
_BREAKS: Final = frozenset({"br", "div", "p", "li", "h1", "h2", "small", "sub"})
_WRAP: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)?|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)?\s*;?\s*$")
_LAST_COMMA: Final = re.compile(r",(\s*[\]}])")
_BRACKET: Final = re.compile(r"[\[\]{}]")
_SPACES: Final = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(slots=True)
class PageData:
    """The claims of a page, each list in page order."""

    #: meta elements by lower-case name, property or itemprop.
    meta: dict[str, list[str]] = field(default_factory=dict)
    #: href of link elements by lower-case rel.
    links: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    #: JSON-LD nodes: articles, pages, and all.
    articles: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    #: time elements: datetime attribute, text, whether marked as the time of publication.
    times: list[tuple[str, str, bool]] = field(default_factory=list)
    #: Text or content of elements with an itemprop or rel, by that name.
    marked: dict[str, list[str]] = field(default_factory=dict)
    language: str = ""
    base: str = ""

    def first(self, *names: str) -> tuple[str, str] | None:
        """The first non-empty value among the meta elements ``names``, with its name."""
        for name in names:
            for value in self.meta.get(name, ()):
                return value, name
        return None


def page_data(tree: Any) -> PageData:
    """Collect the claims of a page parsed by lxml; reads the tree, changes nothing."""
    data = PageData(language=(tree.get("lang") or tree.get("xml:lang") or "").strip())
    for element in tree.iter("meta", "link", "script", "title", "h1", "time", "base"):
        _READ[element.tag](data, element)
    for element in tree.iterfind(".//*[@itemprop]"):
        _mark(data, element, element.get("itemprop"))
    for element in tree.iterfind(".//a[@rel]"):
        if "author" in element.get("rel", "").lower().split():
            _mark(data, element, "rel=author")
    return data


def one_line(text: str) -> str:
    """``text`` with entities resolved (pages escape twice) and white space joined."""
    if "&" in text:
        text = html.unescape(text)
    return _SPACES.sub(" ", text).strip()


def text_of(element: Any) -> str:
    """The visible text of an element on one line."""
    pieces: list[str] = []
    _gather(element, pieces)
    return one_line("".join(pieces))


def _gather(element: Any, pieces: list[str]) -> None:
    """The text inside ``element``, piece by piece, up to :data:`LONGEST` pieces."""
    if element.text:
        pieces.append(element.text)
    for child in element:
        if len(pieces) > LONGEST:
            return
        if type(child.tag) is str and child.tag not in _SILENT:
            broken = child.tag in _BREAKS
            pieces.append(" " if broken else "")
            _gather(child, pieces)
            pieces.append(" " if broken else "")
        if child.tail:
            pieces.append(child.tail)


def _meta(data: PageData, element: Any) -> None:
    content = one_line((element.get("content") or "")[: 4 * LONGEST])
    if content and len(content) <= LONGEST:
        for name in ("property", "name", "itemprop", "http-equiv"):
            key = (element.get(name) or "").strip().lower()
            if key:
                data.meta.setdefault(key, []).append(content)


def _link(data: PageData, element: Any) -> None:
    href = (element.get("href") or "").strip()
    for rel in (element.get("rel") or "").lower().split():
        if href and rel in ("canonical", "shortlink", "amphtml"):
            data.links.setdefault(rel, []).append(href)


def _title(data: PageData, element: Any) -> None:
    if not data.title and element.getparent().tag != "svg":
        data.title = one_line("".join(element.itertext())[: 4 * LONGEST])[:LONGEST]


def _heading(data: PageData, element: Any) -> None:
    text = text_of(element)
    if text and len(text) <= LONGEST:
        data.headings.append(text)


def _time(data: PageData, element: Any) -> None:
    marked = element.get("pubdate") is not None or "datePublished" in (element.get("itemprop") or "")
    data.times.append(((element.get("datetime") or "").strip()[:60], text_of(element)[:80], marked))


def _base(data: PageData, element: Any) -> None:
    data.base = data.base or (element.get("href") or "").strip()


def _mark(data: PageData, element: Any, names: str) -> None:
    if element.tag in ("meta", "link", "html", "body"):
        return
    value = one_line((element.get("content") or element.get("datetime") or "")[:LONGEST]) or text_of(element)
    if value and len(value) <= LONGEST:
        for name in names.split():
            data.marked.setdefault(name, []).append(value)


def _script(data: PageData, element: Any) -> None:
    if "ld+json" not in (element.get("type") or "").lower() or not element.text:
        return
    parsed = _parse(element.text)
    for node in _nodes(parsed):
        data.nodes.append(node)
        kind = " ".join(map(str, _listed(node.get("@type"))))
        if any(ARTICLES.search(name) for name in kind.split()):
            data.articles.append(node)
        elif any(_PAGES.search(name) for name in kind.split()):
            data.pages.append(node)


_READ: Final = {"meta": _meta, "link": _link, "script": _script, "title": _title, "h1": _heading, "time": _time, "base": _base}


def _parse(text: str) -> Any:
    """The JSON in a script element, as pages write it; ``None`` where it cannot be read."""
    text = _WRAP.sub("", text)
    for attempt in (text, _LAST_COMMA.sub(r"\1", text), html.unescape(text)):
        if _too_deep(attempt):
            return None
        try:
            return json.loads(attempt, strict=False)
        except ValueError:
            continue
    return None


def _too_deep(text: str) -> bool:
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > DEPTH:
            return True
    return False


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD document that speak of the page: outer ones first, parts and lists left out."""
    level = _listed(value)
    while level:
        inner: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                yield node
                for key, child in node.items():
                    if key not in _PARTS and isinstance(child, dict | list):
                        inner += _listed(child)
            elif isinstance(node, list):
                inner += node
        level = inner


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts_in(value: Any, *names: str) -> list[str]:
    """Strings in a JSON-LD value: itself, its elements, or the ``names`` of its objects."""
    out: list[str] = []
    for item in _listed(value):
        if isinstance(item, str):
            out.append(one_line(item[: 4 * LONGEST]))
        elif isinstance(item, dict):
            for name in names:
                if isinstance(item.get(name), str):
                    out.append(one_line(item[name][: 4 * LONGEST]))
                    break
        elif isinstance(item, list):
            out += texts_in(item, *names)
    return [text for text in out if text and len(text) <= LONGEST]
