"""Plots: distributions as columns, drawn by leather, themed by the page's style.

Why leather: it writes plain SVG elements whose colours are presentation attributes, which the page's style
overrides (light, dark, print) and its policy allows. matplotlib and pygal write ``style`` attributes, which a
strict policy refuses, and ids that must be tamed; plotly and Vega bring megabytes of script; vl-convert measures
labels with the machine's fonts. leather is pure Python (30 kB, MIT, no dependencies, no clock, no random ids),
kept by the makers of csvkit and agate.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, Final

import leather

from corpuskit.release.report.elements import Node, table, tag

#: Units of the drawing: about as wide as it is shown on a telephone, so that its letters stay legible there.
WIDTH: Final = 400
HEIGHT: Final = 210
#: Room for the labels under the columns, of a letter of theirs, and between two of them, in the same units.
ROOM: Final = 330
LETTER: Final = 6.6
GAP: Final = 10

Pairs = Sequence[tuple[str, int]]


def columns(title: str, note: str, heads: tuple[str, str], pairs: Pairs) -> Node:
    """A figure of columns: its title, a note, the drawing, and the numbers in a table that opens below."""
    numbers = tag("details", tag("summary", "Numbers"), table(title, (heads[0], f"{heads[1]}|number"), pairs))
    caption = tag("figcaption", tag("strong", title), tag("span", note))
    drawing = _drawing(title, heads, pairs) if any(count for _, count in pairs) else None
    return tag("figure", caption, drawing, numbers, class_="plot")


def _drawing(title: str, heads: tuple[str, str], pairs: Pairs) -> Node:
    chart: Any = leather.Chart()
    step = ceil(len(pairs) * (max(len(label) for label, _ in pairs) * LETTER + GAP) / ROOM)
    chart.add_columns(list(pairs))
    chart.add_x_axis(tick_formatter=lambda label, i, _: label if i % step == 0 else "")
    chart.add_y_axis(tick_formatter=lambda value, *_: _count(value))
    group = chart.to_svg_group(WIDTH, HEIGHT)
    axis = group.find(".//g[@class='axis left']")
    for tick in axis.findall("g"):
        if not tick.findtext("text"):  # half documents
            axis.remove(tick)
    for bar, (label, count) in zip(group.iterfind(".//g[@class='series columns']/rect"), pairs, strict=True):
        bar.append(tag("title", f"{label}: {count:,}"))
    best = max(pairs, key=lambda pair: pair[1])
    told = f"{title}: {heads[1]} by {heads[0]}; the highest column is {best[0]} with {best[1]:,}"
    return tag("svg", group, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=told)


def _count(value: Any) -> str:
    """The label of a tick of the axis of counts; empty where it falls between two whole numbers."""
    if value != int(value):
        return ""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if value >= size and value * 10 % size == 0:
            return f"{value / size:.1f}".removesuffix(".0") + unit
    return f"{int(value):,}"
