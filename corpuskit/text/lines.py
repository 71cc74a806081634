"""The table of lines: one row for each line of a batch of texts, from a few passes over the code points.

Line rules, the line model, templates and duplicates read these columns instead of
scanning the text in Python. A line is what stands between two newlines (``\\n``); its
``start`` and ``end`` are code points within its own text, the newline not included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from corpuskit.text.characters import (
    LETTERS,
    TABLE,
    Class,
    classes_of,
    code_points,
    fold_table,
    shape_table,
    unspaced_table,
)

Ints = NDArray[np.int32]
Hashes = NDArray[np.uint64]

#: Lines up to this many code points have a shape with digits as slots; longer ones are compared as they are.
SHAPE_MAX: Final = 240
#: Code points to a pass: the columns of a chunk stay in the second-level cache (measured: 65 MB/s, 40 for 4 M).
CHUNK: Final = 300_000

#: The columns that count characters, and the classes that each of them counts.
COUNTS: Final = {
    "letters": tuple(LETTERS),
    "marks": (Class.MARK,),
    "digits": (Class.DIGIT,),
    "upper": (Class.UPPER_LATIN, Class.UPPER_OTHER),
    "enders": (Class.ENDER,),
    "commas": (Class.COMMA,),
    "brackets": (Class.OPENER, Class.CLOSER),
    "bars": (Class.BAR,),
    "others": (Class.PUNCTUATION, Class.SYMBOL),
    "spaces": (Class.SPACE, Class.INVISIBLE),
    "dense": (Class.KANA, Class.HANGUL, Class.HAN),
    "unspaced": (Class.THAI, Class.LAO, Class.KHMER, Class.BURMESE, Class.KANA, Class.HAN),
}
#: Lines to a histogram of classes (16 MB): a text may be nothing but newlines.
_HISTOGRAM: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Lines:
    """Columns over the lines of a batch; every array has one entry for each line.

    ``doc`` is the index of the text in the batch, ``index`` the line's number within its
    text (from 0), ``start``/``end`` code points in the text. The counters count code
    points of a kind. ``mass`` is the length in letters of an alphabet: a Han, Kana or
    Hangul letter counts 2.5, because it carries about that much more of a word.
    ``last`` is the class of the last character that is no space and closes no bracket,
    ``first`` of the first one. ``shape`` is 0 for a line without letters or digits,
    ``key`` (128 bits) is zero for a line that shows nothing.
    """

    doc: Ints
    index: Ints
    start: Ints
    end: Ints
    letters: Ints
    marks: Ints
    digits: Ints
    upper: Ints
    enders: Ints
    commas: Ints
    brackets: Ints
    bars: Ints
    others: Ints
    spaces: Ints
    dense: Ints
    unspaced: Ints
    mass: Ints
    first: NDArray[np.uint8]
    last: NDArray[np.uint8]
    shape: Hashes
    key: NDArray[np.void]
    scripts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.doc)

    @property
    def length(self) -> Ints:
        """Code points in each line."""
        return self.end - self.start

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Lines that show nothing: only white space and invisible characters."""
        blank: NDArray[np.bool_] = self.length == self.spaces
        return blank

    def comparable(self, min_mass: int) -> NDArray[np.bool_]:
        """Lines that are compared between documents: paragraphs of ``min_mass`` letters, no rows of tables."""
        table = (self.bars > 1) | (self.digits * 2 > self.letters)
        long: NDArray[np.bool_] = (self.mass >= min_mass) & ~table
        return long


def table_of_lines(texts: Sequence[str]) -> Lines:
    """Build the table for ``texts``. ``scripts`` has one row for each *text*: its characters by class (32 columns)."""
    parts = [_table(texts[a:b], a) for a, b in chunks(texts)]
    return Lines(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Lines)))


def split_lines(texts: Sequence[str]) -> list[str]:
    """The lines of ``texts``, in the order of their table."""
    return "\n".join(texts).split("\n")


def chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut the texts, first to past, into runs of about :data:`CHUNK` code points; no texts are one run."""
    first, size = 0, 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK:
            yield first, i + 1
            first, size = i + 1, 0
    if first < len(texts) or not texts:
        yield first, len(texts)


def _table(texts: Sequence[str], first_doc: int) -> Lines:
    points = code_points("\n".join([*texts, ""]))
    classes = classes_of(points)
    ends = np.flatnonzero(points == 0x0A)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    offsets = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])[:-1])) if len(texts) else ends
    first_line = np.searchsorted(starts, offsets)
    doc = np.repeat(np.arange(len(texts)), np.diff(np.append(first_line, len(starts))))
    length = ends - starts
    counts, scripts = _count(classes, length, doc, len(texts))
    mass = counts["letters"] + counts["dense"] * 3 // 2
    keys = _keys(_key_points(points))
    return Lines(
        doc=(doc + first_doc).astype(np.int32),
        index=(np.arange(len(starts)) - first_line[doc]).astype(np.int32),
        start=(starts - offsets[doc]).astype(np.int32),
        end=(ends - offsets[doc]).astype(np.int32),
        mass=mass.astype(np.int32),
        first=_edge(classes, starts, ends, 1),
        last=_edge(classes, starts, ends, -1),
        shape=_shapes(points, length, keys),
        key=keys,
        scripts=scripts,
        **counts,
    )


def dense_letters(line: str) -> int:
    """What :attr:`Lines.dense` counts in a line: its letters that carry as much as two or three of an alphabet."""
    return int(np.isin(classes_of(code_points(line)), COUNTS["dense"]).sum())


def shape_hashes(lines: Sequence[str]) -> Hashes:
    """What :attr:`Lines.shape` holds for each of these lines, none of them longer than :data:`SHAPE_MAX`."""
    return _hashes(_shape_points(code_points("\n".join([*lines, ""]))))


def _count(
    classes: NDArray[np.uint8], length: NDArray[np.int64], doc: NDArray[np.int64], texts: int
) -> tuple[dict[str, Ints], NDArray[np.int32]]:
    """Counts of :data:`COUNTS` in each line; characters of each class in each text, shape (texts, 32)."""
    counts = {name: np.empty(len(length), np.int32) for name in COUNTS}
    by_text = np.zeros((texts, 32), np.int32)
    place = 0
    for first in range(0, len(length), _HISTOGRAM):
        block = slice(first, first + _HISTOGRAM)
        sizes = length[block] + 1
        cells = np.repeat(np.arange(0, 32 * len(sizes), 32), sizes)
        cells += classes[place : place + len(cells)]
        place += len(cells)
        histogram = np.bincount(cells, minlength=32 * len(sizes)).reshape(-1, 32)
        for name, members in COUNTS.items():
            counts[name][block] = histogram[:, members].sum(1)
        here, opens = np.unique(doc[block], return_index=True)
        by_text[here] += np.add.reduceat(histogram, opens)
    return counts, by_text


def _edge(
    classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], step: int
) -> NDArray[np.uint8]:
    """Class of the first (``step`` 1) or last (-1) telling character; four places are enough to skip quotes."""
    skipped = np.zeros(256, bool)
    skipped[[Class.SPACE, Class.INVISIBLE, Class.CLOSER, Class.OPENER]] = True
    at = starts.copy() if step > 0 else ends - 1
    bound = ends if step > 0 else starts - 1
    open_rows = np.flatnonzero(at != bound)
    for _ in range(4):
        open_rows = open_rows[skipped[classes[at[open_rows]]]]
        at[open_rows] += step
        open_rows = open_rows[at[open_rows] != bound[open_rows]]
    return np.where(at != bound, classes[np.maximum(at, 0)] if len(classes) else np.uint8(0), np.uint8(Class.NEWLINE))


def _looked_up(table: NDArray[np.uint32], points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The form of each code point; those beyond the table stand for themselves."""
    forms: NDArray[np.uint32] = table.take(points, mode="clip")
    high = points >= TABLE
    if high.any():
        forms[high] = points[high]
    return forms


def _shape_points(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Lower-case letters and marks, runs of digits as ``0``; all else is dropped."""
    forms = _looked_up(shape_table(), points)
    forms = forms[forms > 0]
    digit = forms == ord("0")
    digit[1:] &= digit[:-1].copy()
    digit[:1] = False
    shape: NDArray[np.uint32] = forms[~digit]
    return shape


def _shapes(points: NDArray[np.uint32], length: NDArray[np.int64], keys: NDArray[np.void]) -> Hashes:
    """64-bit hash of each line's shape; of a long line, half of its key; 0 for a line without letters or digits."""
    short = length <= SHAPE_MAX
    shapes = np.ascontiguousarray(keys).view(np.uint64)[::2].copy()
    shapes[short] = _hashes(_shape_points(points[np.repeat(short, length + 1)]))
    return shapes


def key_points(text: str) -> NDArray[np.uint32]:
    """The code points of ``text`` as duplicates are compared by: folded, white space as one space or none."""
    return _key_points(code_points(text))


def _key_points(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
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


def _stretches(points: NDArray[np.uint32]) -> Iterator[memoryview]:
    """The bytes between newlines."""
    buffer = memoryview(np.ascontiguousarray(points).data).cast("B")
    at = 0
    for end in (np.flatnonzero(points == 0x0A) * 4).tolist():
        yield buffer[at:end]
        at = end + 4


def _hashes(points: NDArray[np.uint32]) -> Hashes:
    """64-bit hash of each stretch between newlines; 0 for an empty one."""
    return np.array([xxhash.xxh3_64_intdigest(line) if line else 0 for line in _stretches(points)], np.uint64)


def _keys(points: NDArray[np.uint32]) -> NDArray[np.void]:
    """128-bit hash of each stretch between newlines; zeros for an empty one."""
    keys = b"".join(xxhash.xxh3_128_digest(line) if line else bytes(16) for line in _stretches(points))
    return np.frombuffer(keys, "V16")
