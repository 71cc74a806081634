"""``sources.parquet``: every file that was read, and how many documents of the release came from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from corpuskit.filenames import SOURCES
from corpuskit.release.parquet import Digest
from corpuskit.release.write import SOURCES_SCHEMA
from corpuskit.verbs.validate.documents import Keys, hashes_of
from corpuskit.verbs.validate.report import Findings
from corpuskit.verbs.validate.tables import row_groups


class Origins:
    """The list of sources; ``files``, ``size`` (bytes) and ``content`` (its digest) are what the manifest says of it.

    Raises :class:`~corpuskit.verbs.validate.report.Unusable` when it cannot be read.
    """

    def __init__(self, release: Path) -> None:
        self.release = release
        names, pairs, records = [], [], []
        self.size, digest = 0, Digest(SOURCES_SCHEMA)
        for table in row_groups(release, SOURCES, SOURCES_SCHEMA, "sources"):
            digest.add(table)
            path, sha256, size, count = (column.to_pylist() for column in table.columns)
            names.append(hashes_of(path))
            pairs.append(hashes_of(f"{a}\n{b}" for a, b in zip(path, sha256, strict=True)))
            records.append(np.array(count, np.int64))
            self.size += sum(size)
        self.names, self.pairs = np.concatenate(names), np.concatenate(pairs)
        self.records = np.concatenate(records)
        self.files, self.content = len(self.records), digest.hexdigest()

    def check(self, origins: bytes | bytearray, findings: Findings) -> None:
        """Every source gave as many documents as is said of it, and none comes from elsewhere.

        ``origins`` has, for each document of the release, the hash (16 bytes) of its source's name and sha256.
        """
        if again := Keys(self.names).twice():
            findings.add("ids", SOURCES, f"names the source {self.name(again[0])} twice")
        documents = np.frombuffer(origins, "<u8").reshape(-1, 2)
        places = Keys(self.pairs).find(documents)
        if strangers := int((places < 0).sum()):
            findings.add("ids", SOURCES, f"does not list the source, or its sha256, of {strangers:,} documents")
        counts = np.bincount(places[places >= 0], minlength=self.files)
        for i in np.flatnonzero(counts != self.records).tolist():
            problem = f"{self.records[i]} documents were read from it, {counts[i]} are in the release"
            findings.add("accounted", self.name(i), problem)

    def listed(self) -> Iterator[tuple[str, str]]:
        """Name and sha256 of each source; read again, because they are not kept."""
        for table in row_groups(self.release, SOURCES, SOURCES_SCHEMA, "sources"):
            yield from zip(table.column("source_path").to_pylist(), table.column("sha256").to_pylist(), strict=True)

    def name(self, at: int) -> str:
        """The name of the source in this row; read again, because they are not kept."""
        for table in row_groups(self.release, SOURCES, SOURCES_SCHEMA, "sources"):
            if at < table.num_rows:
                found: Any = table.column("source_path")[at].as_py()
                return str(found)
            at -= table.num_rows
        raise IndexError(at)
