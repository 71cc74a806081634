"""Paragraphs that a hard wrap tore into lines: mails, books, manuals, text taken out of PDF.

Such a paragraph is judged as one line: its own lines are fragments, which look like machinery
and recur by chance. The text and the table of its lines stay as they are; rules see the
paragraph in its first line, with the line breaks as spaces, so that every place stays.

What tells a torn paragraph, and what pages with a line for each block do not have (of 2,899
labelled pages none has such a paragraph): a block between empty lines or marks of lists whose
lines but the last are about equally long and could not take the next word, and most of whose lines
begin with a small letter in the middle of a sentence. So only scripts with case have them: in others
too little tells a torn paragraph from a list of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from corpuskit.text.characters import Class
from corpuskit.text.lines import COUNTS, Lines

#: Code points of a full line: mails wrap at 72, few texts below 40 or above 130.
NARROW, WIDE = 40, 130
#: The shortest full line of a paragraph, in percent of the longest; the last line may be longer by so much.
EVEN, LAST = 60, 110
#: Line breaks (percent) of a paragraph behind which a sentence goes on; at which the next word had no room.
GOES_ON, FULL = 50, 70
#: First words (percent) of the lines of a paragraph that differ: lines of a list begin alike.
DIFFER: Final = 50
#: Line breaks in paragraphs of three and more lines that a text has if it is wrapped at all.
SURE: Final = 3

Sizes = NDArray[np.int64]
Flags = NDArray[np.bool_]


def _flags(*classes: int) -> Flags:
    flags = np.zeros(256, bool)
    flags[list(classes)] = True
    return flags


_SMALL: Final = _flags(Class.LATIN, Class.CYRILLIC, Class.GREEK)
#: What opens an item of a list, a heading, a row of a table, code.
_SIGNS: Final = _flags(
    Class.BAR, Class.PUNCTUATION, Class.SYMBOL, Class.SPACE, Class.OTHER, Class.INVISIBLE, Class.NEWLINE
)


def sizes_of(lines: Lines, printed: Sequence[str]) -> Sizes:
    """For each line, how many lines its paragraph has when it is the first of them, else 0; ordinary lines have 1."""
    sizes = np.ones(len(lines), np.int64)
    joins = np.append(False, (lines.doc[1:] == lines.doc[:-1]) & ~lines.blank[1:] & ~lines.blank[:-1])[: len(lines)]
    joins &= ~_SIGNS[lines.first]
    goes_on = joins & _SMALL[lines.first] & (np.append(Class.ENDER, lines.last[:-1])[: len(lines)] != Class.ENDER)
    if not goes_on.any():
        return sizes
    first, size = _even_blocks(lines, joins, goes_on)
    full = np.array([_is_full(printed[a : a + n]) for a, n in zip(first.tolist(), size.tolist(), strict=True)], bool)
    first, size = first[full], size[full]
    docs = lines.doc[first]
    sure = np.bincount(docs, (size - 1) * (size > 2), len(lines.scripts)) >= SURE
    for a, n in zip(first[sure[docs]].tolist(), size[sure[docs]].tolist(), strict=True):
        sizes[a : a + n] = n, *[0] * (n - 1)
    return sizes


def _even_blocks(lines: Lines, joins: Flags, goes_on: Flags) -> tuple[Sizes, Sizes]:
    """First line and size of each run of lines that ``joins`` connects, of which the lengths suit a paragraph."""
    first = np.flatnonzero(~joins)
    size = np.diff(np.append(first, len(lines)))
    length = lines.length.astype(np.int64)
    full = np.append(joins[1:], False)  # lines that another one follows
    longest = np.maximum.reduceat(np.where(full, length, 0), first)
    shortest = np.minimum.reduceat(np.where(full, length, WIDE), first)
    even = (size > 1) & (longest <= WIDE) & (shortest >= NARROW) & (100 * shortest >= EVEN * longest)
    even &= 100 * length[first + size - 1] <= LAST * longest
    even &= 100 * np.add.reduceat(goes_on, first, dtype=np.int64) >= GOES_ON * (size - 1)
    return first[even], size[even]


def _is_full(block: Sequence[str]) -> bool:
    """Whether the lines are as full as a wrap makes them, and begin with words that differ."""
    words = [line.split(None, 1)[0] for line in block]
    longest = max(map(len, block[:-1]))
    full = sum(len(line) + 1 + len(word) > longest for line, word in zip(block, words[1:], strict=False))
    return 100 * full >= FULL * (len(block) - 1) and 100 * len(set(words)) >= DIFFER * len(words)


def rows_of(sizes: Sizes, firsts: Flags) -> Flags:
    """The lines of the paragraphs whose first lines are marked."""
    return np.repeat(firsts[sizes > 0], sizes[sizes > 0])


def joined(lines: Lines, sizes: Sizes) -> Lines:
    """The table with each torn paragraph in the row of its first line; its other rows are empty, at their places.

    Keys and shapes stay those of the lines.
    """
    first = np.flatnonzero(sizes > 0)
    if len(first) == len(lines):
        return lines
    head = sizes > 0
    summed: dict[str, Any] = {}
    for name in (*COUNTS, "mass"):
        column = np.zeros(len(lines), np.int32)
        column[first] = np.add.reduceat(getattr(lines, name), first)
        summed[name] = column
    summed["spaces"][first] += (sizes[first] - 1).astype(np.int32)
    end, last = lines.start.copy(), lines.last.copy()
    end[first] = lines.end[first + sizes[first] - 1]
    last[first] = lines.last[first + sizes[first] - 1]
    shape = np.where(head, lines.shape, np.uint64(0))
    return replace(lines, end=end, last=last, shape=shape, **summed)


def unwrapped(lines: Lines, texts: list[str], printed: list[str], sizes: Sizes) -> tuple[Lines, list[str], list[str]]:
    """The table, the texts and their lines as the rules see them."""
    torn = np.flatnonzero(sizes > 1)
    if not len(torn):
        return lines, texts, printed
    texts, printed = list(texts), list(printed)
    for row in torn.tolist():
        past = row + int(sizes[row])
        printed[row:past] = [" ".join(printed[row:past]), *[""] * (past - row - 1)]
    inner = np.flatnonzero(sizes == 0)
    for doc in np.unique(lines.doc[inner]).tolist():
        starts = lines.start[inner[lines.doc[inner] == doc]].tolist()
        parts = zip([0, *starts], [start - 1 for start in starts] + [len(texts[doc])], strict=True)
        texts[doc] = " ".join([texts[doc][a:b] for a, b in parts])
    return joined(lines, sizes), texts, printed


def keys_of(lines: Lines, sizes: Sizes) -> NDArray[np.void]:
    """The keys by which lines are compared: a line of a torn paragraph is a copy only where the whole of it is one."""
    torn = np.flatnonzero(sizes > 1)
    if not len(torn):
        return lines.key
    keys = np.ascontiguousarray(lines.key).copy()
    for row in torn.tolist():
        past = row + int(sizes[row])
        paragraph = keys[row:past].tobytes()
        told = [xxhash.xxh3_128_digest(paragraph, seed=number) for number in range(1, past - row + 1)]
        keys[row:past] = np.frombuffer(b"".join(told), "V16")
    return keys
