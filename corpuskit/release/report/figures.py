"""The numbers of the report: one pass over the narrow columns of the data and of the ledger, summed in Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpuskit.release.report.draw import Draw
from corpuskit.release.report.tally import Tally

#: Lower ends of the bins of lengths (code points): steps of 1, 2, 5.
LENGTHS: Final = (0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
#: Bins of the share of a document that was taken out: tenths.
SHARES: Final = 10
#: The name that published text has in :attr:`Figures.flow`; no rule has an empty name.
PUBLISHED: Final = ""
#: Columns that may be null: what the report says is known of the documents.
FIELDS: Final = ("title", "source_url", "publisher", "author", "date", "license")

_DATA: Final = (
    "id", "source_path", "source_where", "language", "n_chars", "n_source_chars", "flags", "source_url", "date",
)  # fmt: skip
_LEDGER: Final = ("id", "source_path", "source_where", "start", "end", "replacement", "rule", "twin_id", "twin_start")


@dataclass(slots=True)
class Figures:
    """What was counted. Characters are code points; ``months`` maps year * 12 + month - 1 to documents.

    In ``flow`` the rule :data:`PUBLISHED` stands for what no rule took.
    """

    lengths: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(LENGTHS), np.int64))
    shares: NDArray[np.int64] = field(default_factory=lambda: np.zeros(SHARES, np.int64))
    months: dict[int, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    flags: Tally = field(default_factory=lambda: Tally(["flag"], ["documents"]))
    languages: Tally = field(default_factory=lambda: Tally(["language"], ["documents", "characters"]))
    hosts: Tally = field(default_factory=lambda: Tally(["host"], ["documents", "source", "characters"]))
    flow: Tally = field(default_factory=lambda: Tally(["folder", "rule"], ["taken", "put", "documents"]))
    rules: Tally = field(default_factory=lambda: Tally(["rule"], ["taken", "put", "spans"]))
    copies: Tally = field(default_factory=lambda: Tally(["twin_id", "twin_start", "rule"], ["copies", "taken"]))
    draw: Draw = field(default_factory=Draw)


def figures_of(draft: Path, manifest: Mapping[str, Any]) -> Figures:
    """Count the release in ``draft``."""
    figures = Figures()
    data = files_of(draft, manifest, "default")
    for table in groups(data, _DATA):
        _add_documents(figures, table)
    documents, nulls = int(figures.lengths.sum()), nulls_of(data, FIELDS)
    figures.known = {name: documents - nulls[name] for name in FIELDS}
    for table in groups(files_of(draft, manifest, "removed"), _LEDGER):
        _add_edits(figures, table)
    return figures


def files_of(draft: Path, manifest: Mapping[str, Any], config: str) -> list[Path]:
    """The data files of a config, in order."""
    return [draft / file["path"] for file in manifest["configs"].get(config, {"files": ()})["files"]]


def groups(files: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.Table]:
    """The row groups of Parquet files, one by one, these columns alone."""
    for path in files:
        with pq.ParquetFile(path) as file:
            for i in range(file.num_row_groups):
                yield file.read_row_group(i, columns=list(columns), use_threads=False)


def nulls_of(files: Sequence[Path], columns: Sequence[str]) -> dict[str, int]:
    """How many values of each column are null, by the statistics of the row groups: no value is read."""
    nulls = dict.fromkeys(columns, 0)
    for path in files:
        facts = pq.read_metadata(path)
        places = {facts.schema.column(i).path: i for i in range(facts.num_columns)}
        for group in (facts.row_group(i) for i in range(facts.num_row_groups)):
            for name in columns:
                nulls[name] += group.column(places[name]).statistics.null_count
    return nulls


def folder_of(paths: Any, places: Any) -> Any:
    """The first folder of each source path, with its slash; a file of many records at the top stands for itself."""
    top = pc.list_element(pc.split_pattern(paths, "/", max_splits=1), 0)
    alone = pc.equal(pc.fill_null(places, ""), "")
    at_top = pc.if_else(alone, "", paths)
    return pc.if_else(pc.match_substring(paths, "/"), pc.binary_join_element_wise(top, "", "/"), at_top)


def host_of(urls: Any) -> Any:
    """The host of each address, lower case, without ``www.``; null where there is none."""
    parts = pc.list_slice(pc.split_pattern(urls, "/", max_splits=3), 0, 3)
    origins = pc.binary_join(parts, "/")
    few = pc.unique(origins)  # the pattern is slow
    found = pc.extract_regex(few, r"^(?i:https?)://(?:[^/?#@]*@)?(?P<host>[^/?#:@\s]+)")
    hosts = pc.replace_substring_regex(pc.utf8_lower(pc.struct_field(found, "host")), r"^www\.", "")
    return pc.take(hosts, pc.index_in(origins, few))


def _add_documents(figures: Figures, table: pa.Table) -> None:
    chars, source = (pc.fill_null(table.column(name), 0) for name in ("n_chars", "n_source_chars"))
    figures.lengths += _binned(np.asarray(chars), np.array(LENGTHS))
    gone = 1 - np.asarray(chars) / np.maximum(np.asarray(source), 1)
    # a document that lost nothing stands in the first bin; one that repairs made longer too
    figures.shares += _binned((np.clip(gone, 0, 0.999) * SHARES).astype(np.int64), np.arange(SHARES))
    _add_months(figures.months, table.column("date"))
    zeros = np.zeros(len(table), np.int64)
    counted = pa.table(
        {
            "documents": zeros + 1, "characters": chars, "source": source, "taken": chars, "put": zeros,
            "folder": folder_of(table.column("source_path"), table.column("source_where")),
            "rule": pa.repeat(PUBLISHED, len(table)),
            "language": table.column("language"),
            "host": host_of(table.column("source_url")),
        }
    )  # fmt: skip
    for tally in (figures.languages, figures.flow, figures.hosts):
        tally.add(counted)
    flags = pc.list_flatten(table.column("flags"))
    figures.flags.add(pa.table({"flag": flags, "documents": np.ones(len(flags), np.int64)}))
    figures.draw.add(table.column("id"), None)


def _add_edits(figures: Figures, table: pa.Table) -> None:
    taken = pc.fill_null(pc.subtract(table.column("end"), table.column("start")), 0)
    put = pc.utf8_length(pc.fill_null(table.column("replacement"), "")).cast(pa.int64())
    zeros = np.zeros(len(table), np.int64)
    counted = table.select(["rule", "twin_id", "twin_start"])
    folder = folder_of(table.column("source_path"), table.column("source_where"))
    made = {"taken": taken, "put": put, "folder": folder, "spans": pa.array(zeros + 1), "copies": pa.array(zeros + 1)}
    for name, column in (made | {"documents": pa.array(zeros)}).items():
        counted = counted.append_column(name, column)
    figures.rules.add(counted)
    figures.flow.add(counted)
    figures.copies.add(counted.filter(pc.is_valid(counted.column("twin_id"))))
    figures.draw.add(table.column("id"), table.column("rule"))


def _add_months(months: dict[int, int], dates: Any) -> None:
    dates = dates.drop_null()
    month = pc.add(pc.multiply(pc.year(dates), 12), pc.subtract(pc.month(dates), 1))
    for found in pc.value_counts(month).to_pylist():
        months[found["values"]] = months.get(found["values"], 0) + found["counts"]


def _binned(values: NDArray[Any], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(edges, values, side="right") - 1, minlength=len(edges))
