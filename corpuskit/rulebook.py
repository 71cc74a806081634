"""The rulebook: every name that can stand in the column ``rule`` of a ledger, with its page.

A line says what a person reads first; the rest of a page is the docstring of the functions
that yield the name, with their marked example, and the phrases of the language packs.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

from corpuskit.errors import UsageError
from corpuskit.release.reading import read_manifest
from corpuskit.rulenames import BOOK

KINDS: Final = tuple(BOOK)

_PHRASES: Final = ("rules.portal:phrase_lines", "rules.portal:ordinary_words")
#: Name of a rule → the functions of corpuskit whose docstrings are its page; rules of language packs: the two above.
_MAKERS: Final[dict[str, tuple[str, ...]]] = {
    "bom": ("rules.repair.characters:byte_order_mark",),
    "carriage-return": ("rules.repair.characters:carriage_returns",),
    "control-character": ("rules.repair.characters:control_characters", "rules.repair.characters:line_breaks"),
    "soft-hyphen": ("rules.repair.characters:soft_hyphens",),
    "zero-width": ("rules.repair.characters:zero_width",),
    "mojibake": tuple(
        f"rules.repair.mojibake:{name}" for name in ("thai_read_as_latin", "utf8_read_as_thai", "utf8_read_as_other")
    ),
    "nfc": ("rules.repair.nfc:nfc",),
    "thai-marks": ("rules.repair.marks:marks", "rules.repair.marks:thai_glyphs"),
    "lao-marks": ("rules.repair.marks:marks",),
    "khmer-marks": ("rules.repair.marks:marks",),
    "placeholder": ("rules.markup:image_placeholders",),
    "link-title": ("rules.markup:link_titles",),
    "link-list": ("rules.markup:link_lists", "rules.linkrows:link_rows"),
    "byline": ("rules.metadata.bylines:bylines", *_PHRASES),
    **dict.fromkeys(("breadcrumb", "navigation", "pagination", "share"), (*_PHRASES, "rules.menus:menu_lines")),
    "caption": ("rules.metadata.captions:marked_captions", *_PHRASES),
    "source": ("rules.metadata.sourcelines:source_lines", *_PHRASES),
    "publisher": ("rules.metadata.sourcelines:publisher_lines",),
    "dateline": ("rules.metadata.publication:publication_dates", *_PHRASES),
    "related": (*_PHRASES, "rules.portal:tail_blocks"),
    "tail-block": ("rules.portal:tail_blocks",),
    "template": ("rules.templates:site_templates",),
    "line-model": ("rules.modelled:modelled_lines",),
    **dict.fromkeys(("unreadable", "withdrawn", "duplicate", "duplicate-document", "filtered", "layout"), ()),
}
#: What a page says beyond the docstrings.
_MORE: Final = {
    "unreadable": "Such a row has no offsets and no text: `why` holds the reason, `source_where` the place in it.",
    "withdrawn": "By 'corpuskit withdraw --copies'. `text` has a black square for each character that stood there.",
    "duplicate": """\
Paragraphs are compared letter by letter, after Unicode NFC and without white space and unseen characters: any other
word, number or name makes another paragraph. `twin_id` and `twin_start` name the copy that was kept.

Example::

    ⟦duplicate|The ferry between the two banks has run every morning since the spring of 1962.
    ⟧""",
    "duplicate-document": "All lines that stay of the two documents are equal; `twin_id` names the one that was kept.",
    "filtered": "`why` names the flag and what was measured; it comes before duplicates: no text is lost to it.",
    "layout": "A line that goes takes its line end and the blank lines behind it along; this is what no line took.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name in ledgers, its kind, what it does in a line; and what it did in a release, if one was named."""

    name: str
    kind: str
    line: str
    spans: int | None = None
    characters: int | None = None


def rules(release: str | Path | None = None) -> list[Rule]:
    """All rules, by kind; with a release, how many spans and characters (code points) each of them took."""
    done = None if release is None else _counts(read_manifest(Path(release)))
    known = {name: (kind, line) for kind, entries in BOOK.items() for name, line in entries.items()}
    other = dict.fromkeys(done or (), ("other", "A rule of the recipe, or of another version of corpuskit."))
    return [
        Rule(name, *told, *((None, None) if done is None else done.get(name, (0, 0))))
        for name, told in (known | other | known).items()
    ]


def describe(name: str) -> str:
    """The page of a rule. Raises :class:`UsageError` for a name that is no rule."""
    found = {rule.name: rule for rule in rules()}
    if name not in found:
        close = get_close_matches(name, found, 3)
        hint = f"did you mean {' or '.join(close)}?" if close else "'corpuskit rules' lists them"
        raise UsageError(f"no rule is called {name!r}: {hint}")
    pages = [inspect.cleandoc(resolve_name(f"corpuskit.{maker}").__doc__ or "") for maker in makers_of(name)]
    parts = [f"{name} ({found[name].kind})", found[name].line, *pages, _MORE.get(name, ""), "\n".join(_phrases(name))]
    return "\n\n".join(part for part in parts if part) + "\n"


def makers_of(name: str) -> tuple[str, ...]:
    """The functions that yield a rule, as ``module:function`` below ``corpuskit``."""
    return _MAKERS.get(name, _PHRASES)


def _counts(manifest: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {str(rule): (n.get("spans", 0), n.get("characters", 0)) for rule, n in manifest["rules"].items()}


def _phrases(name: str) -> Iterator[str]:
    """The phrases of the language packs that mean this rule, in one line for each language."""
    from corpuskit.rules.language_packs import packs

    for pack in packs():
        found = [phrase.text.strip() for phrase in pack.phrases if phrase.name == name and phrase.kind != "labels"]
        if found:
            shown = ", ".join(found[:6]) + (f" … ({len(found)} in all)" if len(found) > 6 else "")
            yield f"{pack.name} ({pack.language}): {shown}"
