"""Stage 1, read: the files of a shard → documents, their lines, and what recurs in them.

The result of a shard (a folder in the store)::

    docs.arrow lines.arrow   the documents and the table of their lines
    names.arrow              id and path of each document
    shapes.npy               which line shapes occur in how many documents of which site (sorted)
    sites.npy                how many documents of each site
    shard.json               digest of the files
    quarantine.json          what could not be read: name, place, reason
    sources.json             the files: name, sha256, bytes, documents
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import xxhash

from corpuskit.processes import Tell, last_guard
from corpuskit.recipe import Recipe
from corpuskit.rules.repair import repairs
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.reading import read_records
from corpuskit.sources.record import Record, UnreadPage
from corpuskit.sources.tables import page_record
from corpuskit.sources.unreadable import Unreadable
from corpuskit.stages.batches import DOCS, LINES, NAMES, lines_batch, writer
from corpuskit.stages.drafts import Draft, Read, document_id, drafts, rows_of, sites_of, table_of
from corpuskit.stages.fatal import Fatal, Place, known_fatal
from corpuskit.stages.shapes import ShardShapes
from corpuskit.stages.shardfiles import Files, Source, at_hand
from corpuskit.stages.withdrawn import Sieve
from corpuskit.store import Step, code_digest, name_of, store_at
from corpuskit.versions import versions

#: Characters of text to a batch: bounds the memory of a worker, and 32-bit offsets hold it.
BATCH_CHARS: Final = 1_000_000


class ReadTask(NamedTuple):
    """A shard to read."""

    home: str
    files: tuple[SourceFile, ...]
    recipe: Recipe

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.files)

    def names(self) -> list[str]:
        """The files that the task is about."""
        return [file.name for file in self.files]


def read_shard(task: ReadTask) -> Step:
    """Read the files of a shard; returns the finished step."""
    store = store_at(task.home)
    with store.scratch("read", "sources") as folder:
        files = at_hand(task.files, task.recipe, folder)
        work = partial(_read, files=files, fatal=_fatal(task, files), recipe=_read_recipe(task.recipe))
        return store.finish("read", read_name(task, files), work)


def read_name(task: ReadTask, files: Files) -> str:
    """The name of the step: reading depends on the files, and on a small part of the recipe."""
    recipe = _read_recipe(task.recipe).digest()
    return name_of("read", code_digest(), recipe, versions(), files.digest, sorted(_fatal(task, files)))


def _read_recipe(recipe: Recipe) -> Recipe:
    sieve = ("withdrawn", "rules", "clean", "dedup") if recipe.withdrawn else ()
    return recipe.only("columns", "limits", *sieve)


def _fatal(task: ReadTask, files: Files) -> list[Fatal]:
    return known_fatal(store_at(task.home), files.digest, task.recipe)


def probe_read(task: ReadTask, tell: Tell) -> None:
    """Read the files of a shard document by document, telling of each before it begins; nothing is kept."""
    with store_at(task.home).scratch("read", "sources") as folder:
        files = at_hand(task.files, task.recipe, folder)
        reader = ShardReader(task.recipe, _fatal(task, files))
        for read in reader.records(files.sources, lambda name, where: tell(Place(files.digest, name, where))):
            batch = drafts([read])
            rows_of(batch, table_of(batch), sites_of(batch))


def _read(draft: Path, files: Files, fatal: Sequence[Fatal], recipe: Recipe) -> None:
    shard, shapes = ShardReader(recipe, fatal), ShardShapes()
    shard.quarantine += files.failed
    with (
        writer(draft / "docs.arrow", DOCS) as docs,
        writer(draft / "names.arrow", NAMES) as names,
        writer(draft / "lines.arrow", LINES) as lines,
    ):
        for batch in shard.batches(files.sources):
            table, sites = table_of(batch), sites_of(batch)
            shapes.note([draft.title for draft in batch], table, sites)
            rows = rows_of(batch, table, sites)
            docs.write_batch(rows)
            names.write_batch(rows.select(NAMES.names))
            lines.write_batch(lines_batch(table))
    np.save(draft / "shapes.npy", shapes.shapes())
    np.save(draft / "sites.npy", shapes.sites())
    (draft / "quarantine.json").write_text(json.dumps(shard.quarantine), "utf-8")
    (draft / "sources.json").write_text(json.dumps(shard.files), "utf-8")
    (draft / "shard.json").write_text(json.dumps(files.digest), "ascii")


class ShardReader:
    """What accumulates while the files of one shard are read."""

    def __init__(self, recipe: Recipe, fatal: Sequence[Fatal] = ()) -> None:
        self.recipe, self.sieve = recipe, Sieve(recipe)
        self.fatal = {(name, where): reason for name, where, reason in fatal}
        self.quarantine: list[tuple[str, str, str]] = []
        self.files: list[tuple[str, str, int, int]] = []

    def batches(self, sources: Iterable[Source]) -> Iterator[list[Draft]]:
        """Documents in order, cut into batches bounded in characters."""
        batch: list[Read] = []
        size = 0
        with last_guard() as guard:
            for read in self.records(sources, lambda name, where: guard()):
                batch.append(read)
                size += len(read.record.text)
                if size >= BATCH_CHARS:
                    yield drafts(batch)
                    batch, size = [], 0
            if batch:
                yield drafts(batch)

    def records(self, sources: Iterable[Source], begins: Callable[[str, str], object]) -> Iterator[Read]:
        """Documents in order; ``begins`` is told the file and place of each, and of the file where none has begun."""
        for source in sources:
            name, count, gone, keys = source.file.name, 0, 0, set[int]()
            begins(name, "")
            for found in self._found(source, begins):
                if isinstance(found, Unreadable):
                    self.quarantine.append((name, found.where, found.reason))
                    begins(name, "")
                    continue
                begins(name, found.where)
                if read := self._sieved(_own_key(found, keys), source):
                    yield read
                count, gone = count + (read is not None), gone + (read is None)
                begins(name, "")
            if count or not gone:  # the name of a file that is withdrawn as a whole may tell what it was
                self.files.append((name, source.sha256, source.file.size, count))

    def _found(self, source: Source, begins: Callable[[str, str], object]) -> Iterator[Record | Unreadable]:
        """What a file holds, without the documents that kill their reader."""
        name = source.file.name
        if reason := self.fatal.get((name, "")):
            yield Unreadable(reason)
            return

        def page(unread: UnreadPage) -> Record | Unreadable:
            if reason := self.fatal.get((name, unread.where)):
                return Unreadable(reason, unread.where)
            begins(name, unread.where)
            return page_record(unread)

        with source.open() as stream:
            for found in read_records(stream, name, self.recipe, page):
                reason = self.fatal.get((name, found.where))
                yield Unreadable(reason, found.where) if reason else found
        source.check_unchanged()

    def _sieved(self, record: Record, source: Source) -> Read | None:
        """A record without what is withdrawn; ``None`` for one that is withdrawn as a whole."""
        if self.sieve.takes(record, document_id(source.file.name, record.key)):
            return None
        if not self.sieve.whole_keys:
            return Read(record, source)
        left = self.sieve.blacked_out(record.text, repairs(record.text))
        return Read(replace(record, text=left[0]), source, left[1]) if left else None


def _own_key(record: Record, keys: set[int]) -> Record:
    """The record, its key told apart by its place when an earlier one of the file has the same."""
    seen = xxhash.xxh3_64_intdigest(record.key.encode("utf-8", "backslashreplace"))
    if seen in keys:
        return replace(record, key=f"{record.key}\n{record.where}")
    keys.add(seen)
    return record
