"""Stage 5, finish: judged shards and what they lost to earlier copies → one data file of each config and split.

The result (a folder in the store)::

    default.parquet removed.parquet paragraphs.parquet   (each only if it has rows)
    default-test.parquet paragraphs-validation.parquet   (and so on, for the other splits)
    stats.json                                           counts, digests and sums of these files
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import pyarrow as pa

from corpuskit.annotate.quality import Kept, Quality, qualities
from corpuskit.engine.processes import Tell, last_guard
from corpuskit.model import Document, Twin
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import SCHEMAS, Writer, as_columns
from corpuskit.release.splits import SPLITS, file_name, split_of
from corpuskit.stages.batches import DOCS, lines_from, strings
from corpuskit.stages.counts import Counts
from corpuskit.stages.edited import edited, emptied, paragraphs
from corpuskit.stages.fatal import Place, files_of, known_fatal, shard_of
from corpuskit.stages.filter import left_out
from corpuskit.stages.judged import Settled, Stored, lists, settled, stored_batches
from corpuskit.stages.layout import PageLayout, Taken
from corpuskit.store import store_at
from corpuskit.store.steps import Step, name_of
from corpuskit.versions import code_digest, versions

Row = dict[str, Any]
COLUMNS: Final = tuple(SCHEMAS["default"].names)
CLUSTER: Final = COLUMNS.index("cluster")
_IN_ORDER: Final = itemgetter(*COLUMNS)
#: Columns of ``docs.arrow`` of which a release is made: the others were for the rules.
SOURCE: Final = [name for name in DOCS.names if name not in ("view", "site", "scripts")]


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
        lines = lines_from(stored.lines, stored.docs)
        layout = PageLayout(lines, _taken(stored), list(zip(*lists(stored.cuts), strict=True)))
        sources, notes = stored.docs.select(SOURCE).to_pylist(), stored.notes.to_pylist()
        for source, cluster in zip(sources, stored.clusters, strict=True):
            source["cluster"] = cluster
        documents = self._documents(stored, sources, layout)
        texts = [text if not text.isspace() else "" for text in (document.clean for document in documents)]
        living = ~lines.blank
        living[list(layout.taken)] = False
        kept = Kept(texts, [len(document.text) for document in documents], lines, living, notes, layout.cuts.keys())
        measured = qualities(kept, self.recipe.output.words)
        recounted = _paragraphs_in(texts, layout.cuts) if layout.cuts else Counter()
        published: list[tuple[Any, ...]] = []
        removed: list[tuple[Any, ...]] = []
        for i, (source, document, text) in enumerate(zip(sources, documents, texts, strict=True)):
            removed += _ledger(source, document)
            self.counts.document(document)
            if text:
                count = recounted[i] if i in layout.cuts else layout.paragraphs[i]
                published.append(self._row(source, notes[i], document, text, count, measured[i]))
                self.counts.published(document, text, count, notes[i]["language"], measured[i])
        self._write("removed", "train", removed)
        for split in SPLITS:
            rows = [row for row in published if self._split(row) == split]
            self._write("default", split, rows)
            if "paragraphs" in self.configs:
                self._write("paragraphs", split, list(_paragraph_rows(rows)))

    def _documents(self, stored: Stored, sources: Sequence[Row], layout: PageLayout) -> list[Document]:
        goes = dict(zip(*lists(stored.filtered), strict=True))
        return [
            left_out(source["text"], goes[i])
            if i in goes
            else emptied(edited(source, layout.edits(i), stored.lost_docs.get(i)), i in layout.cuts)
            for i, source in enumerate(sources)
        ]

    def _row(
        self, source: Row, noted: Row, document: Document, text: str, paragraphs: int, quality: Quality
    ) -> tuple[Any, ...]:
        date = datetime.date.fromisoformat(noted["date"]) if noted["date"] else None
        values = source | noted | {
            "text": text, "date": date, "n_chars": len(text), "n_paragraphs": paragraphs,
            "n_words": quality.words, "flags": sorted(quality.flags),
            "n_source_chars": len(document.text), "n_removed_chars": len(document.text) - len(text),
            "license": noted["license"] or self.recipe.license or None,
        }  # fmt: skip
        row: tuple[Any, ...] = _IN_ORDER(values)
        return row

    def _split(self, row: tuple[Any, ...]) -> str:
        cluster = row[CLUSTER]
        return "train" if cluster is None else split_of(cluster, self.recipe.split)

    def _write(self, config: str, split: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self.writers[config, split].write(pa.Table.from_batches([as_columns(rows, SCHEMAS[config])]))

    def _close(self) -> None:
        for writer in self.writers.values():
            writer.close()
        files: dict[str, dict[str, Any]] = {config: {} for config in self.configs}
        for (config, split), writer in self.writers.items():
            if writer.rows:
                files[config][split] = writer.facts()
        stats = {"files": files} | self.counts.plain()
        (self.draft / "stats.json").write_text(json.dumps(stats, indent=1), "utf-8")


def _taken(stored: Stored) -> dict[int, Taken]:
    """The lines that go: by a rule, or because an earlier document has them."""
    taken = {row: Taken(rule, why) for row, rule, why in zip(*lists(stored.drops), strict=True)}
    for row, found in stored.lost_lines.items():
        why = f"same as {found.twin_path}:{found.twin_start}"
        taken[row] = Taken("duplicate", why, Twin(found.twin_id, found.twin_start))
    return taken


def _ledger(source: Row, document: Document) -> Iterator[tuple[Any, ...]]:
    text = document.text
    for edit in document.edits:
        twin = edit.twin or (None, None)
        yield (
            source["source_path"], source["source_where"], source["id"], source["basis"], edit.start, edit.end,
            text[edit.start : edit.end], edit.new, edit.rule, edit.why, *twin, source["source_sha256"],
        )  # fmt: skip


def _paragraphs_in(texts: Sequence[str], docs: Container[int]) -> Counter[int]:
    """How many paragraphs each of these documents has."""
    return Counter(doc for doc, _, _ in paragraphs([text if doc in docs else "" for doc, text in enumerate(texts)]))


def _paragraph_rows(published: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    ids, texts, paths = ([row[COLUMNS.index(name)] for row in published] for name in ("id", "text", "source_path"))
    for doc, found in groupby(paragraphs(texts), key=itemgetter(0)):
        for index, (_, start, end) in enumerate(found):
            yield ids[doc], index, texts[doc][start:end], start, paths[doc]
