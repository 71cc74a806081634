"""One text through the stages by itself, in memory: what the rules say of a page without a corpus around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from corpuskit.model import Document
from corpuskit.recipe import Recipe
from corpuskit.rules.catalog import rules_of
from corpuskit.rules.findings import apply
from corpuskit.rules.repair import repairs
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.record import Record
from corpuskit.stages.drafts import Draft, rows_of, sites_of, table_of
from corpuskit.stages.edited import in_source
from corpuskit.stages.layout import layout_of
from corpuskit.stages.notes import notes_of
from corpuskit.stages.recur import RECURS
from corpuskit.stages.shapes import SHAPES
from corpuskit.stages.shard import Seen, batch_of
from corpuskit.stages.source import Source


def clean_text(text: str, recipe: Recipe | None = None) -> tuple[Document, dict[str, Any]]:
    """The document with its edits, and what it says about itself (the columns of ``stages.notes.NOTES``).

    Templates and duplicates need other pages, so that neither shows here.
    """
    recipe = recipe or Recipe()
    mends = repairs(text)
    view = Document(text, tuple(mends)).clean
    drafts = [Draft(Record(text), Source(SourceFile("", "page.txt", 0), "", b""), mends, view)]
    lines = table_of(drafts)
    docs = rows_of(drafts, lines, sites_of(drafts))
    batch = batch_of(docs, lines, Seen(np.zeros(0, SHAPES), np.zeros(0, RECURS)), recipe)
    found = apply(rules_of(recipe), batch)
    edits = in_source(layout_of(lines, found).edits, docs.column("repairs")).objects()
    (noted,) = notes_of(docs, batch, found).to_pylist()
    return Document(text, tuple(edits.get(0, ()))), noted
