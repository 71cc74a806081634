"""Quality on the labelled pages of ../shared: build each set, run its scorer, print one table.

    python bench/quality.py [--shared ../shared] [--data FOLDER] [--profile careful|strict] [--json]

FOLDER holds the unpacked ``data/*.tar.xz`` (a temporary folder is used otherwise).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from

#: Sets of pages, what is read of each archive, and the figures that are reported.
SETS = {
    "text": ("macroF1", "content_lost", "boiler_removed_lines"),
    "md": ("macroF1", "content_lost", "img_left"),
    "html": ("F", "title", "date", "date_wrong", "author", "url"),
    "thaigov": (
        "boiler_removed_lines",
        "content_lost",
        "url",
        "title_clean",
        "date",
        "date_wrong",
        "epoch_date_refused",
    ),
    "seeds": ("leaks", "lost", "meta"),
    "ledger": ("span_exact", "letters_unaccounted", "no_rule"),
}


def unpack(shared: Path, into: Path) -> Path:
    """Unpack what the figures need: every set but ``bulk``."""
    for archive in sorted((shared / "data").glob("*.tar.xz")):
        if not archive.name.startswith("bulk"):
            with tarfile.open(archive) as tar:
                tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 and later
                tar.extractall(into)
    return into


def figures(shared: Path, data: Path, out: Path, profile: str = "careful") -> dict[str, dict[str, Any]]:
    """All figures of :data:`SETS`, by set."""
    scorers = shared / "data" / "scorers"
    found: dict[str, dict[str, Any]] = {}

    def release(source: Path | list[Path], name: str) -> Path:
        recipe = recipe_from({"name": name, "version": "1.0.0", "clean": {"profile": profile}})
        return build(source if isinstance(source, list) else [source], recipe, out).path

    def score(script: Path, *args: object) -> Any:
        printed = subprocess.run([sys.executable, script, *map(str, args)], capture_output=True, text=True, check=False)
        return printed.stdout

    for name in ("text", "md"):
        rel = release(data / name, name)
        found[name] = json.loads(
            score(scorers / "score_text.py", rel, data / f"{name}_gold.jsonl", data / name, "--json")
        )
    rel = release(data / "thaigov", "thaigov")
    gold = data / "thaigov_gold.jsonl"
    found["thaigov"] = json.loads(score(scorers / "score_text.py", rel, gold, data / "thaigov", "--json"))
    found["thaigov"] |= json.loads(score(scorers / "score_meta.py", rel, gold, "--json").splitlines()[0])
    sample = data / "html_gold_sample.jsonl"
    pages = [data / "html" / json.loads(line)["path"] for line in sample.read_text("utf-8").splitlines()]
    html = json.loads(score(scorers / "score_html.py", release(pages, "html"), sample, "--json"))
    found["html"] = {key: value[0] if isinstance(value, list) else value for key, value in html.items()}
    found["seeds"] = seeds(shared, release(shared / "seeds", "seeds"), out)
    found["ledger"] = ledger(score(scorers / "score_ledger.py", out / "text-1.0.0", data / "text"))
    return {name: {figure: found[name][figure] for figure in names} for name, names in SETS.items()}


def seeds(shared: Path, release: Path, out: Path) -> dict[str, Any]:
    """Leaks, lost paragraphs and metadata of the five real pages."""
    command = [sys.executable, shared / "gold/score.py", release, shared / "seeds", shared / "gold/seeds"]
    subprocess.run([*command, "--json", out / "seeds.json"], capture_output=True, check=False)
    return dict(json.loads((out / "seeds.json").read_text("utf-8"))["figures"])


def ledger(line: str) -> dict[str, float]:
    """The figures of the ledger's audit, from its one line."""
    return {
        key: float(value)
        for key, _, value in (word.partition("=") for word in line.split(" rules=")[0].split())
        if value
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--profile", default="careful")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or unpack(args.shared, Path(folder) / "data")
        found = figures(args.shared, data, Path(folder) / "out", args.profile)
    if args.json:
        print(json.dumps(found))
        return
    for name, values in found.items():
        print(f"{name:8}", "  ".join(f"{figure} {value}" for figure, value in values.items()))


if __name__ == "__main__":
    main()
