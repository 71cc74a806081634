"""Texts and their edits → what is published of them and what is taken out, both as columns cut from the same bytes."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.stages.codepoints import CodePoints, offsets_of, texts_from
from corpuskit.stages.edits import Edits, Ints

#: First bytes of texts that may be white space alone: controls and the space, and blocks that have spaces.
_SPACES: Final = [*range(0x21), 0xC2, 0xE1, 0xE2, 0xE3]


class Spliced(NamedTuple):
    """Published text and its code points by document, and by edit what stood there, and the reasons of the edits."""

    texts: pa.StringArray
    chars: Ints
    removed: pa.StringArray
    told: pa.RecordBatch


def spliced(source: CodePoints, edits: Edits) -> Spliced:
    """Apply the edits of the documents whose texts ``source`` holds."""
    docs = len(source.sizes)
    start, end = (source.bytes_at(edits.doc, at) for at in (edits.start, edits.end))
    told = edits.told()
    news, bounds = memoryview(told.column("new").buffers()[2] or b""), offsets_of(told.column("new"))
    taken: list[Any] = []
    stays: list[Any] = []
    at = 0
    for a, b, c, d in zip(start.tolist(), end.tolist(), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        stays += (source.data[at:a], news[c:d])
        taken.append(source.data[a:b])
        at = b
    stays.append(source.data[at:])
    grown = np.bincount(edits.doc, np.diff(bounds) - (end - start), docs).astype(np.int64)
    texts = texts_from(stays, np.diff(source.bounds) + grown)
    put = np.asarray(pc.utf8_length(told.column("new")))
    chars = source.sizes + np.bincount(edits.doc, put - (edits.end - edits.start), docs).astype(np.int64)
    return Spliced(texts, chars, texts_from(taken, end - start), told)


def without_blank(made: Spliced) -> Spliced:
    """White space is no text: of a document of which nothing else is left the text is empty."""
    some = np.flatnonzero(made.chars)
    first = np.frombuffer(made.texts.buffers()[2], np.uint8)[offsets_of(made.texts)[some]]
    blank = [i for i in some[np.isin(first, _SPACES)].tolist() if made.texts[i].as_py().isspace()]
    if not blank:
        return made
    shows = np.isin(np.arange(len(made.texts)), blank, invert=True)
    return made._replace(texts=pc.if_else(pa.array(shows), made.texts, ""), chars=np.where(shows, made.chars, 0))
