"""Stage 5, finish: judged shards and what they lost to earlier copies → one data file of each config and split.

The result (a folder in the store)::

    default.parquet removed.parquet paragraphs.parquet   (each only if it has rows)
    default-test.parquet paragraphs-validation.parquet   (and so on, for the other splits)
    stats.json                                           counts, digests and sums of these files
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from corpuskit.engine.processes import Tell
from corpuskit.recipe import Recipe
from corpuskit.stages.fatal import files_of
from corpuskit.store import store_at
from corpuskit.store.steps import Step, name_of
from corpuskit.versions import code_digest, versions

if TYPE_CHECKING:
    from corpuskit.stages.judged import Settled


class FinishTask(NamedTuple):
    """The shards of a data file: their read and judge steps, the number of the first, and what the corpus settled."""

    home: str
    reads: tuple[Step, ...]
    judged: tuple[Step, ...]
    first: int
    twins: tuple[Step, ...]
    clusters: tuple[Step, ...]
    recipe: Recipe

    def names(self) -> list[str]:
        """The files that the task is about."""
        store = store_at(self.home)
        return [name for read in self.reads for name in files_of(store, read)]

    def settled(self) -> list[Settled]:
        """What was settled of each shard."""
        from corpuskit.stages.judged import settled  # late: see stages.chain

        store, numbers = store_at(self.home), range(self.first, self.first + len(self.reads))
        return [settled(store, self.twins, self.clusters, number) for number in numbers]


def finish_shards(task: FinishTask) -> Step:
    """Write the data file; returns the finished step."""
    from corpuskit.stages.datafile import DataFile  # late: see stages.chain

    store, decided = store_at(task.home), task.settled()
    shown = task._replace(recipe=_finish_recipe(task.recipe))
    return store.finish("finish", _name(task, decided), lambda draft: DataFile(draft, shown, decided).write())


def finish_name(task: FinishTask) -> str:
    """The name of the step: finishing depends on what the corpus settled, and on how the recipe wants it written."""
    return _name(task, task.settled())


def _name(task: FinishTask, decided: Sequence[Settled]) -> str:
    known = versions(task.recipe.output.libraries)
    recipe = _finish_recipe(task.recipe).digest()
    steps = [step.name for step in (*task.reads, *task.judged)]
    return name_of("finish", code_digest(), known, recipe, steps, *(part for shard in decided for part in shard))


def _finish_recipe(recipe: Recipe) -> Recipe:
    return recipe.only("license", "output", "split")


def probe_finish(task: FinishTask, tell: Tell) -> None:
    """Write document by document, telling of each before it begins; nothing is kept."""
    from corpuskit.stages.datafile import DataFile

    with TemporaryDirectory(prefix="corpuskit-") as folder:
        DataFile(Path(folder), task, task.settled()).write_alone(tell)
