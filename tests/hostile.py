"""A release whose every name and text was written to get out of the page that shows it."""

import json
from pathlib import Path

from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from

PROSE = "The boat that carries the post along the canal stops at every pier, and the children of the pier wait for it"
#: Texts that end a cell, a fence, a header or a line, that run, hide or turn around.
HOSTILE = (
    "---", "``` ~~~", "| a | b |", "<script>alert(1)</script>", "</code><img src=x onerror=alert(1)>",
    "[press](javascript:alert(1)) ![](http://a.example/x.png)", "# Heading", "- item", "1. item", "> quote", "=====",
    "\u202egnihtyna\u2066 \u200b\ufeff", "key: [unclosed", "*& !!python/object", "$$x$$ &lt;b&gt;", "\x1b[31mred",
    "x" * 5000, "a\\", "`", "\U000e0041\u2028\x85", "'\"{%{{",
)  # fmt: skip
#: The same in a recipe, with line ends.
HOSTILE_RECIPE = {
    "pretty_name": "Posts\n---\ntags: [stolen]\n---\n# Taken <script>alert(1)</script>",
    "description": "---\n# Heading\n```\n<script>alert(1)</script> | x",
    "license": "cc\n---\nlicense: mit",
    "homepage": "https://a.example/---",
    "citation": "@misc{x,\n```\n# Out of the fence\n````\n}",
    "contact": "<a href=javascript:alert(1)>write</a>\n\n# us",
    "authors": ["A}\n# B", "C\u202e"],
}


def release_of(folder: Path, records: list[dict], **values) -> Path:
    """A release of records, and of what else lies in ``folder / sources``."""
    path = folder / "sources" / "a" / "records.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(r) for r in records), "utf-8")
    recipe = recipe_from({"name": "posts", "version": "1.0.0"} | values)
    return build([folder / "sources"], recipe, folder / "out", workers=1).path


def hostile_release(folder: Path, **values) -> Path:
    """Records and files that hold these texts in all their fields and names, and files that cannot be read."""
    records = [
        {
            "id": text, "title": text, "text": f"{text}\n\n{PROSE}, {i}.\n{text}", "author": text, "publisher": text,
            "license": text, "url": f"https://{text.replace('/', '')}.example.org/{text}", "language": text,
        }
        for i, text in enumerate(HOSTILE)
    ]  # fmt: skip
    for i, text in enumerate(HOSTILE):
        name = text.replace("/", "∕")[:60]
        place = folder / "sources" / name
        place.mkdir(parents=True)
        (place / f"{name}.txt").write_text(f"{text}\n\n{PROSE}; {i}", "utf-8")
        (place / "unreadable.bin").write_bytes(b"\0")
    return release_of(folder, records, **HOSTILE_RECIPE, **values)
