"""Canonical composition (Unicode NFC), one edit for each stretch that changes.

NFC writes the same character in one way and loses nothing. NFKC is never used: it
takes SARA AM, full-width forms and ligatures apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from corpuskit.model import Edit

#: ASCII white space and controls compose with nothing, so each word can be looked at by itself.
_WORD: Final = re.compile("[^\x00- ]+")
#: Letters that join the character before them although they are no marks: Hangul vowels and finals, Kirat Rai vowels.
_JOINING: Final = re.compile("[\u1160-\u11ff\U00016d63-\U00016d6a]")


def nfc(text: str) -> Iterator[Edit]:
    """Characters in canonical composition: ``caf⟦nfc|e\u0301→é⟧``."""
    if not unicodedata.is_normalized("NFC", text):
        for word in _WORD.finditer(text):
            if not unicodedata.is_normalized("NFC", word[0]):
                yield from _stretches(word[0], word.start())


def _stretches(word: str, at: int) -> Iterator[Edit]:
    """Edits of one word that begins at ``at``."""
    starts = [i for i, c in enumerate(word) if i == 0 or begins(c)]
    for start, end in zip(starts, [*starts[1:], len(word)], strict=True):
        old = word[start:end]
        new = unicodedata.normalize("NFC", old)
        if new != old:
            yield Edit(at + start, at + end, "nfc", new, "canonical composition")


def begins(c: str) -> bool:
    """Whether normalisation never looks back from ``c``: it is no mark and no joining letter."""
    return unicodedata.category(c)[0] != "M" and not _JOINING.match(c)
