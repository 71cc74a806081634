"""Templates that the recipe pins: known before the corpus shows them, on the sites and in the zones that it names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.annotate.affixes import affix_hash
from corpuskit.annotate.sites import site_hash
from corpuskit.recipe.tables import Template
from corpuskit.rules.findings import Batch, Flags
from corpuskit.text.lines import table_of_lines
from corpuskit.text.segment import Zone

_ZONES: Final = {zone.name.lower(): int(zone) for zone in Zone}
#: Zones of titles, and whether the site's name stands behind the title there.
_SIDES: Final = {"title-head": False, "title-tail": True}
#: Odd constants (2^64 over the golden ratio; the second of MurmurHash3): site, zone and shape as one number.
_SITE: Final = np.uint64(0x9E3779B97F4A7C15)
_ZONE: Final = np.uint64(0xC4CEB9FE1A85EC53)


def pinned_lines(batch: Batch) -> tuple[Flags, Flags]:
    """Lines that are pinned for the head or tail of pages, and lines that are pinned for the body or all of a page.

    The first share the cautions of learnt templates; the second a person has written.
    """
    none = np.zeros(len(batch.lines), bool)
    keys = _line_keys(batch.recipe.clean.templates)
    if not any(map(len, keys)):
        return none, none
    lines = batch.lines
    shape, site = lines.shape, batch.sites[lines.doc]
    in_zone = _key(shape, site, batch.shape.zone)
    edge, body, everywhere = keys
    anywhere = _key(shape, site, np.full(len(lines), len(_ZONES)))
    told = shape != 0
    return told & np.isin(in_zone, edge), told & (np.isin(in_zone, body) | np.isin(anywhere, everywhere))


def pinned_affixes(batch: Batch) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """For each document of a site with pinned ends of titles, their hashes."""
    affixes = _affixes(batch.recipe.clean.templates)
    for doc, site in enumerate(batch.sites.tolist() if affixes else ()):
        if site in affixes:
            yield doc, affixes[site]


@lru_cache(maxsize=16)
def _line_keys(templates: tuple[Template, ...]) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Keys of the lines pinned at the edges, in the body, and everywhere."""
    kinds = (("head", "tail"), ("body",), ("any",))
    edge, body, everywhere = (_keys_of([t for t in templates if t.zone in zones]) for zones in kinds)
    return edge, body, everywhere


def _keys_of(templates: list[Template]) -> NDArray[np.uint64]:
    shape = table_of_lines(["\n".join(t.line for t in templates)]).shape[: len(templates)]
    site = np.array([site_hash(t.site) for t in templates], np.uint64)
    return _key(shape, site, np.array([_ZONES.get(t.zone, len(_ZONES)) for t in templates], np.int64))


def _key(shape: NDArray[np.uint64], site: NDArray[np.uint64], zone: NDArray[np.integer]) -> NDArray[np.uint64]:
    return np.asarray(shape ^ (site * _SITE) ^ (zone.astype(np.uint64) * _ZONE), np.uint64)


@lru_cache(maxsize=16)
def _affixes(templates: tuple[Template, ...]) -> dict[int, NDArray[np.uint64]]:
    """Hash of a site → hashes of the ends of its titles."""
    found: dict[int, list[int]] = {}
    for template in templates:
        if template.zone in _SIDES:
            told = affix_hash(template.line, _SIDES[template.zone])
            found.setdefault(site_hash(template.site), []).append(told)
    return {site: np.array(hashes, np.uint64) for site, hashes in found.items()}
