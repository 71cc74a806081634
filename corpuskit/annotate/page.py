"""What an HTML page says about itself: JSON-LD, Open Graph, meta and time elements, headings."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from corpuskit.annotate.dates import dateline, parse_iso

#: JSON-LD types whose facts are those of the page itself.
ARTICLES: Final = re.compile(r"Article|Posting|Report|Review|Recipe|Event|WebPage|Product|Question|Book|Video", re.I)
#: What stands between a title and a site's name.
SEPARATOR: Final = re.compile(r"\s+[-–—|»›·•:/]+\s+|\s*[|»›]\s*")
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
#: Texts below the heading that may be its dateline, and how long one is (code points).
BELOW: Final = 40
DATELINE: Final = 110

Facts = dict[str, Any]


def page_facts(tree: Any, url: str | None = None) -> Facts:
    """Title, author, publisher, source_url, date, language and ``came_from`` (field → where), all but it optional."""
    page = _Said(tree)
    found = {
        "title": page.title(),
        "author": page.author(),
        "publisher": page.first("publisher", "og:site_name", "application-name"),
        "source_url": page.address(url),
        "date": page.date(),
        "language": (tree.get("lang") or page.meta.get("og:locale", ""), "html lang"),
    }
    kept = {name: pair for name, pair in found.items() if pair and pair[0]}
    facts: Facts = {name: value for name, (value, _) in kept.items()}
    return facts | {"came_from": {name: where for name, (_, where) in kept.items()}}


class _Said:
    """The places of a page where it speaks of itself."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
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
        """The headline: a heading that the page's title repeats, else the title without the site's name."""
        node = self.tree.find(".//title")
        named = _plain(node.text_content()) if node is not None else ""
        told = [(self.meta[name], name) for name in TITLES if self.meta.get(name)] + [(named, "title element")]
        headings = [_plain(h.text_content()) for h in self.tree.iter("h1")]
        titles = [_squeezed(text) for text, _ in told]
        for heading in headings:
            squeezed = _squeezed(heading)
            if len(squeezed) > 5 and any(squeezed in title for title in titles):
                return heading, "h1"
        if headline := _name(self.data.get("headline")):
            return headline, "json-ld headline"
        site = _squeezed((self.first("publisher", "og:site_name") or ("",))[0])
        cleaned = next(((without_site(text, site), where) for text, where in told if text), None)
        if cleaned and (len(headings) != 1 or len(_squeezed(cleaned[0])) > 5):
            return cleaned
        return (headings[0], "h1") if headings and headings[0] else cleaned

    def author(self) -> tuple[str, str] | None:
        """The author's name; an address or a handle is none."""
        found = self.first("author", *AUTHORS)
        if found is None:
            node = next(iter(self.tree.xpath("//a[@rel='author']|//*[@itemprop='author']")), None)
            found = (_plain(node.text_content()), "rel=author") if node is not None else None
        name = re.sub(r"^(?:by|von|par|por|di|door|oleh|โดย)[:\s]+", "", found[0], flags=re.I) if found else ""
        return (name, found[1]) if found and 2 < len(name) <= 120 and "://" not in name and "@" not in name else None

    def address(self, url: str | None) -> tuple[str, str] | None:
        """The canonical address of the page; http and https only."""
        links = self.tree.xpath("//link[@rel='canonical']/@href")
        said = [(href, "canonical") for href in links] + [(self.meta.get("og:url", ""), "og:url"), (url or "", "given")]
        for href, where in said:
            full = urljoin(url or "", _plain(href))
            if re.match(r"https?://[^/\s]+", full):
                return full, where
        return None

    def date(self) -> tuple[datetime.date, str] | None:
        """The day of publication, from where the page states it, else from a dateline below its heading."""
        for value, where in self._dates():
            if value and (date := parse_iso(value)):
                return date, where
        return self._below_heading()

    def _below_heading(self) -> tuple[datetime.date, str] | None:
        """The first dateline among the texts that follow the heading."""
        body = self.tree.find(".//body")
        pieces = [text for piece in (body.itertext() if body is not None else ()) if (text := _plain(piece))]
        heading = _squeezed((self.title() or ("",))[0])
        start = next((i for i, piece in enumerate(pieces) if heading and _squeezed(piece) == heading), None)
        if start is None:
            return None
        for i in range(start + 1, min(len(pieces), start + BELOW)):
            for line in (pieces[i], " ".join(pieces[i : i + 2])):
                if any(c.isdigit() for c in line) and len(line) <= DATELINE and (found := dateline(line)):
                    return found.date, "dateline"
        return None

    def _dates(self) -> Iterator[tuple[str, str]]:
        yield _name(self.data.get("datePublished")), "json-ld datePublished"
        yield from ((self.meta[name], name) for name in DATES if name in self.meta)
        for node in self.tree.xpath(MARKED_TIMES)[:3]:
            yield node.get("datetime") or node.get("content") or _plain(node.text_content()), "time element"


def without_site(title: str, site: str) -> str:
    """A title without the site's name before or behind it: the part that equals ``site``, else a short last part."""
    parts = SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    cuts = [m.span() for m in SEPARATOR.finditer(title)]
    if site and _squeezed(parts[0]) == site:
        return title[cuts[0][1] :].strip()
    short = len(parts[-1]) < len(title) / 3
    return title[: cuts[-1][0]].strip() if short or (site and _squeezed(parts[-1]) in site) else title


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    for node in tree.xpath("//script[@type='application/ld+json']"):
        try:
            yield from _objects(json.loads(node.text or "", strict=False))
        except (ValueError, RecursionError):
            continue


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
    for found in sorted(objects, key=lambda o: "WebPage" in str(o.get("@type"))):
        for key, value in found.items():
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


def _squeezed(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
