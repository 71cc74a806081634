"""One look at the code points of many lines: their classes counted, their edges, and what keys and shapes are made of.

Two ways to the same numbers: numpy, which is always there, and ``_scan.c``, compiled where the package is
installed if a compiler is at hand (a third of the instructions).
"""

from __future__ import annotations

from types import ModuleType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.text.characters import (
    BEYOND,
    TABLE,
    Class,
    class_table,
    classes_of,
    fold_table,
    shape_table,
    unspaced_table,
)

#: The version of ``_scan.c`` that this module calls.
_VERSION: Final = 2

_scan: ModuleType | None
try:
    from corpuskit.text import _scan
except ImportError:  # installed without a compiler
    _scan = None
if _scan and getattr(_scan, "VERSION", None) != _VERSION:  # new sources beside what was compiled from older ones
    _scan = None

Points = NDArray[np.uint32]
Places = NDArray[np.int64]

#: Lines up to this many code points have a shape with digits as slots; longer ones are compared as they are.
SHAPE_MAX: Final = 240
#: Columns of a histogram of classes.
KINDS: Final = 32
#: Classes that open or close what they stand at the edge of; so many are skipped at most.
_SKIPPED: Final = (Class.SPACE, Class.INVISIBLE, Class.CLOSER, Class.OPENER)
_EDGE: Final = 4


class Scan(NamedTuple):
    """What a look finds.

    ``counts`` has a row for each line: its characters by class, the newline included. ``first`` and ``last`` are
    the classes of the first and last telling characters (NEWLINE: none). ``keys`` is the text as duplicates are
    compared by, each line up to its place in ``key_ends``; ``shapes`` and ``shape_ends`` are the same for the shapes
    of the lines of :data:`SHAPE_MAX` code points at most.
    """

    counts: NDArray[np.int32]
    first: NDArray[np.uint8]
    last: NDArray[np.uint8]
    keys: Points
    key_ends: Places
    shapes: Points
    shape_ends: Places


def scan(points: Points, ends: Places) -> Scan:
    """Look at a text; each of its lines, also the last, has its newline at one of ``ends``."""
    return _compiled(_scan, points, ends) if _scan else _by_numpy(points, ends)


def neighbours(points: Points, kinds: NDArray[np.uint8], pairs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The entry of ``pairs`` for each two neighbours; an entry for each point but the last.

    ``kinds`` has the kind of each code point, its last entry that of all beyond; ``pairs`` has
    65,536 entries, that of two kinds at ``first << 8 | second``.
    """
    if _scan:
        flags = np.empty(max(0, len(points) - 1), np.uint8)
        _scan.neighbours(points, kinds, pairs, flags)
        return flags
    kind = kinds.take(points, mode="clip").astype(np.uint16)
    return pairs.take(kind[:-1] << np.uint16(8) | kind[1:])


def stretches(points: Points, ends: Places) -> list[bytes]:
    """The bytes of each stretch up to one of ``ends``, what stands there left out."""
    if _scan:
        found: list[bytes] = _scan.stretches(points, ends)
        return found
    data, starts = points.tobytes(), np.append(0, ends[:-1] + 1)
    return [data[start:end] for start, end in zip((starts * 4).tolist(), (ends * 4).tolist(), strict=False)]


def has_controls(data: bytes, width: int) -> bool:
    """Whether text in units of ``width`` bytes (1: UTF-8, 2: UTF-16) holds control characters other than newlines."""
    if _scan:
        return bool(_scan.controls(data, width))
    units = np.frombuffer(data, f"<u{width}")
    return bool(np.count_nonzero(units < 0x20) > np.count_nonzero(units == 0x0A))


def _compiled(look: ModuleType, points: Points, ends: Places) -> Scan:
    counts, (first, last) = np.empty((len(ends), KINDS), np.int32), np.empty((2, len(ends)), np.uint8)
    keys, key_ends, shapes, shape_ends = map(np.empty_like, (points, ends, points, ends))
    found = Scan(counts, first, last, keys, key_ends, shapes, shape_ends)
    key_size, shape_size, rows = look.scan(points, ends, *traits(), SHAPE_MAX, *found)
    return found._replace(keys=keys[:key_size], shapes=shapes[:shape_size], shape_ends=shape_ends[:rows])


@precomputed
def traits() -> tuple[NDArray[np.void], NDArray[np.void]]:
    """All that the compiled look asks of a code point in one place: of those in the tables, and of ranges beyond."""
    layout = [(n, np.uint32) for n in ("key", "shape")] + [(n, np.uint8) for n in ("kind", "unspaced", "skipped", "")]
    known, ranges = np.zeros(TABLE, layout), np.zeros(len(BEYOND), layout)
    known["key"], known["shape"], known["unspaced"] = fold_table(), shape_table(), unspaced_table()
    known["kind"] = class_table()
    ranges["shape"], ranges["kind"] = zip(*BEYOND, strict=True)
    for table in (known, ranges):
        table["skipped"] = np.isin(table["kind"], _SKIPPED)
    return known, ranges


def _by_numpy(points: Points, ends: Places) -> Scan:
    starts = np.append(0, ends[:-1] + 1)[: len(ends)]
    classes, length = classes_of(points), ends - starts
    keys = key_points(points)
    shapes = shape_points(points[np.repeat(length <= SHAPE_MAX, length + 1)])
    first, last = (_edge(classes, starts, ends, step) for step in (1, -1))
    key_ends, shape_ends = (np.flatnonzero(stream == 0x0A) for stream in (keys, shapes))
    return Scan(_counts(classes, length), first, last, keys, key_ends, shapes, shape_ends)


def _counts(classes: NDArray[np.uint8], length: Places) -> NDArray[np.int32]:
    cells = np.repeat(np.arange(0, KINDS * len(length), KINDS), length + 1)
    cells += classes
    return np.bincount(cells, minlength=KINDS * len(length)).astype(np.int32).reshape(-1, KINDS)


def _edge(classes: NDArray[np.uint8], starts: Places, ends: Places, step: int) -> NDArray[np.uint8]:
    """Class of the first (``step`` 1) or last (-1) telling character."""
    skipped = np.zeros(256, bool)
    skipped[list(_SKIPPED)] = True
    at = starts.copy() if step > 0 else ends - 1
    bound = ends if step > 0 else starts - 1
    open_rows = np.flatnonzero(at != bound)
    for _ in range(_EDGE):
        open_rows = open_rows[skipped[classes[at[open_rows]]]]
        at[open_rows] += step
        open_rows = open_rows[at[open_rows] != bound[open_rows]]
    return np.where(at != bound, classes[np.maximum(at, 0)] if len(classes) else np.uint8(0), np.uint8(Class.NEWLINE))


def _looked_up(table: Points, points: Points) -> Points:
    """The form of each code point; those beyond the table stand for themselves."""
    forms: Points = table.take(points, mode="clip")
    high = points >= TABLE
    if high.any():
        forms[high] = points[high]
    return forms


def shape_points(points: Points) -> Points:
    """Lower-case letters and marks, runs of digits as ``0``; all else is dropped."""
    forms = _looked_up(shape_table(), points)
    forms = forms[forms > 0]
    digit = forms == ord("0")
    digit[1:] &= digit[:-1].copy()
    digit[:1] = False
    shape: Points = forms[~digit]
    return shape


def key_points(points: Points) -> Points:
    """Folded code points; a run of white space is one space, and none at line ends or beside an unspaced script."""
    folded = _looked_up(fold_table(), points)
    if not folded.all():
        folded = folded[folded > 0]
    at = np.flatnonzero(folded == 0x20)
    if not len(at):
        return folded
    opens = np.append(True, np.diff(at) > 1)
    closes = np.append(opens[1:], True)
    runs_start, runs_end = at[opens], at[closes]
    before = np.where(runs_start > 0, folded[runs_start - 1], 0x0A)
    after = folded[np.minimum(runs_end + 1, len(folded) - 1)]
    unspaced = unspaced_table()
    layout = (before == 0x0A) | (after == 0x0A)
    for side in (before, after):
        layout |= unspaced[np.minimum(side, TABLE - 1)]
    keep = np.ones(len(folded), bool)
    keep[at] = False
    keep[runs_start[~layout]] = True
    return folded[keep]
