"""What the finish stage does: edits applied, counted and written, batch by batch, into one data file of each config."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from corpuskit.annotate.quality import Kept, qualities
from corpuskit.engine.processes import Tell, last_guard
from corpuskit.model import Twin
from corpuskit.release.parquet import SCHEMAS, Writer
from corpuskit.release.splits import SPLITS, file_name, split_of
from corpuskit.stages.batches import lines_from, strings
from corpuskit.stages.codepoints import CodePoints
from corpuskit.stages.counts import Counts
from corpuskit.stages.edited import copy_of, emptied, in_source, left_out, shows, without_documents
from corpuskit.stages.edits import Edits, by_rule
from corpuskit.stages.fatal import Place, known_fatal, shard_of
from corpuskit.stages.judged import Settled, Stored, lists, stored_batches
from corpuskit.stages.layout import Layout, Taken, layout, taken_by
from corpuskit.stages.rows import counted, document_rows, ledger_rows, paragraph_rows
from corpuskit.stages.splice import Spliced, spliced, without_blank
from corpuskit.store import store_at

if TYPE_CHECKING:
    from corpuskit.stages.finish import FinishTask


class DataFile:
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

    def write_alone(self, tell: Tell) -> None:
        """Write document by document, telling of each before it begins; documents known to be fatal are left out."""
        for read, batches in zip(self.task.reads, self.shards(), strict=True):
            shard = shard_of(self.store, read)
            fatal = {(name, where) for name, where, _ in known_fatal(self.store, shard, self.recipe)}
            for single in (single for stored in batches for single in stored.documents()):
                name, where = strings(single.docs, "source_path")[0], strings(single.docs, "source_where")[0] or ""
                if (name, where) not in fatal:
                    tell(Place(shard, name, where))
                    self.add(single)
                    tell(Place(shard))

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
