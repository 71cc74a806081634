"""The language of a document: by its script where the script decides, else by its function words.

No model: a script that one language owns says it exactly, and running text in a shared
script is full of its language's commonest words (``functionwords.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.characters import Class

#: Scripts that one language (nearly) owns. thai.md, section 3: 0 disagreements with lid.176 on 1,000 titles.
OWNED: Final = {
    Class.THAI: "th", Class.LAO: "lo", Class.KHMER: "km", Class.BURMESE: "my", Class.HANGUL: "ko",
    Class.GREEK: "el", Class.HEBREW: "he",
}  # fmt: skip
#: Scripts of many languages, by their ISO 15924 codes (Devanagari and its sisters count as one here).
SHARED: Final = {Class.LATIN: "Latn", Class.CYRILLIC: "Cyrl", Class.ARABIC: "Arab", Class.INDIC: "Indic"}
#: A Latin word is about twice as long as what it says: this share of a script makes it the document's.
MATRIX_SHARE: Final = 0.3
#: Fewer letters than this say nothing of a language.
LETTERS: Final = 3
TAG: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_][A-Za-z]{2})?")


#: Words looked at, from the start of the text; enough for the share of function words to settle.
WORDS: Final = 400
#: Running text has a third of its words among the thirty commonest; headlines and lists have fewer.
SHARE: Final = 0.12


def languages(texts: Sequence[str], scripts: NDArray[np.int32], said: Sequence[Any]) -> list[str]:
    """BCP 47 tag of each document (``scripts``: its characters by class; ``said``: its source's own word).

    ``und`` (``und-Latn`` …) where neither script, words nor source tell.
    """
    letters = scripts.copy()
    letters[:, Class.LATIN] += letters[:, Class.UPPER_LATIN]
    letters[:, [Class.OTHER, *range(Class.UPPER_LATIN, letters.shape[1])]] = 0
    return [_language(text, row, word) for text, row, word in zip(texts, letters, said, strict=True)]


def _language(text: str, letters: NDArray[np.int32], said: Any) -> str:
    total = int(letters.sum())
    tag = TAG.fullmatch(said.strip()) if said else None
    word = tag[0].replace("_", "-") if tag else ""
    if total < LETTERS:
        return word or "und"
    if letters[Class.KANA] and (letters[Class.KANA] + letters[Class.HAN]) / total >= MATRIX_SHARE:
        return "ja"
    owned = next((tag for script, tag in OWNED.items() if letters[script] / total >= MATRIX_SHARE), "")
    if owned:
        return owned
    if letters[Class.HAN] / total >= MATRIX_SHARE:
        return word if word.startswith("zh") else "zh"
    script = SHARED.get(Class(int(np.argmax(letters))), "")
    return _by_words(text, script, word) or word or (f"und-{script}" if script not in ("", "Indic") else "und")


def _by_words(text: str, script: str, said: str) -> str:
    """The language whose function words fill the text; empty when none does, or two do and neither was ``said``."""
    words = text[: WORDS * 12].lower().split()[:WORDS]
    counts, size = Counter(words), max(len(words), 20)
    known = _function_words(script)
    shares = {tag: sum(counts[word] for word in table & counts.keys()) / size for tag, table in known}
    likely = [tag for tag, share in shares.items() if share >= SHARE]
    if said.split("-")[0] in likely:
        return said
    return max(likely, key=shares.__getitem__, default="")


@lru_cache(maxsize=8)
def _function_words(script: str) -> tuple[tuple[str, frozenset[str]], ...]:
    table = tomllib.loads(files("corpuskit.annotate").joinpath("functionwords.toml").read_text("utf-8"))
    return tuple((tag, frozenset(words.split())) for tag, words in table.get(script, {}).items())
