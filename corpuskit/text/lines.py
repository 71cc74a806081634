"""The table of lines: one row for each line of a batch of texts, from a few passes over the code points.

Line rules, the line model, templates and duplicates read these columns instead of
scanning the text in Python. A line is what stands between two newlines (``\\n``); its
``start`` and ``end`` are code points within its own text, the newline not included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from corpuskit.text.characters import LETTERS, Class, classes_of, code_points
from corpuskit.text.scan import KINDS, SHAPE_MAX, Scan, scan, shape_points, stretches

Ints = NDArray[np.int32]
Hashes = NDArray[np.uint64]

#: Code points to a pass: its columns stay in the second-level cache (300,000 took 5 % more cycles of a build).
CHUNK: Final = 120_000
#: Lines to a look, which takes 300 bytes for each: a text may be nothing but newlines.
BLOCK: Final = 1 << 16

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
_NO_KEY: Final = bytes(16)


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
    ends = np.flatnonzero(points == 0x0A)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    offsets = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])[:-1])) if len(texts) else ends
    first_line = np.searchsorted(starts, offsets)
    doc = np.repeat(np.arange(len(texts)), np.diff(np.append(first_line, len(starts))))
    scripts, parts = np.zeros((len(texts), KINDS), np.int32), list[dict[str, NDArray[Any]]]()
    for block in (slice(row, row + BLOCK) for row in range(0, len(ends) or 1, BLOCK)):
        first, past = (int(starts[block][0]), int(ends[block][-1]) + 1) if len(ends) else (0, 0)
        seen = scan(points[first:past], ends[block] - first)
        parts.append(_columns(seen, (ends - starts)[block]))
        here, opens = np.unique(doc[block], return_index=True)
        scripts[here] += np.add.reduceat(seen.counts, opens, dtype=np.int32) if len(opens) else 0
    return Lines(
        doc=(doc + first_doc).astype(np.int32),
        index=(np.arange(len(starts)) - first_line[doc]).astype(np.int32),
        start=(starts - offsets[doc]).astype(np.int32),
        end=(ends - offsets[doc]).astype(np.int32),
        scripts=scripts,
        **{name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
    )


def _columns(seen: Scan, length: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """The columns that say what lines of this length hold."""
    by_class = np.ascontiguousarray(seen.counts.T)  # sums of long rows: a tenth of the work of many short ones
    counts = {name: by_class[list(members)].sum(0, dtype=np.int32) for name, members in COUNTS.items()}
    mass, keys = counts["letters"] + counts["dense"] * 3 // 2, _keys(seen)
    about = {"mass": mass, "first": seen.first, "last": seen.last, "shape": _shapes(seen, length, keys), "key": keys}
    return counts | about


def dense_letters(line: str) -> int:
    """What :attr:`Lines.dense` counts in a line: its letters that carry as much as two or three of an alphabet."""
    return int(np.isin(classes_of(code_points(line)), COUNTS["dense"]).sum())


def shape_hashes(lines: Sequence[str]) -> Hashes:
    """What :attr:`Lines.shape` holds for each of these lines, none of them longer than :data:`SHAPE_MAX`."""
    shapes = shape_points(code_points("\n".join([*lines, ""])))
    return _hashes(shapes, np.flatnonzero(shapes == 0x0A))


def _shapes(seen: Scan, length: NDArray[np.int64], keys: NDArray[np.void]) -> Hashes:
    """64-bit hash of each line's shape; of a long line, half of its key; 0 for a line without letters or digits."""
    shapes = np.ascontiguousarray(keys).view(np.uint64)[::2].copy()
    shapes[length <= SHAPE_MAX] = _hashes(seen.shapes, seen.shape_ends)
    return shapes


def _hashes(points: NDArray[np.uint32], ends: NDArray[np.int64]) -> Hashes:
    """64-bit hash of each stretch up to one of ``ends``; 0 for an empty one."""
    return np.array([xxhash.xxh3_64_intdigest(line) if line else 0 for line in stretches(points, ends)], np.uint64)


def _keys(seen: Scan) -> NDArray[np.void]:
    """128-bit hash of each line's key; zeros for an empty one."""
    lines = stretches(seen.keys, seen.key_ends)
    return np.frombuffer(b"".join([xxhash.xxh3_128_digest(line) if line else _NO_KEY for line in lines]), "V16")
