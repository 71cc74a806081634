"""What an HTML page says about itself: JSON-LD, Open Graph, meta and time elements, headings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final
from urllib.parse import urljoin

from corpuskit.page.authors import shown_author
from corpuskit.page.dates import Clues, Dated, page_date
from corpuskit.page.jsonld import WRITTEN, Facts, json_ld, name_of
from corpuskit.page.keys import squeezed
from corpuskit.page.lines import Line
from corpuskit.page.surroundings import Surroundings, surroundings
from corpuskit.page.title import Titles, Told, page_title, without_site
from corpuskit.page.tree import elements, found

TITLES: Final = ("og:title", "twitter:title", "title", "dc.title", "parsely-title", "sailthru.title")
DATES: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created",
    "dcterms.issued", "sailthru.date", "parsely-pub-date", "article.published", "cxenseparse:recs:publishtime",
    "date.release", "originalpublicationdate", "citation_publication_date", "citation_date", "article_date_original",
    "published_date", "created", "release_date", "pub_date", "date.created", "datecreated", "dc.date.created",
    "bt:pubdate", "creation_date",
)  # fmt: skip
AUTHORS: Final = (
    "author",
    "article:author_name",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "dcterms.creator",
    "article:author",
)
#: Those that scholarly pages repeat for each author, often in the order of a bibliography.
CITED: Final = ("citation_author", "dc.creator", "dcterms.creator")
#: Meta names of the page's address, where no canonical link tells it.
ADDRESSES: Final = (
    "twitter:url",
    "al:web:url",
    "parsely-link",
    "dc.identifier",
    "dcterms.identifier",
    "citation_public_url",
)
#: Elements that mark the day of publication, in HTML, microdata and RDFa. (Asked of all elements, each test counts.)
MARKED_TIMES: Final = (
    "//@itemprop[.='datePublished']/.."
    "|/descendant::time[@pubdate or contains(@class,'publish') or contains(@class,'entry-date')]"
    "|//span/@property[contains(.,'dc:date') or .='schema:datePublished']/.."
)
#: Elements that mark the author.
MARKED_AUTHORS: Final = "//a/@rel[.='author']/..|//@itemprop[.='author']/..|//span/@property[.='schema:author']/.."
#: … and the name in such an element.
NAMED: Final = "descendant::*[@itemprop='name' or @property='schema:name' or @property='foaf:name']"
#: Meta names of other sites for it.
PUBLISHED: Final = re.compile(r"publi(?!sher)|upload|issued")
#: Where numeric dates put the month first.
MONTH_FIRST: Final = re.compile(r"en[-_]us", re.I)

#: The name of an account: "admin", "jane.doe", "web_team".
ACCOUNT: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
#: What is no name: an address, or that of a site.
NO_NAME: Final = re.compile(r"://|@|^/|^\S+\.[a-z]{2,4}$")
#: Whether a heading may be the page's own; those of menus are not.
OWN_HEADING: Final = "self::h1 or not(ancestor::nav)"
#: What a heading says: all but its buttons.
SAID: Final = "descendant::text()[not(ancestor::button)]"
#: What opens a byline.
LABEL: Final = re.compile(r"^(?:written by|by|von|par|por|di|door|oleh|โดย)(?:[:\s]+|$)", re.I)

#: A part of a host's name that may name the site, letters.
NAME: Final = 4


def page_facts(tree: Any, lines: Sequence[Line], url: str | None = None) -> Facts:
    """Title, author, publisher, source_url, date, language and ``came_from`` (field → where), all but it optional.

    ``lines`` are those of the page (:func:`~corpuskit.page.lines.page_lines`); ``url``: where it was found.
    """
    page = _Said(tree, lines, url)
    told = {
        "title": page.title(),
        "author": page.author(),
        "publisher": page.first("publisher", "og:site_name", "application-name"),
        "source_url": page.address,
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
            content = _plain(node.get("content", "")) if name else ""
            if name in CITED and content:
                content = ", ".join(filter(None, (self.meta.pop(name, ""), _turned(content))))
            if content:
                self.meta.setdefault(name, content)
        self.data = json_ld(tree)

    def first(self, key: str, *names: str) -> tuple[str, str] | None:
        """The value of a JSON-LD key, else of the first of these meta names."""
        if value := name_of(self.data.get(key)):
            return value, f"json-ld {key}"
        name = next((name for name in names if self.meta.get(name)), None)
        return (self.meta[name], name) if name else None

    def title(self) -> tuple[str, str] | None:
        """The headline, as the page writes it above its text where it does."""
        own = elements(self.tree, ["h1", "h2"], OWN_HEADING)
        headings = [Told(_plain("".join(found(SAID, node))), node.tag) for node in own]
        said = Titles(list(self._titles()), headings, name_of(self.data.get("headline")))
        return page_title(said, self.site, article=self.is_article())

    @cached_property
    def site(self) -> frozenset[str]:
        """The names of the site, squeezed."""
        host = self.address[0].split("/")[2].removeprefix("www.") if self.address else ""
        said = (name_of(self.data.get("publisher")), self.meta.get("og:site_name", ""))
        names = [*said, host, *(label for label in host.split(".") if len(label) >= NAME)]
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
        """The author's name, as the page states it, else as its byline says; the byline of a person goes first."""
        stated = next(self._stated_authors(), None)
        if stated and not self._is_nobody(*stated):
            return stated
        shown = shown_author(self.around)
        return (shown, "byline") if shown and (stated is None or _is_full(shown)) else stated

    def _is_nobody(self, name: str, where: str) -> bool:
        """Whether a name is that of an account, of the site or of another house."""
        said = self.data.get("author") if where == "json-ld author" else None
        house = isinstance(said, dict) and "Organization" in str(said.get("@type"))
        return house or ACCOUNT.fullmatch(name) is not None or squeezed(name) in self.site

    def _stated_authors(self) -> Iterator[tuple[str, str]]:
        """The names of authors that the page states; an address or a number is none."""
        for text, where in self._authors():
            name = LABEL.sub("", text)
            if 2 < len(name) <= 120 and any(map(str.isalpha, name)) and not NO_NAME.search(name):
                yield name, where

    def _authors(self) -> Iterator[tuple[str, str]]:
        yield name_of(self.data.get("author")), "json-ld author"
        yield from ((self.meta[name], name) for name in AUTHORS if name in self.meta)
        for node in found(MARKED_AUTHORS, self.tree):
            if "Organization" not in node.get("itemtype", ""):
                yield _told(next(iter(found(NAMED, node)), node)), "rel=author"

    @cached_property
    def address(self) -> tuple[str, str] | None:
        """The canonical address of the page; http and https only."""
        for href, where in self._addresses():
            try:
                full = urljoin(self.url, _plain(href))
            except ValueError:  # a page may hold anything: https://[
                continue
            if re.match(r"https?://[^/\s]+", full):
                return full, where
        return None

    def _addresses(self) -> Iterator[tuple[str, str]]:
        links = [node.get("href", "") for node in self.tree.iter("link") if node.get("rel", "").lower() == "canonical"]
        yield from ((href, "canonical") for href in links)
        yield from ((self.meta.get("og:url", ""), "og:url"), (self.url, "given"))
        page = self.data.get("mainEntityOfPage")
        told = page.get("@id") or page.get("url") if isinstance(page, dict) else page
        yield from ((name_of(value), "json-ld address") for value in (told, self.data.get("url")))
        yield from ((self.meta.get(name, ""), name) for name in ADDRESSES)

    def date(self) -> Dated | None:
        """The day of publication."""
        times = [node.get("datetime") for node in self.tree.iter("time") if node.get("datetime")]
        address = self.address[0] if self.address else ""
        day_first = not MONTH_FIRST.search(self.language())
        return page_date(Clues(self._dates(), times, address, lambda: self.around, day_first))

    @cached_property
    def around(self) -> Surroundings:
        """What stands around the heading of the page."""
        body = self.tree.find(".//body")
        told = [*(text for text, _ in self._titles()), name_of(self.data.get("headline"))]
        titles = [*told, *(without_site(text, self.site) for text in told)]
        return surroundings(body, self.lines, titles) if body is not None else Surroundings([], [])

    def _dates(self) -> Iterator[tuple[str, str]]:
        yield name_of(self.data.get("datePublished")), "json-ld datePublished"
        yield from ((self.meta[name], name) for name in DATES if name in self.meta)
        yield from ((value, name) for name, value in self.meta.items() if PUBLISHED.search(name))
        yield name_of(self.data.get("dateCreated")), "json-ld dateCreated"
        for node in found(MARKED_TIMES, self.tree)[:3]:
            yield _told(node), "time element"


def _is_full(name: str) -> bool:
    """Whether a name has a first and a last part, where its script would show it."""
    return " " in name or name.lower() == name.upper()


def _turned(name: str) -> str:
    """A name as it is read: "Miller, Jane" as "Jane Miller"."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and "," not in first else name


def _told(node: Any) -> str:
    """What a marked element says: to machines where it does, else to readers."""
    names = ("datetime", "content", "title") if node.tag in ("time", "abbr") else ("content",)
    return _plain(next(filter(None, map(node.get, names)), "") or node.text_content())


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
