"""Speed of a build beside the copy bound, in turns, in one run.

    python bench/speed.py FOLDER [--runs 3] [--workers 2] [--out bench/out]

FOLDER: text files, for example ``bulk`` of the evaluation data. Prints one row for each
command: MB (of input) per CPU second, CPU over the copy bound, wall seconds, peak memory.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from pathlib import Path

from measure import Cost, markdown, measured

HERE = Path(__file__).parent


def commands(folder: Path, out: Path, workers: int) -> dict[str, list[str]]:
    corpuskit = [sys.executable, "-m", "corpuskit", "build", str(folder), "--name", "bench", "--version", "1.0.0"]
    copy = [sys.executable, str(HERE / "copybound.py"), str(folder), str(out / "copy")]
    full = [*corpuskit, "--out", str(out / "build"), "--workers", str(workers), "--quiet"]
    return {
        "copy bound (read, write zstd-3 Parquet)": copy,
        "corpuskit build, everything on": full,
        "corpuskit build again, nothing changed": full,
    }


def run(folder: Path, out: Path, runs: int, workers: int) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {}
    for _ in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        for name, command in commands(folder, out, workers).items():
            costs.setdefault(name, []).append(measured(name, command))
    return costs


def table(costs: dict[str, list[Cost]], size: int) -> str:
    bound = next(iter(costs.values()))
    rows = []
    for name, runs in costs.items():
        cpu = statistics.median(c.cpu for c in runs)
        ratio = statistics.median(c.cpu / b.cpu for c, b in zip(runs, bound, strict=True))
        wall, peak = statistics.median(c.wall for c in runs), max(c.peak for c in runs)
        values = (size / 1e6 / cpu, ratio, cpu, wall, peak / 1e6)
        rows.append((name, *map("{:.{}f}".format, values, (1, 2, 2, 2, 0))))
    return markdown(("", "MB per CPU-s", "CPU over copy bound", "CPU s", "wall s", "peak MB"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=HERE / "out")
    args = parser.parse_args()
    files = [os.path.join(base, name) for base, _, names in os.walk(args.folder) for name in names]
    size = sum(os.path.getsize(file) for file in files)
    cores = os.cpu_count()
    how = f"{args.runs} runs in turns, {args.workers} workers, {cores} cores"
    print(f"{len(files):,} files, {size / 1e6:.1f} MB; {how}")
    print(table(run(args.folder, args.out, args.runs, args.workers), size))
    shutil.rmtree(args.out, ignore_errors=True)


if __name__ == "__main__":
    main()
