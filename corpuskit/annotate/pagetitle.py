"""The title of a page: its headline, without the name of the site around it.

The headline is the heading that the page's own metadata agrees with. Where heading and
metadata disagree, articles go by their heading, other pages by their ``title`` element.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from corpuskit.annotate.pagedata import PageData, texts_in

#: What sites put between a headline and their name.
_BETWEEN: Final = re.compile(r"\s+(?:[-–—|·•:»«›‹/\\~⋆*]|::|>>|<)\s+|\s*[|»«]\s*|(?<=\S)\s*[：｜]\s*|\s+-{2,}\s+")
#: Share of common letter pairs from which two titles are versions of each other.
ALIKE: Final = 0.5
#: Words of a last part that may be a site's name without any proof.
_NAME_WORDS: Final = 4


def page_title(data: PageData, url: str | None) -> tuple[str, str] | None:
    """The title and where it stands; ``None`` when the page has none."""
    sites = [_letters(name) for name in site_names(data, url)]
    claims = list(_claims(data, sites))
    bare = [without_site(heading, sites) for heading in data.headings]
    headings = [(h, _letters(h)) for h in bare if _letters(h) and _letters(h) not in sites]
    keys = [_letters(text) for text, _ in claims]
    for heading, key in headings:
        if key in keys or any(key == _letters(part) for part in _runs(data.title)):
            return heading, "h1"
    best = max(headings, key=lambda h: max((_likeness(h[1], key) for key in keys), default=0.0), default=None)
    if best and any(_likeness(best[1], key) >= ALIKE for key in keys):
        return best[0], "h1"
    if headings and (not claims or (len(headings) == 1 and _is_article(data))):
        return headings[0][0], "h1"
    return claims[0] if claims else None


def site_names(data: PageData, url: str | None) -> list[str]:
    """What the site calls itself: its declared names, and the words of its host."""
    names = [value for key in ("og:site_name", "application-name", "al:ios:app_name", "twitter:app:name:iphone") for value in data.meta.get(key, ())]
    for node in data.nodes:
        kinds = str(node.get("@type"))
        if re.search(r"WebSite|Organization|NewsMedia|Corporation|Brand", kinds):
            names += texts_in(node.get("name")) + texts_in(node.get("alternateName"))
        names += texts_in(node.get("publisher"), "name") if isinstance(node.get("publisher"), dict | list) else []
    host = urlsplit(url).netloc.lower().split(":")[0] if url else ""
    labels = [label for label in host.removeprefix("www.").split(".")[:-1] if len(label) > 2]
    return [*dict.fromkeys(names), *([host.removeprefix("www.")] if host else []), *labels]


def _claims(data: PageData, sites: list[str]) -> Iterator[tuple[str, str]]:
    """What metadata gives as the title, without the site's name."""
    for node in data.articles:
        for text in texts_in(node.get("headline")):
            yield without_site(text, sites), "json-ld"
    for key in ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title", "sailthru.title"):
        for text in data.meta.get(key, ()):
            yield without_site(text, sites, guess=text == data.title), f"meta[{key}]" if not key.startswith("og:") else key
    if data.title:
        yield without_site(data.title, sites, guess=True), "title"


def without_site(title: str, sites: Iterable[str], *, guess: bool = False) -> str:
    """``title`` without the site's name before or after it; ``guess`` also drops a short last part of unknown name."""
    known = [site for site in sites if len(site) > 1]
    parts = _parts(title)
    while len(parts) > 1:
        last, first = _letters(title[parts[-1][0] :]), _letters(title[: parts[0][1]])
        if _is_site(last, known):
            parts.pop()
        elif _is_site(first, known):
            parts.pop(0)
        else:
            break
    if guess and len(parts) > 1 and (parts[-1][1] == len(title)) and parts[0][0] == 0:
        last = title[parts[-1][0] : parts[-1][1]]
        if len(last.split()) <= _NAME_WORDS and len(last) < parts[-2][1] - parts[0][0]:
            parts.pop()
    return title[parts[0][0] : parts[-1][1]]


def _is_site(letters: str, known: list[str]) -> bool:
    return any(letters == site or (len(site) > 3 and (letters in site or (site in letters and len(letters) <= 2 * len(site)))) for site in known if letters)


def _parts(title: str) -> list[tuple[int, int]]:
    """Where the parts of a title stand."""
    parts, at = [], 0
    for match in _BETWEEN.finditer(title):
        if match.start() > at:
            parts.append((at, match.start()))
        at = match.end()
    if at < len(title):
        parts.append((at, len(title)))
    return parts or [(0, len(title))]


def _runs(title: str) -> Iterator[str]:
    """Every run of neighbouring parts of a title."""
    parts = _parts(title)[:8]
    for first in range(len(parts)):
        for last in range(first, len(parts)):
            yield title[parts[first][0] : parts[last][1]]


def _is_article(data: PageData) -> bool:
    kind = data.first("og:type")
    return bool(data.articles) or (kind is not None and "article" in kind[0].lower()) or "article:published_time" in data.meta


def _likeness(one: str, other: str) -> float:
    """How alike two titles are: 1 when one begins the other, else the share of common letter pairs (Dice)."""
    if not one or not other:
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 8 and short in long:
        return 1.0
    pairs, others = {one[i : i + 2] for i in range(len(one) - 1)}, {other[i : i + 2] for i in range(len(other) - 1)}
    return 2 * len(pairs & others) / max(1, len(pairs) + len(others))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
