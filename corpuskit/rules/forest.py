"""The trees of the line model, and how they are run.

A tree asks up to four questions of a line ("is ``mass`` above 38?") and adds a whole number of
thousandths of log odds, so that a score is a sum of integers that anyone can check, the same on every platform.
The trees stand in ``linemodel.json``, one to a line: features and limits, then the values for
the answers no-no-no-no, no-no-no-yes, … to yes-yes-yes-yes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.rules.linefeatures import Ints

#: Questions to a tree at most, and trees that are looked up together: the answers to all fit into 16 bits.
DEPTH: Final = 4
_TOGETHER: Final = 3
#: No limit is so high: higher numbers are as good.
_MOST: Final = 32767


class Tree(NamedTuple):
    """Ask ``questions`` (feature, limit: is it above?) in order; the answers, read as binary digits, pick a value."""

    questions: tuple[tuple[str, int], ...]
    values: Ints


class Tables(NamedTuple):
    """All trees as arrays: numpy asks all rows a question at once, and each question once.

    ``names`` are the features that are asked about; ``asked`` has the place there, ``above`` the limit of each
    question; ``questions`` the places of a tree's questions among these, a column for each tree; ``values`` a row for
    each tree; ``sums`` a row for each :data:`_TOGETHER` trees: the sum of their values for all their answers.
    """

    names: tuple[str, ...]
    asked: NDArray[np.int64]
    above: NDArray[np.int16]
    questions: NDArray[np.int64]
    values: Ints
    sums: Ints


class Model(NamedTuple):
    """The trees, the same as tables, and for each profile the score above which a line goes."""

    trees: tuple[Tree, ...]
    tables: Tables
    limits: dict[str, int]


@precomputed
def model() -> Model:
    """The model that comes with the package."""
    return read_model(json.loads(files("corpuskit.rules").joinpath("linemodel.json").read_text("utf-8")))


def read_model(data: dict[str, Any]) -> Model:
    """A model from its JSON form."""
    trees = tuple(Tree(_questions(asked), np.array(values, np.int32)) for asked, values in data["trees"])
    return Model(trees, _tables(trees), {str(name): int(limit) for name, limit in data["limits"].items()})


def _questions(asked: list[Any]) -> tuple[tuple[str, int], ...]:
    """Feature, limit, feature, limit, … as pairs."""
    return tuple((str(name), int(limit)) for name, limit in zip(asked[::2], asked[1::2], strict=True))


def _tables(trees: Sequence[Tree]) -> Tables:
    """The tables of some trees; one that asks less than others asks its last question again, which changes nothing."""
    alike = [_deep(tree) for tree in trees]
    alike += [Tree(alike[0].questions, np.zeros_like(alike[0].values))] * (-len(alike) % _TOGETHER)
    questions = sorted({question for tree in alike for question in tree.questions})
    names = {name: number for number, name in enumerate(sorted({name for name, _ in questions}))}
    place = {question: number for number, question in enumerate(questions)}
    values = np.stack([tree.values for tree in alike])
    one, two, three = (values[first::_TOGETHER] for first in range(_TOGETHER))
    return Tables(
        names=tuple(names),
        asked=np.array([names[name] for name, _ in questions]),
        above=np.array([limit for _, limit in questions], np.int16),
        questions=np.array([[place[question] for question in tree.questions] for tree in alike]).T,
        values=values,
        sums=(one[:, :, None, None] + two[:, None, :, None] + three[:, None, None, :]).reshape(len(one), -1),
    )


def _deep(tree: Tree) -> Tree:
    more = DEPTH - len(tree.questions)
    return Tree(tree.questions + tree.questions[-1:] * more, np.repeat(tree.values, 1 << more))


def run(tables: Tables, columns: dict[str, Ints]) -> Ints:
    """Sum of the values that the trees give each row."""
    said = answers(tables, columns).astype(np.uint16)
    one, two, three = (said[first::_TOGETHER] for first in range(_TOGETHER))
    total = np.zeros(len(columns["mass"]), np.int32)
    for sums, place in zip(tables.sums, one << 2 * DEPTH | two << DEPTH | three, strict=True):
        total += sums.take(place, mode="wrap")  # none is outside: the quickest mode
    return total


def answers(tables: Tables, columns: dict[str, Ints]) -> NDArray[np.uint8]:
    """The answers of each row to each tree as a number, the first question's answer its highest digit.

    A row for each tree, a column for each row of ``columns``.
    """
    seen = np.stack([columns[name] for name in tables.names]).clip(-_MOST, _MOST).astype(np.int16)
    yes = (seen[tables.asked] > tables.above[:, None]).view(np.uint8)
    number = np.zeros((tables.questions.shape[1], yes.shape[1]), np.uint8)
    for question in tables.questions:
        number += number
        number |= yes[question]
    return number
