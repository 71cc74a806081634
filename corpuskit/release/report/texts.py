"""The published texts: how long, how old, in which languages, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from corpuskit.release.report.elements import Cells, Node, percent, rest_row, stack, table, tag
from corpuskit.release.report.figures import LENGTHS, Figures
from corpuskit.release.report.plots import columns

#: Rows of the tables of languages and flags.
GROUPS: Final = 15
#: Columns of the plot of dates, at most, and the steps of years that are joined to stay below.
DATES: Final = 24
STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def texts(figures: Figures) -> Node:
    """Plots of length, loss and date; tables of languages, metadata and flags."""
    total = int(figures.lengths.sum())
    dated = f"{sum(figures.months.values()):,} of {total:,} documents say when they were published"
    lengths = list(zip(_length_names(), figures.lengths.tolist(), strict=True))
    shares = [(f"{10 * i}–{10 * i + 10}%", n) for i, n in enumerate(figures.shares.tolist())]
    plots = (
        columns("Length", "characters of a published document", ("characters", "documents"), lengths),
        columns("Loss", "share of a document's characters that was taken out", ("share", "documents"), shares),
        columns("Date", dated, ("date", "documents"), dates(figures.months)),
    )
    tables = (_languages(figures, total), _known(figures, total), *_flags(figures))
    parts = (tag("div", *plots, class_="plots"), tag("div", *tables, class_="plots"))
    return tag("section", tag("h2", "The published texts"), *parts, id="texts")


def dates(months: Mapping[int, int]) -> list[tuple[str, int]]:
    """Documents by month, or by year or steps of years where that is too many columns to draw."""
    if not months:
        return []
    first, last = min(months), max(months)
    if last - first < DATES:
        return [(f"{m // 12}-{m % 12 + 1:02}", months.get(m, 0)) for m in range(first, last + 1)]
    step = next(s for s in STEPS if last // 12 // s - first // 12 // s < DATES)
    made: dict[int, int] = {}
    for month, count in months.items():
        year = month // 12 // step * step
        made[year] = made.get(year, 0) + count
    return [(_years(year, step), made.get(year, 0)) for year in range(min(made), max(made) + 1, step)]


def _years(year: int, step: int) -> str:
    return f"{year}" if step == 1 else f"{year}–{year + step - 1}"


def _languages(figures: Figures, total: int) -> Node:
    top = figures.languages.top(GROUPS)
    heads = ("language", "documents|number", "characters|number", "|bar")
    rows: list[Cells] = [[tag("code", name or "null"), n, chars, _share(n, total)] for name, n, chars in top.rows]
    return table("Languages", heads, rows + rest_row("languages", top, 2, len(heads)))


def _known(figures: Figures, total: int) -> Node:
    heads = ("column", "documents|number", "share|number", "|bar")
    known = figures.known.items()
    rows: list[Cells] = [[tag("code", name), n, percent(n, total), _share(n, total)] for name, n in known]
    return table("What is known of them", heads, rows)


def _flags(figures: Figures) -> Iterator[Node]:
    top = figures.flags.top(GROUPS)
    if top.rows:
        heads = ("flag", "documents|number")
        yield table("Quality flags", heads, [list(row) for row in top.rows] + rest_row("flags", top, 1, len(heads)))


def _share(part: int, whole: int) -> Node:
    return stack([(part / max(whole, 1), "k-plain")], percent(part, whole))


def _length_names() -> list[str]:
    names = [f"{n // 1000}k" if n >= 1000 else str(n) for n in LENGTHS]
    between = [f"{a}–{b}" for a, b in pairwise(names[1:])]
    return [f"<{names[1]}", *between, f"≥{names[-1]}"]
