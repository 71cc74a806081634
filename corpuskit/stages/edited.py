"""A document with all its edits: what rules, earlier copies and repairs take of it, in code points of its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from corpuskit.model import Document, Edit, Twin
from corpuskit.stages.coordinates import Coordinates
from corpuskit.stages.twins import Duplicate
from corpuskit.text.lines import table_of_lines

#: Enough to know that something shows, and quicker than a table of lines.
_SHOWN: Final = re.compile(r"\w")


def edited(source: Mapping[str, Any], edits: list[Edit], twin: Duplicate | None) -> Document:
    """The source of a document with all its edits: those over its view, moved to the source, and its repairs.

    A repair inside a stretch that goes is part of what goes.
    """
    text = source["text"]
    if twin is not None:
        why = f"same document as {twin.twin_path}"
        return Document(text, (Edit(0, len(text), "duplicate-document", "", why, Twin(twin.twin_id, 0)),))
    if not source["repairs"]:
        return Document(text, tuple(edits))
    where = Coordinates(source["repairs"])
    starts = where.to_source(np.array([e.start for e in edits], np.int32)).tolist()
    ends = where.to_source(np.array([e.end for e in edits], np.int32), ends=True).tolist()
    moved = [replace(e, start=a, end=b) for e, a, b in zip(edits, starts, ends, strict=True) if a < b]
    return Document(text, tuple(moved)).with_edits(Edit(**repair) for repair in source["repairs"])


def emptied(document: Document, cut: bool) -> Document:
    """A document of which cuts within lines left nothing that shows goes whole: white space is no text."""
    if not cut or _SHOWN.search(document.clean) or paragraphs([document.clean]):
        return document
    gone = Document(document.text, tuple(replace(edit, new="") for edit in document.edits))
    why = "white space, all that was left of the document"
    return gone.with_edits([Edit(0, len(document.text), "layout", "", why)])


def paragraphs(texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """The lines that show something: (number of the text, start, end in code points)."""
    lines = table_of_lines(texts)
    shown = np.flatnonzero(~lines.blank)
    return list(zip(lines.doc[shown].tolist(), lines.start[shown].tolist(), lines.end[shown].tolist(), strict=True))
