"""Code points of texts → bytes of the column that holds them, so that a text is cut without being decoded."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpuskit.stages.edits import Ints

_ONES: Final = np.uint64(0x0101010101010101)


class CodePoints:
    """Where the code points of the texts of a column stand in its bytes.

    ``data`` are the bytes of the column from its first text on, ``bounds`` where in them each text begins (and the
    last one ends), ``sizes`` the code points of each text.
    """

    def __init__(self, texts: pa.StringArray) -> None:
        offsets = offsets_of(texts)
        first, past = int(offsets[0]), int(offsets[-1])
        self.data = memoryview(texts.buffers()[2] or b"")[first:past]
        self.bounds = offsets.astype(np.int64) - first
        self._bytes = np.zeros(-(-(past - first + 1) // 8) * 8, np.uint8)  # at least one more: the place of the end
        self._bytes[: past - first] = np.frombuffer(self.data, np.uint8)
        words = self._bytes.view(np.uint64)
        inner = (words >> np.uint64(7)) & ~(words >> np.uint64(6)) & _ONES  # 10xxxxxx: inside a code point
        self._before = np.cumsum(8 - np.bitwise_count(inner), dtype=np.int64)  # code points up to the end of each word
        self._first = self._rank(self.bounds)
        self.sizes: Ints = np.diff(self._first)

    def bytes_at(self, doc: Ints, at: Ints) -> Ints:
        """Where in ``data`` the code points ``at`` of the texts ``doc`` begin; the size of a text is its end."""
        rank = self._first[doc] + at
        word = np.searchsorted(self._before, rank, side="right")
        inside = rank - np.where(word > 0, self._before[word - 1], 0)
        found: Ints = word * 8 + np.argmax(np.cumsum(self._begins(word), axis=1) > inside[:, None], axis=1)
        return found

    def _rank(self, places: Ints) -> Ints:
        """How many code points begin before each of these bytes."""
        word, inside = places >> 3, places & 7
        here = (self._begins(word) & (np.arange(8) < inside[:, None])).sum(axis=1)
        ranks: Ints = np.where(word > 0, self._before[word - 1], 0) + here
        return ranks

    def _begins(self, words: Ints) -> NDArray[np.bool_]:
        """Which of the eight bytes of each word begin a code point."""
        begins: NDArray[np.bool_] = (self._bytes.reshape(-1, 8)[words] & 0xC0) != 0x80
        return begins


def offsets_of(texts: Any) -> NDArray[np.int32]:
    """Where in its data each value of a column of texts or lists begins, and the last one ends."""
    return np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, texts.offset * 4)


def texts_from(parts: list[Any], sizes: Ints) -> pa.StringArray:
    """A column of texts of so many bytes, from the bytes of all of them in order."""
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(b"".join(parts)))
