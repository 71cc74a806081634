"""JSON-LD: what a page tells machines about itself, as sites really write it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

#: Types whose facts are those of the page itself.
ARTICLES: Final = re.compile(r"Article|Posting|Report|Review|Recipe|Event|WebPage|Product|Question|Book|Video", re.I)
#: … and those that somebody wrote.
WRITTEN: Final = re.compile(r"Article|Posting|Report|Review|Recipe")
#: Keys below which the thing itself stands that a page is about.
_INNER: Final = ("@graph", "mainEntity")
#: Names of one value that are joined.
NAMES: Final = 3

Facts = dict[str, Any]

_MARKUP: Final = re.compile(r"<!--|-->|/?/?<!\[CDATA\[|/?/?\]\]>|/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)
_COMMA_TOO_MANY: Final = re.compile(r",(?=\s*[}\]])")
_BETWEEN: Final = re.compile(r"[\s,;]*")


def json_ld(tree: Any) -> Facts:
    """The facts of all objects of a page, those of articles before those of mere pages; references are followed."""
    try:
        return _merged(tree)
    except RecursionError:  # lists in lists in lists
        return {}


def _merged(tree: Any) -> Facts:
    said = [value for node in tree.iter("script") if _is_json_ld(node) for value in _values(node.text or "")]
    known = {one["@id"]: one for one in _all(said) if isinstance(one.get("@id"), str) and len(one) > 1}
    merged: Facts = {}
    for facts in sorted(_objects(said), key=lambda one: "WebPage" in str(one.get("@type"))):
        for key, value in facts.items():
            merged.setdefault(key, _followed(value, known))
    return merged


def name_of(value: Any) -> str:
    """A value as text: its name, or those of the first of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(name_of, value[:NAMES])))
    if isinstance(value, dict):
        return name_of(value.get("name") or value.get("@value"))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def _is_json_ld(node: Any) -> bool:
    return str(node.get("type")).partition(";")[0].strip().lower() == "application/ld+json"


def _values(text: str) -> list[Any]:
    """What a script says; some pages escape it like text, comment it, or leave a comma too many. Empty if broken."""
    try:
        return [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        plain = _COMMA_TOO_MANY.sub("", _MARKUP.sub("", text))
        return _in_a_row(plain) or _in_a_row(html.unescape(plain))


def _in_a_row(text: str) -> list[Any]:
    """Values that stand one behind the other, up to the first that is broken."""
    decoder, found = json.JSONDecoder(strict=False), []
    at = _BETWEEN.match(text).end()  # type: ignore[union-attr]  # matches nothing at least
    try:
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            found.append(value)
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        pass
    return found


def _all(value: Any) -> Iterator[Facts]:
    """Every object of a list and of the graphs in it."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, list):
            yield from _all(one)
        elif isinstance(one, dict):
            yield one
            yield from _all(one.get("@graph", []))


def _objects(value: Any) -> Iterator[Facts]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        for key in _INNER:
            yield from _objects(value.get(key, []))
        if ARTICLES.search(str(value.get("@type", ""))):
            yield value


def _followed(value: Any, known: dict[str, Facts]) -> Any:
    """A value, what it refers to in place of a mere reference."""
    if isinstance(value, list):
        return [_followed(item, known) for item in value]
    if isinstance(value, dict) and not name_of(value):
        return known.get(str(value.get("@id")), value)
    return value
