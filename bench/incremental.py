"""What a rebuild costs beside a full build: nothing changed, another version, one file added, changed, removed.

    python bench/incremental.py FOLDER_OF_TEXTS [--runs 3] [--workers 2] [--out bench/out]

The folder is copied first. The file stands in the middle of the names, near their start and near their end in turns:
data files differ in size, and what one change does again is one shard and one data file. Each rebuild is compared,
byte for byte, with a fresh build of the same sources once, in the last turn. Prints the share of the CPU seconds of a
full build (the median of the turns) and of its steps.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpora import texts_of
from measure import Cost, markdown, measured

HERE = Path(__file__).parent
#: Where in the list of files the one stands that is changed, by turn.
PLACES = (0.5, 0.05, 0.95)


class Row(NamedTuple):
    """A build: what was changed before it, what it cost, how many steps it did, and how many it is made of."""

    name: str
    cost: Cost
    done: int
    of: int


def build(name: str, folder: Path, out: Path, version: str, workers: int) -> Row:
    words = ("build", folder, "--name", "bench", "--version", version, "--out", out, "--workers", workers, "--quiet")
    before = steps(out)
    cost = measured(name, [sys.executable, "-m", "corpuskit", *map(str, words)])
    after = steps(out)
    return Row(name, cost, len(after - before), len(after))


def steps(out: Path) -> set[Path]:
    """The finished steps; the notes of what was built are none."""
    return {path for path in out.glob(".corpuskit-work/bench/*/*") if path.parent.name not in ("record", "outcome")}


def contents(release: Path) -> dict[str, bytes]:
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}


def turn(folder: Path, out: Path, workers: int, place: float, compared: bool) -> Iterator[Row]:
    """A full build and the rebuilds after it."""
    shutil.rmtree(out, ignore_errors=True)
    files = texts_of(folder)
    old = files[int(place * len(files))]
    new, text = old.with_name(f"{old.stem}-more.txt"), old.read_bytes()
    changes: dict[str, Callable[[], object]] = {
        "full build": lambda: None,
        "nothing changed, the same version": lambda: None,
        "nothing changed, another version": lambda: None,
        "one file added": lambda: new.write_text(text.decode()[::-1], "utf-8"),
        "one file changed": lambda: old.write_bytes(b"One more line that no other file has.\n" + text),
        "one file removed": new.unlink,
    }
    for number, (name, change) in enumerate(changes.items()):
        change()
        version = f"1.{max(number - 1, 0)}.0"
        yield build(name, folder, out / "kept", version, workers)
        if compared and number > 1:
            build(f"fresh: {name}", folder, out / "fresh", version, workers)
            if contents(out / "kept" / f"bench-{version}") != contents(out / "fresh" / f"bench-{version}"):
                sys.exit(f"{name}: the rebuild differs from a fresh build")
            shutil.rmtree(out / "fresh")
    old.write_bytes(text)


def table(rows: list[Row]) -> str:
    heads = ("", "CPU s", "share of CPU", "steps", "wall s")
    lines = []
    full = [row for row in rows if row.name == rows[0].name]
    for name in dict.fromkeys(row.name for row in rows):
        mine = [row for row in rows if row.name == name]
        share = statistics.median(row.cost.cpu / whole.cost.cpu for row, whole in zip(mine, full, strict=True))
        cpu, wall = (statistics.median(getattr(row.cost, what) for row in mine) for what in ("cpu", "wall"))
        done = max(mine, key=lambda row: row.done / row.of)
        lines.append((name, f"{cpu:.1f}", f"{share:.0%}", f"{done.done} of {done.of}", f"{wall:.1f}"))
    return markdown(heads, lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=HERE / "out")
    args = parser.parse_args()
    shutil.rmtree(args.out, ignore_errors=True)
    shutil.copytree(args.folder, args.out / "texts")
    rows: list[Row] = []
    for run in range(args.runs):
        place = PLACES[run % len(PLACES)]
        rows += turn(args.out / "texts", args.out / "build", args.workers, place, compared=run == args.runs - 1)
    print(f"{len(texts_of(args.out / 'texts')):,} files; {args.runs} turns, {args.workers} workers")
    print(table(rows))
    shutil.rmtree(args.out)


if __name__ == "__main__":
    main()
