"""The rulebook: every name that can stand in the column ``rule`` of a ledger, with its page.

A line says what a person reads first; the rest of a page is the docstring of the functions
that yield the name, with their marked example, and the phrases of the language packs.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

from corpuskit.errors import ReleaseError, UsageError
from corpuskit.explain import ADVICE

_PHRASES: Final = ("corpuskit.rules.portal:phrase_lines", "corpuskit.rules.portal:ordinary_words")
_SECTIONS: Final = (*_PHRASES, "corpuskit.rules.portal:tail_blocks")
_CHARACTERS: Final = "corpuskit.rules.repair.characters"
_MOJIBAKE: Final = "corpuskit.rules.repair.mojibake"
_MARKS: Final = ("corpuskit.rules.repair.marks:marks",)

#: The kinds of rules, in the order in which a build comes to them.
KINDS: Final = ("source", "repair", "metadata", "machinery", "duplicate", "layout")

#: Name of a rule → its kind, its line, and the functions whose docstrings are its page.
_BOOK: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "unreadable": ("source", "A source, or a record in it, that could not be read; nothing of it is published.", ()),
    "bom": ("repair", "The byte order mark at the start of a file.", (f"{_CHARACTERS}:byte_order_mark",)),
    "carriage-return": ("repair", "Line ends of Windows and old Macs, as one newline.", (f"{_CHARACTERS}:carriage_returns",)),
    "control-character": (
        "repair", "Control characters, terminal escapes, and other kinds of line ends.",
        (f"{_CHARACTERS}:control_characters", f"{_CHARACTERS}:line_breaks"),
    ),
    "soft-hyphen": ("repair", "Hints for hyphenation, which nobody sees.", (f"{_CHARACTERS}:soft_hyphens",)),
    "zero-width": ("repair", "Zero-width spaces and joiners where the script has no use for them.", (f"{_CHARACTERS}:zero_width",)),
    "mojibake": (
        "repair", "Text decoded with the wrong encoding, restored.",
        (f"{_MOJIBAKE}:thai_read_as_latin", f"{_MOJIBAKE}:utf8_read_as_thai", f"{_MOJIBAKE}:utf8_read_as_other"),
    ),
    "nfc": ("repair", "Characters in their canonical composition (Unicode NFC).", ("corpuskit.rules.repair.nfc:nfc",)),
    "thai-marks": (
        "repair", "Thai marks in one order and number; SARA AM and SARA AE in one piece.",
        ("corpuskit.rules.repair.marks:thai_glyphs", *_MARKS),
    ),
    "lao-marks": ("repair", "Lao marks in one order and number.", _MARKS),
    "khmer-marks": ("repair", "Khmer marks in one order and number.", _MARKS),
    "placeholder": ("machinery", "What an extractor left where a picture stood.", ("corpuskit.rules.markup:image_placeholders",)),
    "caption": ("metadata", "A caption that its page marks, moved to captions.", ("corpuskit.annotate.captions:marked_captions",)),
    "source": ("metadata", "A line that names the page's source, moved to source_url.", ("corpuskit.annotate.sourcelines:source_lines", *_PHRASES)),
    "publisher": ("metadata", "A line that is only the site's domain, moved to publisher.", ("corpuskit.annotate.sourcelines:publisher_lines",)),
    "dateline": ("metadata", "A line that says when the page was published, moved to date.", ("corpuskit.annotate.publication:publication_dates", *_PHRASES)),
    "byline": ("metadata", "A line that names the author.", _PHRASES),
    "credit": ("metadata", "A line that credits a photographer or an agency.", _PHRASES),
    "comments": ("machinery", "Comment counters, comment forms, and calls to comment.", _SECTIONS),
    "share": ("machinery", "Buttons to share or recommend the page.", _PHRASES),
    "follow": ("machinery", "Calls to follow the site elsewhere.", _PHRASES),
    "newsletter": ("machinery", "Calls to subscribe, newsletters, feeds.", _PHRASES),
    "login": ("machinery", "Prompts to log in or register.", _PHRASES),
    "cookies": ("machinery", "Cookie notices and consent buttons.", _PHRASES),
    "copyright": ("machinery", "Copyright, terms and privacy lines.", _PHRASES),
    "related": ("machinery", "Headings of related stories, and the headlines under them.", _SECTIONS),
    "tags": ("machinery", "Lists of tags and keywords.", _PHRASES),
    "breadcrumb": ("machinery", "The path to the page within its site.", _PHRASES),
    "pagination": ("machinery", "Next, previous, page numbers.", _PHRASES),
    "read-more": ("machinery", "Links to the rest of a page or to more of the same.", _PHRASES),
    "views": ("machinery", "Counters of views, readers and reading time.", _PHRASES),
    "no-data": ("machinery", "Empty states: no data, nothing found.", _PHRASES),
    "attachment": ("machinery", "Lists of attached files and download buttons.", _PHRASES),
    "rating": ("machinery", "Ratings of the page and questions whether it helped.", _PHRASES),
    "print": ("machinery", "Buttons to print, save or resize the text.", _PHRASES),
    "navigation": ("machinery", "Menu words.", _PHRASES),
    "search": ("machinery", "Search boxes and their hints.", _PHRASES),
    "advertisement": ("machinery", "Advertisements and their labels.", _PHRASES),
    "app": ("machinery", "Calls to install an app.", _PHRASES),
    "back-to-top": ("machinery", "Links to the top of the page.", _PHRASES),
    "skip-link": ("machinery", "Links for screen readers to skip the menu.", _PHRASES),
    "contact": ("machinery", "Addresses, telephone numbers and calls to write to the site.", _PHRASES),
    "video-player": ("machinery", "What a video player or script says when it does not run.", _PHRASES),
    "language-switch": ("machinery", "Switches to other languages.", _PHRASES),
    "template": ("machinery", "A line that a site repeats on its pages; all copies go, the first too.", ("corpuskit.rules.templates:site_templates",)),
    "tail-block": ("machinery", "Short lines behind the machinery at the end of a page.", ("corpuskit.rules.portal:tail_blocks",)),
    "line-model": ("machinery", "A line that the line model takes for machinery (profile strict).", ()),
    "duplicate": ("duplicate", "A paragraph that an earlier document has; the first copy stays.", ()),
    "duplicate-document": ("duplicate", "A document that an earlier one equals; the first copy stays.", ()),
    "layout": ("layout", "White space at the edges of a document.", ()),
}  # fmt: skip

#: What a page says beyond the docstrings.
_MORE: Final = {
    "unreadable": "Such a row has no offsets and no text: its `why` holds the reason, its `source_where` the place in the file.",
    "duplicate": (
        "Paragraphs are compared letter by letter, after Unicode NFC and without white space and unseen characters: any\n"
        "other word, number or name makes another paragraph. `twin_id` and `twin_start` name the copy that was kept.\n\n"
        "Example::\n\n"
        "    ⟦duplicate|The ferry between the two banks has run every morning since the spring of 1962.\n    ⟧"
    ),
    "duplicate-document": "All the lines that stay of the two documents are equal. `twin_id` names the one that was kept.",
    "line-model": "",
    "layout": "A line that goes takes its line end and the blank lines behind it along; this rule is only for what no line took.",
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
    """All rules, by kind and name; with a release, how many spans and characters (code points) each of them took."""
    done = None if release is None else _counts(read_manifest(Path(release)))
    listed = [_rule(name, done) for name in {**_BOOK, **dict.fromkeys(done or {})}]
    return sorted(listed, key=lambda rule: (_order(rule.kind), rule.name))


def describe(name: str) -> str:
    """The page of a rule. Raises :class:`UsageError` for a name that is no rule."""
    if name not in _BOOK:
        close = get_close_matches(name, _BOOK, 3)
        hint = f"did you mean {' or '.join(close)}?" if close else "'corpuskit rules' lists them"
        raise UsageError(f"no rule is called {name!r}: {hint}")
    kind, line, makers = _BOOK[name]
    pages = [inspect.cleandoc(resolve_name(maker).__doc__ or "") for maker in makers]
    parts = [f"{name} ({kind})", line, *pages, _MORE.get(name, ""), "\n".join(_phrases(name))]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_manifest(release: Path) -> dict[str, Any]:
    """The manifest of a release. Raises :class:`ReleaseError` when there is none, or one that cannot be read."""
    path = release / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
        if not {"name", "version", "counts", "rules"} <= manifest.keys():
            raise ValueError("it is no manifest of a release")
    except FileNotFoundError:
        raise ReleaseError(f"no release at {release}: name a folder that 'corpuskit build' wrote") from None
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise ReleaseError(f"cannot read {path}: {error}; {ADVICE}") from None
    return dict(manifest)


def _rule(name: str, done: Mapping[str, tuple[int, int]] | None) -> Rule:
    kind, line, _ = _BOOK.get(name, ("other", "A rule of another version of corpuskit, or of the recipe.", ()))
    spans, characters = (None, None) if done is None else done.get(name, (0, 0))
    return Rule(name, kind, line, spans, characters)


def _counts(manifest: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {str(rule): (n.get("spans", 0), n.get("characters", 0)) for rule, n in manifest["rules"].items()}


def _order(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _phrases(name: str) -> Iterator[str]:
    """The phrases of the language packs that mean this rule, in one line for each language."""
    from corpuskit.rules.language_packs import packs

    for pack in packs():
        found = [phrase.text.strip() for phrase in pack.phrases if phrase.name == name and phrase.kind != "labels"]
        if found:
            shown = ", ".join(found[:6]) + (f" … ({len(found)} in all)" if len(found) > 6 else "")
            yield f"{pack.name} ({pack.language}): {shown}"
