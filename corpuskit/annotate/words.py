"""Words: Thai by pythainlp's tokenizer, scripts with spaces as runs of letters, marks and digits; others not at all.

What counts as a word holds a letter or a digit. Lao, Khmer, Burmese, Chinese and Japanese, Tibetan (whose sign
parts syllables), Javanese, Balinese and the like have no tokenizer here, and white space says nothing of their words:
they get no count. Korean and Vietnamese are counted as they are written, between spaces.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from corpuskit.annotate.dictionary import thai_dictionary, without_home
from corpuskit.text.characters import TABLE, code_points, unspaced_table

#: The engine for Thai. Others cut other words (boundary F1 0.984 with nlpo3): one release has one engine.
#: The unsafe kind needs minutes for a run of ambiguous syllables.
ENGINE: Final = "newmm-safe"
#: A document with more than this share of its characters in scripts without spaces is not counted by spaces.
UNSPACED_SHARE: Final = 0.1
#: Beginnings of documents looked at for that share, in code points.
LOOK: Final = 20_000


def words_of(text: str, language: str) -> list[str] | None:
    """The words of a text in the order in which they stand; ``None`` where nobody can say what its words are."""
    if language.split("-")[0] == "th":
        return [token for token in _thai()(text) if any(map(str.isalnum, token))]
    if _unspaced(text):
        return None
    found: list[str] = _runs().findall(text)
    return found


def _unspaced(text: str) -> bool:
    points = np.minimum(code_points(text[:LOOK]), TABLE - 1)
    return bool(unspaced_table()[points].sum() > UNSPACED_SHARE * len(points))


@lru_cache(maxsize=1)
def _runs() -> re.Pattern[str]:
    """Runs of letters and digits with their marks and joiners; an apostrophe or hyphen inside a word belongs to it."""
    marks = "".join(_ranges(code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M"))
    letter = rf"(?:[^\W_]|[{marks}\u200c\u200d])"
    return re.compile(rf"[^\W_]{letter}*(?:['’\-]{letter}+)*")


def _ranges(codes: Iterable[int]) -> list[str]:
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"\\U{first:08x}-\\U{last:08x}" for first, last in found]


@lru_cache(maxsize=1)
def _thai() -> Callable[[str], list[str]]:
    """The tokenizer, loaded late."""
    without_home()
    from pythainlp.tokenize import word_tokenize

    words: Any = thai_dictionary()  # what its engines ask of a Trie
    return lambda text: word_tokenize(text, custom_dict=words, engine=ENGINE)
