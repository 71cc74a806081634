"""Stage 5, finish: a judged shard and what it lost to earlier copies → its files of the release.

The result of a shard (a folder in the store)::

    default.parquet removed.parquet paragraphs.parquet   (each only if it has rows)
    default-test.parquet paragraphs-validation.parquet   (and so on, for the other splits)
    stats.json                                           counts, digests and sums of these files
"""

from __future__ import annotations

import datetime
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, repeat
from operator import attrgetter, itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from corpuskit.annotate.quality import Kept, Quality, qualities
from corpuskit.lines import table_of_lines
from corpuskit.model import Document, Edit, Twin
from corpuskit.processes import Tell, last_guard
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import SCHEMAS, Writer
from corpuskit.release.splits import SPLITS, file_name, split_of
from corpuskit.rules.findings import columns_of
from corpuskit.stages.batches import DOCS, lines_from, one_by_one, read_batches, strings
from corpuskit.stages.clusters import clusters_of
from corpuskit.stages.coordinates import Coordinates
from corpuskit.stages.fatal import Place, files_of, known_fatal, shard_of
from corpuskit.stages.filter import left_out
from corpuskit.stages.layout import PageLayout, Taken
from corpuskit.stages.twins import WHOLE, Duplicate, duplicates_of
from corpuskit.store import Step, code_digest, name_of, store_at
from corpuskit.versions import versions

Row = dict[str, Any]
COLUMNS: Final = tuple(SCHEMAS["default"].names)
CLUSTER: Final = COLUMNS.index("cluster")
#: Columns of ``docs.arrow`` of which a release is made: the others were for the rules.
SOURCE: Final = [name for name in DOCS.names if name not in ("view", "site", "scripts")]


class FinishTask(NamedTuple):
    """A shard to finish: all read steps in order, its number, its judge step, and the settled claims."""

    home: str
    reads: tuple[Step, ...]
    judged: Step
    shard: int
    twins: tuple[Step, ...]
    clusters: tuple[Step, ...]
    recipe: Recipe

    @property
    def read(self) -> Step:
        """The shard's own read step."""
        return self.reads[self.shard]

    def names(self) -> list[str]:
        """The files that the task is about."""
        return files_of(store_at(self.home), self.read)


class Settled(NamedTuple):
    """What the corpus decides of a shard: what it lost to earlier copies, and its documents' clusters (for splits)."""

    lost: list[Duplicate]
    clusters: list[str]


def _settled(task: FinishTask) -> Settled:
    store = store_at(task.home)
    lost = duplicates_of(store, task.twins, task.reads, task.shard)
    return Settled(lost, clusters_of(store, task.clusters, task.shard))


def finish_shard(task: FinishTask) -> Step:
    """Write the shard's files; returns the finished step."""
    settled, shown = _settled(task), task._replace(recipe=_finish_recipe(task.recipe))
    work = partial(_finish, task=shown, settled=settled)
    return store_at(task.home).finish("finish", _name(task, settled), work)


def _finish(draft: Path, task: FinishTask, settled: Settled) -> None:
    _Shard(draft, task, settled).write()


def finish_name(task: FinishTask) -> str:
    """The name of the step: finishing depends on what the corpus settled, and on how the recipe wants it written."""
    return _name(task, _settled(task))


def _name(task: FinishTask, settled: Settled) -> str:
    known = versions(task.recipe.output.libraries)
    recipe = _finish_recipe(task.recipe).digest()
    return name_of("finish", code_digest(), known, recipe, task.read.name, task.judged.name, *settled)


def _finish_recipe(recipe: Recipe) -> Recipe:
    return recipe.only("license", "output", "split")


def probe_finish(task: FinishTask, tell: Tell) -> None:
    """Finish a shard document by document, telling of each before it begins; nothing is kept."""
    store = store_at(task.home)
    shard = shard_of(store, task.read)
    fatal = {(name, where) for name, where, _ in known_fatal(store, shard, task.recipe)}
    with TemporaryDirectory(prefix="corpuskit-") as folder:
        for name, where, write in _Shard(Path(folder), task, _settled(task)).steps():
            if (name, where) not in fatal:
                tell(Place(shard, name, where))
                write()
                tell(Place(shard))


class Stored(NamedTuple):
    """One batch of a shard, as the stages before left it."""

    docs: pa.RecordBatch
    lines: pa.RecordBatch
    drops: pa.RecordBatch
    cuts: pa.RecordBatch
    notes: pa.RecordBatch
    filtered: pa.RecordBatch

    def documents(self) -> Iterator[Stored]:
        """Each document of the batch as a batch of its own."""
        row = 0
        singles = one_by_one(self.docs, self.lines, self.cuts, self.filtered)
        for i, (docs, lines, cuts, filtered) in enumerate(singles):
            drops = [
                (at - row, *why) for at, *why in zip(*_lists(self.drops), strict=True) if 0 <= at - row < len(lines)
            ]
            mine = pa.record_batch(columns_of(drops, len(self.drops.schema)), self.drops.schema)
            yield Stored(docs, lines, mine, cuts, self.notes.slice(i, 1), filtered)
            row += len(lines)


class _Shard:
    """What accumulates while one shard is finished."""

    def __init__(self, draft: Path, task: FinishTask, settled: Settled) -> None:
        self.store, self.read, self.judged, self.recipe = store_at(task.home), task.read, task.judged, task.recipe
        lost, clusters = settled
        self.lost_lines = sorted(found for found in lost if found.row != WHOLE)
        self.lost_docs = {found.doc: found for found in lost if found.row == WHOLE}
        self.draft, self.clusters = draft, clusters
        level = task.recipe.output.compression_level
        self.configs = [c for c in SCHEMAS if c != "paragraphs" or task.recipe.output.paragraphs]
        self.writers = {
            (c, s): Writer(draft / file_name(c, s), SCHEMAS[c], level) for c in self.configs for s in SPLITS
        }
        self.rules: dict[str, list[int]] = {}
        self.languages: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()

    def write(self) -> None:
        """Write all files of the shard."""
        for path, where, reason in self.store.json(self.read, "quarantine.json"):
            self._count("unreadable", 0)
            row = {"source_path": path, "source_where": where or None, "rule": "unreadable", "why": reason}
            self.writers["removed", "train"].write(pa.Table.from_pylist([row], SCHEMAS["removed"]))
        docs_done = rows_done = 0
        with last_guard() as guard:
            for stored in self._batches():
                guard()
                self._batch(stored, docs_done, rows_done)
                docs_done, rows_done = docs_done + len(stored.docs), rows_done + len(stored.lines)
        self._close()

    def steps(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        """File and place of each document, and what writes it by itself."""
        docs_done = rows_done = 0
        for stored in self._batches():
            for single in stored.documents():
                name, where = strings(single.docs, "source_path")[0], strings(single.docs, "source_where")[0]
                yield name, where or "", partial(self._batch, single, docs_done, rows_done)
                docs_done, rows_done = docs_done + 1, rows_done + len(single.lines)

    def _batches(self) -> Iterator[Stored]:
        files = [self.store.file(self.read, f"{name}.arrow") for name in ("docs", "lines")]
        files += [self.store.file(self.judged, f"{name}.arrow") for name in ("drops", "cuts", "notes", "filtered")]
        return map(Stored._make, zip(*map(read_batches, files), strict=True))

    def _batch(self, stored: Stored, docs_before: int, rows_before: int) -> None:
        lines = lines_from(stored.lines, stored.docs)
        taken = {row: Taken(rule, why) for row, rule, why in zip(*_lists(stored.drops), strict=True)}
        for found in self._lost(rows_before, rows_before + len(lines)):
            why = f"same as {found.twin_path}:{found.twin_start}"
            taken[found.row - rows_before] = Taken("duplicate", why, Twin(found.twin_id, found.twin_start))
        layout = PageLayout(lines, taken, list(zip(*_lists(stored.cuts), strict=True)))
        sources, notes = stored.docs.select(SOURCE).to_pylist(), stored.notes.to_pylist()
        for source, cluster in zip(sources, self.clusters[docs_before:] or repeat(None), strict=False):
            source["cluster"] = cluster
        documents = self._documents(stored, sources, layout, docs_before)
        texts = [text if not text.isspace() else "" for text in (document.clean for document in documents)]
        living = ~lines.blank
        living[list(taken)] = False
        kept = Kept(texts, [len(document.text) for document in documents], lines, living, notes, layout.cuts.keys())
        measured = qualities(kept, self.recipe.output.words)
        published: list[tuple[Any, ...]] = []
        removed: list[tuple[Any, ...]] = []
        for i, (source, document, text) in enumerate(zip(sources, documents, texts, strict=True)):
            removed += self._ledger(source, document)
            self.counts["documents"] += 1
            self.counts["source_chars"] += len(document.text)
            if text:
                count = layout.paragraphs[i] if i not in layout.cuts else len(paragraphs([text]))
                published.append(self._row(source, notes[i], document, text, count, measured[i]))
                self._count_published(document, text, count, notes[i]["language"], measured[i])
        self._write("removed", "train", removed)
        for split in SPLITS:
            rows = [row for row in published if self._split(row) == split]
            self._write("default", split, rows)
            if "paragraphs" in self.configs:
                self._write("paragraphs", split, list(_paragraph_rows(rows)))

    def _lost(self, first: int, past: int) -> Sequence[Duplicate]:
        """The lost lines among these rows of the shard."""
        bounds = (bisect_left(self.lost_lines, row, key=attrgetter("row")) for row in (first, past))
        return self.lost_lines[slice(*bounds)]

    def _documents(self, stored: Stored, sources: Sequence[Row], layout: PageLayout, before: int) -> list[Document]:
        goes = dict(zip(*_lists(stored.filtered), strict=True))
        return [
            left_out(source["text"], goes[i])
            if i in goes
            else emptied(edited(source, layout.edits(i), self.lost_docs.get(before + i)), i in layout.cuts)
            for i, source in enumerate(sources)
        ]

    def _count_published(self, document: Document, text: str, paragraphs: int, language: str, quality: Quality) -> None:
        shrunk = len(document.text) - len(text)
        self.counts.update(published=1, chars=len(text), paragraphs=paragraphs, shrunk=shrunk)
        if quality.words is not None:
            self.counts.update(words=quality.words, worded=1)
        self.languages[language] += 1
        self.flags.update(quality.flags.keys())

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
        return tuple(values[name] for name in COLUMNS)

    def _ledger(self, source: Row, document: Document) -> Iterator[tuple[Any, ...]]:
        text = document.text
        for edit in document.edits:
            self._count(edit.rule, edit.end - edit.start)
            twin = edit.twin or (None, None)
            yield (
                source["source_path"], source["source_where"], source["id"], source["basis"], edit.start, edit.end,
                text[edit.start : edit.end], edit.new, edit.rule, edit.why, *twin, source["source_sha256"],
            )  # fmt: skip

    def _split(self, row: tuple[Any, ...]) -> str:
        cluster = row[CLUSTER]
        return "train" if cluster is None else split_of(cluster, self.recipe.split)

    def _write(self, config: str, split: str, rows: Sequence[tuple[Any, ...]]) -> None:
        schema = SCHEMAS[config]
        self.writers[config, split].write(pa.table(columns_of(rows, len(schema)), schema))

    def _count(self, rule: str, chars: int) -> None:
        count = self.rules.setdefault(rule, [0, 0])
        count[0] += 1
        count[1] += chars

    def _close(self) -> None:
        for writer in self.writers.values():
            writer.close()
        files: dict[str, dict[str, Any]] = {config: {} for config in self.configs}
        for (config, split), writer in self.writers.items():
            if writer.rows:
                files[config][split] = writer.facts()
        stats = {
            "files": files,
            "rules": dict(sorted(self.rules.items())),
            "languages": dict(sorted(self.languages.items())),
            "counts": dict(sorted(self.counts.items())),
            "flags": dict(sorted(self.flags.items())),
        }
        (self.draft / "stats.json").write_text(json.dumps(stats, indent=1), "utf-8")


def edited(source: Row, edits: list[Edit], twin: Duplicate | None) -> Document:
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
    if not cut or paragraphs([document.clean]):
        return document
    gone = Document(document.text, tuple(replace(edit, new="") for edit in document.edits))
    why = "white space, all that was left of the document"
    return gone.with_edits([Edit(0, len(document.text), "layout", "", why)])


def paragraphs(texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """The lines that show something: (number of the text, start, end in code points)."""
    lines = table_of_lines(texts)
    shown = np.flatnonzero(~lines.blank)
    return list(zip(lines.doc[shown].tolist(), lines.start[shown].tolist(), lines.end[shown].tolist(), strict=True))


def _paragraph_rows(published: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    ids, texts, paths = ([row[COLUMNS.index(name)] for row in published] for name in ("id", "text", "source_path"))
    for doc, found in groupby(paragraphs(texts), key=itemgetter(0)):
        for index, (_, start, end) in enumerate(found):
            yield ids[doc], index, texts[doc][start:end], start, paths[doc]


def _lists(batch: pa.RecordBatch) -> list[list[Any]]:
    return [column.to_pylist() for column in batch.columns]
