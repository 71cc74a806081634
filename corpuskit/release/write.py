"""The finished shards → a release folder: data files, source list, manifest, card, sums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

import corpuskit
from corpuskit.display import show
from corpuskit.errors import NothingToPublish, OutputError
from corpuskit.filenames import CARD, CHANGELOG, CROISSANT, FOLDERS, MANIFEST, REPORT, SOURCES, SUMS
from corpuskit.recipe import Recipe
from corpuskit.release.card import card
from corpuskit.release.changelog import up_to
from corpuskit.release.croissant import croissant
from corpuskit.release.parquet import SCHEMAS, Digest, Writer, as_columns
from corpuskit.release.report import report
from corpuskit.release.splits import SPLITS, file_name, split_in
from corpuskit.release.totals import Json, Totals
from corpuskit.release.words import words_in_sample
from corpuskit.sources.listing import UnreadableFile
from corpuskit.store.steps import Step, Store
from corpuskit.versions import plugin_versions, versions

#: Version of the manifest's layout: counted up when a reader of the old one would misread it.
LAYOUT: Final = 1
SOURCES_SCHEMA: Final = pa.schema(
    [("source_path", pa.string()), ("sha256", pa.string()), ("bytes", pa.int64()), ("records", pa.int64())]
)

#: Sources to a row group of their list, which is never in memory whole: a corpus may have millions.
SOURCES_GROUP: Final = 1 << 16


def write_release(
    draft: Path,
    recipe: Recipe,
    unreadable: Sequence[UnreadableFile],
    store: Store,
    reads: Sequence[Step],
    finished: Sequence[Step],
) -> Totals:
    """Fill the folder ``draft`` with the release; returns what it holds.

    Raises :class:`OutputError` when a finished file is not what was written, and
    :class:`NothingToPublish` when no document is left.
    """
    totals = Totals()
    stats = [store.json(step, "stats.json") for step in finished]
    for shard in stats:
        totals.add(shard)
    _add_unreadable(totals, draft, recipe, unreadable)
    for config, folder in FOLDERS.items():
        for split in SPLITS:
            totals.files[config] += list(_copy(draft, config, folder, split, store, finished, stats))
    _number(draft, totals)
    _add_sources(draft, totals, store, reads)
    if not totals.documents:
        raise NothingToPublish(_nothing(totals, bool(recipe.withdrawn)))
    totals.words = {} if recipe.output.words else words_in_sample(draft, totals.files["default"])
    manifest = manifest_of(recipe, totals)
    _write(draft / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    if recipe.changelog:
        _write(draft / CHANGELOG, up_to(recipe.changelog, recipe.version))
    if recipe.output.report:
        _write(draft / REPORT, report(draft, recipe, manifest))
    _write(draft / CROISSANT, json.dumps(croissant(recipe, manifest), ensure_ascii=False, indent=1) + "\n")
    _write(draft / CARD, card(draft, recipe, manifest))
    totals.sums = _sums(draft, {facts["path"]: facts["sha256"] for files in totals.files.values() for facts in files})
    (draft / SUMS).write_bytes(totals.sums)
    return totals


def _nothing(totals: Totals, withdrawn: bool) -> str:
    reasons = "; ".join(f"{q['path']}: {q['reason']}" for q in totals.unreadable[:3])
    left_out = f"{len(totals.unreadable)} of them unreadable ({reasons})" if reasons else "none of them unreadable"
    files = totals.sources["files"]
    more = " that are not withdrawn" if withdrawn else ""
    return f"nothing to publish: {files} sources{more}, {left_out}; name other sources, or run 'corpuskit explain'"


def manifest_of(recipe: Recipe, totals: Totals) -> Json:
    """The manifest: what the release is, what it was made from, and what it holds. No clock, no machine."""
    return {
        "manifest": LAYOUT,
        "name": recipe.name,
        "version": recipe.version,
        "corpuskit": corpuskit.__version__,
        "versions": versions(recipe.output.libraries) | plugin_versions(recipe.clean.plugins),
        "recipe": recipe.effective(),
        "configs": {
            config: {
                "rows": sum(f["rows"] for f in files),
                "nbytes": sum(f["nbytes"] for f in files),
                "content_digest": _digest_of(f["content"] for f in files),
                "files": files,
            }
            for config, files in totals.files.items()
            if files
        },
        "counts": dict(sorted(totals.counts.items())),
        "rules": {rule: {"spans": n, "characters": chars} for rule, (n, chars) in sorted(totals.rules.items())},
        "languages": dict(sorted(totals.languages.items(), key=lambda pair: (-pair[1], pair[0]))),
        "flags": dict(sorted(totals.flags.items())),
        **({"words_sample": totals.words} if totals.words else {}),
        "sources": totals.sources,
        **({"withdrawn": len(recipe.withdrawn)} if recipe.withdrawn else {}),
        "quarantined": totals.unreadable,
    }


def sources_facts(files: int, size: int, content: str, sha256: str) -> Json:
    """What the manifest says of ``sources.parquet`` and of the files (``size`` in bytes) that it lists."""
    return {"files": files, "bytes": size, "content_digest": content, "sha256": sha256}


def _copy(
    draft: Path, config: str, folder: str, split: str, store: Store, finished: Sequence[Step], stats: Sequence[Json]
) -> Iterator[Json]:
    """Copy the shards' files of one split of a config into the draft, each checked against what was written."""
    for i, (step, shard) in enumerate(zip(finished, stats, strict=True)):
        facts = shard["files"].get(config, {}).get(split)
        if facts is None:
            continue
        target = draft / folder / f"{split}-{i:05}.parquet"
        target.parent.mkdir(exist_ok=True)
        store.copy(step, file_name(config, split), target)
        if _sha256(target) != facts["sha256"]:
            raise OutputError(
                f"{store.place(step)} was changed after it was written: delete that folder and build again"
            )
        yield {"path": target.relative_to(draft).as_posix(), **facts}


def _number(draft: Path, totals: Totals) -> None:
    """Give the files of each config their names: ``train-00000-of-00007.parquet``."""
    by_split = (
        (f"{FOLDERS[config]}/{split}", list(files))
        for config, found in totals.files.items()
        for split, files in groupby(found, key=lambda facts: split_in(facts["path"]))
    )
    for stem, files in by_split:
        for i, facts in enumerate(files):
            name = f"{stem}-{i:05}-of-{len(files):05}.parquet"
            (draft / facts["path"]).rename(draft / name)
            facts["path"] = name


def _add_unreadable(totals: Totals, draft: Path, recipe: Recipe, unreadable: Sequence[UnreadableFile]) -> None:
    """Files that nobody opens: a ledger file of their own, before the shards'."""
    totals.unreadable += [{"path": show(file.name), "reason": show(file.reason)} for file in unreadable]
    if not unreadable:
        return
    totals.rules["unreadable"] = [totals.rules.get("unreadable", [0, 0])[0] + len(unreadable), 0]
    path = draft / FOLDERS["removed"] / "train-unreadable.parquet"
    path.parent.mkdir(exist_ok=True)
    writer = Writer(path, SCHEMAS["removed"], recipe.output.compression_level)
    rows = [{"source_path": file.name, "rule": "unreadable", "why": file.reason} for file in unreadable]
    writer.write(pa.Table.from_pylist(rows, SCHEMAS["removed"]))
    writer.close()
    totals.files["removed"].append({"path": path.relative_to(draft).as_posix(), **writer.facts()})


def _add_sources(draft: Path, totals: Totals, store: Store, reads: Sequence[Step]) -> None:
    """``sources.parquet``: every file that was read; what is unreadable in them joins the rest."""
    path, digest = draft / SOURCES, Digest(SOURCES_SCHEMA)
    count = size = 0
    with pq.ParquetWriter(path, SOURCES_SCHEMA, compression="zstd") as out:
        for rows in _in_groups(store.json(step, "sources.json") for step in reads):
            table = pa.Table.from_batches([as_columns(rows, SOURCES_SCHEMA)])
            out.write_table(table)
            digest.add(table)
            count, size = count + len(rows), size + sum(row[2] for row in rows)
    totals.sources = sources_facts(count, size, digest.hexdigest(), _sha256(path))
    for step in reads:
        for name, where, reason in store.json(step, "unreadable.json"):
            place = {"line": show(where)} if where else {}
            totals.unreadable.append({"path": show(name), **place, "reason": show(reason)})


def _in_groups(shards: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Rows of the shards, about :data:`SOURCES_GROUP` at a time."""
    rows: list[Any] = []
    for shard in shards:
        rows += shard
        if len(rows) >= SOURCES_GROUP:
            yield rows
            rows = []
    if rows:
        yield rows


def _sums(draft: Path, known: Mapping[str, str]) -> bytes:
    """``SHA256SUMS`` as the ``sha256sum`` command writes and checks it: every file, sorted by name.

    ``known``: of files that were hashed before.
    """
    names = sorted((p.relative_to(draft).as_posix() for p in draft.rglob("*") if p.is_file()), key=str.encode)
    return "".join(f"{known.get(name) or _sha256(draft / name)}  {name}\n" for name in names).encode()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of(digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
