"""The line model: which lines of a page are machinery, judged by form and place, in any language.

Two small forests of trees, learnt from labelled pages (``linemodel.json``, written by
``tools/train_lines.py``): the first scores each line by its features, the second looks at
the scores around it as well. A tree asks up to four questions ("is ``mass`` above 38?") and adds a
whole number of thousandths of log odds, so that a score is a sum of integers that anyone can
check, and the same on every platform. Positive scores speak for machinery.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.lines import Lines
from corpuskit.rules.linefeatures import (
    Flags,
    Ints,
    Marked,
    Recurring,
    Rows,
    features,
    rows_of,
    score_features,
)

#: Rows that are scored at once; trees are quick while their columns stay in the processor's cache.
_BLOCK: Final = 1 << 14


@dataclass(frozen=True, slots=True)
class Tree:
    """Ask ``conditions`` (feature, limit: is it above?) in order; the answers, read as binary digits, pick a value."""

    conditions: tuple[tuple[str, int], ...]
    values: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Model:
    """Both forests, and for each profile the score from which a line goes."""

    first: tuple[Tree, ...]
    second: tuple[Tree, ...]
    limits: dict[str, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """Per line of the batch: ``drop``, and ``score`` in thousandths of log odds (0 for lines that say nothing)."""

    drop: Flags
    score: Ints


@lru_cache(maxsize=1)
def model() -> Model:
    """The model that comes with the package."""
    return read_model(json.loads(files("corpuskit.rules").joinpath("linemodel.json").read_text("utf-8")))


def read_model(data: dict[str, Any]) -> Model:
    """A model from its JSON form."""
    first, second = (
        tuple(Tree(tuple((str(f), int(t)) for f, t in tree["above"]), np.array(tree["add"], np.int32)) for tree in forest)
        for forest in (data["first"], data["second"])
    )
    return Model(first, second, {str(name): int(limit) for name, limit in data["limits"].items()})


def boilerplate(lines: Lines, recurrence: Recurring, signals: Marked, profile: str) -> Decision:
    """Decide every line of the batch; ``profile`` is ``careful`` or ``strict``."""
    rows = rows_of(lines)
    score = np.zeros(len(lines), np.int32)
    drop = np.zeros(len(lines), bool)
    if len(rows.at):
        own = features(lines, rows, recurrence, signals)
        score[rows.at] = scores(model(), own, rows)
        limit = model().limits[profile]
        drop[rows.at] = guarded(score[rows.at], own, rows, limit)
    return Decision(drop, score)


def scores(model: Model, own: dict[str, Ints], rows: Rows) -> Ints:
    """Score of each row by both forests; ``own`` are its features."""
    first = run_forest(model.first, own)
    return run_forest(model.second, {**own, **score_features(first, own, rows)})


def run_forest(forest: tuple[Tree, ...], columns: dict[str, Ints]) -> Ints:
    """Sum of the values that the trees give each row."""
    total = np.zeros(len(next(iter(columns.values()))), np.int32)
    used = sorted({name for tree in forest for name, _ in tree.conditions})
    for start in range(0, len(total), _BLOCK):
        block = {name: columns[name][start : start + _BLOCK] for name in used}
        part = total[start : start + _BLOCK]
        for tree in forest:
            part += tree.values[_answers(tree, block, len(part))]
    return total


def _answers(tree: Tree, columns: dict[str, Ints], n: int) -> NDArray[np.uint8]:
    """The answers of each row as one number, the first question's answer its highest bit."""
    number = np.zeros(n, np.uint8)
    for name, limit in tree.conditions:
        number <<= 1
        number |= columns[name] > limit
    return number


def guarded(score: Ints, own: dict[str, Ints], rows: Rows, limit: int) -> Flags:
    """Rows whose score is above the limit."""
    return score > limit
