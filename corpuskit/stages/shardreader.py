"""What the read stage does: the documents of a shard in batches, and the files of a step that hold them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import orjson
import xxhash

from corpuskit.engine.processes import Tell, last_guard
from corpuskit.recipe import Recipe
from corpuskit.rules.repair import repairs
from corpuskit.sources.reading import read_records
from corpuskit.sources.record import RawPage, Record
from corpuskit.sources.tables import page_record
from corpuskit.sources.unreadable import Unreadable
from corpuskit.stages.batches import DOCS, LINES, NAMES, lines_batch, writer
from corpuskit.stages.copies import Copies
from corpuskit.stages.drafts import Draft, Read, document_id, drafts, rows_of, sites_of, table_of
from corpuskit.stages.fatal import Fatal, Place
from corpuskit.stages.recordkeys import RecordKeys
from corpuskit.stages.shapes import ShardShapes
from corpuskit.stages.shardfiles import Files
from corpuskit.stages.source import Source
from corpuskit.stages.withdrawn import Sieve
from corpuskit.store.steps import Step, Store, name_of

#: Characters of text to a batch: bounds the memory of a worker, and 32-bit offsets hold it.
BATCH_CHARS: Final = 1_000_000


def write_parts(draft: Path, store: Store, name: str, files: Files, reader: ShardReader, most: int) -> None:
    """Write the first part of a shard (``most`` bytes of text) into ``draft``, and finish the others."""
    reader.unreadable += files.failed
    batches, parts = reader.batches(files.sources), list[str]()
    batch = _write_part(draft, next(batches, None), batches, most)
    _write_account(draft, files, reader)
    while batch:
        parts.append(name_of("part", name, len(parts) + 1))
        with store.scratch("read", parts[-1]) as further:
            batch = _write_part(further, batch, batches, most)
            _write_account(further, files, reader)
            (further / "parts.json").write_text("[]", "ascii")
            store.keep(further, Step("read", parts[-1]))
    (draft / "parts.json").write_text(json.dumps(parts), "ascii")


def _write_part(draft: Path, batch: list[Draft] | None, more: Iterator[list[Draft]], most: int) -> list[Draft] | None:
    """Write ``batch`` and those that follow until they have ``most`` bytes of text; returns the next one, if any."""
    shapes, size = ShardShapes(), 0
    with (
        writer(draft / "docs.arrow", DOCS) as docs,
        writer(draft / "names.arrow", NAMES) as names,
        writer(draft / "lines.arrow", LINES) as lines,
    ):
        while batch and size < most:
            table, sites = table_of(batch), sites_of(batch)
            shapes.note([draft.title for draft in batch], table, sites)
            rows = rows_of(batch, table, sites)
            docs.write_batch(rows)
            names.write_batch(rows.select(NAMES.names))
            lines.write_batch(lines_batch(table))
            size += rows.column("text").nbytes
            batch = next(more, None)
    np.save(draft / "shapes.npy", shapes.shapes())
    np.save(draft / "sites.npy", shapes.sites())
    return batch


def _write_account(draft: Path, files: Files, reader: ShardReader) -> None:
    """Write what was not read, and which files ended, since the part before."""
    (draft / "unreadable.json").write_text(json.dumps(reader.unreadable), "utf-8")
    (draft / "sources.json").write_bytes(orjson.dumps(reader.files))
    (draft / "shard.json").write_text(json.dumps(files.digest), "ascii")
    reader.unreadable, reader.files = [], []


def read_alone(files: Files, reader: ShardReader, tell: Tell) -> None:
    """Read the files of a shard document by document, telling of each before it begins; nothing is kept."""
    for read in reader.records(files.sources, lambda name, where: tell(Place(files.digest, name, where))):
        batch = drafts([read])
        rows_of(batch, table_of(batch), sites_of(batch))


class ShardReader:
    """What accumulates while the files of one shard are read."""

    def __init__(self, recipe: Recipe, fatal: Sequence[Fatal] = ()) -> None:
        self.recipe, self.sieve, self.copies = recipe, Sieve(recipe), Copies(recipe)
        self.fatal = {(name, where): reason for name, where, reason in fatal}
        self.unreadable: list[tuple[str, str, str]] = []
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
            name, count, gone, keys = source.file.name, 0, 0, RecordKeys()
            begins(name, "")
            for found in self._found(source, begins):
                if isinstance(found, Unreadable):
                    self.unreadable.append((name, found.where, found.reason))
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

        def page(raw: RawPage) -> Record | Unreadable:
            if reason := self.fatal.get((name, raw.where)):
                return Unreadable(reason, raw.where)
            begins(name, raw.where)
            return page_record(raw)

        with source.open() as stream:
            for found in read_records(stream, name, self.recipe, page):
                reason = self.fatal.get((name, found.where))
                yield Unreadable(reason, found.where) if reason else found
        source.check_unchanged()

    def _sieved(self, record: Record, source: Source) -> Read | None:
        """A record without what is withdrawn; ``None`` for one that is withdrawn as a whole."""
        if self.sieve.items and self.sieve.takes(record, document_id(source.file.name, record.key)):
            return None
        if not self.copies.whole_keys:
            return Read(record, source)
        left = self.copies.blacked_out(record.text, repairs(record.text))
        return Read(record.with_text(left[0]), source, left[1]) if left else None


def _own_key(record: Record, keys: RecordKeys) -> Record:
    """The record, its key told apart by its place when an earlier one of the file has the same."""
    seen = xxhash.xxh3_64_intdigest(record.key.encode("utf-8", "backslashreplace"))
    return record if keys.add(seen) else record._replace(key=f"{record.key}\n{record.where}")
