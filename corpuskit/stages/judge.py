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
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from corpuskit.engine.processes import Tell
from corpuskit.recipe import Recipe
from corpuskit.recipe.tables import Output
from corpuskit.rules.plugins import plugin_digests
from corpuskit.stages.fatal import files_of, known_fatal, shard_of
from corpuskit.store import store_at
from corpuskit.store.steps import Step, name_of
from corpuskit.versions import code_digest, versions

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

    def verdicts(self) -> NDArray[Any]:
        """What recurs in the shard."""
        from corpuskit.stages.verdicts import load_for_shard  # late: see stages.chain

        return load_for_shard(store_at(self.home), self.recurs, "recurs", self.shard)


def judge_shard(task: JudgeTask) -> Step:
    """Judge a shard; returns the finished step."""
    from corpuskit.stages.judging import write_judged  # late: see stages.chain

    store, recipe, verdicts = store_at(task.home), _judge_recipe(task.recipe), task.verdicts()
    work = partial(write_judged, store=store, read=task.read, verdicts=verdicts, recipe=recipe)
    return store.finish("judge", _name(task, verdicts), work)


def judge_name(task: JudgeTask) -> str:
    """The name of the step: judging depends on what recurs, and on what the recipe says of cleaning."""
    return _name(task, task.verdicts())


def _name(task: JudgeTask, verdicts: NDArray[Any]) -> str:
    made_from = hashlib.sha256(verdicts.tobytes()).hexdigest()
    plugins = plugin_digests(task.recipe.clean.plugins)
    known = versions(task.recipe.output.libraries)
    recipe = _judge_recipe(task.recipe).digest()
    return name_of("judge", code_digest(), known, recipe, plugins, task.read.name, made_from)


def _judge_recipe(recipe: Recipe) -> Recipe:
    shown = recipe.only("rules", "clean", "dedup", "filter", "split")
    return replace(shown, output=Output(words=recipe.output.words, language_model=recipe.output.language_model))


def probe_judge(task: JudgeTask, tell: Tell) -> None:
    """Judge a shard document by document, telling of each before it begins; nothing is kept."""
    from corpuskit.stages.judging import judge_alone

    store = store_at(task.home)
    fatal = known_fatal(store, shard_of(store, task.read), task.recipe)
    judge_alone(store, task.read, task.verdicts(), _judge_recipe(task.recipe), fatal, tell)
