"""Pages of kinds that no model was trained on, written for these tests: what of them is lost, what is left.

A file of ``gold/kinds`` is a site: ``%% head`` and ``%% tail`` stand around each ``%% page`` and are machinery,
as are lines after ``~``; lines after ``?`` (names and times of posts) may stay or go; all others are content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpuskit.model import Edit
from corpuskit.stages.alone import clean_text

KINDS = Path(__file__).parent / "gold" / "kinds"

#: Rules that move a line into the metadata, or mend it: nothing is lost.
NO_LOSS = ("title", "duplicate", "nfc", "zero-width", "dateline", "byline")


class Page(NamedTuple):
    """A page: its site, its number there, and its lines with their labels."""

    site: str
    number: int
    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The page as a source holds it."""
        return "".join(f"{line}\n" for _, line in self.lines)

    def only(self, labels: str) -> Page:
        """The page with the lines of these labels alone."""
        return self._replace(lines=tuple(line for line in self.lines if line[0] in labels))


def pages() -> list[Page]:
    """All pages, by site."""
    return [page for path in sorted(KINDS.glob("*.txt")) for page in _pages(path)]


def _pages(path: Path) -> Iterator[Page]:
    parts = re.split(r"^%% (head|page|tail)\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    told = list(zip(parts[::2], (part.removesuffix("\n").split("\n") for part in parts[1::2]), strict=True))
    head, tail = ([("B", line) for kind, lines in told if kind == edge for line in lines] for edge in ("head", "tail"))
    bodies = [lines for kind, lines in told if kind == "page"]
    for number, lines in enumerate(bodies):
        yield Page(path.stem, number, (*head, *map(_labelled, lines), *tail))


def _labelled(line: str) -> tuple[str, str]:
    label = {"~": "B", "?": "?"}.get(line[:1], "C")
    return label, line[label != "C" :]


def judged(page: Page, edits: Iterable[Edit]) -> Iterator[tuple[str, str, bool, str]]:
    """Each line that shows something: its label, its text, whether it is left, and the rule that took it."""
    taken = [(edit.start, edit.end, edit.rule) for edit in edits if not edit.new and edit.rule not in NO_LOSS]
    at = 0
    for label, line in page.lines:
        rules = [rule for start, end, rule in taken if start <= at and end >= at + len(line)]
        if any(map(str.isalnum, line)):
            yield label, line, not rules, "".join(rules[:1])
        at += len(line) + 1


def counted(lines: Iterable[tuple[str, str, bool, str]]) -> Counter[str]:
    """Letters by label and fate: ``C kept``, ``C lost``, ``B kept``, ``B lost``."""
    found: Counter[str] = Counter()
    for label, line, kept, _ in lines:
        found[f"{label} {'kept' if kept else 'lost'}"] += sum(map(str.isalnum, line))
    return found


def alone(page: Page) -> list[tuple[str, str, bool, str]]:
    """A page cleaned by itself."""
    document, _ = clean_text(page.text)
    return list(judged(page, document.edits))


def grouped(folder: Path) -> dict[tuple[str, int], list[tuple[str, str, bool, str]]]:
    """All pages cleaned in one build under ``folder``, those of a site in a folder of theirs."""
    import pyarrow.parquet as pq

    from corpuskit.pipeline import build
    from corpuskit.recipe import Recipe

    told = {f"{page.site}/{page.number}.txt": page for page in pages()}
    for name, page in told.items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, "utf-8")
    release = build([folder / "pages"], Recipe(name="kinds", version="1.0.0"), folder / "out", workers=1).path
    edits: dict[str, list[Edit]] = {name: [] for name in told}
    for row in pq.read_table(release / "removed").to_pylist():
        edit = Edit(row["start"], row["end"], row["rule"], row["replacement"] or "", row["why"])
        edits[row["source_path"]].append(edit)
    return {(page.site, page.number): list(judged(page, edits[name])) for name, page in told.items()}
