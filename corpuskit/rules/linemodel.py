"""The line model: which lines of a page are machinery, judged by form and place, in any language.

A forest of small trees (see :mod:`corpuskit.rules.forest`) scores each line by its features (see
:mod:`corpuskit.rules.linefeatures`); it was learnt from labelled pages by
``tools/train_lines.py``. A positive score speaks for machinery. A line goes when
its score is above the limit of the profile, see :func:`limits_for` for what raises the limit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.rules.forest import model, run
from corpuskit.rules.linefeatures import LONG, MASS_CAP, Flags, Ints, Marked, Recurring, Rows, features, rows_of
from corpuskit.rules.linereasons import told
from corpuskit.text.lines import Lines

#: What new, long, unmarked lines need more than others: a lost paragraph costs most.
PROSE_BONUS: Final = 300
#: What a heading before such a line needs more (product.md: a menu word before a paragraph is a heading).
HEADING_BONUS: Final = 1000
#: What new lines among the page's own text need more: lists, tables and answers are short among paragraphs. On a
#: collection whose kinds of pages the training lacked, it and :data:`ROBBED_BONUS` saved four of five lost letters.
INSIDE_BONUS: Final = 5000
#: "Among": in the main stretch of text or so near to it (see ``fresh_gap``), or with this much of the page's new
#: sentences on each side (percent).
NEAR: Final = 50
SIDE: Final = 25
#: What a line needs less on pages that show their links: there the model sees more.
SEEN_BONUS: Final = 400
#: A line with so much of it in links (percent) is not the page's own text.
LINKED: Final = 50
#: A page that would lose more than this share of its new prose (percent) is of a kind that the model does not know.
ROBBED: Final = 33
ROBBED_BONUS: Final = 5000
#: A page with fewer than :data:`SURE_LINES` lines above :data:`SURE` may hold no machinery at all: its lines need more.
SURE: Final = 4000
SURE_LINES: Final = 3
UNSURE_BONUS: Final = 1000
#: What all lines of a page without one long line need more: a poem, a list, a table.
NO_TEXT_BONUS: Final = 5000
#: What lines of a text set by hand (see :mod:`corpuskit.text.wrapped`) need more: none was among the labelled pages.
TYPESET_BONUS: Final = 5000
#: Letters that must remain of a page; if fewer would, its lines need :data:`LITTLE_LEFT_BONUS` more.
LITTLE_LEFT: Final = 200
LITTLE_LEFT_BONUS: Final = 2000


class Decision(NamedTuple):
    """Per line of the batch: ``drop``, and ``score`` in thousandths of log odds (0 for lines that say nothing).

    ``seen`` keeps what the model saw, for :func:`reasons`.
    """

    drop: Flags
    score: Ints
    seen: tuple[tuple[Rows, dict[str, Ints]], ...]


class Places(NamedTuple):
    """Lines that need more or less than others: ``typeset`` if somebody set the text as plain text.

    ``ends`` are lines that end a text if they stand behind it, ``sections`` headings that begin it again, ``menus``
    lines that lead to other pages (see :mod:`corpuskit.rules.apart`).
    """

    typeset: Flags
    ends: Flags
    sections: Flags
    menus: Flags


def boilerplate(
    lines: Lines, recurrence: Recurring, signals: Marked, links: NDArray[np.uint8], places: Places, profile: str
) -> Decision:
    """Decide every line of the batch (see :func:`features`); ``profile`` is ``careful`` or ``strict``."""
    drop, score = np.zeros(len(lines), bool), np.zeros(len(lines), np.int32)
    seen = []
    for rows in rows_of(lines):
        own = features(lines, rows, recurrence, signals, links)
        sums = run(model().tables, own)
        score[rows.at] = sums
        ends, sections = places.ends[rows.at], places.sections[rows.at]
        apart = places.menus[rows.at] | behind_the_text(ends, sections, own, rows)
        limits = limits_for(sums, own, rows.doc, model().limits[profile], profile == "careful", apart)
        limits += INSIDE_BONUS * (_in_sections(ends, sections, rows) & (own["recurs"] < 2) & (own["links"] == 0))
        drop[rows.at] = sums > limits + TYPESET_BONUS * places.typeset[rows.at]
        seen.append((rows, own))
    return Decision(drop, score, tuple(seen))


def limits_for(
    score: Ints, own: dict[str, Ints], page: NDArray[np.int64] | Ints, limit: int, careful: bool, apart: Flags
) -> Ints:
    """The limit for each row, ``page`` its document's number; higher where a mistake is likelier or dearer.

    That is for new prose and the heading right before it, on pages without any long line or
    with hardly a line that is surely machinery, and where little text would be left. A
    ``careful`` profile asks more of new lines among the page's own text, and on pages that
    would lose much of their new prose, and a little less where links are seen. Phrases of the
    packs are machinery on such pages too, and lines that stand ``apart`` are not the page's own text.
    """
    starts = np.flatnonzero(np.diff(page, prepend=-1))
    size = np.diff(np.append(starts, len(page)))
    unmarked = own["strong"] == 0
    new = (own["recurs"] < 2) | (own["mass"] == 0)  # all bare numbers have one shape: that tells nothing
    new &= unmarked & (own["links"] < LINKED) & ~apart
    new_prose = new & (own["mass"] >= LONG)
    unsure = np.repeat(np.add.reduceat(score > SURE, starts, dtype=np.int32) < SURE_LINES, size)
    limits = limit + PROSE_BONUS * new_prose + HEADING_BONUS * _headings(own, page, new_prose)
    limits += (NO_TEXT_BONUS * (own["page_long"] == 0) + UNSURE_BONUS * unsure) * unmarked
    if careful:
        limits += INSIDE_BONUS * (new & _inside(own)) - SEEN_BONUS * (own["page.links"] > 0)
        text = np.minimum(own["mass"], MASS_CAP) * (new & ((own["sentence_end"] > 0) | new_prose))
        lost = 100 * np.add.reduceat(text * (score > limits), starts)
        limits += ROBBED_BONUS * (new & np.repeat(lost > ROBBED * np.add.reduceat(text, starts), size))
    left = np.add.reduceat(own["mass"] * (score <= limits), starts)
    little = np.repeat(left < LITTLE_LEFT, size) & unmarked
    raised: Ints = (limits + LITTLE_LEFT_BONUS * little).astype(np.int32)
    return raised


def behind_the_text(ends: Flags, sections: Flags, own: dict[str, Ints], rows: Rows) -> Flags:
    """Rows from the first of ``ends`` on that stands behind the page's main stretch of text; no endless ones.

    It holds up to the next of ``sections``.
    """
    if not ends.any():
        return ends
    place = np.arange(len(ends))
    last = np.maximum.reduceat(np.where(own["fresh_gap"] == 0, place, -1), rows.starts)[rows.doc]
    marks = ends & (place > last)
    ended = np.cumsum(marks)
    before = np.maximum((ended - marks)[rows.first], np.maximum.accumulate(np.where(sections, ended, 0)))
    behind: Flags = (ended > before) & (own["mass"] < MASS_CAP)
    return behind


def _in_sections(ends: Flags, sections: Flags, rows: Rows) -> Flags:
    """Rows from each of ``sections`` behind one of ``ends`` on, up to the next of these or the end of the page."""
    if not sections.any():
        return sections
    place = np.arange(len(ends))
    opened, ended = (np.maximum.accumulate(np.where(flags, place, -1)) for flags in (sections, ends))
    inside: Flags = (ended >= rows.first) & (opened > ended)
    return inside


def _inside(own: dict[str, Ints]) -> Flags:
    """Rows in or near the page's main stretch of text, or with a good part of its new sentences on either side."""
    between = (own["fresh_above"] >= SIDE) & (own["fresh_below"] >= SIDE)
    inside: Flags = (own["fresh_gap"] <= NEAR) | between
    return inside


def _headings(own: dict[str, Ints], page: NDArray[np.int64] | Ints, new_prose: Flags) -> Flags:
    """Short rows without figures or pack phrases that stand right before new prose that ends like a sentence."""
    before = np.zeros(len(page), bool)
    before[:-1] = (new_prose & (own["sentence_end"] > 0))[1:] & (page[1:] == page[:-1])
    headings: Flags = before & (own["mass"] < LONG) & (own["digits"] + own["strong"] + own["weak"] == 0)
    return headings


def reason(decision: Decision, line: int) -> str:
    """The three strongest grounds against a line: ``short line; among short lines; occurs in 20+ documents``."""
    return reasons(decision, np.array([line]))[0]


def reasons(decision: Decision, chosen: NDArray[np.int64]) -> list[str]:
    """The reason for each of the ``chosen`` lines of the batch; they are in order, and each has a letter or digit."""
    out: list[str] = []
    for rows, own in decision.seen:
        places = np.flatnonzero(np.isin(rows.at, chosen))
        if len(places):
            out += told({name: values[places] for name, values in own.items()})
    return out
