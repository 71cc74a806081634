"""Stage 5, finish: judged shards and what they lost to earlier copies → one data file of each config and split.

The result (a folder in the store)::

    default.parquet removed.parquet paragraphs.parquet   (each only if it has rows)
    default-test.parquet paragraphs-validation.parquet   (and so on, for the other splits)
    stats.json                                           counts, digests and sums of these files
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from corpuskit.annotate.quality import Kept, qualities
from corpuskit.engine.processes import Tell, last_guard
from corpuskit.model import Twin
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import SCHEMAS, Writer
from corpuskit.release.splits import SPLITS, file_name, split_of
from corpuskit.stages.batches import lines_from, strings
from corpuskit.stages.codepoints import CodePoints
from corpuskit.stages.counts import Counts
from corpuskit.stages.edited import copy_of, emptied, in_source, left_out, shows, without_documents
from corpuskit.stages.edits import Edits, by_rule
from corpuskit.stages.fatal import Place, files_of, known_fatal, shard_of
from corpuskit.stages.judged import Settled, Stored, lists, settled, stored_batches
from corpuskit.stages.layout import Layout, Taken, layout, taken_by
from corpuskit.stages.rows import counted, document_rows, ledger_rows, paragraph_rows
from corpuskit.stages.splice import Spliced, spliced, without_blank
from corpuskit.store import store_at
from corpuskit.store.steps import Step, name_of
from corpuskit.versions import code_digest, versions


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
        store, numbers = store_at(self.home), range(self.first, self.first + len(self.reads))
        return [settled(store, self.twins, self.clusters, number) for number in numbers]


def finish_shards(task: FinishTask) -> Step:
    """Write the data file; returns the finished step."""
    decided, shown = task.settled(), task._replace(recipe=_finish_recipe(task.recipe))
    work = partial(_finish, task=shown, decided=decided)
    return store_at(task.home).finish("finish", _name(task, decided), work)


def _finish(draft: Path, task: FinishTask, decided: Sequence[Settled]) -> None:
    _DataFile(draft, task, decided).write()


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
    store = store_at(task.home)
    with TemporaryDirectory(prefix="corpuskit-") as folder:
        file = _DataFile(Path(folder), task, task.settled())
        for read, batches in zip(task.reads, file.shards(), strict=True):
            shard = shard_of(store, read)
            fatal = {(name, where) for name, where, _ in known_fatal(store, shard, task.recipe)}
            for single in (single for stored in batches for single in stored.documents()):
                name, where = strings(single.docs, "source_path")[0], strings(single.docs, "source_where")[0] or ""
                if (name, where) not in fatal:
                    tell(Place(shard, name, where))
                    file.add(single)
                    tell(Place(shard))


class _DataFile:
    """What accumulates while the shards of one data file are finished."""

    def __init__(self, draft: Path, task: FinishTask, decided: Sequence[Settled]) -> None:
        self.draft, self.task, self.decided, self.recipe = draft, task, decided, task.recipe
        self.store = store_at(task.home)
        level = task.recipe.output.compression_level
        self.configs = [c for c in SCHEMAS if c != "paragraphs" or task.recipe.output.paragraphs]
        self.writers = {
            (c, s): Writer(draft / file_name(c, s), SCHEMAS[c], level) for c in self.configs for s in SPLITS
        }
        self.counts = Counts()

    def shards(self) -> Iterator[Iterator[Stored]]:
        """The batches of each shard."""
        for read, judged, decided in zip(self.task.reads, self.task.judged, self.decided, strict=True):
            yield stored_batches(self.store, read, judged, decided)

    def write(self) -> None:
        """Write all files."""
        for read in self.task.reads:
            for path, where, reason in self.store.json(read, "unreadable.json"):
                self.counts.unreadable()
                row = {"source_path": path, "source_where": where or None, "rule": "unreadable", "why": reason}
                self.writers["removed", "train"].write(pa.Table.from_pylist([row], SCHEMAS["removed"]))
        with last_guard() as guard:
            for stored in (stored for shard in self.shards() for stored in shard):
                guard()
                self.add(stored)
        self._close()

    def add(self, stored: Stored) -> None:
        """Write the documents of a batch."""
        lines, source = lines_from(stored.lines, stored.docs), CodePoints(stored.docs.column("text"))
        goes = layout(lines, _taken(stored), stored.cuts)
        edits, made = _applied(stored, goes, source)
        kept = Kept(made.texts, made.chars, source.sizes, lines, goes.living, stored.notes, goes.cut)
        measured = qualities(kept, self.recipe.output.words)
        counts = counted(source, made, kept.paragraphs(), measured)
        rows = document_rows(stored, made, counts, self.recipe.license)
        published = rows if made.chars.all() else rows.filter(pa.array(made.chars > 0))
        self.counts.documents(source.sizes, edits, made.told.column("rule"))
        self.counts.published(published)
        self._write("removed", "train", ledger_rows(stored.docs, edits, made))
        for split, part in self._by_split(published):
            self._write("default", split, part)
            if "paragraphs" in self.configs:
                self._write("paragraphs", split, paragraph_rows(part))

    def _by_split(self, rows: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
        if not self.recipe.split:
            yield "train", rows
            return
        found = np.array([split_of(cluster, self.recipe.split) for cluster in strings(rows, "cluster")], object)
        for split in SPLITS:
            yield split, rows.filter(pa.array(found == split))

    def _write(self, config: str, split: str, rows: pa.RecordBatch) -> None:
        self.writers[config, split].write(pa.Table.from_batches([rows]))

    def _close(self) -> None:
        for writer in self.writers.values():
            writer.close()
        files: dict[str, dict[str, Any]] = {config: {} for config in self.configs}
        for (config, split), writer in self.writers.items():
            if writer.rows:
                files[config][split] = writer.facts()
        stats = {"files": files} | self.counts.plain()
        (self.draft / "stats.json").write_text(json.dumps(stats, indent=1), "utf-8")


def _taken(stored: Stored) -> Taken:
    """The lines that go: by a rule, or because an earlier document has them."""
    dropped, lost = taken_by(stored.drops), list(stored.lost_lines.values())
    if not lost:
        return dropped
    rows = np.concatenate((dropped.rows, list(stored.lost_lines)))
    why = [f"same as {found.twin_path}:{found.twin_start}" for found in lost]
    copies = by_rule("duplicate", why, [Twin(found.twin_id, found.twin_start) for found in lost])
    return Taken(rows, pa.concat_batches([dropped.reasons, copies]))


def _applied(stored: Stored, goes: Layout, source: CodePoints) -> tuple[Edits, Spliced]:
    """All edits of a batch, and what they make of it."""
    sizes = source.sizes.tolist()
    gone = {doc: copy_of(twin, sizes[doc]) for doc, twin in stored.lost_docs.items()}
    gone |= {doc: left_out(why, sizes[doc]) for doc, why in zip(*lists(stored.filtered), strict=True)}
    edits = without_documents(in_source(goes.edits, stored.docs.column("repairs")), gone).checked(source.sizes)
    made = spliced(source, edits)
    if bare := [doc for doc in goes.cut if made.chars[doc] and not shows(made.texts[doc].as_py())]:
        edits = emptied(edits, bare, source.sizes)
        made = spliced(source, edits)
    return edits, without_blank(made)
