"""corpuskit beside its rivals: the same input, the same machine, in turns.

    python bench/rivals.py text FOLDER_OF_TEXTS [--mb 110] [--runs 3] [--workers 2] [--venvs bench/venvs]
    python bench/rivals.py html FOLDER_OF_PAGES [--runs 3] ...

``text``: the texts become one corpus of ``--mb`` megabytes in JSON Lines (``corpora.py``). The copy bound, corpuskit's
whole default build, and datatrove and dolma at their part of the work (drop lines by patterns, keep the first copy
of each line, write) read these same files. ``html``: corpuskit's build and trafilatura alone read the same pages.

Rivals are installed by name and version into environments of their own, once. ``--only NAME`` leaves the others out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import corpora
from measure import Cost, markdown, measured

import corpuskit

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Rival:
    """A tool: its pinned version, its script, what its environment needs, and what can be said of its work.

    ``needs`` pins packages whose newest versions do not fit the tool, and such as pip would search long for.
    """

    version: str
    script: str
    extras: str = ""
    needs: tuple[str, ...] = ()
    ledger: str = "no"
    deterministic: str = ""
    options: tuple[str, ...] = ()


DATATROVE: Final = Rival(
    "0.10.1", "run_datatrove.py", extras="[io,processing]", deterministic="for one number of tasks"
)
TEXT: Final = {
    "datatrove": DATATROVE,
    "datatrove with its own keys": replace(DATATROVE, options=("--own-keys",)),
    "dolma": Rival(
        "1.2.1",
        "run_dolma.py",
        needs=("boto3==1.28.17", "aiobotocore==2.5.4", "smart-open==7.1.0"),
        ledger="spans, until it mixes",
        deterministic="with one process",
    ),
}
TRAFILATURA: Final = Rival("2.3.1", "run_trafilatura.py", needs=("lxml_html_clean",), deterministic="yes")
HTML: Final = {
    "trafilatura": TRAFILATURA,
    "trafilatura with metadata": replace(TRAFILATURA, options=("--metadata",)),
}


def installed(name: str, rival: Rival, venvs: Path) -> Path:
    """The Python of the rival's environment, which is made when it does not exist."""
    package = name.split()[0]
    folder = venvs / f"{package}-{rival.version}"
    python = folder / "bin" / "python"
    ready = folder / ".ready"
    if not ready.exists():
        print(f"installing {package} {rival.version} into {folder}", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*pip, f"{package}{rival.extras}=={rival.version}", *rival.needs], check=False)
        if done.returncode:
            sys.exit(
                f"cannot install {package}=={rival.version}: no package index in reach, or none that has it for this "
                f"Python ({sys.version.split()[0]}); go online once, or name the others with --only"
            )
        ready.touch()
    return python


def build_command(folder: Path, out: Path, workers: int) -> list[str]:
    """corpuskit's whole default build."""
    command = [sys.executable, "-m", "corpuskit", "build", str(folder), "--name", "bench", "--version", "1.0.0"]
    return [*command, "--out", str(out / "build"), "--workers", str(workers), "--quiet"]


def commands(folder: Path, out: Path, rivals: Mapping[str, Rival], args: argparse.Namespace) -> dict[str, list[str]]:
    """Every command, by the name of its row; the first is the measure of the others."""
    ours = {f"corpuskit {corpuskit.__version__}": build_command(folder, out, args.workers)}
    if args.what == "text":
        ours = {"copy bound": [sys.executable, str(HERE / "copybound.py"), str(folder), str(out / "copy")]} | ours
    theirs = {}
    for name, rival in rivals.items():
        script = [str(installed(name, rival, args.venvs)), str(HERE / "rivals" / rival.script)]
        package, _, how = name.partition(" ")
        row = f"{package} {rival.version} {how}".strip()
        theirs[row] = [*script, str(folder), str(out / package), str(args.workers), *rival.options]
    return ours | theirs if args.what == "text" else theirs | ours


def in_turns(make: Callable[[], Mapping[str, list[str]]], out: Path, runs: int) -> dict[str, list[Cost]]:
    """Each command once, and again, ``runs`` times."""
    costs: dict[str, list[Cost]] = {}
    for _ in range(runs):
        for name, command in make().items():
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            costs.setdefault(name, []).append(measured(name, command))
            print(f"{name}: {costs[name][-1].cpu:.1f} CPU-s, {costs[name][-1].wall:.1f} s", file=sys.stderr)
    shutil.rmtree(out, ignore_errors=True)
    return costs


def table(costs: Mapping[str, list[Cost]], amount: float, unit: str, words: Mapping[str, tuple[str, str]]) -> str:
    """One row for each command: ratios to the first one in the same turn, and the rest."""
    bound = next(iter(costs.values()))
    over = next(iter(costs))
    heads = ("", f"{unit} per CPU-s", f"CPU over {over}", f"wall over {over}", "CPU s", "wall s", "peak MB")
    rows = []
    for name, runs in costs.items():
        cpu, wall = (statistics.median(getattr(c, what) for c in runs) for what in ("cpu", "wall"))
        cpu_ratio, wall_ratio = (
            statistics.median(getattr(c, what) / getattr(b, what) for c, b in zip(runs, bound, strict=True))
            for what in ("cpu", "wall")
        )
        values = (amount / cpu, cpu_ratio, wall_ratio, cpu, wall, max(c.peak for c in runs) / 1e6)
        digits = (1, 2, 2, 1, 1, 0)
        rows.append((name, *map("{:.{}f}".format, values, digits), *words.get(name.split()[0], ("", ""))))
    return markdown((*heads, "ledger", "same bytes"), rows)


def words_of(rivals: Mapping[str, Rival]) -> dict[str, tuple[str, str]]:
    """What each tool keeps of removed text, and when two runs write the same bytes."""
    ours = {"corpuskit": ("every character", "always")}
    return ours | {name.split()[0]: (rival.ledger, rival.deterministic) for name, rival in rivals.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("text", "html"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mb", type=float, default=110)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--venvs", type=Path, default=HERE / "venvs")
    parser.add_argument("--out", type=Path, default=HERE / "out")
    args = parser.parse_args()
    known = TEXT if args.what == "text" else HTML
    rivals = {name: rival for name, rival in known.items() if not args.only or name in args.only}
    folder, amount, unit = args.folder, 0.0, "MB"
    if args.what == "text":
        folder, amount = args.out / "corpus", args.mb
        shutil.rmtree(args.out, ignore_errors=True)
        corpora.make(args.folder, folder, int(args.mb * 1e6))
    else:
        amount, unit = sum(path.is_file() for path in folder.rglob("*.htm*")), "pages"
    costs = in_turns(lambda: commands(folder, args.out / "work", rivals, args), args.out / "work", args.runs)
    print(f"{amount:,.0f} {unit}; {args.runs} runs in turns, {args.workers} workers, {os.cpu_count()} cores")
    print(table(costs, amount, unit, words_of(rivals)))
    shutil.rmtree(args.out, ignore_errors=True)


if __name__ == "__main__":
    main()
