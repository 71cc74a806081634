"""Who wrote a page, as its metadata and its byline say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from corpuskit.annotate.dates import find_dates
from corpuskit.annotate.pagedata import PageData, texts_in

#: Code points of a byline; a longer text is a biography.
LONGEST: Final = 120
#: Words of one name.
_NAME_WORDS: Final = 8

_META: Final = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author",
    "byl", "authors", "creator", "og:author", "og:article:author", "book:author", "cxenseparse:author",
)  # fmt: skip
#: Words before a name. A following colon or space is part of them.
_BY: Final = re.compile(
    r"^\W*(?:(?:written|posted|published|reviewed|updated|edited|photos?|story|words|text)\s+)*(?:by|von|par|por|di|van|av|af|door|przez|"
    r"autor(?:in|a|en)?|author|auteur|redaktion|автор|текст|συντάκτης|του|tác giả|โดย|ผู้เขียน|作者|記者|记者|編輯|编辑|文|撰文|글|기자)"
    r"(?:\s*[:：/|]\s*|\s+|(?<=[\u0e00-\u9fff\uac00-\ud7a3]))",
    re.IGNORECASE,
)
_WHERE: Final = re.compile(r"https?://\S*|www\.\S+|\S+@\S+\.\S+|(?<!\S)@\w+")
_TAIL: Final = re.compile(r"\s*(?:[|•·]|\s[-–—]\s|\bon\b\s|\bin\b\s|,?\s*(?:last\s+)?updated\b|\d+ min).*$", re.IGNORECASE)
_NO_NAME: Final = re.compile(
    r"^(?:admin(?:istrator)?|editor(?:ial)?s?|staff|webmaster|user|root|guest|anonymous|unknown|none|null|n/?a|author|team|super ?user|"
    r"redaktion|redacción|rédaction|redazione|system|info|true|false|undefined|default)$",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(r"[^\W\d_]")


def page_author(data: PageData, bylines: Iterable[str], sites: Iterable[str]) -> tuple[str, str] | None:
    """The authors, joined by ``; ``, and where they stand; ``None`` when the page names none.

    ``bylines`` are short lines near the headline that look like one, ``sites`` the site's own names.
    """
    known = {_letters(site) for site in sites}
    for source, values in _claims(data, bylines):
        names = list(dict.fromkeys(name for value in values for name in names_in(value) if _letters(name) not in known))
        if names:
            return "; ".join(names), source
    return None


def names_in(value: str) -> Iterator[str]:
    """The names in a byline, without "by", addresses, dates and what follows them."""
    if len(value) > LONGEST:
        return
    value = _BY.sub("", _WHERE.sub(" ", value)).strip()
    dates = find_dates(value)
    if dates:
        value = value[: dates[0].start]
    value = _TAIL.sub("", value).strip(" ,;:|-–—/·•()[]\"'")
    for name in re.split(r"\s*;\s*|\s+&\s+|\s+and\s+(?=[A-Z])", value):
        name = _BY.sub("", name).strip(" ,")
        if name and len(name.split()) <= _NAME_WORDS and _LETTER.search(name) and len(name) > 1 and not _NO_NAME.match(name):
            yield name


def _claims(data: PageData, bylines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Places that may name authors, the surest first."""
    for node in data.articles[:3]:
        yield "json-ld", texts_in(node.get("author"), "name")
    for name in _META:
        yield f"meta[{name}]", data.meta.get(name, [])
    yield "itemprop", data.marked.get("author", [])[:1]
    yield "rel=author", data.marked.get("rel=author", [])[:1]
    for line in bylines:
        yield "byline", [line]
    for node in (*data.articles[:3], *data.pages[:1]):
        yield "json-ld", texts_in(node.get("creator"), "name") + texts_in(node.get("author"), "name")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
