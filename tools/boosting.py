"""Gradient boosting of trees that ask the same questions on every level, in numpy.

Such a tree is a table of 2 ** depth values: quick to run, small to print. Gradients are
summed as whole numbers, so that sums do not depend on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Steps into which each feature is cut at most; less than 64, the width of a histogram.
STEPS = 48
_WIDTH = 64
_GRAIN = 1024.0
_CARRY = 2.0**27

Columns = NDArray[np.int16]
Bins = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to boost: ``rows`` and ``columns`` are the shares that each tree sees."""

    trees: int
    depth: int
    rate: float
    rows: float = 0.2
    columns: float = 0.4
    ridge: float = 5.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class BinTree:
    """Questions (feature, bin: is it above?) and the value for each combination of answers."""

    questions: tuple[tuple[int, int], ...]
    values: Floats


def limits_of(columns: Columns) -> list[NDArray[np.int64]]:
    """For each feature the values that a question may ask about: all of them, or quantiles."""
    out = []
    for values in columns:
        found = np.unique(values)[:-1]
        if len(found) >= STEPS:
            ranks = np.quantile(values, np.linspace(0, 1, 2 * STEPS + 1), method="nearest")
            found = np.unique(ranks)[:-1]
            found = found[np.linspace(0, len(found) - 1, min(STEPS, len(found))).round().astype(int)]
        out.append(np.unique(found).astype(np.int64))
    return out


def to_bins(columns: Columns, limits: list[NDArray[np.int64]]) -> Bins:
    """The number of limits below each value: above limit ``j`` means bin greater than ``j``."""
    rows = [np.searchsorted(limit, values).astype(np.uint8) for limit, values in zip(limits, columns, strict=True)]
    return np.stack(rows)


def boost(bins: Bins, target: Floats, weight: Floats, settings: Settings) -> list[BinTree]:
    """Fit trees to ``target`` (0 or 1) by logistic loss; their values add up to log odds."""
    generator = np.random.default_rng(settings.seed)
    usable = np.flatnonzero(bins.max(1) > 0)
    score = np.zeros(len(target))
    trees = []
    for _ in range(settings.trees):
        chance = 1 / (1 + np.exp(-score))
        slope, bend = weight * (target - chance), np.maximum(weight * chance * (1 - chance), 1e-4 * weight)
        seen = np.flatnonzero(generator.random(len(target)) < settings.rows)
        asked = np.sort(generator.choice(usable, max(1, int(len(usable) * settings.columns)), replace=False))
        packed = np.round(slope[seen] * _GRAIN) * _CARRY + np.round(bend[seen] * _GRAIN)
        questions = _questions(bins, seen, asked, packed, settings)
        leaf = answers(bins, questions)
        part = leaf[seen]
        slopes = np.bincount(part, slope[seen], 1 << settings.depth)
        bends = np.bincount(part, bend[seen], 1 << settings.depth)
        values = settings.rate * slopes / (bends + settings.ridge)
        score += values[leaf]
        trees.append(BinTree(questions, values))
    return trees


def _questions(
    bins: Bins, seen: NDArray[np.int64], asked: NDArray[np.int64], packed: Floats, settings: Settings
) -> tuple[tuple[int, int], ...]:
    """The best question for each level, asked in all leaves at once."""
    columns = {int(feature): bins[feature][seen] for feature in asked}
    leaf = np.zeros(len(seen), np.int64)
    questions = []
    for level in range(settings.depth):
        best = (-1.0, -1, -1)
        for feature, values in columns.items():
            histogram = np.bincount(leaf + values, packed, _WIDTH << level).astype(np.float64)
            gain = _gains(histogram.reshape(-1, _WIDTH), settings.ridge)
            place = int(gain.argmax())
            best = max(best, (float(gain[place]), -feature, -place))
        feature, place = -best[1], -best[2]
        questions.append((feature, place))
        leaf = leaf * 2 + (columns[feature] > place) * _WIDTH
    return tuple(questions)


def _gains(histogram: Floats, ridge: float) -> Floats:
    """Gain of each cut, over all leaves; histogram cells hold a slope and a bend (see :data:`_CARRY`)."""
    running = np.cumsum(histogram, 1)
    slope = np.round(running / _CARRY)
    bend = (running - slope * _CARRY) / _GRAIN
    slope /= _GRAIN
    left = slope**2 / (bend + ridge)
    right = (slope[:, -1:] - slope) ** 2 / (bend[:, -1:] - bend + ridge)
    gains: Floats = (left + right).sum(0)[:-1]
    return gains


def answers(bins: Bins, questions: tuple[tuple[int, int], ...]) -> NDArray[np.int64]:
    """The answers of each row as a number, the first question's its highest bit."""
    number = np.zeros(bins.shape[1], np.int64)
    for feature, place in questions:
        number = number * 2 + (bins[feature] > place)
    return number


def log_odds(bins: Bins, trees: list[BinTree]) -> Floats:
    """Sum of the trees' values for each row."""
    total = np.zeros(bins.shape[1])
    for tree in trees:
        total += tree.values[answers(bins, tree.questions)]
    return total
