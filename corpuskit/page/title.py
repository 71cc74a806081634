"""The title of a page: its headline, without the site's name.

Pages write several titles: for search engines, for those who share them, and above the text. The one above the
text is meant. Measured on 504 labelled pages, each choice in both halves of the sites.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from corpuskit.page.keys import squeezed

#: What stands between a title and a site's name.
SEPARATOR: Final = re.compile(r"\s+[-–—|»›·•:/]+\s+|\s*[|»›]\s*")
#: Letters and digits of a heading that may be a title.
HEADING: Final = 6
#: Share of a title that a heading must repeat, by its rank: less of it is a section, or the site's name.
SHARE: Final = {"h1": 0.2, "h2": 0.5}
#: How alike an article's heading and its title are, at least: twice the shared over all runs of three letters.
ALIKE: Final = 0.3


class Told(NamedTuple):
    """A title and where it stands."""

    text: str
    where: str


class Titles(NamedTuple):
    """What a page offers: its titles, those of meta elements first; its headings; its headline in JSON-LD."""

    titles: Sequence[Told]
    headings: Sequence[Told]
    headline: str


def page_title(said: Titles, site: Collection[str], *, article: bool) -> Told | None:
    """The heading that says most of the page's title, else the title without the site's name.

    ``site``: the site's names, squeezed. ``article``: whether the page calls itself one; then its only heading of the
    first rank goes before titles of other words.
    """
    if name := _name_above(said):
        said = said._replace(headings=[one for one in said.headings if squeezed(one.text) != name])
        site = {*site, name}
    if repeated := _repeated(said, site):
        return repeated
    first = [heading for heading in said.headings if heading.where == "h1"]
    told = [*(Told(without_site(text, site), where) for text, where in said.titles if text)]
    if said.headline:
        told.insert(0, Told(without_name(said.headline, site), "json-ld headline"))
    if article and len(first) == 1 and _says_otherwise(first[0].text, told):
        return first[0]
    cleaned = next(iter(told), None)
    if cleaned and (said.headline or len(first) != 1 or len(squeezed(cleaned.text)) >= HEADING):
        return cleaned
    return first[0] if first and first[0].text else cleaned


def _name_above(said: Titles) -> str:
    """The name of a book or a site, squeezed: the first of two headings, where titles end in it."""
    ranks = list(dict.fromkeys(squeezed(heading.text) for heading in said.headings if heading.where == "h1"))
    ends = {squeezed(parts[-1]) for title in said.titles if len(parts := SEPARATOR.split(title.text)) > 1}
    return ranks[0] if len(ranks) == 2 and ranks[0] in ends else ""


def _repeated(said: Titles, site: Collection[str]) -> Told | None:
    """The longest heading that a title repeats; the site's name only where nothing else is repeated.

    Of several that are whole parts of a title the last one: a site's or a book's name stands above the headline.
    """
    titles = [squeezed(title.text) for title in said.titles]
    parts = {squeezed(part) for title in said.titles for part in SEPARATOR.split(title.text)}
    whole = [h for h in said.headings if (key := squeezed(h.text)) in parts - set(titles) and key not in site]
    if len({squeezed(heading.text) for heading in whole}) > 1:
        return whole[-1]
    told = [heading for heading in said.headings if _repeats(heading, titles)]
    best = max(told, key=lambda one: (squeezed(one.text) not in site, len(squeezed(one.text))), default=None)
    return best._replace(text=without_name(best.text, site)) if best else None


def _repeats(heading: Told, titles: Sequence[str]) -> bool:
    key = squeezed(heading.text)
    longest = len(key) / SHARE[heading.where]
    return len(key) >= HEADING and any(key in title and len(title) <= longest for title in titles)


def _says_otherwise(heading: str, told: Sequence[Told]) -> bool:
    """Whether a heading says what a title says, in other words; not where it holds the title, and more beside it."""
    key = squeezed(heading)
    keys = [squeezed(title.text) for title in told]
    return not any(one in key for one in keys) and any(_alike(key, one) >= ALIKE for one in keys)


def _alike(one: str, two: str) -> float:
    left, right = ({text[at : at + 3] for at in range(len(text) - 2)} for text in (one, two))
    return 2 * len(left & right) / max(1, len(left) + len(right))


@lru_cache(maxsize=1 << 8)
def _cuts(title: str) -> list[tuple[int, int]]:
    """Where the separators of a title stand; remembered, for a page says its title some ten times."""
    return [m.span() for m in SEPARATOR.finditer(title)]


def without_name(title: str, site: Collection[str]) -> str:
    """A title without its first or last part where that is a name in ``site``."""
    cuts = _cuts(title)
    if cuts and squeezed(title[: cuts[0][0]]) in site:
        return title[cuts[0][1] :].strip()
    return title[: cuts[-1][0]].strip() if cuts and squeezed(title[cuts[-1][1] :]) in site else title


def without_site(title: str, site: Collection[str]) -> str:
    """A title without the site's name before or behind it: what is in ``site``, else a short last part."""
    bare = without_name(title, site)
    cuts = _cuts(title)
    if bare != title or not cuts:
        return bare
    start, end = cuts[-1]
    short = len(title) - end < len(title) / 3
    return title[:start].strip() if short or any(squeezed(title[end:]) in name for name in site) else title
