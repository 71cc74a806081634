"""Menus on one line: breadcrumbs, rows of buttons, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from corpuskit.rules.findings import Batch, Drop, Finding
from corpuskit.rules.markup import has_link, without_links
from corpuskit.rules.phrases import rules_of
from corpuskit.text.characters import Class, classes_of, code_points
from corpuskit.text.segment import Zone

#: A menu on one line has at most this many letters, and each of its entries this many code points.
MENU_MASS: Final = 90
ENTRY_MAX: Final = 40
#: Words that one entry may have when only spaces part the entries.
ENTRY_WORDS: Final = 4
#: … in a line of at most so many.
MENU_WORDS: Final = 12
#: What parts the entries of a menu: signs, two spaces or a wide one, a colon and a space. All alternatives begin with
#: one class, which makes the search three times as quick.
PARTS: Final = re.compile(r"[|>›»→•·/\\\s:](?:(?<=[|>›»→•·/\\])[|>›»→•·/\\]*|(?<=\s)\s+|(?<=\u3000)|(?<=:)\s+)")
_NUMBER: Final = re.compile(r"[\d.,…«»‹›<>\[\]()]+")
#: Names of networks, the same on all sites of the world.
NETWORKS: Final = frozenset(
    (
        "facebook twitter x instagram youtube tiktok line telegram whatsapp zalo pinterest linkedin reddit messenger"
        " threads email e-mail rss tumblr viber wechat weibo vk kakaotalk kakaostory google+ google link copy url sms"
    ).split()
)
_LONGEST: Final = max(map(len, NETWORKS))


def menu_lines(batch: Batch) -> Iterator[Finding]:
    """A line outside the prose whose entries the packs know: a breadcrumb, a row of share buttons, page numbers.

    With signs between them (``Home > News > Town``) the first entry or half of them must be
    known, with spaces alone all of them. Texts that somebody set have no menus.

    Example::

        ⟦breadcrumb|Home > News > Town
        ⟧A title

        The first paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.
        ⟦share|Share Facebook Twitter⟧
    """
    lines = batch.lines
    outside = ~batch.typeset & (batch.shape.zone != Zone.BODY) & ~batch.shape.prose & (lines.mass <= MENU_MASS)
    rows = batch.rows(outside & (lines.letters > 0) & (lines.bars + lines.spaces + lines.commas > 0))
    printed = [batch.line(row) for row in rows]
    lists = list(map(entries, printed, _parted(printed)))
    known = _known({entry for line in lists for entry in (*line.parts, *line.openings)})
    begun = [line.words if not known.keys().isdisjoint(line.openings) else () for line in lists]
    known |= _known({run for words in begun for first in range(len(words)) for run in _runs(words[first:])})
    for row, line, words in zip(rows, lists, begun, strict=True):
        if rule := _by_signs(line.parts, known) or _by_words(words, known):
            yield Drop(row, rule, "entries of a menu on one line")


class Entries(NamedTuple):
    """What a line may list: the ``parts`` that signs make, its ``words``, and the ``openings`` that the first may open.

    Nothing where there is but one, or one is too long.
    """

    parts: Sequence[str] = ()
    words: Sequence[str] = ()
    openings: Sequence[str] = ()


_NO_ENTRIES: Final = Entries()


def _parted(lines: Sequence[str]) -> list[bool]:
    """In which lines :data:`PARTS` may find something: signs, wide spaces, two spaces in a row. Most have none."""
    if not lines:
        return []
    points = code_points("\n".join([*lines, ""]))
    kinds = classes_of(points)
    signs, spaces = (kinds == Class.BAR) | (kinds == Class.COMMA) | (points == 0x3000), kinds >= Class.SPACE
    signs[1:] |= spaces[1:] & spaces[:-1]
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]
    parted: list[bool] = np.logical_or.reduceat(signs, starts).tolist()
    return parted


@lru_cache(maxsize=1 << 14)  # the menus of a site are the same on all its pages
def entries(line: str, parted: bool = True) -> Entries:
    """The entries of a line; one that prints an address has none. ``parted``: signs may part them."""
    shown = without_links(line) if has_link(line) else line
    if "://" in shown:
        return _NO_ENTRIES
    parts = _parts(shown) if parted else []
    menu = len(parts) > 1 and max(map(len, parts)) <= ENTRY_MAX
    words = shown.split()
    listed = 1 < len(words) <= MENU_WORDS and max(map(len, words)) <= ENTRY_MAX
    if not menu and not listed:
        return _NO_ENTRIES
    return Entries(parts if menu else (), words if listed else (), _runs(words) if listed else ())


def _parts(line: str) -> list[str]:
    """What signs part in a line."""
    return [part for part in map(str.strip, PARTS.split(line.strip(" \t#*-–—[]()<>|»›«‹"))) if part]


def _runs(words: Sequence[str]) -> list[str]:
    """Entries of up to :data:`ENTRY_WORDS` words that begin with the first of the ``words``."""
    runs, run = [words[0]], words[0]
    for word in words[1:ENTRY_WORDS]:
        run = f"{run} {word}"
        if len(run) > ENTRY_MAX:
            break
        runs.append(run)
    return runs


def _known(candidates: set[str]) -> dict[str, str]:
    """Entry → the rule of the packs that knows it; numbers belong to any menu, networks to share buttons."""
    if not candidates:
        return {}
    texts = sorted(candidates)
    known = {text: "share" for text in texts if len(text) <= _LONGEST and text.lower() in NETWORKS}
    known |= {text: "" for text in texts if not text[0].isalpha() and _NUMBER.fullmatch(text)}
    return known | {text: rule for text, rule in zip(texts, rules_of(texts), strict=True) if rule}


def _by_signs(parts: Sequence[str], known: dict[str, str]) -> str:
    if not parts:
        return ""
    told = [known[part] for part in parts if part in known]
    first = known.get(parts[0], "")
    if first == "navigation" and len(parts) > 2:
        return "breadcrumb"
    return _rule(told) if len(told) * 2 >= len(parts) and len(told) >= 2 else ""


def _by_words(words: Sequence[str], known: dict[str, str]) -> str:
    """Cover the words from the left with known entries, the longest first."""
    told, at = [], 0
    while at < len(words):
        size = next(
            (n for n in range(min(ENTRY_WORDS, len(words) - at), 0, -1) if " ".join(words[at : at + n]) in known), 0
        )
        if not size:
            return ""
        told.append(known[" ".join(words[at : at + size])])
        at += size
    return _rule(told) if len(told) >= 2 else ""


def _rule(told: Sequence[str]) -> str:
    """The rule that most entries name; empty when only numbers are known."""
    named = [rule for rule in told if rule]
    return max(named, key=lambda rule: (named.count(rule), -named.index(rule)), default="")
