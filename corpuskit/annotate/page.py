"""What an HTML page says about itself: JSON-LD, Open Graph, meta and time elements, headings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final
from urllib.parse import urljoin

from corpuskit.annotate.pagedates import Clues, Dated, page_date
from corpuskit.annotate.pagelines import Line, squeezed
from corpuskit.annotate.pagetitle import Titles, Told, page_title, without_site
from corpuskit.annotate.pagetree import found
from corpuskit.annotate.shownauthors import shown_author
from corpuskit.annotate.surroundings import Surroundings, surroundings

#: JSON-LD types whose facts are those of the page itself.
ARTICLES: Final = re.compile(r"Article|Posting|Report|Review|Recipe|Event|WebPage|Product|Question|Book|Video", re.I)
#: … and those that somebody wrote.
WRITTEN: Final = re.compile(r"Article|Posting|Report|Review|Recipe")
TITLES: Final = ("og:title", "twitter:title", "title", "dc.title", "parsely-title", "sailthru.title")
DATES: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created",
    "dcterms.issued", "sailthru.date", "parsely-pub-date", "article.published", "cxenseparse:recs:publishtime",
    "date.release", "originalpublicationdate", "citation_publication_date", "citation_date", "article_date_original",
    "published_date", "created", "release_date",
)  # fmt: skip
AUTHORS: Final = (
    "author",
    "article:author_name",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
)
#: Elements that mark the day of publication.
MARKED_TIMES: Final = (
    "//*[@itemprop='datePublished']|//time[@pubdate]"
    "|//time[contains(@class,'publish') or contains(@class,'entry-date')]"
)
#: Meta names of other sites for it.
PUBLISHED: Final = re.compile(r"publi(?!sher)|upload|issued")
#: Where numeric dates put the month first.
MONTH_FIRST: Final = re.compile(r"en[-_]us", re.I)

#: A part of a host's name that may name the site, letters.
NAME: Final = 4

Facts = dict[str, Any]


def page_facts(tree: Any, lines: Sequence[Line], url: str | None = None) -> Facts:
    """Title, author, publisher, source_url, date, language and ``came_from`` (field → where), all but it optional.

    ``lines`` are those of the page (:func:`~corpuskit.annotate.pagelines.page_lines`); ``url``: where it was found.
    """
    page = _Said(tree, lines, url)
    told = {
        "title": page.title(),
        "author": page.author(),
        "publisher": page.first("publisher", "og:site_name", "application-name"),
        "source_url": page.address(),
        "date": page.date(),
        "language": (page.language(), "html lang"),
    }
    kept = {name: pair for name, pair in told.items() if pair and pair[0]}
    facts: Facts = {name: value for name, (value, _) in kept.items()}
    return facts | {"came_from": {name: where for name, (_, where) in kept.items()}}


class _Said:
    """The places of a page where it speaks of itself."""

    def __init__(self, tree: Any, lines: Sequence[Line], url: str | None) -> None:
        self.tree, self.lines, self.url = tree, lines, url or ""
        self.meta: dict[str, str] = {}
        for node in tree.iter("meta"):
            name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
            if name and node.get("content"):
                self.meta.setdefault(name, _plain(node.get("content")))
        self.data = _merged(_json_ld(tree))

    def first(self, key: str, *names: str) -> tuple[str, str] | None:
        """The value of a JSON-LD key, else of the first of these meta names."""
        if value := _name(self.data.get(key)):
            return value, f"json-ld {key}"
        name = next((name for name in names if self.meta.get(name)), None)
        return (self.meta[name], name) if name else None

    def title(self) -> tuple[str, str] | None:
        """The headline, as the page writes it above its text where it does."""
        headings = [Told(_plain(node.text_content()), node.tag) for node in self.tree.iter("h1", "h2")]
        said = Titles(list(self._titles()), headings, _name(self.data.get("headline")))
        return page_title(said, self.site, article=self.is_article())

    @cached_property
    def site(self) -> frozenset[str]:
        """The names of the site, squeezed."""
        named = self.first("publisher", "og:site_name")
        address = self.address()
        host = address[0].split("/")[2].removeprefix("www.") if address else ""
        names = [named[0] if named else "", host, *(label for label in host.split(".") if len(label) >= NAME)]
        return frozenset(filter(None, map(squeezed, names)))

    def is_article(self) -> bool:
        """Whether the page calls itself an article."""
        return (
            self.meta.get("og:type", "").lower() == "article"
            or "article:published_time" in self.meta
            or WRITTEN.search(str(self.data.get("@type"))) is not None
        )

    def _titles(self) -> Iterator[Told]:
        yield from (Told(self.meta[name], name) for name in TITLES if self.meta.get(name))
        node = self.tree.find(".//title")
        yield Told(_plain(node.text_content()) if node is not None else "", "title element")

    def language(self) -> str:
        """The language that the page declares, as it writes it."""
        return self.tree.get("lang") or self.meta.get("og:locale", "")

    def author(self) -> tuple[str, str] | None:
        """The author's name, as the page states it, else as its byline says; an address or a handle is none."""
        return self._stated_author() or ((shown, "byline") if (shown := shown_author(self.around)) else None)

    def _stated_author(self) -> tuple[str, str] | None:
        said = self.first("author", *AUTHORS)
        if said is None:
            node = next(iter(found("//a[@rel='author']|//*[@itemprop='author']", self.tree)), None)
            said = (_plain(node.text_content()), "rel=author") if node is not None else None
        name = re.sub(r"^(?:by|von|par|por|di|door|oleh|โดย)[:\s]+", "", said[0], flags=re.I) if said else ""
        return (name, said[1]) if said and 2 < len(name) <= 120 and "://" not in name and "@" not in name else None

    def address(self) -> tuple[str, str] | None:
        """The canonical address of the page; http and https only."""
        links = [node.get("href", "") for node in self.tree.iter("link") if node.get("rel") == "canonical"]
        said = [(href, "canonical") for href in links] + [(self.meta.get("og:url", ""), "og:url"), (self.url, "given")]
        for href, where in said:
            try:
                full = urljoin(self.url, _plain(href))
            except ValueError:  # a page may hold anything: https://[
                continue
            if re.match(r"https?://[^/\s]+", full):
                return full, where
        return None

    def date(self) -> Dated | None:
        """The day of publication."""
        times = [node.get("datetime") for node in self.tree.iter("time") if node.get("datetime")]
        address = self.address()
        day_first = not MONTH_FIRST.search(self.language())
        return page_date(Clues(self._dates(), times, address[0] if address else "", lambda: self.around, day_first))

    @cached_property
    def around(self) -> Surroundings:
        """What stands around the heading of the page."""
        body = self.tree.find(".//body")
        told = [*(text for text, _ in self._titles()), _name(self.data.get("headline"))]
        titles = [*told, *(without_site(text, self.site) for text in told)]
        return surroundings(body, self.lines, titles) if body is not None else Surroundings([], [])

    def _dates(self) -> Iterator[tuple[str, str]]:
        yield _name(self.data.get("datePublished")), "json-ld datePublished"
        yield from ((self.meta[name], name) for name in DATES if name in self.meta)
        yield from ((value, name) for name, value in self.meta.items() if PUBLISHED.search(name))
        for node in found(MARKED_TIMES, self.tree)[:3]:
            yield node.get("datetime") or node.get("content") or _plain(node.text_content()), "time element"


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    for node in tree.iter("script"):
        if node.get("type") == "application/ld+json":
            yield from _objects(_json(node.text or ""))


def _json(text: str) -> Any:
    """What a script of JSON says; some pages escape it like text. None if it is broken."""
    import html

    for reading in (text, html.unescape(text)):
        try:
            return json.loads(reading, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield from _objects(value.get("@graph", []))
        if ARTICLES.search(str(value.get("@type", ""))):
            yield value


def _merged(objects: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """The facts of all objects, those of articles before those of mere pages."""
    merged: dict[str, Any] = {}
    for facts in sorted(objects, key=lambda o: "WebPage" in str(o.get("@type"))):
        for key, value in facts.items():
            merged.setdefault(key, value)
    return merged


def _name(value: Any) -> str:
    """A JSON-LD value as text: its name, or that of the first of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:3])))
    if isinstance(value, dict):
        return _name(value.get("name"))
    return _plain(value) if isinstance(value, str) else ""


def _plain(text: str) -> str:
    import html

    return " ".join(html.unescape(text).split())
