"""How cost grows: builds of 1, 4, 16 and 48 times a base, of many tiny files, of one huge file, and in a memory limit.

    python bench/growth.py FOLDER_OF_TEXTS [--base-mb 110] [--times 1,4,16,48] [--limit-gb 2] [--workers 2]

The corpora are made by ``corpora.py`` and deleted after their turn; disk: about four times the largest. The largest
is built in a memory limit when ``--limit-gb`` is given, then validated, and a document of it explained. The exponent
is the slope of CPU seconds over size in logarithms, from each size to the next: 1 is linear.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import corpora
import pyarrow.parquet as pq
from limits import memory_limit
from measure import Cost, markdown, measured

HERE = Path(__file__).parent
RELEASE = "bench-1.0.0"


class Case(NamedTuple):
    """A corpus to build: its name in the table, its shape, its megabytes of text."""

    name: str
    shape: str
    mb: float


class Row(NamedTuple):
    """What a command on a corpus cost."""

    name: str
    mb: float
    cost: Cost


def corpuskit(*words: object) -> list[str]:
    return [sys.executable, "-m", "corpuskit", *map(str, words)]


def build(case: Case, folder: Path, out: Path, workers: int, limit: float) -> Cost:
    """Build the corpus, in a memory limit of so many gigabytes (0: none)."""
    options = ("--name", "bench", "--version", "1.0.0", "--out", out, "--workers", workers, "--quiet")
    command = corpuskit("build", folder, *options)
    if not limit:
        return measured(case.name, command)
    with memory_limit(int(limit * 2**30)) as held:
        cost = measured(f"{case.name} in {held.how}", [*held.before, *command])
    print(f"{case.name}: built inside {limit:g} GB ({held.how}), {held.killed} processes killed", file=sys.stderr)
    return cost


def check(case: Case, release: Path) -> Iterator[Row]:
    """What it costs to validate the release, and to explain one document of it."""
    file = max((release / "data").glob("*.parquet"))
    last = pq.ParquetFile(file).read(columns=["id"]).column("id")[-1].as_py()
    commands = {
        "validate": corpuskit("validate", release),
        "explain one document": corpuskit("explain", last, "--release", release),
    }
    for name, command in commands.items():
        yield Row(f"{case.name}: {name}", case.mb, measured(name, command))


def measured_case(case: Case, source: Path, out: Path, workers: int, limit: float, checked: bool) -> Iterator[Row]:
    """Make the corpus, build it, look at the release, delete both."""
    shutil.rmtree(out, ignore_errors=True)
    corpora.make(source, out / "corpus", int(case.mb * 1e6), case.shape)
    yield Row(case.name, case.mb, build(case, out / "corpus", out / "build", workers, limit))
    shutil.rmtree(out / "corpus")
    shutil.rmtree(out / "build" / ".corpuskit-work", ignore_errors=True)
    if checked:
        yield from check(case, out / "build" / RELEASE)
    shutil.rmtree(out)


def table(rows: Sequence[Row], sizes: Sequence[str]) -> str:
    """One row for each command; the exponent compares a size with the one before it."""
    heads = ("", "MB", "CPU s", "CPU-s per 100 MB", "wall s", "peak MB", "exponent")
    lines = []
    before: Row | None = None
    for row in rows:
        exponent = ""
        if row.name in sizes:
            exponent = f"{slope(before, row):.2f}" if before else ""
            before = row
        values = (row.mb, row.cost.cpu, row.cost.cpu / row.mb * 100, row.cost.wall, row.cost.peak / 1e6)
        lines.append((row.name, *map("{:,.{}f}".format, values, (0, 1, 1, 1, 0)), exponent))
    return markdown(heads, lines)


def slope(a: Row, b: Row) -> float:
    """The power of the size with which CPU seconds grew from ``a`` to ``b``."""
    return math.log(b.cost.cpu / a.cost.cpu) / math.log(b.mb / a.mb)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base-mb", type=float, default=110)
    parser.add_argument("--times", default="1,4,16,48")
    parser.add_argument("--shapes", default="tiny,huge", help="other shapes, of the second size")
    parser.add_argument("--limit-gb", type=float, default=2, help="memory for the largest build; 0: no limit")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=HERE / "out")
    args = parser.parse_args()
    times = [float(n) for n in args.times.split(",")]
    sizes = [Case(f"{n:g}x", "shards", n * args.base_mb) for n in times]
    second = sizes[min(1, len(sizes) - 1)]
    shapes = [Case(f"{second.name}, {shape}", shape, second.mb) for shape in args.shapes.split(",") if shape]
    rows: list[Row] = []
    for case in (*sizes, *shapes):
        last = case is sizes[-1]
        limit = args.limit_gb if last else 0
        for row in measured_case(case, args.folder, args.out, args.workers, limit, checked=last):
            rows.append(row)
            print(table([row], ()).splitlines()[-1], file=sys.stderr)
    print(table(rows, [case.name for case in sizes]))


if __name__ == "__main__":
    main()
