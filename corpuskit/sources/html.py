"""HTML pages → main text and metadata (stand-in until the reader lands)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from corpuskit.sources.unreadable import Unreadable


@dataclass(frozen=True, slots=True)
class Page:
    """A page's main text and what it says about itself."""

    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    source_url: str | None = None
    date: datetime.date | None = None
    language: str | None = None
    came_from: dict[str, str] = field(default_factory=dict)
    extractor: str = "trafilatura 2.3.1"


def read_html(data: bytes, *, url: str | None = None) -> Page:
    """Extract a page."""
    import trafilatura

    d = trafilatura.bare_extraction(data, url=url, with_metadata=True, deduplicate=False, include_comments=False)
    if d is None or not d.text:
        raise Unreadable("no main text found in the page")
    return Page(d.text, d.title, d.author, d.sitename, d.url, datetime.date.fromisoformat(d.date) if d.date else None, d.language)
