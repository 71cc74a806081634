"""Train the line model and judge it on sites that it has not seen.

    python tools/train_lines.py DATA [--write] [--folds 4] [--by site|script]

DATA holds the unpacked development data (text/, md/, thaigov/, html/ and their labels). The
table shows, for each profile, macroF1 (mean over pages of the F1 of keeping content letters)
and the share of content letters lost, for pages of held-out sites (or scripts), with and
without the counts of recurring lines and the language packs. ``--write`` trains on all pages
and writes corpuskit/rules/linemodel.json.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from boosting import Bins, BinTree, Floats, Settings, boost, limits_of, log_odds, to_bins
from labelled_pages import KINDS, Page, changed_copies, documents_with, read_pages
from numpy.typing import NDArray

from corpuskit.rules import linemodel
from corpuskit.rules.linefeatures import Ints, Marked, features, rows_of
from corpuskit.rules.markup import link_shares, shown_lines
from corpuskit.rules.phrases import signals
from corpuskit.stages.recur import rounded
from corpuskit.text.lines import Lines, split_lines

SETTINGS = Settings(trees=260, depth=4, rate=0.09)
#: What is known of a page: everything; no phrase of a pack; one page alone; neither. With the share of rows trained on.
VIEWS = {"full": 1.0, "no packs": 0.3, "no counts": 0.35, "neither": 0.25}
#: Weights of the pages: Markdown is rarer and shows more, one site of 1,515 pages and changed copies count less.
WEIGHTS = {"text": 1.0, "md": 1.2, "thaigov": 0.3}
CHANGED_WEIGHT = 0.4
#: A line weighs as the square root of its letters, up to this many; a page no more than :data:`PAGE_CAP`.
LETTERS_CAP, PAGE_CAP = 1000, 3.0
#: Scores above which a line goes, in thousandths of log odds (see the table: ``careful`` loses below 1 %).
LIMITS = {"careful": 2680, "strict": 1300}
MODEL = Path(linemodel.__file__).with_name("linemodel.json")


@dataclass(frozen=True, slots=True)
class Unmarked:
    """What the packs say when there are none."""

    strong: NDArray[np.int16]
    weak: NDArray[np.int16]
    section: NDArray[np.int16]
    label: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Counted:
    """In how many documents each line occurs."""

    corpus: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of all pages: the columns of each view, and each row's page, label and letters."""

    names: list[str]
    views: dict[str, NDArray[np.int16]]
    page: NDArray[np.int64]
    label: NDArray[np.uint8]
    letters: NDArray[np.int64]

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Rows that have a label and a letter or digit."""
        judged: NDArray[np.bool_] = (self.label != ord("?")) & (self.letters > 0)
        return judged


def table_of(pages: list[Page]) -> Table:
    """Look at all pages in every view; recurring lines are counted over the unchanged pages of a kind."""
    parts = []
    for kind in KINDS:
        whole = [page.text for page in pages if page.kind == kind and not page.change]
        counted = shown_lines(whole)
        for change in (False, True):
            chosen = [place for place, page in enumerate(pages) if page.kind == kind and bool(page.change) == change]
            parts.append(_part([pages[place] for place in chosen], np.array(chosen), counted))
    names = parts[0].names
    views = {view: np.concatenate([part.views[view] for part in parts], 1) for view in VIEWS}
    page = np.concatenate([part.page for part in parts])
    label = np.concatenate([part.label for part in parts])
    return Table(names, views, page, label, np.concatenate([part.letters for part in parts]))


def _part(pages: list[Page], places: NDArray[np.int64], counted: Lines) -> Table:
    texts = [page.text for page in pages]
    lines = shown_lines(texts)
    links = link_shares(lines, texts)
    nothing = np.zeros(len(lines), np.int16)
    packs, no_packs = signals(lines, split_lines(texts)), Unmarked(nothing, nothing, nothing, nothing)
    counts = Counted(rounded(documents_with(lines, counted)).astype(np.int32))
    alone = Counted(np.ones(len(lines), np.int32))
    known = {"full": counts, "no packs": counts, "no counts": alone, "neither": alone}
    views = {}
    for view, recurring in known.items():
        marked: Marked = packs if view in ("full", "no counts") else no_packs
        found = [features(lines, rows, recurring, marked, links) for rows in rows_of(lines)]
        names = list(found[0])
        views[view] = np.stack([np.concatenate([columns[name] for columns in found]) for name in names])
    at = np.concatenate([rows.at for rows in rows_of(lines)])
    label = np.frombuffer("".join(page.labels for page in pages).encode(), np.uint8)[at]
    letters = (lines.letters + lines.marks + lines.digits)[at].astype(np.int64)
    small = {view: np.clip(values, -32000, 32000).astype(np.int16) for view, values in views.items()}
    return Table(names, small, places[lines.doc[at]], label, letters)


def weights_of(table: Table, pages: list[Page]) -> Floats:
    """What each row weighs: its part of the page's content, so that pages count alike."""
    size = np.sqrt(np.minimum(table.letters, LETTERS_CAP))
    n = len(pages)
    content = np.bincount(table.page, size * (table.label == ord("C")), n)
    whole = np.bincount(table.page, size * table.judged, n)
    weight = np.minimum(size / np.maximum(content, 0.15 * whole + 1)[table.page], 1.0) * table.judged
    weight *= np.minimum(1, PAGE_CAP / np.maximum(np.bincount(table.page, weight, n), 1e-9))[table.page]
    weight /= weight[table.judged].mean()
    kinds = np.array([WEIGHTS[page.kind] if not page.change else CHANGED_WEIGHT for page in pages])
    out: Floats = weight * kinds[table.page]
    return out


def train(
    binned: dict[str, Bins], table: Table, weight: Floats, rows: NDArray[np.int64], settings: Settings
) -> list[BinTree]:
    """Fit a forest to the ``rows``, seen in all views."""
    generator = np.random.default_rng(settings.seed + 1)
    chosen = {view: rows[generator.random(len(rows)) < share] for view, share in VIEWS.items()}
    bins = np.concatenate([binned[view][:, part] for view, part in chosen.items()], 1)
    every = np.concatenate(list(chosen.values()))
    return boost(bins, (table.label[every] == ord("B")).astype(float), weight[every], settings)


def folds_of(pages: list[Page], by: str, folds: int) -> NDArray[np.int64]:
    """The fold of each page; pages of one site (or script) share it."""
    groups = sorted({getattr(page, by) for page in pages})
    order = np.random.default_rng(0).permutation(len(groups))
    fold = {group: int(place) % folds for group, place in zip(groups, order, strict=True)}
    return np.array([fold[getattr(page, by)] for page in pages])


def held_out_scores(table: Table, pages: list[Page], by: str, folds: int, settings: Settings) -> dict[str, Ints]:
    """Scores of each row in each view, by a model that has not seen the row's site (or script)."""
    limits = limits_of(table.views["full"])
    binned = {view: to_bins(columns, limits) for view, columns in table.views.items()}
    weight, fold = weights_of(table, pages), folds_of(pages, by, folds)[table.page]
    scores = {view: np.zeros(len(table.page), np.int32) for view in VIEWS}
    for number in range(folds):
        trees = train(binned, table, weight, np.flatnonzero((fold != number) & table.judged), settings)
        held = np.flatnonzero(fold == number)
        for view in VIEWS:
            scores[view][held] = np.round(log_odds(binned[view][:, held], trees) * 1000).astype(np.int32)
    return scores


def dropped(table: Table, view: str, score: Ints, limit: int, careful: bool) -> NDArray[np.bool_]:
    """What would go at a limit, with the bonuses of the model; none of the lines is taken to stand apart."""
    columns = {name: values.astype(np.int32) for name, values in zip(table.names, table.views[view], strict=True)}
    apart = np.zeros(len(score), bool)
    return score > linemodel.limits_for(score, columns, table.page, limit, careful, apart)


def quality(table: Table, drop: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> tuple[float, float, float]:
    """macroF1, content lost and machinery removed, over the ``chosen`` pages; shares of letters."""
    letters = table.letters * chosen[table.page]

    def by_page(label: str, went: bool) -> Floats:
        counted = np.bincount(table.page, letters * ((table.label == ord(label)) & (drop == went)), len(chosen))
        return counted.astype(np.float64)

    kept, lost, left, gone = (by_page(label, went) for label in "CB" for went in (False, True))
    scored = kept + lost > 0
    f1 = (2 * kept / np.maximum(2 * kept + lost + left, 1e-9))[scored]
    part, whole = lost.sum() / max(1, (kept + lost).sum()), gone.sum() / max(1, (gone + left).sum())
    return float(f1.mean()) if len(f1) else 1.0, float(part), float(whole)


def print_table(table: Table, pages: list[Page], scores: dict[str, Ints]) -> None:
    """One line for each group of pages and view: macroF1, lost, removed for each profile."""
    groups = {"text": [page.kind == "text" and not page.change for page in pages]}
    for script in sorted({page.script for page in pages}):
        groups[f"text {script}"] = [page.kind == "text" and not page.change and page.script == script for page in pages]
    for kind in KINDS[1:]:
        groups[kind] = [page.kind == kind and not page.change for page in pages]
    for change in sorted({page.change for page in pages} - {""}):
        groups[f"changed: {change}"] = [page.change == change for page in pages]
    print(f"{'pages':18}{'view':11}" + "".join(f"{name:>10} F1    lost removed" for name in LIMITS))
    for view in VIEWS:
        drops = [dropped(table, view, scores[view], limit, name == "careful") for name, limit in LIMITS.items()]
        for name, chosen in groups.items():
            if any(chosen):
                cells = [quality(table, drop, np.array(chosen)) for drop in drops]
                print(f"{name:18}{view:11}" + "".join(f"{f:13.4f} {lost:.4f}  {gone:.4f}" for f, lost, gone in cells))


def print_curve(table: Table, pages: list[Page], scores: dict[str, Ints]) -> None:
    """macroF1 and lost of the unchanged text pages over a range of limits, to choose :data:`LIMITS` from."""
    chosen = np.array([page.kind == "text" and not page.change for page in pages])
    for name in LIMITS:
        for limit in range(800, 3601, 200):
            drop = dropped(table, "full", scores["full"], limit, name == "careful")
            f1, lost, gone = quality(table, drop, chosen)
            print(f"{name} at {limit}: F1 {f1:.4f} lost {lost:.4f} removed {gone:.4f}")


def write_model(table: Table, pages: list[Page], settings: Settings) -> None:
    """Train on every page and write the model in its readable form."""
    limits = limits_of(table.views["full"])
    binned = {view: to_bins(columns, limits) for view, columns in table.views.items()}
    trees = train(binned, table, weights_of(table, pages), np.flatnonzero(table.judged), settings)
    rows = []
    for tree in trees:
        pairs = [(table.names[feature], int(limits[feature][place])) for feature, place in tree.questions]
        rows.append(json.dumps([list(chain.from_iterable(pairs)), np.round(tree.values * 1000).astype(int).tolist()]))
    head = json.dumps({"about": __doc__.splitlines()[0] if __doc__ else "", "limits": LIMITS}, indent=1)[:-2]
    MODEL.write_text(head + ',\n "trees": [\n  ' + ",\n  ".join(rows) + "\n ]\n}\n", "utf-8")


def main() -> None:
    """Parse, look, train, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="train on all pages and write the model")
    parser.add_argument("--folds", type=int, default=4, help="0: no table")
    parser.add_argument("--by", choices=("site", "script"), default="site", help="what is held out whole")
    options = parser.parse_args()
    pages = read_pages(options.data)
    pages += changed_copies(pages)
    table = table_of(pages)
    if options.write:
        write_model(table, pages, SETTINGS)
    if options.folds:
        scores = held_out_scores(table, pages, options.by, options.folds, SETTINGS)
        print_curve(table, pages, scores)
        print_table(table, pages, scores)


if __name__ == "__main__":
    main()
