"""How to cite a release, as BibTeX, from what the recipe says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from corpuskit.display import show
from corpuskit.recipe import Recipe


def bibtex(recipe: Recipe, manifest: Mapping[str, Any]) -> Iterator[str]:
    """The lines of an entry; a field that the recipe does not give is left out."""
    fields = {
        "title": _value(recipe.pretty_name or recipe.name),
        "author": " and ".join(map(_value, recipe.authors)),
        "year": recipe.released[:4],
        "version": manifest["version"],
        "url": _value(recipe.homepage),
        "note": f"content sha256 {manifest['configs']['default']['content_digest']}",
    }
    yield f"@misc{{{recipe.name}-{manifest['version']},"
    yield from (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    yield "}"


def _value(text: str) -> str:
    """A value that its braces hold."""
    return re.sub(r"[{}\\]", "", show(" ".join(text.split())))
