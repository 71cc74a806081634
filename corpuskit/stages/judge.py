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
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from corpuskit.annotate.language import languages
from corpuskit.lines import Lines, split_lines
from corpuskit.processes import Tell, last_guard
from corpuskit.recipe import Output, Recipe
from corpuskit.rules.catalog import rules_of
from corpuskit.rules.findings import FEW_PAGES, Batch, Cut, Drop, Finding, Note, Recurrence, apply, columns_of
from corpuskit.rules.markup import LINK_SHARE, link_shares
from corpuskit.rules.notices import mark_notices
from corpuskit.rules.phrases import signals
from corpuskit.rules.plugins import plugin_digests
from corpuskit.segment import shape_of
from corpuskit.sources.record import FIELDS
from corpuskit.stages.batches import lines_from, numbers, one_by_one, read_batches, strings, texts_of, writer
from corpuskit.stages.fatal import Place, files_of, known_fatal, shard_of
from corpuskit.stages.filter import FILTERED, filtered
from corpuskit.stages.near import BAND, SIGNATURE, sort_bands, traits_of
from corpuskit.stages.partitions import load_for_shard
from corpuskit.stages.shapes import pairs_of
from corpuskit.stages.twins import CLAIM, WHOLE, sort_claims
from corpuskit.store import Step, Store, code_digest, name_of, store_at
from corpuskit.typeset import LINKED, typeset_texts
from corpuskit.versions import versions
from corpuskit.wrapped import keys_of, rows_of, sizes_of, unwrapped

DROPS: Final = pa.schema([("row", pa.int32()), ("rule", pa.string()), ("why", pa.string())])
CUTS: Final = pa.schema(
    [("doc", pa.int32()), ("start", pa.int32()), ("end", pa.int32())]
    + [(n, pa.string()) for n in ("rule", "new", "why")]
)
#: What a document is known to be. ``came_from``: JSON, field → where its value stands.
NOTES: Final = pa.schema(
    [(n, pa.string()) for n in ("title", "source_url", "date", "author", "publisher", "language", "license")]
    + [("captions", pa.list_(pa.string())), ("flags", pa.list_(pa.string())), ("came_from", pa.string())]
)
#: Fields of which a document may have several.
LISTS: Final = ("captions", "flags")


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
    seen = Seen(store.array(task.read, "shapes.npy")[:], verdicts)
    claims, traits, ids = [], [], []
    with (
        writer(draft / "drops.arrow", DROPS) as drops,
        writer(draft / "cuts.arrow", CUTS) as cuts,
        writer(draft / "notes.arrow", NOTES) as notes,
        writer(draft / "filtered.arrow", FILTERED) as out,
    ):
        docs_done = rows_done = 0
        for docs, batch in batches(store, task.read, seen, task.recipe):
            found = apply(rules_of(task.recipe), batch)
            drops.write_batch(_table(DROPS, [f for f in found if isinstance(f, Drop)]))
            cuts.write_batch(_table(CUTS, sorted(f for f in found if isinstance(f, Cut))))
            noted = notes_of(docs, batch, found)
            notes.write_batch(noted)
            goes = filtered(docs, batch, found, noted)
            out.write_batch(_table(FILTERED, sorted(goes.items())))
            batch.open[np.isin(batch.lines.doc, list(goes))] = False
            claims.append(_claims(docs, batch, task.recipe, docs_done, rows_done))
            if task.recipe.split:
                traits.append(traits_of(batch.texts, batch.lines, batch.open, docs_done))
                ids += [int(key[:16], 16) for key in strings(docs, "id")]
            docs_done, rows_done = docs_done + len(batch.texts), rows_done + len(batch.lines)
    if task.recipe.split:
        np.save(draft / "ids.npy", np.array(ids, np.uint64))
        bands, signatures = zip((np.zeros(0, BAND), np.zeros(0, SIGNATURE)), *traits, strict=True)
        np.save(draft / "bands.npy", sort_bands(np.concatenate(bands)))
        np.save(draft / "signatures.npy", np.concatenate(signatures))
    np.save(draft / "claims.npy", sort_claims(np.concatenate(claims or [np.zeros(0, CLAIM)])))


def probe_judge(task: JudgeTask, tell: Tell) -> None:
    """Judge a shard document by document, telling of each before it begins; nothing is kept."""
    store = store_at(task.home)
    shard = shard_of(store, task.read)
    fatal = {(name, where) for name, where, _ in known_fatal(store, shard, task.recipe)}
    verdicts = load_for_shard(store, task.recurs, "recurs", task.shard)
    seen = Seen(store.array(task.read, "shapes.npy")[:], verdicts)
    for docs, rows in _stored(store, task.read):
        for doc, lines in one_by_one(docs, rows):
            name, where = strings(doc, "source_path")[0], strings(doc, "source_where")[0] or ""
            if (name, where) not in fatal:
                tell(Place(shard, name, where))
                batch = batch_of(doc, lines_from(lines, doc), seen, _judge_recipe(task.recipe))
                found = apply(rules_of(batch.recipe), batch)
                filtered(doc, batch, found, notes_of(doc, batch, found))
                tell(Place(shard))


class Seen:
    """How often the shapes of one shard occur in the corpus."""

    def __init__(self, shapes: NDArray[Any], verdicts: NDArray[Any]) -> None:
        pairs = _pair(shapes["shape"], shapes["site"])
        order = np.argsort(pairs)
        self.pairs, self.verdicts = pairs[order], verdicts[order]

    def look_up(self, shapes: NDArray[np.uint64], sites: NDArray[np.uint64]) -> NDArray[Any]:
        """The verdict for each (shape, site); zeros for a shape that was not counted."""
        pairs = _pair(shapes, sites)
        out = np.zeros(len(pairs), self.verdicts.dtype)
        if len(self.pairs):
            place = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
            hit = self.pairs[place] == pairs
            out[hit] = self.verdicts[place[hit]]
        return out


def _pair(shapes: NDArray[np.uint64], sites: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.asarray(shapes ^ (sites * np.uint64(0x9E3779B97F4A7C15)), np.uint64)


def batches(store: Store, read: Step, seen: Seen, recipe: Recipe) -> Iterator[tuple[pa.RecordBatch, Batch]]:
    """The documents of a shard as the rules see them."""
    with last_guard() as guard:
        for docs, rows in _stored(store, read):
            guard()
            yield docs, batch_of(docs, lines_from(rows, docs), seen, recipe)


def _stored(store: Store, read: Step) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    docs, lines = (read_batches(store.file(read, name)) for name in ("docs.arrow", "lines.arrow"))
    return zip(docs, lines, strict=True)


def batch_of(docs: pa.RecordBatch, as_read: Lines, seen: Seen, recipe: Recipe) -> Batch:
    """A batch of stored documents as the rules see it."""
    texts = texts_of(docs)
    sites = numbers(docs, "site")
    printed = split_lines(texts)
    sizes = sizes_of(as_read, printed)
    lines, texts, printed = unwrapped(as_read, texts, printed, sizes)
    found = signals(lines, printed)
    mark_notices(found, lines, printed)
    links = link_shares(lines, texts)
    extracted = np.array([basis == "extracted" for basis in strings(docs, "basis")], bool)
    plain = ~extracted[lines.doc] & (links < LINKED)
    known = [dict(zip(FIELDS, row, strict=True)) for row in zip(*(strings(docs, n) for n in FIELDS), strict=True)]
    return Batch(
        texts=texts,
        printed=printed,
        lines=lines,
        as_read=as_read,
        sizes=sizes,
        shape=shape_of(lines, found.machinery | (links >= LINK_SHARE), found.words),
        signals=found,
        recurrence=_recurrence(lines, seen, sites),
        extracted=extracted,
        typeset=typeset_texts(lines, sizes, texts, printed, plain)[lines.doc],
        known=[{name: value for name, value in row.items() if value} for row in known],
        recipe=recipe,
        on_site=partial(_on_site, seen, sites),
        links=links,
        sites=sites,
    )


def _recurrence(lines: Lines, seen: Seen, sites: NDArray[np.uint64]) -> Recurrence:
    alone = seen.look_up(lines.shape, sites[lines.doc])
    rows, *pairs = pairs_of(lines, (alone["size"] > 0) & (alone["size"] <= FEW_PAGES))
    before, after = (seen.look_up(pair, sites[lines.doc[rows]]) for pair in pairs)
    beside = np.zeros(len(lines), alone.dtype)
    beside[rows] = np.where(before["site"] >= after["site"], before, after)
    columns = (*(alone[n] for n in ("corpus", "site", "size", "tenths")), beside["site"], beside["tenths"])
    return Recurrence(*(np.maximum(column, 1).astype(np.int32) for column in columns))


def _on_site(seen: Seen, sites: NDArray[np.uint64], docs: Sequence[int], hashes: Sequence[int]) -> NDArray[np.int64]:
    counts = seen.look_up(np.array(hashes, np.uint64), sites[np.array(docs, np.int64)])
    return counts["site"].astype(np.int64)


def _table(schema: pa.Schema, rows: list[Any]) -> pa.RecordBatch:
    return pa.record_batch(columns_of(rows, len(schema)), schema)


def notes_of(docs: pa.RecordBatch, batch: Batch, found: list[Finding]) -> pa.RecordBatch:
    """One row for each document: what the rules noted, else what its source says."""
    values: list[dict[str, Any]] = [
        {"source_url" if name == "url" else name: value for name, value in known.items()}
        | {"captions": captions, "flags": []}
        for known, captions in zip(batch.known, docs["captions"].to_pylist(), strict=True)
    ]
    origins = [json.loads(said) if said else {} for said in strings(docs, "came_from")]
    for note in (f for f in found if isinstance(f, Note)):
        row = values[note.doc]
        if note.field in LISTS:
            row[note.field].append(note.value)
        elif note.field == "title" or not row.get(note.field):
            row[note.field] = note.value
            origins[note.doc].setdefault(note.field, note.origin)
    said = [row.get("language") for row in values]
    found_languages = languages(batch.texts, batch.lines.scripts, said, batch.recipe.output.language_model)
    for row, language in zip(values, found_languages, strict=True):
        row["language"] = language
    for row, origin in zip(values, origins, strict=True):
        row["came_from"] = json.dumps(origin, sort_keys=True, ensure_ascii=False) if origin else None
    return pa.RecordBatch.from_pylist(values, NOTES)


def _claims(docs: pa.RecordBatch, batch: Batch, recipe: Recipe, docs_before: int, rows_before: int) -> NDArray[Any]:
    lines, living = batch.as_read, rows_of(batch.sizes, batch.open)
    claims_line = rows_of(batch.sizes, batch.open & batch.lines.comparable(recipe.dedup.min_mass))
    rows = np.flatnonzero(claims_line) if recipe.dedup.paragraphs else np.zeros(0, np.int64)
    whole = _document_keys(lines, living, len(batch.texts), recipe) if recipe.dedup.documents else []
    keys = np.concatenate([keys_of(lines, batch.sizes)[rows], np.array([key for _, key in whole], "V16")])
    halves = np.ascontiguousarray(keys).view(np.uint64).reshape(-1, 2)
    claims = np.zeros(len(keys), CLAIM)
    claims["high"], claims["low"] = halves[:, 0], halves[:, 1]
    claims["doc"] = np.concatenate((lines.doc[rows], [doc for doc, _ in whole])) + docs_before
    claims["row"] = np.concatenate((rows + rows_before, np.full(len(whole), WHOLE)))
    claims["start"][: len(rows)] = _in_source(docs, lines.doc[rows], lines.start[rows])
    return claims


def _document_keys(lines: Lines, living: NDArray[np.bool_], count: int, recipe: Recipe) -> list[tuple[int, bytes]]:
    """The key of each document whose living lines are long enough together: the hash of their keys, in order."""
    rows = np.flatnonzero(living)
    keys = np.ascontiguousarray(lines.key[rows]).tobytes()
    long = np.bincount(lines.doc[rows], lines.mass[rows], count) >= recipe.dedup.min_mass
    bounds = np.searchsorted(lines.doc[rows], np.arange(count + 1)) * 16
    cuts = zip(range(count), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    return [(doc, xxhash.xxh3_128_digest(keys[a:b], seed=1)) for doc, a, b in cuts if long[doc]]


def _in_source(docs: pa.RecordBatch, doc: NDArray[np.int32], start: NDArray[np.int32]) -> NDArray[np.int32]:
    """Offsets in the views → offsets in the source texts."""
    from corpuskit.stages.coordinates import Coordinates

    out = start.copy()
    for i, made in enumerate(strings(docs, "repairs")):
        if made:
            mine = doc == i
            out[mine] = Coordinates(made).to_source(start[mine])
    return out
