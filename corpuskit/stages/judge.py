"""Stage 3, judge: what of each document goes, what it says about itself, and which paragraphs it claims.

The result of a shard (a folder in the store), batch by batch like ``docs.arrow``::

    drops.arrow   lines that go: row in the batch, rule, why
    cuts.arrow    stretches within lines: document, start, end (code points of the view), rule, new, why
    notes.arrow   what was found out about each document
    filtered.arrow  documents that the recipe filters, and why
    claims.npy    the keys of the paragraphs and documents that live on (sorted)
    ids.npy bands.npy signatures.npy   the ids of the documents, in 64 bits, and what near copies share (for splits)
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.engine.processes import Tell
from corpuskit.recipe import Recipe
from corpuskit.recipe.tables import Output
from corpuskit.release.parquet import as_columns
from corpuskit.rules.findings import Cut, Drop, apply
from corpuskit.rules.plugins import plugin_digests
from corpuskit.stages.batches import lines_from, one_by_one, strings, writer
from corpuskit.stages.claims import Claims
from corpuskit.stages.fatal import Place, files_of, known_fatal, shard_of
from corpuskit.stages.filter import FILTERED, filtered
from corpuskit.stages.layout import CUTS, DROPS
from corpuskit.stages.near import Traits
from corpuskit.stages.notes import NOTES, notes_of
from corpuskit.stages.partitions import load_for_shard
from corpuskit.stages.shard import Seen, batch_of, batches, stored
from corpuskit.store import store_at
from corpuskit.store.steps import Step, Store, name_of
from corpuskit.versions import code_digest, versions


class JudgeTask(NamedTuple):
    """A shard to judge: its read step, its number, and the settled shapes."""

    home: str
    read: Step
    shard: int
    recurs: tuple[Step, ...]
    recipe: Recipe

    def names(self) -> list[str]:
        """The files that the task is about."""
        return files_of(store_at(self.home), self.read)


def judge_shard(task: JudgeTask) -> Step:
    """Judge a shard; returns the finished step."""
    store = store_at(task.home)
    verdicts = load_for_shard(store, task.recurs, "recurs", task.shard)
    shown = task._replace(recipe=_judge_recipe(task.recipe))
    return store.finish("judge", _name(task, verdicts), lambda draft: _judge(draft, store, shown, verdicts))


def judge_name(task: JudgeTask) -> str:
    """The name of the step: judging depends on what recurs, and on what the recipe says of cleaning."""
    return _name(task, load_for_shard(store_at(task.home), task.recurs, "recurs", task.shard))


def _name(task: JudgeTask, verdicts: NDArray[Any]) -> str:
    made_from = hashlib.sha256(verdicts.tobytes()).hexdigest()
    plugins = plugin_digests(task.recipe.clean.plugins)
    known = versions(task.recipe.output.libraries)
    recipe = _judge_recipe(task.recipe).digest()
    return name_of("judge", code_digest(), known, recipe, plugins, task.read.name, made_from)


def _judge_recipe(recipe: Recipe) -> Recipe:
    shown = recipe.only("rules", "clean", "dedup", "filter", "split")
    return replace(shown, output=Output(words=recipe.output.words, language_model=recipe.output.language_model))


def _judge(draft: Path, store: Store, task: JudgeTask, verdicts: NDArray[Any]) -> None:
    from corpuskit.rules.catalog import rules_of  # the rules take long to load, and a build's own process needs none

    seen = Seen(store.array(task.read, "shapes.npy")[:], verdicts)
    claims, traits = Claims(task.recipe), Traits()
    with (
        writer(draft / "drops.arrow", DROPS) as drops,
        writer(draft / "cuts.arrow", CUTS) as cuts,
        writer(draft / "notes.arrow", NOTES) as notes,
        writer(draft / "filtered.arrow", FILTERED) as out,
    ):
        for docs, batch in batches(store, task.read, seen, task.recipe):
            found = apply(rules_of(task.recipe), batch)
            noted = notes_of(docs, batch, found)
            goes = filtered(docs, batch, found, noted)
            drops.write_batch(as_columns((f for f in found if isinstance(f, Drop)), DROPS))
            cuts.write_batch(as_columns(sorted(f for f in found if isinstance(f, Cut)), CUTS))
            notes.write_batch(noted)
            out.write_batch(as_columns(sorted(goes.items()), FILTERED))
            batch.open[np.isin(batch.lines.doc, list(goes))] = False
            claims.add(docs, batch)
            if task.recipe.split:
                traits.add(strings(docs, "id"), batch)
    claims.save(draft)
    if task.recipe.split:
        traits.save(draft)


def probe_judge(task: JudgeTask, tell: Tell) -> None:
    """Judge a shard document by document, telling of each before it begins; nothing is kept."""
    from corpuskit.rules.catalog import rules_of

    store = store_at(task.home)
    shard = shard_of(store, task.read)
    fatal = {(name, where) for name, where, _ in known_fatal(store, shard, task.recipe)}
    verdicts = load_for_shard(store, task.recurs, "recurs", task.shard)
    seen = Seen(store.array(task.read, "shapes.npy")[:], verdicts)
    for docs, rows in stored(store, task.read):
        for doc, lines in one_by_one(docs, rows):
            name, where = strings(doc, "source_path")[0], strings(doc, "source_where")[0] or ""
            if (name, where) not in fatal:
                tell(Place(shard, name, where))
                batch = batch_of(doc, lines_from(lines, doc), seen, _judge_recipe(task.recipe))
                found = apply(rules_of(batch.recipe), batch)
                filtered(doc, batch, found, notes_of(doc, batch, found))
                tell(Place(shard))
