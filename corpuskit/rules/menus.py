"""Menus on one line: breadcrumbs, rows of buttons, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from corpuskit.rules.findings import Batch, Drop, Finding
from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.rules.markup import without_links
from corpuskit.rules.phrases import signals
from corpuskit.text.lines import table_of_lines
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
    lists = [entries(batch.line(row)) for row in rows]
    known = _known({entry for parts, words in lists for entry in (*parts, *_runs(words, 1))})
    begun = [words for _, words in lists if any(run in known for run in _runs(words, 1))]
    known |= _known({run for words in begun for run in _runs(words, len(words))})
    for row, (parts, words) in zip(rows, lists, strict=True):
        rule = _by_signs(parts, known) or _by_words(words, known)
        if rule:
            yield Drop(row, rule, "entries of a menu on one line")


@lru_cache(maxsize=1 << 14)  # the menus of a site are the same on all its pages
def entries(line: str) -> tuple[Sequence[str], Sequence[str]]:
    """The entries of a line that signs part, and its words: nothing where there is but one, or one is too long.

    A line that prints an address has none.
    """
    shown = without_links(line) if "](" in line else line
    if "://" in shown:
        return (), ()
    parts = [part for part in map(str.strip, PARTS.split(shown.strip(" \t#*-–—[]()<>|»›«‹"))) if part]
    words = shown.split()
    menu = len(parts) > 1 and all(len(part) <= ENTRY_MAX for part in parts)
    return parts if menu else (), words if 1 < len(words) <= MENU_WORDS else ()


def _runs(words: Sequence[str], starts: int) -> Iterator[str]:
    """Entries of up to :data:`ENTRY_WORDS` words that begin with one of the first ``starts`` words."""
    for i in range(min(starts, len(words))):
        for j in range(i + 1, min(len(words), i + ENTRY_WORDS) + 1):
            entry = " ".join(words[i:j])
            if len(entry) > ENTRY_MAX:
                break
            yield entry


def _known(candidates: set[str]) -> dict[str, str]:
    """Entry → the rule of the packs that knows it; numbers belong to any menu, networks to share buttons."""
    texts = sorted(candidates)
    found = signals(table_of_lines(texts), texts) if texts else None
    known = {text: "share" for text in texts if text.lower() in NETWORKS}
    known |= {text: "" for text in texts if not text[0].isalpha() and _NUMBER.fullmatch(text)}
    if found is not None:
        codes = np.where(found.strong > 0, found.strong, np.where(found.weak > 0, found.weak, found.section))
        known |= {texts[i]: RULE_NAMES[codes[i]] for i in np.flatnonzero(codes).tolist()}
    return known


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
