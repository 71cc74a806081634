"""Sites: the pages that one template makes, told by the host of their address, else by their folder."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import xxhash

from corpuskit.annotate.urls import last_url

#: The address of a host without a port, a user or letters beyond ASCII: nearly all are such.
_PLAIN: Final = re.compile(r"https?://([A-Za-z0-9.-]+)(?:[/?#]|$)")


def site_name(url: str | None, text: str, name: str) -> str:
    """The site of a document: the host of its ``url``, or of the last one in its ``text``, without ``www.``.

    A document without either belongs to the first folder of its ``name`` (its path in the
    sources): ``/folder``, or ``/`` for one that stands in none.
    """
    host = _host(url or last_url(text) or "")
    return host.removeprefix("www.") if host else "/" + name.rpartition("/")[0].partition("/")[0]


def _host(url: str) -> str | None:
    if plain := _PLAIN.match(url):
        return plain[1].lower()
    try:
        return urlsplit(url).hostname if "//" in url else None
    except ValueError:  # a page may hold anything: https://[
        return None


def site_hash(site: str) -> int:
    """64 bits that stand for a site in the tables of a build."""
    return int(xxhash.xxh3_64_intdigest(site.encode("utf-8", "backslashreplace")))


def meant_sites(host: str) -> tuple[int, ...]:
    """The sites that a person may mean by a name in a recipe: a host, with or without ``www.``, or a folder."""
    return site_hash(host.lower().removeprefix("www.")), site_hash("/" + host.strip("/"))
