"""Where the documents of a release come from, counted in one pass over its narrow columns: for the card."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.filenames import SOURCES
from corpuskit.release.columns import meaning
from corpuskit.release.parquet import DATA
from corpuskit.release.report.figures import files_of, groups, host_of, nulls_of
from corpuskit.release.report.tally import Tally

#: Columns of ``default`` that may be null.
NULLABLE: Final = tuple(name for name in DATA.names if meaning("default", name).null)
_COLUMNS: Final = ("source_path", "n_chars", "source_url", "publisher", "license", "date")
_FOLDER: Final = ("documents", "characters", "files", "read")
_ORIGIN: Final = ("documents", "characters")


@dataclass(slots=True)
class Provenance:
    """Documents and characters (code points) published, by where they come from.

    ``folders`` also counts the source files and the documents read from them; a file in no
    folder belongs to the folder ``""``. A host, publisher or licence that is not known is
    ``None``. ``nulls`` counts the documents without a value in a column; ``first`` and
    ``last`` are the earliest and latest date.
    """

    folders: Tally = field(default_factory=lambda: Tally(["folder"], _FOLDER))
    hosts: Tally = field(default_factory=lambda: Tally(["host"], _ORIGIN))
    publishers: Tally = field(default_factory=lambda: Tally(["publisher"], _ORIGIN))
    licences: Tally = field(default_factory=lambda: Tally(["license"], _ORIGIN))
    nulls: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NULLABLE, 0))
    first: datetime.date | None = None
    last: datetime.date | None = None


def provenance_of(release: Path, manifest: Mapping[str, Any]) -> Provenance:
    """Count the documents and sources of the release (or draft of one) in a folder."""
    found = Provenance()
    data = files_of(release, manifest, "default")
    found.nulls = nulls_of(data, NULLABLE)
    for table in groups(data, _COLUMNS):
        _add_documents(found, table)
    for table in groups([release / SOURCES], ("source_path", "records")):
        files = {"files": np.ones(len(table), np.int64), "read": table.column("records")}
        found.folders.add(_counted(table, _FOLDER, files))
    return found


def _add_documents(found: Provenance, table: pa.Table) -> None:
    sums = {"documents": np.ones(len(table), np.int64), "characters": table.column("n_chars")}
    found.folders.add(_counted(table, _FOLDER, sums))
    origins = {
        "host": host_of(table.column("source_url")),
        "publisher": table.column("publisher"),
        "license": table.column("license"),
    }
    counted = pa.table(origins | sums)
    for tally in (found.hosts, found.publishers, found.licences):
        tally.add(counted)
    span = pc.min_max(table.column("date")).as_py()
    found.first = min(filter(None, (found.first, span["min"])), default=None)
    found.last = max(filter(None, (found.last, span["max"])), default=None)


def _counted(table: pa.Table, names: tuple[str, ...], sums: Mapping[str, Any]) -> pa.Table:
    """The first folder of each source, with ``sums``, and zeros for the other ``names``."""
    paths = table.column("source_path")
    top = pc.binary_join_element_wise(pc.list_element(pc.split_pattern(paths, "/", max_splits=1), 0), "", "/")
    zeros = np.zeros(len(table), np.int64)
    folder = pc.if_else(pc.match_substring(paths, "/"), top, "")
    return pa.table({"folder": folder} | {name: sums.get(name, zeros) for name in names})
