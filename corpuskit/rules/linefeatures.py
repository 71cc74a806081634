"""What the line model sees of each line: small whole numbers that mean the same in every language.

Lengths, punctuation, neighbours, windows, place in the page, how often a line recurs and what
the language packs say. Rows are the lines that say something (a letter or a digit): empty
lines and rules of dashes change nothing. A number depends on the row's own document only,
and every step is exact, so that it is the same on all platforms and in all batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from corpuskit.text.characters import Class
from corpuskit.text.lines import Lines

#: Lines of this mass (letters) are long: in the labelled pages most of them are running text.
LONG: Final = 80
#: Lines of this mass that end like a sentence are sentences.
SENTENCE: Final = 40
#: Lines below this mass are short.
SHORT: Final = 30
#: Mass that one line may bring into a window or a share: one endless line says no more than a paragraph.
MASS_CAP: Final = 400
#: Distance, in rows, that stands for "there is none".
FAR: Final = 999
#: Mass that a row outside the text takes from a zone (see :func:`_zone_gap`), by kind.
ZONE_SHORT, ZONE_FRAGMENT, ZONE_RECURRING = -30, -20, -60

#: Unit of squared masses: sums of 200,000 full lines fit into 32 bits.
_SQUARE: Final = 16
#: Rows that are looked at in one go: their columns stay in the processor's cache. It changes no number.
_BLOCK: Final = 1 << 13

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Recurring(Protocol):
    """How often lines recur."""

    @property
    def corpus(self) -> NDArray[np.int32]:
        """Documents of the corpus that hold a line of this shape, this one included, rounded down."""


class Marked(Protocol):
    """What the language packs say of each line; 0 says nothing."""

    @property
    def strong(self) -> NDArray[np.int16]:
        """Phrases that are machinery."""

    @property
    def weak(self) -> NDArray[np.int16]:
        """Phrases that are machinery among their kind."""

    @property
    def section(self) -> NDArray[np.int16]:
        """Headings that open a block of machinery."""

    @property
    def label(self) -> NDArray[np.int16]:
        """Names of fields that open the line."""


class Rows(NamedTuple):
    """The telling lines of a batch: ``at`` is each row's line, ``first``/``past`` bound its document's rows."""

    at: NDArray[np.int64]
    i: Ints
    first: Ints
    past: Ints
    starts: NDArray[np.int64]
    doc: Ints


class Sums(NamedTuple):
    """What all rows before a place sum up to: a row for each place (one more than rows), a column for each name."""

    names: tuple[str, ...]
    table: Ints

    def between(self, low: Ints, high: Ints) -> dict[str, Ints]:
        """What the rows from ``low`` to ``high`` (not included) sum up to, by name."""
        return self.columns(self.table.take(high, 0) - self.table.take(low, 0))

    def columns(self, parts: Ints) -> dict[str, Ints]:
        """The columns of a table like that of the sums."""
        return dict(zip(self.names, np.ascontiguousarray(parts.T), strict=True))


def rows_of(lines: Lines) -> Iterator[Rows]:
    """The rows of a table of lines (lines with a letter or a digit), some whole documents at a time."""
    at = np.flatnonzero((lines.letters > 0) | (lines.digits > 0))
    doc = lines.doc[at]
    starts = np.flatnonzero(np.diff(doc, prepend=-1))
    cuts = starts[np.flatnonzero(np.diff(starts // _BLOCK, prepend=-1))]
    for part in np.split(at, cuts):
        if len(part):
            yield _rows(part, lines.doc[part])


def _rows(at: NDArray[np.int64], doc: Ints) -> Rows:
    starts = np.flatnonzero(np.diff(doc, prepend=-1))
    sizes = np.diff(np.append(starts, len(at)))
    return Rows(
        at=at,
        i=np.arange(len(at), dtype=np.int32),
        first=np.repeat(starts, sizes).astype(np.int32),
        past=np.repeat(starts + sizes, sizes).astype(np.int32),
        starts=starts,
        doc=np.repeat(np.arange(len(starts)), sizes).astype(np.int32),
    )


def features(
    lines: Lines, rows: Rows, recurring: Recurring, marked: Marked, links: NDArray[np.uint8]
) -> dict[str, Ints]:
    """Every feature by name, one number for each row; ``links``: percent of each line in links of Markdown."""
    own = _own(lines, rows, recurring, marked)
    kinds = _kinds(own)
    sums = _running(_summed(own, kinds))
    out = {**own}
    _neighbours(out, own, rows)
    _windows(out, sums, rows)
    _places(out, sums, rows)
    _distances(out, own, kinds, sums, rows)
    _zones(out, own, kinds, rows)
    _linked(out, links[rows.at].astype(np.int32), rows)
    del out["capped"]
    return out


def _own(lines: Lines, rows: Rows, recurring: Recurring, marked: Marked) -> dict[str, Ints]:
    """The row by itself."""
    at = rows.at
    first, last = lines.first[at], lines.last[at]
    shown = np.maximum(lines.length[at] - lines.spaces[at], 1)
    plain = ("mass", "length", "enders", "commas", "digits", "brackets", "bars")
    own: dict[str, Ints] = {name: getattr(lines, name)[at] for name in plain}
    own["capped"] = np.minimum(own["mass"], MASS_CAP)
    own["digit_share"] = 100 * own["digits"] // shown
    own["upper_share"] = 100 * lines.upper[at] // shown
    own["bar_share"] = 100 * own["bars"] // shown
    own["opens_upper"] = ((first == Class.UPPER_LATIN) | (first == Class.UPPER_OTHER)).astype(np.int32)
    own["opens_digit"] = (first == Class.DIGIT).astype(np.int32)
    own["opens_sign"] = (first >= Class.BAR).astype(np.int32)
    own["sentence_end"] = (last == Class.ENDER).astype(np.int32)
    own["comma_end"] = (last == Class.COMMA).astype(np.int32)
    own["recurs"] = np.minimum(recurring.corpus[at], 1000).astype(np.int32)
    own["twins"] = _twins(lines.shape[at], rows)
    for name in ("strong", "weak", "section", "label"):
        own[name] = (getattr(marked, name)[at] > 0).astype(np.int32)
    return own


def _twins(shape: NDArray[np.uint64], rows: Rows) -> Ints:
    """How many rows of the document have this row's shape (44 bits of it); 0 if it has none."""
    key = rows.doc.astype(np.uint64) << np.uint64(44) | shape >> np.uint64(20)
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    opens = np.flatnonzero(np.append(True, sorted_key[1:] != sorted_key[:-1])[: len(key)])
    counts = np.diff(np.append(opens, len(key)))
    twins = np.empty(len(key), np.int32)
    twins[order] = np.repeat(counts, counts)
    return np.where(shape > 0, twins, 0).astype(np.int32)


def _kinds(own: dict[str, Ints]) -> dict[str, Flags]:
    """Kinds of rows, as a reader would name them."""
    mass, recurs, ends = own["mass"], own["recurs"] > 1, own["sentence_end"] > 0
    long = mass >= LONG
    prose = long & (own["commas"] + own["enders"] > 0)
    known = recurs | (own["strong"] > 0)
    return {
        "long": long, "sentence": (mass >= SENTENCE) & ends, "prose": prose, "known": known,
        "fresh_prose": prose & ~known, "fresh_end": ends & ~known, "recurs": recurs, "section": own["section"] > 0,
        "hit": (own["strong"] | own["weak"] | own["section"] | own["label"]) > 0,
    }  # fmt: skip


def _summed(own: dict[str, Ints], kinds: dict[str, Flags]) -> dict[str, Ints]:
    """What windows and shares add up."""
    mass = own["capped"]
    return {
        "mass": mass,
        "long": mass * kinds["long"],
        "ends": own["sentence_end"],
        "end_mass": mass * own["sentence_end"],
        "stops": np.minimum(own["commas"] + own["enders"], 20),
        "digits": np.minimum(own["digits"], 100),
        "bars": np.minimum(own["bars"], 20),
        "recurring": kinds["recurs"].astype(np.int32),
        "recurring_mass": mass * kinds["recurs"],
        "prose": kinds["prose"].astype(np.int32),
        "short": (own["mass"] < SHORT).astype(np.int32),
        "fresh": mass * kinds["fresh_end"],
        "twins": (own["twins"] > 1).astype(np.int32),
        "hits": kinds["hit"].astype(np.int32),
        "squares": mass * mass // _SQUARE,
    }


def _running(values: dict[str, Ints]) -> Sums:
    """Sums of all values before each place. They may wrap around: differences of a document stay exact."""
    table = np.stack(list(values.values()), 1)
    sums = np.zeros((len(table) + 1, table.shape[1]), np.int32)
    np.cumsum(table, 0, np.int32, out=sums[1:])
    return Sums(tuple(values), sums)


def _neighbours(out: dict[str, Ints], own: dict[str, Ints], rows: Rows) -> None:
    for step in (-2, -1, 1, 2):
        place = rows.i + step
        outside = (place < rows.first) | (place >= rows.past)
        for name in ("capped", "sentence_end", "recurs") if abs(step) == 1 else ("capped",):
            beside = np.roll(own[name], -step)
            beside[outside] = -1
            out[f"{name}{step:+d}"] = beside


#: Windows, in rows before and after the row, and what is taken from each.
_WINDOWS: Final = {
    "near2": (2, 2, "mean ends recurring recurring_mass prose fresh"),
    "near5": (5, 5, "mean digits bars recurring_mass prose fresh hits"),
    "near15": (15, 15, "stops digits short twins hits long"),
    "near40": (40, 40, "stops digits bars short long recurring_mass"),
    "before12": (12, -1, "digits bars end_mass short"),
    "after12": (-1, 12, "digits stops end_mass short"),
}


_ALL: Final = 1 << 30
#: Windows for links, in rows before and after the row; the last one is the whole page.
_LINKED: Final = {
    "near1.links": (1, 1), "near5.links": (5, 5), "near15.links": (15, 15), "before3.links": (3, -1),
    "after3.links": (-1, 3), "above.links": (_ALL, -1), "below.links": (-1, _ALL), "page.links": (_ALL, _ALL),
}  # fmt: skip
#: A row is a link when this much of it is (percent).
_LINK: Final = 90
#: What is taken from the whole page.
_PAGE: Final = ["long", "end_mass", "recurring", "recurring_mass", "prose", "fresh"]


def _windows(out: dict[str, Ints], sums: Sums, rows: Rows) -> None:
    for window, (back, ahead, names) in _WINDOWS.items():
        low, high = _bounds(rows, back, ahead)
        _shares(out, sums.between(low, high), window, high - low, names.split())


def _bounds(rows: Rows, back: int, ahead: int) -> tuple[Ints, Ints]:
    """First and past of the rows from ``back`` rows before each row to ``ahead`` rows behind it, in its document."""
    low = np.maximum(rows.i - back, rows.first)
    return low, np.maximum(np.minimum(rows.i + ahead + 1, rows.past), low)


def _shares(out: dict[str, Ints], parts: dict[str, Ints], window: str, count: Ints, names: list[str]) -> None:
    """Means and shares of ``count`` rows that sum up to ``parts``: of the rows or the mass, in percent or per mille."""
    mass, count = np.maximum(parts["mass"], 1), np.maximum(count, 1)
    for name in names:
        if name == "mean":
            value = _share(parts["mass"], count, 1)
        elif name == "fresh":
            value = _share(parts[name], count, 1)
        elif name == "prose":
            value = parts[name]
        elif name in ("long", "end_mass", "recurring_mass"):
            value = _share(parts[name], mass)
        elif name in ("stops", "digits", "bars"):
            value = _share(parts[name], mass, 1000)
        else:
            value = _share(parts[name], count)
        out[f"{window}.{name}"] = value


def _share(part: Ints, whole: Ints, unit: int = 100) -> Ints:
    """Whole percents of ``whole`` (1 at least). As floats they are twice as quick, and exact: all are below 2^53."""
    shares: Ints = (part * float(unit) / whole).astype(np.int32)
    return shares


def _places(out: dict[str, Ints], sums: Sums, rows: Rows) -> None:
    """The document as a whole, and how much of it stands before and after the row."""
    i, first, past = rows.i, rows.first, rows.past
    opening, end = sums.table.take(first, 0), sums.table.take(past, 0)
    page, above, below = map(sums.columns, (end - opening, sums.table[:-1] - opening, end - sums.table[1:]))
    out["rows"], out["row"], out["rows_below"] = past - first, i - first, past - 1 - i
    _shares(out, page, "page", out["rows"], _PAGE)
    _shares(out, above, "above", out["row"], ["recurring_mass"])
    _shares(out, below, "below", out["rows_below"], ["recurring_mass", "long"])
    out["row_share"] = _share(out["row"], out["rows"])
    for name in ("mass", "long", "end_mass", "fresh"):
        out[f"page_{name}"], whole = page[name], np.maximum(page[name], 1)
        out[f"{name}_above"], out[f"{name}_below"] = _share(above[name], whole), _share(below[name], whole)
    out["page.typical"] = _share(page["squares"], np.maximum(page["mass"], 1), _SQUARE)
    out["against_typical"] = _share(out["capped"], np.maximum(out["page.typical"], 1))


def _linked(out: dict[str, Ints], links: Ints, rows: Rows) -> None:
    """How much of the row, of those around it and of the page stands in links, and how near the next link is."""
    out["links"] = links
    if not links.any():  # plain text: the same numbers without the work
        far = np.full_like(links, FAR)
        out |= dict.fromkeys(_LINKED, links) | {"link_back": far, "link_ahead": far, "link_run": links}
        return
    sums = _running({"mass": out["capped"], "links": out["capped"] * links // 100})
    for name, (back, ahead) in _LINKED.items():
        parts = sums.between(*_bounds(rows, back, ahead))
        out[name] = _share(parts["links"], np.maximum(parts["mass"], 1))
    out["link_back"], out["link_ahead"] = _nearest(links >= _LINK, rows)
    out["link_run"] = np.minimum(np.add(*_nearest(links < _LINK, rows)), FAR) * (links >= _LINK)


def _distances(out: dict[str, Ints], own: dict[str, Ints], kinds: dict[str, Flags], sums: Sums, rows: Rows) -> None:
    """Rows to the nearest sentence, prose, recurring line and section heading, and what lies between."""
    back, ahead = _nearest(kinds["sentence"], rows)
    out["sentence_gap"] = np.minimum(back, FAR) + np.minimum(ahead, FAR)
    out["sentence_back"], out["sentence_ahead"] = back, ahead
    back, ahead = _nearest(kinds["fresh_prose"], rows)
    out["prose_gap"], out["prose_back"], out["prose_ahead"] = back + ahead, back, ahead
    back, ahead = _nearest(kinds["recurs"], rows)
    out["recurring_gap"] = back + ahead
    i, mass, prose = rows.i, *(np.ascontiguousarray(sums.table[:, sums.names.index(n)]) for n in ("mass", "prose"))
    out["recurring_back_mass"] = np.where(back < FAR, own["capped"][np.maximum(i - back, 0)], 0).astype(np.int32)
    last = len(i) - 1
    out["recurring_ahead_mass"] = np.where(ahead < FAR, own["capped"][np.minimum(i + ahead, last)], 0).astype(np.int32)
    since = mass[i] - mass[np.maximum(i - back + 1, rows.first)]
    out["since_recurring"] = np.where(back < FAR, since, 2000).astype(np.int32)
    back, _ = _nearest(kinds["section"], rows)
    out["section_back"] = back
    out["prose_since_section"] = np.where(back < FAR, prose[i] - prose[np.maximum(i - back, rows.first)], 99).astype(
        np.int32
    )


def _nearest(flags: Flags, rows: Rows) -> tuple[Ints, Ints]:
    """Rows back and ahead to the nearest other flagged row of the document; :data:`FAR` if there is none so near."""
    n, found = len(flags), np.flatnonzero(flags).astype(np.int32)
    upto = np.cumsum(flags, dtype=np.int32)
    before, bounded = upto - flags, np.concatenate(([np.int32(-1)], found, [np.int32(n)])).astype(np.int32)
    last, following = bounded[before], bounded[upto + 1]
    back = np.where(last >= rows.first, rows.i - last, FAR)
    ahead = np.where(following < rows.past, following - rows.i, FAR)
    return np.minimum(back, FAR).astype(np.int32), np.minimum(ahead, FAR).astype(np.int32)


def _zones(out: dict[str, Ints], own: dict[str, Ints], kinds: dict[str, Flags], rows: Rows) -> None:
    """How far the row stands from the page's main text: what it would cost to have it in the same stretch."""
    mass, text = own["capped"], kinds["long"] | kinds["sentence"]
    out["text_gap"], out["text_gap_share"] = _zone_gap(np.where(text, mass, ZONE_SHORT), rows)
    fresh = np.where((own["sentence_end"] > 0) | kinds["long"], mass, ZONE_FRAGMENT)
    out["fresh_gap"], out["fresh_gap_share"] = _zone_gap(np.where(kinds["known"], ZONE_RECURRING, fresh), rows)


def _zone_gap(gain: NDArray[np.int32], rows: Rows) -> tuple[Ints, Ints]:
    """Gain of the page's best stretch of rows less that of the best stretch that holds the row; also in percent.

    A stretch gains the sum of its rows (the maximum-subarray idea of body text extraction,
    Finn et al. 2001, with both ends of the best stretch found for every row at once).
    """
    if not len(gain):
        return gain.astype(np.int32), gain.astype(np.int32)
    running = np.concatenate(([0], np.cumsum(gain, dtype=np.int64)))
    lift = rows.doc.astype(np.int64) << 40
    lowest = np.minimum.accumulate(running[:-1] - lift) + lift
    down = lift[-1] - lift
    highest = np.maximum.accumulate((running[1:] + down)[::-1])[::-1] - down
    held = highest - lowest
    best = np.maximum.reduceat(held, rows.starts)[rows.doc]
    gap = best - held
    share = np.where(best > 0, 100 * gap // np.maximum(best, 1), 0)
    return np.minimum(gap, 30000).astype(np.int32), np.minimum(share, 10000).astype(np.int32)
