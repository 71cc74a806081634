"""Language packs: the phrases of page machinery, one file of tables for each language (``packs/*.toml``).

Every pack applies to every page, whatever its language: portals mix languages, and no
detector is asked. A pack holds these tables, each with lists of phrases under a name:

``lines``     rule: whole lines that are machinery when they stand alone at the head or tail of a page
``weak``      rule: whole lines that are ordinary words too, evidence only among lines of the same kind
``sections``  rule: headings that open a block of machinery
``labels``    field: what stands before a value. A label that ends in "…" needs no colon after it
``prefixes``  rule: beginnings of short lines of free text
``weak_prefixes``  rule: the same, but content begins like that too (a phone number, "Read more: ")
``contains``  rule: words that mark a short line wherever they stand in it
``example``   lines with what they are (``drop``, ``weak`` or ``field``), or ``keep = true``; they are run as tests

Whole lines are compared by shape (:attr:`corpuskit.text.lines.Lines.shape`), so that case, punctuation
and the figures of a number do not matter. In them ``{n}`` is a number that may be missing or
stand at the other end, ``{#}`` one that must be there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import tomli

#: Names of the rules; the place of a name is its number. Number 0 says: none.
RULE_NAMES: Final = (
    "", "comments", "share", "follow", "newsletter", "login", "cookies", "copyright", "related", "tags", "breadcrumb",
    "pagination", "read-more", "views", "no-data", "attachment", "rating", "print", "navigation", "search",
    "advertisement", "app", "source", "byline", "dateline", "caption", "credit", "back-to-top", "skip-link", "contact",
    "video-player", "language-switch",
)  # fmt: skip
#: Fields that a label can announce; the place of a name is its number. Number 0 says: none.
FIELDS: Final = (
    "", "source", "author", "published", "updated", "tags", "caption", "credit", "category", "copyright", "views",
    "share",
)  # fmt: skip
#: Tables of a pack, in the order in which a reason is looked for.
KINDS: Final = ("lines", "contains", "prefixes", "sections", "labels", "weak", "weak_prefixes")

_RULE_CODES: Final = {name: code for code, name in enumerate(RULE_NAMES)}
_FIELD_CODES: Final = {name: code for code, name in enumerate(FIELDS)}
#: A slot for a number in a phrase that is being spelled: what no spelling changes.
_NUMBER, _SURE_NUMBER = "\0", "\1"
#: Languages that often write capitals without their diacritics ("A LIRE AUSSI", "ΣΧΟΛΙΑ").
_BARE_CAPITALS: Final = frozenset({"fr", "es", "pt", "it", "el", "ro", "ca"})


class Phrase(NamedTuple):
    """One phrase of a pack: ``kind`` is one of :data:`KINDS`, ``name`` a rule or a field."""

    language: str
    kind: str
    name: str
    text: str

    @property
    def code(self) -> int:
        """Number of the rule in :data:`RULE_NAMES`, or of the field in :data:`FIELDS`."""
        return (_FIELD_CODES if self.kind == "labels" else _RULE_CODES)[self.name]

    def __str__(self) -> str:
        return f"{self.language} {'label' if self.kind == 'labels' else 'phrase'} '{self.text}'"

    def kept(self) -> str:
        """The phrase as a text: there are tens of thousands, few are ever asked for, and texts load faster."""
        return "\t".join(self)


def phrase_of(kept: str) -> Phrase:
    """The phrase that was kept as a text."""
    return Phrase(*kept.split("\t"))


class Pack(NamedTuple):
    """A language pack. ``numbers``: what fills a slot, ``0`` alone and with the words for thousands and millions."""

    language: str
    name: str
    phrases: tuple[Phrase, ...]
    numbers: tuple[str, ...]
    examples: tuple[dict[str, Any], ...]


@lru_cache(maxsize=1)
def packs() -> tuple[Pack, ...]:
    """All packs, sorted by the names of their files."""
    folder = files("corpuskit.rules") / "packs"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_pack(tomli.loads((folder / name).read_text("utf-8"))) for name in names)


def whole_lines(pack: Pack, phrases: Sequence[Phrase]) -> Iterator[tuple[str, Phrase]]:
    """Lines that stand for all lines that the phrases mean, one for each shape (some shapes come twice)."""
    texts = [phrase.text.replace("{n}", _NUMBER).replace("{#}", _SURE_NUMBER) for phrase in phrases]
    for spelled, place in spellings(pack.language, texts):
        if _NUMBER in spelled or _SURE_NUMBER in spelled:
            for line in _filled(spelled, pack.numbers):
                yield line, phrases[place]
        else:
            yield spelled, phrases[place]


def spellings(language: str, texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The texts as pages write them, each with its place: composed or not, in capitals, without their diacritics.

    Case alone makes no spelling: texts are compared in lower case. All texts are spelled at
    once, as the lines of one: a pack has thousands.
    """
    if not texts:
        return
    joined = "\n".join(texts)
    forms = [form.split("\n") for form in (joined, *_forms(language, joined))]
    for place, forms_of_one in enumerate(zip(*forms, strict=True)):
        for text in dict.fromkeys(forms_of_one):
            yield text, place


def _forms(language: str, text: str) -> Iterator[str]:
    """The text in every other spelling."""
    if language in ("tr", "az"):
        yield text.replace("i", "İ").upper()
    if text.isascii():
        return
    yield _capitals(text)
    yield unicodedata.normalize("NFD", text)
    yield text.replace("\u0e33", "\u0e4d\u0e32").replace("\u0eb3", "\u0ecd\u0eb2")
    if language == "ar":
        yield text.translate(str.maketrans("أإآ", "ااا"))
    if language == "ru":
        yield text.replace("ё", "е")
    if language in _BARE_CAPITALS:
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        yield bare
        yield _capitals(bare)


def _capitals(text: str) -> str:
    """The text with those of its lines in capitals that lower case does not bring back: SS of ß, Σ of ς."""
    lines, capitals = text.split("\n"), text.upper().split("\n")
    lower, again = text.lower().split("\n"), text.upper().lower().replace("ς", "σ").split("\n")
    return "\n".join(c if a != b else line for line, c, a, b in zip(lines, capitals, lower, again, strict=True))


def _pack(table: dict[str, Any]) -> Pack:
    language = str(table["language"])
    phrases = [
        Phrase(language, kind, name, text)
        for kind in KINDS
        for name, texts in table.get(kind, {}).items()
        for text in texts
    ]
    numbers = _numbers(language, table.get("multiples", ()))
    return Pack(language, str(table["name"]), tuple(phrases), numbers, tuple(table.get("example", ())))


def _filled(text: str, numbers: Sequence[str]) -> Iterator[str]:
    """The text with ``0`` for each number, a lone one also as thousands; a lone ``{n}`` may be missing or move."""
    slots = text.count(_NUMBER) + text.count(_SURE_NUMBER)
    for number in numbers if slots == 1 else ("0",):
        yield text.replace(_NUMBER, number).replace(_SURE_NUMBER, number)
    if slots == 1 and _NUMBER in text:
        rest = text.replace(_NUMBER, "")
        yield rest
        for number in numbers:
            yield from (number + rest, rest + number)


def _numbers(language: str, multiples: Sequence[str]) -> tuple[str, ...]:
    spelled = (text for text, _ in spellings(language, multiples))
    return tuple(dict.fromkeys(f"0{multiple}" for multiple in ("", "K", "M", *spelled)))
