"""Repair: damage that hides what the author wrote, undone, each change with its reason.

A repair never chooses between spellings: quotes, dashes, digits, widths and ligatures
stay as they are. Each rule is a function ``text -> edits``; :data:`STEPS` is their
order, and each reads what the earlier ones left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from corpuskit.model import Edit
from corpuskit.rules.repair.characters import (
    byte_order_mark,
    carriage_returns,
    control_characters,
    line_breaks,
    soft_hyphens,
    zero_width,
)
from corpuskit.rules.repair.compose import applied, compose, trimmed
from corpuskit.rules.repair.marks import marks, thai_glyphs
from corpuskit.rules.repair.mojibake import (
    bytes_read_as_western,
    thai_read_as_latin,
    utf8_read_as_other,
    utf8_read_as_thai,
)
from corpuskit.rules.repair.nfc import nfc
from corpuskit.rules.repair.suspects import Care, care, cares, needs_repair

__all__ = ["STEPS", "needs_repair", "repairs", "repairs_of"]

Step = Callable[[str], Iterable[Edit]]

#: The steps, and the :class:`Care` without which each leaves a text alone. Encodings come before all that would
#: take away their bytes, Thai ones before ftfy; marks come last.
STEPS: Final[tuple[tuple[Care, Step], ...]] = (
    (Care.UNSEEN, byte_order_mark),
    (Care.UNSEEN, carriage_returns),
    (Care.BYTES, thai_read_as_latin),
    (Care.BYTES, utf8_read_as_thai),
    (Care.FTFY, utf8_read_as_other),
    (Care.BYTES, bytes_read_as_western),
    (Care.CONTROL, line_breaks),
    (Care.CONTROL, control_characters),
    (Care.UNSEEN, soft_hyphens),
    (Care.UNSEEN, zero_width),
    (Care.NFC, nfc),
    (Care.MARKS, thai_glyphs),
    (Care.MARKS, marks),
)
#: The steps that read a text's bytes anew.
DECODERS: Final = frozenset((thai_read_as_latin, utf8_read_as_thai, utf8_read_as_other, bytes_read_as_western))
#: One repair may uncover another (mojibake of mojibake, a mark beside a removed space); more rounds were never seen.
ROUNDS: Final = 8


def repairs_of(texts: Sequence[str]) -> list[list[Edit]]:
    """The :func:`repairs` of each of many texts."""
    return [_repairs(text, wanted) if wanted else [] for text, wanted in zip(texts, cares(texts), strict=True)]


def repairs(text: str) -> list[Edit]:
    """All repairs of ``text``: sorted, disjoint, minimal edits over it. Empty, at almost no cost, for sound text."""
    return _repairs(text, care(text))


def _repairs(text: str, wanted: Care) -> list[Edit]:
    edits: list[Edit] = []
    now = text
    for _ in range(ROUNDS):
        before = now
        for step in _steps(wanted):
            if more := list(step(now)):
                edits = compose(edits, more, now)
                now = applied(now, more)
                if step in DECODERS:  # what they uncover may be bytes again, which later steps would take away
                    break
        if now == before:
            break
        wanted = care(now)
    return [edit for edit in (trimmed(text, edit) for edit in edits) if edit]


@lru_cache(maxsize=64)
def _steps(wanted: Care) -> tuple[Step, ...]:
    """The steps that may change a text which calls for this care."""
    return tuple(step for kind, step in STEPS if kind in wanted)
