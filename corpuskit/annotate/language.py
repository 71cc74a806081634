"""The language of a document: by its script where the script decides, else by its function words.

A script that one language owns says it exactly, and running text in a shared script is full
of its language's commonest words (``functionwords.toml``). For shared scripts a recipe may ask
a model first (:mod:`corpuskit.annotate.languagemodel`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, Final

import numpy as np
import tomli
from numpy.typing import NDArray

from corpuskit.annotate.languagemodel import told_by_model
from corpuskit.text.characters import Class

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
#: Words with letters that a language does not write, at most: names of other languages stand in any text.
FOREIGN: Final = 0.06
#: The letters that every language of a script writes; what is told apart is the rest.
COMMON_LETTERS: Final = {
    "Latn": "abcdefghijklmnopqrstuvwxyz",
    "Cyrl": "абвгдежзиклмнопрстуфхцчш",
    "Arab": "".join(map(chr, range(0x621, 0x653))).translate(dict.fromkeys(map(ord, "ةىكي"))),
    "Beng": "".join(map(chr, range(0x980, 0x9B0))),
}
#: Share of one way of writing Chinese among the characters that tell the two apart.
CLEAR: Final = 0.9
#: Every letter of these scripts.
LETTERS_OF: Final = {
    "Latn": re.compile("[a-z\u00df-\u024f\u0259\u1e00-\u1eff]"), "Cyrl": re.compile("[\u0430-\u052f]"),
    "Arab": re.compile("[\u0620-\u064a\u0671-\u06d3\u06fd\u06fe]"),
    "Beng": re.compile("[\u0985-\u09b9\u09f0\u09f1]"),
}  # fmt: skip
#: Languages whose texts read as those of another one: what a source says of them is kept.
KIN: Final = {
    "bs": ("hr", "sr-Latn"), "cnr": ("hr", "sr-Latn"), "sh": ("hr", "sr-Latn"), "sr": ("sr-Latn",), "nb": ("no",),
    "tl": ("fil",), "in": ("id",), "mo": ("ro",),
}  # fmt: skip


def languages(texts: Sequence[str], scripts: NDArray[np.int32], said: Sequence[Any], model: str = "") -> list[str]:
    """BCP 47 tag of each document (``scripts``: its characters by class; ``said``: its source's own word).

    ``model`` names the one that tells languages of a shared script apart (see ``recipe.tables.LANGUAGE_MODELS``).
    ``und`` (``und-Latn`` …) where neither script, model, words nor source tell.
    """
    letters = scripts.copy()
    letters[:, Class.LATIN] += letters[:, Class.UPPER_LATIN]
    letters[:, [Class.OTHER, *range(Class.UPPER_LATIN, letters.shape[1])]] = 0
    tell = told_by_model if model else _untold
    owners = _owners(letters)
    return [
        owner or _language(text, letters[i].tolist(), word, tell)
        for i, (owner, text, word) in enumerate(zip(owners, texts, said, strict=True))
    ]


def _owners(letters: NDArray[np.int32]) -> list[str]:
    """The language of each document that alone writes its script; empty for scripts of several."""
    total = letters.sum(1, dtype=np.int64)
    kana, han = letters[:, Class.KANA], letters[:, Class.HAN]
    kinds = np.column_stack((np.where(kana, kana + han, 0), letters[:, list(OWNED)]))
    fills = kinds / np.maximum(total, 1)[:, None] >= MATRIX_SHARE
    sure = fills.any(1) & (total >= LETTERS)
    tags = ("ja", *OWNED.values())
    return [tags[kind] if known else "" for known, kind in zip(sure.tolist(), fills.argmax(1).tolist(), strict=True)]


def _untold(text: str, letters: int) -> str:
    """No model was asked for."""
    return ""


def _language(text: str, letters: list[int], said: Any, tell: Callable[[str, int], str]) -> str:
    total, most = sum(letters), max(letters)
    tag = TAG.fullmatch(said.strip()) if said else None
    word = tag[0].replace("_", "-") if tag else ""
    if total < LETTERS:
        return word or "und"
    if letters[Class.HAN] / total >= MATRIX_SHARE:
        return word if word.startswith("zh") else _chinese(text)
    many = any(letters[kind] / total >= MATRIX_SHARE for kind in MANY)
    script = _by_block(text) if many else SHARED.get(Class(letters.index(most)), "")
    if script.islower():
        return script
    told = tell(text, most) if script else ""
    if told:
        return word if word.split("-")[0] == told else told
    return _by_words(text, script, word) or word or (f"und-{script}" if script else "und")


def _chinese(text: str) -> str:
    """``zh-Hans`` or ``zh-Hant`` where the characters that only one of them has nearly all speak for it."""
    signs = set(text[:WORDS])
    hans, hant = (len(signs & way) for way in _ways_of_chinese())
    most = max(hans, hant)
    clear = most >= LETTERS and most >= CLEAR * (hans + hant)
    return f"zh-{'Hans' if hans > hant else 'Hant'}" if clear else "zh"


@lru_cache(maxsize=1)
def _ways_of_chinese() -> tuple[frozenset[str], frozenset[str]]:
    """Characters of the mainland's standard (GB 2312) that Taiwan's (Big5) does not have, and the reverse."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    mainland = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    taiwan = bytes(byte for row in range(0xA4, 0xFA) for trail in trails for byte in (row, trail))
    hans = set(mainland.decode("gb2312", "ignore"))
    hant = {sign for sign in taiwan.decode("big5", "ignore") if "\u4e00" <= sign <= "\u9fff"}
    return frozenset(hans - hant), frozenset(hant - hans)


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
    head = text[: WORDS * 12].lower()
    words = head.split(None, WORDS)[:WORDS]
    least = SHARE * max(len(words), 20)
    found: dict[str, list[int]] = defaultdict(list)
    languages_of = _function_words(script)
    for word, count in Counter([word for word in words if word in languages_of]).items():
        for tag in languages_of[word]:
            found[tag].append(count)
    shares = {tag: sum(here) for tag, here in found.items() if len(here) >= DISTINCT}
    letters = set(head[: WORDS * 3])
    wanted = (said.split("-")[0], *KIN.get(said.split("-")[0], ()))
    if any(shares.get(tag, 0) >= least and _writes(tag, script, words, letters) for tag in wanted):
        return said
    best = 0
    likely: list[str] = []
    for share, tag in sorted(((share, tag) for tag, share in shares.items() if share >= least), reverse=True):
        if share < best:
            break
        if _writes(tag, script, words, letters):
            best, likely = share, [*likely, tag]
    return likely[0] if len(likely) == 1 else ""


def _writes(tag: str, script: str, words: Sequence[str], letters: set[str]) -> bool:
    """Whether hardly any of the words holds a letter of the script that the language does not write."""
    written = _written_in(tag, script)
    foreign = set(LETTERS_OF[script].findall("".join(letters - written))) if written else set()
    return not foreign or sum(not foreign.isdisjoint(word) for word in words) <= FOREIGN * len(words)


@lru_cache(maxsize=128)
def _written_in(tag: str, script: str) -> frozenset[str]:
    """The letters of a language; none where they are not known."""
    own = _table()["letters"].get(tag) if script in LETTERS_OF else None
    return frozenset() if own is None else frozenset(COMMON_LETTERS[script] + own)


@lru_cache(maxsize=8)
def _function_words(script: str) -> dict[str, list[str]]:
    """Each function word of the languages of a script, and which languages have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for tag, words in _table().get(script, {}).items():
        for word in set(words.split()):
            found[word].append(tag)
    return dict(found)


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    return tomli.loads(files("corpuskit.annotate").joinpath("functionwords.toml").read_text("utf-8"))
