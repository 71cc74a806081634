"""The language of a document: by its script where the script decides, else by its function words.

A script that one language owns says it exactly, and running text in a shared script is full
of its language's commonest words (``functionwords.toml``). For shared scripts a recipe may ask
a model first (:mod:`corpuskit.annotate.languagemodel`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, Final

import numpy as np
import tomli
from numpy.typing import NDArray

from corpuskit.annotate.languagemodel import told_by_model
from corpuskit.characters import Class

#: Scripts that one language (nearly) owns: on 1,000 Thai titles no disagreement with lid.176.
OWNED: Final = {
    Class.THAI: "th", Class.LAO: "lo", Class.KHMER: "km", Class.BURMESE: "my", Class.HANGUL: "ko",
    Class.GREEK: "el", Class.HEBREW: "he",
}  # fmt: skip
#: Scripts of many languages, by their ISO 15924 codes.
SHARED: Final = {Class.LATIN: "Latn", Class.CYRILLIC: "Cyrl", Class.ARABIC: "Arab"}
#: Classes of many scripts, which are told by their blocks.
MANY: Final = (Class.INDIC, Class.OTHER_LETTER)
#: Blocks of these (first code point, last): the language that owns one, or the script (ISO 15924) of several.
BLOCKS: Final = (
    (0x0530, 0x058F, "hy"), (0x0780, 0x07BF, "dv"), (0x07C0, 0x07FF, "nqo"), (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"), (0x0A00, 0x0A7F, "pa"), (0x0A80, 0x0AFF, "gu"), (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"), (0x0C80, 0x0CFF, "kn"), (0x0D00, 0x0D7F, "ml"),
    (0x0D80, 0x0DFF, "si"), (0x0F00, 0x0FFF, "bo"), (0x10A0, 0x10FF, "ka"), (0x1200, 0x137F, "Ethi"),
    (0x13A0, 0x13FF, "chr"), (0x1800, 0x18AF, "mn"), (0x1C90, 0x1CBF, "ka"), (0x2D30, 0x2D7F, "Tfng"),
)  # fmt: skip
#: A Latin word is about twice as long as what it says: this share of a script makes it the document's.
MATRIX_SHARE: Final = 0.3
#: Fewer letters than this say nothing of a language.
LETTERS: Final = 3
TAG: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_][A-Za-z]{2})?")


#: Words looked at, from the start of the text; enough for the share of function words to settle.
WORDS: Final = 400
#: Running text has a third of its words among the thirty commonest; headlines and lists have fewer.
SHARE: Final = 0.12
#: … and so many different ones: one or two short words stand in any language.
DISTINCT: Final = 3


def languages(texts: Sequence[str], scripts: NDArray[np.int32], said: Sequence[Any], model: str = "") -> list[str]:
    """BCP 47 tag of each document (``scripts``: its characters by class; ``said``: its source's own word).

    ``model`` names the one that tells languages of a shared script apart (see ``recipe.LANGUAGE_MODELS``).
    ``und`` (``und-Latn`` …) where neither script, model, words nor source tell.
    """
    letters = scripts.copy()
    letters[:, Class.LATIN] += letters[:, Class.UPPER_LATIN]
    letters[:, [Class.OTHER, *range(Class.UPPER_LATIN, letters.shape[1])]] = 0
    tell = told_by_model if model else _untold
    return [_language(text, row, word, tell) for text, row, word in zip(texts, letters, said, strict=True)]


def _untold(text: str, letters: int) -> str:
    """No model was asked for."""
    return ""


def _language(text: str, letters: NDArray[np.int32], said: Any, tell: Callable[[str, int], str]) -> str:
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
    many = any(letters[kind] / total >= MATRIX_SHARE for kind in MANY)
    script = _by_block(text) if many else SHARED.get(Class(int(np.argmax(letters))), "")
    if script.islower():
        return script
    told = tell(text, int(letters.max())) if script else ""
    if told:
        return word if word.split("-")[0] == told else told
    return _by_words(text, script, word) or word or (f"und-{script}" if script else "und")


def _by_block(text: str) -> str:
    """The commonest of :data:`BLOCKS` among the first letters; empty if there is none."""
    letters = Counter(filter(str.isalpha, text[: WORDS * 12]))
    blocks = Counter[str]()
    for letter, count in letters.items():
        place = bisect_right(BLOCKS, ord(letter), key=itemgetter(0)) - 1
        if place >= 0 and ord(letter) <= BLOCKS[place][1]:
            blocks[BLOCKS[place][2]] += count
    return max(blocks, key=lambda name: (blocks[name], name), default="")


def _by_words(text: str, script: str, said: str) -> str:
    """The language whose function words fill the text; empty when none does, or two do and neither was ``said``."""
    words = text[: WORDS * 12].lower().split()[:WORDS]
    counts, size = Counter(words), max(len(words), 20)
    known = _function_words(script)
    found = {tag: table & counts.keys() for tag, table in known}
    shares = {tag: sum(counts[word] for word in here) / size for tag, here in found.items()}
    likely = [tag for tag, share in shares.items() if share >= SHARE and len(found[tag]) >= DISTINCT]
    if said.split("-")[0] in likely:
        return said
    return max(likely, key=shares.__getitem__, default="")


@lru_cache(maxsize=8)
def _function_words(script: str) -> tuple[tuple[str, frozenset[str]], ...]:
    table = tomli.loads(files("corpuskit.annotate").joinpath("functionwords.toml").read_text("utf-8"))
    return tuple((tag, frozenset(words.split())) for tag, words in table.get(script, {}).items())
