"""The copy bound: read the same files, write zstd-3 Parquet, do nothing else. Two processes, as the builds have.

python bench/copybound.py FOLDER OUT
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FILES = 1500


def copy(task: tuple[Path, list[str]]) -> None:
    target, files = task
    texts = [Path(file).read_bytes().decode() for file in files]
    pq.write_table(pa.table({"path": files, "text": texts}), target, compression="zstd", compression_level=3)


def main(folder: str, out: str) -> None:
    files = sorted(os.path.join(base, name) for base, _, names in os.walk(folder) for name in names)
    Path(out).mkdir(parents=True, exist_ok=True)
    tasks = [(Path(out) / f"{i}.parquet", files[i : i + FILES]) for i in range(0, len(files), FILES)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(copy, tasks))


if __name__ == "__main__":
    main(*sys.argv[1:])
