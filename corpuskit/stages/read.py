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

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from corpuskit.annotate.title import affix_hashes, first_line
from corpuskit.lines import Lines
from corpuskit.model import Document, Edit
from corpuskit.processes import Tell, last_guard
from corpuskit.recipe import Recipe
from corpuskit.rules.markup import shown_lines
from corpuskit.rules.repair import repairs, repairs_of
from corpuskit.sources.listing import SourceFile
from corpuskit.sources.objects import fetch
from corpuskit.sources.reading import read_records
from corpuskit.sources.record import FIELDS, Record, UnreadPage
from corpuskit.sources.sites import site_hash, site_name
from corpuskit.sources.tables import page_record
from corpuskit.sources.unreadable import Unreadable
from corpuskit.stages.batches import DOCS, LINES, NAMES, lines_batch, writer
from corpuskit.stages.fatal import Fatal, Place, known_fatal
from corpuskit.stages.withdrawn import Sieve
from corpuskit.store import Step, code_digest, name_of, store_at
from corpuskit.versions import versions

#: Characters of text to a batch: bounds the memory of a worker, and 32-bit offsets hold it.
BATCH_CHARS: Final = 1_000_000
#: Files up to this size are read once, into memory; larger ones are hashed first and read again.
WHOLE: Final = 32 * 1024 * 1024
SHAPES: Final = np.dtype([("shape", "<u8"), ("site", "<u8"), ("docs", "<u4")])
#: An odd constant (2^64 over the golden ratio): shape + document × PAIR tells pairs apart.
PAIR: Final = np.uint64(0x9E3779B97F4A7C15)
SITES: Final = np.dtype([("site", "<u8"), ("docs", "<u4")])


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


class Source(NamedTuple):
    """A file of the shard, hashed: its bytes when it is small."""

    file: SourceFile
    sha256: str
    data: bytes | None

    def open(self) -> IO[bytes]:
        """A stream of its bytes."""
        return io.BytesIO(self.data) if self.data is not None else open(self.file.path, "rb")


def read_shard(task: ReadTask) -> Step:
    """Read the files of a shard; returns the finished step."""
    store = store_at(task.home)
    with store.scratch("read", "sources") as folder:
        files = at_hand(task, folder)
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
        files = at_hand(task, folder)
        reader = ShardReader(task.recipe, _fatal(task, files))
        for read in reader.records(files.sources, lambda name, where: tell(Place(files.digest, name, where))):
            batch = drafts([read])
            reader.rows(batch, reader.table(batch))


class Files(NamedTuple):
    """The files of a shard, hashed, and those that could not be opened: name, place, reason."""

    sources: list[Source]
    failed: list[tuple[str, str, str]]

    @property
    def digest(self) -> str:
        """Hash of their names and contents, in order."""
        return name_of([(source.file.name, source.sha256) for source in self.sources], self.failed)


def at_hand(task: ReadTask, folder: Path) -> Files:
    """The files of a shard, fetched into ``folder`` if they are not of this machine, and hashed."""
    paths = fetch([file.path for file in task.files], folder)
    files = [file._replace(path=path) for file, path in zip(task.files, paths, strict=True)]
    return _hash_all(files, Sieve(task.recipe))


def _hash_all(files: Sequence[SourceFile], sieve: Sieve) -> Files:
    sources, failed = [], []
    for file in files:
        try:
            source = _hash(file)
        except OSError as error:
            failed.append((file.name, "", f"cannot be read: {error.strerror}"))
        else:
            sources += [] if sieve.takes_file(file.name, source.sha256) else [source]
    return Files(sources, failed)


def _hash(file: SourceFile) -> Source:
    # O_NOFOLLOW: a link put in the file's place after it was listed must not be followed
    handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as stream:
        if file.size <= WHOLE:
            data = stream.read()
            return Source(file, hashlib.sha256(data).hexdigest(), data)
        return Source(file, hashlib.file_digest(stream, "sha256").hexdigest(), None)


def _read(draft: Path, files: Files, fatal: Sequence[Fatal], recipe: Recipe) -> None:
    shard = ShardReader(recipe, fatal)
    shard.quarantine += files.failed
    with (
        writer(draft / "docs.arrow", DOCS) as docs,
        writer(draft / "names.arrow", NAMES) as names,
        writer(draft / "lines.arrow", LINES) as lines,
    ):
        for batch in shard.batches(files.sources):
            table = shard.table(batch)
            rows = shard.rows(batch, table)
            docs.write_batch(rows)
            names.write_batch(rows.select(NAMES.names))
            lines.write_batch(lines_batch(table))
    np.save(draft / "shapes.npy", shard.shapes())
    np.save(draft / "sites.npy", shard.sites())
    (draft / "quarantine.json").write_text(json.dumps(shard.quarantine), "utf-8")
    (draft / "sources.json").write_text(json.dumps(shard.files), "utf-8")
    (draft / "shard.json").write_text(json.dumps(files.digest), "ascii")


class Read(NamedTuple):
    """A record, its file, and its repairs where somebody has looked for them."""

    record: Record
    source: Source
    repairs: list[Edit] | None = None


class Draft(NamedTuple):
    """A document on its way into a batch: the record, its file, its repairs and its repaired text."""

    record: Record
    source: Source
    repairs: list[Edit]
    view: str


class ShardReader:
    """What accumulates while the files of one shard are read."""

    def __init__(self, recipe: Recipe, fatal: Sequence[Fatal] = ()) -> None:
        self.recipe, self.sieve = recipe, Sieve(recipe)
        self.fatal = {(name, where): reason for name, where, reason in fatal}
        self.quarantine: list[tuple[str, str, str]] = []
        self.files: list[tuple[str, str, int, int]] = []
        self.seen: list[NDArray[Any]] = []
        self.seen_sites: list[NDArray[np.uint64]] = []

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

    def _sieved(self, record: Record, source: Source) -> Read | None:
        """A record without what is withdrawn; ``None`` for one that is withdrawn as a whole."""
        if self.sieve.takes(record, document_id(source.file.name, record.key)):
            return None
        if not self.sieve.whole_keys:
            return Read(record, source)
        left = self.sieve.blacked_out(record.text, repairs(record.text))
        return Read(replace(record, text=left[0]), source, left[1]) if left else None

    def table(self, batch: Sequence[Draft]) -> Lines:
        """The table of lines of a batch; link targets of Markdown do not count as text."""
        return shown_lines([draft.view for draft in batch])

    def rows(self, batch: Sequence[Draft], table: Lines) -> pa.RecordBatch:
        """The documents of a batch as rows of ``docs.arrow``; notes what recurs in them."""
        sites = np.array([_site_of(draft) for draft in batch], np.uint64)
        self._note(batch, table, sites)
        return pa.record_batch(_columns(batch, sites, table.scripts), DOCS)

    def _note(self, batch: Sequence[Draft], table: Lines, sites: NDArray[np.uint64]) -> None:
        affixes = [(h, i) for i, draft in enumerate(batch) for h in affix_hashes(_title(draft))]
        hashes = np.array([h for h, _ in affixes], np.uint64)
        docs = np.array([i for _, i in affixes], np.int64)
        told = table.shape != 0
        shapes = np.concatenate((table.shape[told], hashes))
        docs = np.concatenate((table.doc[told], docs))
        # one count for each document: a pair is told by one 64-bit number, which sorts fast
        _, first = np.unique(shapes + docs.astype(np.uint64) * PAIR, return_index=True)
        rows = np.zeros(len(first), SHAPES)
        rows["shape"], rows["site"], rows["docs"] = shapes[first], sites[docs[first]], 1
        self.seen.append(summed(rows))
        self.seen_sites.append(sites)

    def shapes(self) -> NDArray[Any]:
        """In how many documents of which site each shape occurs, sorted by shape."""
        return summed(np.concatenate(self.seen or [np.zeros(0, SHAPES)]))

    def sites(self) -> NDArray[Any]:
        """How many documents of each site the shard has."""
        sites, counts = np.unique(np.concatenate(self.seen_sites or [np.zeros(0, np.uint64)]), return_counts=True)
        out = np.zeros(len(sites), SITES)
        out["site"], out["docs"] = sites, counts
        return out


def drafts(batch: Sequence[Read]) -> list[Draft]:
    """The documents of a batch, repaired."""
    unseen = repairs_of([read.record.text if read.repairs is None else "" for read in batch])
    mends = [more if read.repairs is None else read.repairs for read, more in zip(batch, unseen, strict=True)]
    return [
        Draft(read.record, read.source, edits, _view(read.record.text, edits))
        for read, edits in zip(batch, mends, strict=True)
    ]


def _view(text: str, edits: list[Edit]) -> str:
    return Document(text, tuple(edits)).clean if edits else text


def _own_key(record: Record, keys: set[int]) -> Record:
    """The record, its key told apart by its place when an earlier one of the file has the same."""
    seen = xxhash.xxh3_64_intdigest(record.key.encode("utf-8", "backslashreplace"))
    if seen in keys:
        return replace(record, key=f"{record.key}\n{record.where}")
    keys.add(seen)
    return record


def summed(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows of :data:`SHAPES`, sorted, those of one shape and site added up."""
    rows = rows[np.lexsort((rows["site"], rows["shape"]))]
    opens = np.ones(len(rows), bool)
    opens[1:] = (rows["shape"][1:] != rows["shape"][:-1]) | (rows["site"][1:] != rows["site"][:-1])
    first = np.flatnonzero(opens)
    out = rows[first].copy()
    if len(first):
        out["docs"] = np.add.reduceat(rows["docs"], first)
    return out


def _title(draft: Draft) -> str:
    return draft.record.fields.get("title") or first_line(draft.view)


def _site_of(draft: Draft) -> int:
    return site_hash(site_name(draft.record.fields.get("url"), draft.record.text, draft.source.file.name))


def document_id(name: str, key: str) -> str:
    """The id of a document: 80 bits of sha256 over its source path and its own id or line, in hex.

    It never depends on the content, so that it stays the same across versions.
    """
    return hashlib.sha256(f"{name}\n{key}".encode()).hexdigest()[:20]


def _columns(batch: Sequence[Draft], sites: NDArray[np.uint64], scripts: NDArray[np.int32]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "id": [document_id(d.source.file.name, d.record.key) for d in batch],
        "source_path": [d.source.file.name for d in batch],
        "source_where": [d.record.where or None for d in batch],
        "source_sha256": [d.source.sha256 for d in batch],
        "basis": [d.record.basis for d in batch],
        "extractor": [d.record.extractor for d in batch],
        "text": [d.record.text for d in batch],
        "view": [d.view if d.repairs else None for d in batch],
        "repairs": [
            [{n: getattr(e, n) for n in ("start", "end", "rule", "new", "why")} for e in d.repairs] for d in batch
        ],
        "came_from": [json.dumps(dict(d.record.came_from)) if d.record.came_from else None for d in batch],
        "site": sites,
        "scripts": [row.tobytes() for row in scripts],
    }
    return columns | {name: [d.record.fields.get(name) for d in batch] for name in FIELDS}
