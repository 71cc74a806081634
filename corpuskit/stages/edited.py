"""All edits of a batch: what rules, earlier copies, filters and repairs take, in code points of the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from corpuskit.model import Edit, Twin, settle
from corpuskit.stages.coordinates import coordinates_of, flat
from corpuskit.stages.edits import Edits, Ints, joined, of_objects, reasons
from corpuskit.stages.twins import Duplicate
from corpuskit.text.lines import table_of_lines

#: Enough to know that something shows, and quicker than a table of lines.
_SHOWN: Final = re.compile(r"\w")


def in_source(edits: Edits, repairs: pa.ListArray) -> Edits:
    """Edits over the views moved to the sources, and the ``repairs`` that made the views.

    A repair inside a stretch that goes is part of what goes.
    """
    where = coordinates_of(repairs)
    if not len(where.start):
        return edits
    starts = where.to_source(edits.doc, edits.start)
    ends = where.to_source(edits.doc, edits.end, ends=True)
    moved = edits._replace(start=starts, end=ends).at(starts < ends)
    made = flat(repairs)[1]
    why = reasons(*(made.field(name) for name in ("rule", "why", "new")))
    mends = Edits(where.doc, where.start, where.end, np.arange(len(why)), why)
    return joined(moved, mends.at(~moved.covered(mends)))


def without_documents(edits: Edits, gone: Mapping[int, Edit]) -> Edits:
    """These documents go whole."""
    if not gone:
        return edits
    others = edits.at(np.isin(edits.doc, list(gone), invert=True))
    return joined(others, of_objects({doc: [edit] for doc, edit in gone.items()}))


def copy_of(twin: Duplicate, size: int) -> Edit:
    """The edit of a document of so many code points of which the copy was kept elsewhere."""
    return Edit(0, size, "duplicate-document", "", f"same document as {twin.twin_path}", Twin(twin.twin_id, 0))


def left_out(why: str, size: int) -> Edit:
    """The edit of a document of so many code points that the recipe filters."""
    return Edit(0, size, "filtered", "", why)


def emptied(edits: Edits, docs: Iterable[int], sizes: Ints) -> Edits:
    """Documents of which cuts within lines left nothing that shows go whole: white space is no text."""
    bare = list(docs)
    old = edits.at(np.isin(edits.doc, bare)).objects()
    why = "white space, all that was left of the document"
    new = {
        doc: settle([replace(edit, new="") for edit in old.get(doc, ())], [Edit(0, int(sizes[doc]), "layout", "", why)])
        for doc in bare
    }
    return joined(edits.at(np.isin(edits.doc, bare, invert=True)), of_objects(new))


def shows(text: str) -> bool:
    """Whether anything of a text shows."""
    return bool(_SHOWN.search(text)) or not table_of_lines([text]).blank.all()


def paragraphs(texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """The lines that show something: number of the text, start and end in code points."""
    lines = table_of_lines(texts)
    shown = np.flatnonzero(~lines.blank)
    return lines.doc[shown].astype(np.int64), lines.start[shown].astype(np.int64), lines.end[shown].astype(np.int64)
