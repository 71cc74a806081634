"""Threads: forums, answers, comments. Their buttons repeat below every post; what stands between is no machinery."""

from __future__ import annotations

from typing import Final

import numpy as np

from corpuskit.rules.findings import Batch, Flags
from corpuskit.rules.language_packs import RULE_NAMES

#: Rules whose phrases are buttons below each post of a thread, and how often a page must show one.
BUTTONS: Final = tuple(RULE_NAMES.index(name) for name in ("comments", "share", "rating", "back-to-top"))
POSTS: Final = 3
#: Share of what a page says above its first button that posts must say: comments below a long article are less.
SAID: Final = 0.25
#: An odd constant (2^64 over the golden ratio) that tells a shape on one page from the same on another.
_PAGE: Final = np.uint64(0x9E3779B97F4A7C15)


def buttons(batch: Batch) -> Flags:
    """Phrases of :data:`BUTTONS` that a page shows :data:`POSTS` times or more, other lines between them."""
    signals, lines = batch.signals, batch.lines
    found = np.zeros(len(lines), bool)
    code = np.where(signals.strong > 0, signals.strong, signals.weak)
    told = np.flatnonzero(np.isin(code, BUTTONS) & ~lines.blank)
    if np.bincount(lines.doc[told], minlength=1).max() < POSTS:
        return found
    shown = np.flatnonzero(~lines.blank)
    key = lines.shape[shown] + lines.doc[shown].astype(np.uint64) * _PAGE
    apart = np.isin(code[shown], BUTTONS) & np.append(True, key[1:] != key[:-1])[: len(key)]
    _, place, count = np.unique(key[apart], return_inverse=True, return_counts=True)
    found[shown[apart][count[place] >= POSTS]] = True
    return found


def through_posts(batch: Batch) -> Flags:
    """Lines of a page down to its last button, where posts stand between its buttons."""
    lines, found = batch.lines, np.zeros(len(batch.lines), bool)
    shown = np.flatnonzero(buttons(batch))
    if not len(shown):
        return found
    said = np.append(0, np.cumsum(np.where(batch.signals.machinery | batch.signals.words, 0, lines.mass)))
    for doc in np.unique(lines.doc[shown]).tolist():
        mine = shown[lines.doc[shown] == doc]
        top, first, past = batch.first[doc], mine[0], mine[-1] + 1
        if said[past] - said[first] >= SAID * (said[first] - said[top]):
            found[top:past] = True
    return found
