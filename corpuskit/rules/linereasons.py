"""Why the line model took a line out, in words that a reader can check against the page.

The value of each tree is shared out among its questions: an answer is credited with what it
changes in the mean of the values that are still possible. The credits are summed by kind of
ground ("recurs", "place", …), and the three strongest are told.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from corpuskit.rules.forest import DEPTH, answers, model
from corpuskit.rules.linefeatures import FAR, SHORT, Ints

#: Kinds of grounds: how the names of their features begin; the first kind that fits counts.
GROUNDS: Final = {
    "pack": ("strong", "weak", "label", "section", "prose_since_section", "near5.hits", "near15.hits"),
    "recurs": ("recurs", "recurring", "since_recurring", "near2.recurring", "near5.recurring", "near40.recurring"),
    "twins": ("twins", "near15.twins"),
    "near": ("near", "before", "after", "capped", "sentence_end-", "sentence_end+", "link_"),
    "place": (
        "row_",
        "rows_",
        "mass_",
        "long_",
        "end_mass_",
        "fresh_",
        "text_",
        "prose_",
        "sentence_",
        "above",
        "below",
    ),
    "page": ("page", "row", "against_typical"),
    "signs": ("bar", "digit", "opens_", "brackets", "upper"),
    "form": ("",),
}
_OWN_END: Final = "sentence_end"
#: Kinds and wordings are packed into one number: three times so many values.
_CODES: Final = 1 << 12
_KINDS: Final = tuple(GROUNDS)
_UNTOLD: Final = len(_KINDS)
#: Rows to a sum of credits: what all trees credit them takes 2 MB.
_BLOCK: Final = 256


def told(columns: dict[str, Ints]) -> list[str]:
    """The words for each row; rows with the same grounds share them."""
    grounds, codes = _credits(columns), _codes(columns)
    key = np.zeros(len(columns["mass"]), np.int64)
    for kind in np.argsort(-grounds, axis=0, kind="stable")[:3]:
        credit = np.take_along_axis(grounds, kind[None], 0)[0]
        code = np.take_along_axis(codes, kind[None], 0)[0]
        key = key * (_CODES * 16) + np.where(credit > 0, kind * _CODES + code, _UNTOLD * _CODES)
    keys, place = np.unique(key, return_inverse=True)
    words = [_words(int(value)) for value in keys]
    return [words[number] for number in place.tolist()]


def _credits(columns: dict[str, Ints]) -> Ints:
    """What each kind of ground adds to the score of each row: a row for each kind."""
    shares, said = _shares(), answers(model().tables, columns)
    first = np.arange(0, len(shares), 1 << DEPTH)[:, None]
    blocks = np.array_split(said, max(1, said.shape[1] // _BLOCK), axis=1)
    return np.concatenate([shares.take(first + block, 0).sum(0, dtype=np.int32) for block in blocks]).T


@lru_cache(maxsize=1)
def _shares() -> Ints:
    """What each tree credits for each of its answers (a row) to each kind of ground (a column)."""
    tables = model().tables
    trees, size = np.arange(len(tables.values)), 1 << DEPTH
    kinds = np.array([_kind_of(name) for name in tables.names])[tables.asked[tables.questions]]
    shares = np.zeros((len(trees), size, len(_KINDS)), np.int32)
    for level, kind in enumerate(kinds):
        change = _mean(tables.values, level + 1) - np.repeat(_mean(tables.values, level), 2, axis=1)
        shares[trees, :, kind] += np.repeat(change, size >> level + 1, axis=1)
    return shares.reshape(-1, len(_KINDS))


def _mean(values: Ints, level: int) -> Ints:
    """Mean of the values that are still possible after ``level`` answers, a row for each tree."""
    parts = values.reshape(len(values), 1 << level, -1)
    mean: Ints = (parts.sum(2) // parts.shape[2]).astype(np.int32)
    return mean


def _kind_of(name: str) -> int:
    if name == _OWN_END:
        return _KINDS.index("form")
    return next(place for place, heads in enumerate(GROUNDS.values()) if name.startswith(heads))


def _codes(columns: dict[str, Ints]) -> Ints:
    """Which wording of each kind fits each row: a row for each kind, see :func:`_wording`."""
    marked = columns["strong"] | columns["weak"] | columns["label"]
    before, after = columns["prose_back"] == FAR, columns["prose_ahead"] == FAR
    codes = {
        "pack": np.where(marked > 0, 2, columns["section_back"] < FAR),
        "recurs": np.where(columns["recurs"] > 1, columns["recurs"], 0),
        "twins": np.where(columns["twins"] > 1, columns["twins"], 0),
        "near": columns["near5.mean"] < SHORT + 10,
        "place": np.where(before ^ after, 1 + after, 0),
        "page": columns["against_typical"] < 50,
        "signs": np.where(columns["digit_share"] >= 30, 2, columns["bars"] > 0),
        "form": columns["mass"] < SHORT,
    }
    stacked: Ints = np.stack([np.minimum(codes[kind], _CODES - 1).astype(np.int32) for kind in _KINDS])
    return stacked


def _words(key: int) -> str:
    parts = [key // (_CODES * 16) ** power % (_CODES * 16) for power in (2, 1, 0)]
    told = [_wording(_KINDS[part // _CODES], part % _CODES) for part in parts if part // _CODES != _UNTOLD]
    return "; ".join(told)


def _wording(kind: str, code: int) -> str:
    """The words for a code of :func:`_codes`."""
    if code > 1 and kind in ("recurs", "twins"):
        return f"occurs in {code}+ documents" if kind == "recurs" else f"occurs {code} times on the page"
    wordings = {
        "pack": ("phrases of page machinery nearby", "after a heading of machinery", "a phrase of page machinery"),
        "recurs": ("among lines that recur",),
        "twins": ("among lines that repeat on the page",),
        "near": ("like the lines around it", "among short lines"),
        "place": (
            "stands apart from the main text",
            "stands before the first paragraph",
            "stands after the last paragraph",
        ),
        "page": ("not like the page's text", "short for this page"),
        "signs": ("bare words", "signs as in a menu", "mostly figures"),
        "form": ("not written like a sentence", "short line"),
    }
    return wordings[kind][code]
