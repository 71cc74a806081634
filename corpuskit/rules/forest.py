"""The trees of the line model, and how they are run.

A tree asks up to four questions of a line ("is ``mass`` above 38?") and adds a whole number of
thousandths of log odds, so that a score is a sum of integers that anyone can check, the same on every platform.
The trees stand in ``linemodel.json``, one to a line: features and limits, then the values for
the answers no-no-no-no, no-no-no-yes, … to yes-yes-yes-yes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpuskit.rules.linefeatures import Ints


@dataclass(frozen=True, slots=True)
class Tree:
    """Ask ``questions`` (feature, limit: is it above?) in order; the answers, read as binary digits, pick a value."""

    questions: tuple[tuple[str, int], ...]
    values: Ints


@dataclass(frozen=True, slots=True)
class Model:
    """The trees, the same two by two (for speed), and for each profile the score above which a line goes."""

    trees: tuple[Tree, ...]
    pairs: tuple[Tree, ...]
    limits: dict[str, int]


@lru_cache(maxsize=1)
def model() -> Model:
    """The model that comes with the package."""
    return read_model(json.loads(files("corpuskit.rules").joinpath("linemodel.json").read_text("utf-8")))


def read_model(data: dict[str, Any]) -> Model:
    """A model from its JSON form."""
    trees = [Tree(_questions(asked), np.array(values, np.int32)) for asked, values in data["trees"]]
    pairs = (_joined(trees[place : place + 2]) for place in range(0, len(trees), 2))
    return Model(tuple(trees), tuple(pairs), {str(name): int(limit) for name, limit in data["limits"].items()})


def _questions(asked: list[Any]) -> tuple[tuple[str, int], ...]:
    """Feature, limit, feature, limit, … as pairs."""
    return tuple((str(name), int(limit)) for name, limit in zip(asked[::2], asked[1::2], strict=True))


def _joined(trees: list[Tree]) -> Tree:
    """One tree that asks the questions of all and adds the sum of their values."""
    questions, values = trees[0].questions, trees[0].values
    for tree in trees[1:]:
        questions, values = questions + tree.questions, np.add.outer(values, tree.values).ravel()
    return Tree(questions, values)


def run(trees: Sequence[Tree], columns: dict[str, Ints]) -> Ints:
    """Sum of the values that the trees give each row."""
    total = np.zeros(len(columns["mass"]), np.int32)
    added = np.empty_like(total)
    for tree in trees:
        np.take(tree.values, answers(tree, columns), out=added, mode="clip")
        total += added
    return total


def answers(tree: Tree, columns: dict[str, Ints]) -> NDArray[np.uint8]:
    """The answers of each row as one number of up to eight digits, the first question's answer its highest digit."""
    number = np.zeros(len(columns["mass"]), np.uint8)
    above = np.empty(len(number), bool)
    for name, limit in tree.questions:
        np.add(number, number, out=number)
        np.greater(columns[name], limit, out=above)
        np.bitwise_or(number, above.view(np.uint8), out=number)
    return number
