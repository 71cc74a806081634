"""trafilatura alone: the main text of every page of a folder, in so many processes; nothing is written.

    VENV/bin/python run_trafilatura.py FOLDER OUT WORKERS [--metadata]

Asked for what corpuskit asks of it: no comments, tables, the balanced mode.
"""

from __future__ import annotations

import sys
from multiprocessing import Pool
from pathlib import Path

from trafilatura import bare_extraction

METADATA = "--metadata" in sys.argv


def extract(page: Path) -> int:
    found = bare_extraction(
        page.read_bytes(), include_comments=False, include_tables=True, with_metadata=METADATA, deduplicate=False
    )
    return len(found.text or "") if found else 0


def main(folder: str, out: str, workers: int) -> None:
    pages = sorted(path for path in Path(folder).rglob("*.htm*") if path.is_file())
    with Pool(workers) as pool:
        sum(pool.imap_unordered(extract, pages, 16))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
