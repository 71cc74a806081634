"""The copy bound: read the same files, write zstd-3 Parquet, do nothing else. Two processes, as the builds have.

python bench/copybound.py FOLDER OUT

Text files become a row each, JSON Lines a row for each record.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

FILES = 1500
#: Bytes of JSON Lines that are parsed at a time; no record may be longer.
BLOCK = pa.json.ReadOptions(use_threads=False, block_size=32 * 1024 * 1024)


def copy_texts(target: Path, files: list[str]) -> None:
    texts = [Path(file).read_bytes().decode() for file in files]
    pq.write_table(pa.table({"path": files, "text": texts}), target, compression="zstd", compression_level=3)


def copy_records(target: Path, files: list[str]) -> None:
    with (
        pa.input_stream(files[0]) as stream,
        pa.json.open_json(stream, BLOCK) as batches,
        pq.ParquetWriter(target, batches.schema, compression="zstd", compression_level=3) as out,
    ):
        for batch in batches:
            out.write_batch(batch)


def copy(task: tuple[Path, list[str]]) -> None:
    pa.set_cpu_count(1)
    (copy_records if ".jsonl" in task[1][0] else copy_texts)(*task)


def runs_of(files: list[str]) -> Iterator[list[str]]:
    """What one task copies: many text files, or one file of records."""
    step = 1 if files and ".jsonl" in files[0] else FILES
    return (files[i : i + step] for i in range(0, len(files), step))


def main(folder: str, out: str) -> None:
    files = sorted(os.path.join(base, name) for base, _, names in os.walk(folder) for name in names)
    Path(out).mkdir(parents=True, exist_ok=True)
    tasks = [(Path(out) / f"{i}.parquet", run) for i, run in enumerate(runs_of(files))]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(copy, tasks))


if __name__ == "__main__":
    main(*sys.argv[1:])
