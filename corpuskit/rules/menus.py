"""Menus on one line: breadcrumbs, rows of buttons, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from corpuskit.rules.findings import Batch, Drop, Finding
from corpuskit.rules.markup import has_link, without_links
from corpuskit.rules.phrases import rules_of
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
    lists = [entries(batch.line(row)) for row in rows]
    known = _known({entry for line in lists for entry in (*line.parts, *line.openings)})
    begun = [line.words if not known.keys().isdisjoint(line.openings) else () for line in lists]
    known |= _known({run for words in begun for run in _runs(words, len(words))})
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


@lru_cache(maxsize=1 << 14)  # the menus of a site are the same on all its pages
def entries(line: str) -> Entries:
    """The entries of a line; one that prints an address has none."""
    shown = without_links(line) if has_link(line) else line
    if "://" in shown:
        return Entries()
    parts = [part for part in map(str.strip, PARTS.split(shown.strip(" \t#*-–—[]()<>|»›«‹"))) if part]
    menu = len(parts) > 1 and max(map(len, parts)) <= ENTRY_MAX
    words = shown.split()
    if not 1 < len(words) <= MENU_WORDS or max(map(len, words)) > ENTRY_MAX:
        words = []
    return Entries(parts if menu else (), words, tuple(_runs(words, 1)))


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
