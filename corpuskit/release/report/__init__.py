"""``report.html``: a release to look at, in one file that asks nothing of the network.

The numbers come from the release's own tables, and a bounded sample of documents is put
together again with every edit in place. Bytes are decided by the release alone.

Everything in a release was written by strangers. Static text goes through
:func:`~corpuskit.release.report.elements.tag`, which escapes it and shows unseen
characters; sampled documents travel as JSON that cannot end its element, and the script
writes them as text nodes only; the page's policy runs no script and no style but ours.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any, Final

from corpuskit.recipe import Recipe
from corpuskit.release.report.elements import html, tag
from corpuskit.release.report.figures import figures_of
from corpuskit.release.report.palette import palette, stylesheet
from corpuskit.release.report.sample import sample_of
from corpuskit.release.report.sections import Page, sections

#: What must not stand in a script element as it is: markup, and characters that lie to who reads the page's source.
_UNSAFE: Final = re.compile(
    "[<>&\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)


def report(draft: Path, recipe: Recipe, manifest: Mapping[str, Any]) -> str:
    """The text of ``report.html`` for the release in ``draft``: its data files, its ledger and its manifest.

    Tables are read by row group and summed in Arrow; texts are read of the sampled documents alone.
    """
    figures = figures_of(draft, manifest)
    rules = palette(manifest["rules"])
    sample = sample_of(draft, manifest, figures, rules)
    page = Page(recipe, manifest, figures, rules, sample)
    style, script = _asset("style.css") + stylesheet(rules), _asset("script.js")
    parts = {name: html(node) for name, node in sections(page).items()}
    name = f"{recipe.pretty_name or recipe.name} {recipe.version}"
    return Template(_asset("page.html")).substitute(
        parts, title=html(tag("title", name)), policy=policy(style, script), style=style, script=script,
        data=data_block(sample.json()),
    )  # fmt: skip


def policy(style: str, script: str) -> str:
    """The content security policy of a page with this one style and this one script."""
    return (
        f"default-src 'none'; style-src '{_source(style)}'; script-src '{_source(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def data_block(values: Any) -> str:
    """JSON for a script element: it holds neither markup nor characters that nobody sees."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(_unicode_escape, text)


def _unicode_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def _source(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
