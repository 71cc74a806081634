"""What the judge stage does: the rules look at the documents of a shard, and what they find is written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpuskit.engine.processes import Tell
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import as_columns
from corpuskit.rules.catalog import rules_of
from corpuskit.rules.findings import apply
from corpuskit.stages.batches import lines_from, one_by_one, strings, writer
from corpuskit.stages.claims import Claims
from corpuskit.stages.fatal import Fatal, Place, shard_of
from corpuskit.stages.filter import FILTERED, filtered
from corpuskit.stages.layout import CUTS, DROPS
from corpuskit.stages.near import Traits
from corpuskit.stages.notes import NOTES, notes_of
from corpuskit.stages.shard import Seen, batch_of, batches, stored
from corpuskit.store.steps import Step, Store


def write_judged(draft: Path, store: Store, read: Step, verdicts: NDArray[Any], recipe: Recipe) -> None:
    """Judge a shard into ``draft``: its read step, and what recurs in it."""
    seen = Seen(store.array(read, "shapes.npy")[:], verdicts)
    claims, traits = Claims(recipe), Traits()
    with (
        writer(draft / "drops.arrow", DROPS) as drops,
        writer(draft / "cuts.arrow", CUTS) as cuts,
        writer(draft / "notes.arrow", NOTES) as notes,
        writer(draft / "filtered.arrow", FILTERED) as out,
    ):
        for docs, batch in batches(store, read, seen, recipe):
            found = apply(rules_of(recipe), batch)
            noted = notes_of(docs, batch, found)
            goes = filtered(docs, batch, found, noted)
            drops.write_batch(as_columns(found.drops, DROPS))
            cuts.write_batch(as_columns(sorted(found.cuts), CUTS))
            notes.write_batch(noted)
            out.write_batch(as_columns(sorted(goes.items()), FILTERED))
            batch.open[np.isin(batch.lines.doc, list(goes))] = False
            claims.add(docs, batch)
            if recipe.split:
                traits.add(strings(docs, "id"), batch)
    claims.save(draft)
    if recipe.split:
        traits.save(draft)


def judge_alone(
    store: Store, read: Step, verdicts: NDArray[Any], recipe: Recipe, fatal: Collection[Fatal], tell: Tell
) -> None:
    """Judge a shard document by document but for the ``fatal``, telling of each; nothing is kept."""
    shard, left_out = shard_of(store, read), {(name, where) for name, where, _ in fatal}
    seen = Seen(store.array(read, "shapes.npy")[:], verdicts)
    for docs, rows in stored(store, read):
        for doc, lines in one_by_one(docs, rows):
            name, where = strings(doc, "source_path")[0], strings(doc, "source_where")[0] or ""
            if (name, where) not in left_out:
                tell(Place(shard, name, where))
                batch = batch_of(doc, lines_from(lines, doc), seen, recipe)
                found = apply(rules_of(recipe), batch)
                filtered(doc, batch, found, notes_of(doc, batch, found))
                tell(Place(shard))
