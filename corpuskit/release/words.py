"""Words in a sample of a release, for its card: how many a document has, and how long they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpuskit.annotate.words import words_of

#: A release of fewer documents has no sample: the tokenizer and its dictionary take time that a small build would
#: notice.
LEAST: Final = 20_000
#: Documents in the sample, and their code points together: a quarter of a second of tokenizing.
DOCUMENTS: Final = 200
CHARACTERS: Final = 100_000
#: Data files, spread over the release, of which the first row group is looked at.
FILES: Final = 4


def words_in_sample(draft: Path, files: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """``documents``, ``words`` and the words' ``characters`` of a sample of the data files ``files`` of ``draft``.

    Empty for a small release, and for one without a document whose words can be counted. An id is a
    hash, so that the least ids are a sample.
    """
    if sum(facts["rows"] for facts in files) < LEAST:
        return {}
    found = [words for text, language in _sample(draft, files) if (words := words_of(text, language)) is not None]
    characters = sum(len(word) for words in found for word in words)
    return {"documents": len(found), "words": sum(map(len, found)), "characters": characters} if characters else {}


def _sample(draft: Path, files: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    columns = ["id", "text", "language"]
    chosen = files[:: max(len(files) // FILES, 1)][:FILES]
    firsts = [_first(pq.ParquetFile(draft / f["path"]).read_row_group(0, columns)) for f in chosen]
    size = 0
    for row in _first(pa.concat_tables(firsts)).to_pylist():
        size += len(row["text"])
        if size > CHARACTERS:
            return
        yield row["text"], row["language"]


def _first(table: pa.Table) -> pa.Table:
    """The documents of the least ids."""
    return table.take(pc.sort_indices(table, [("id", "ascending")])[:DOCUMENTS])
