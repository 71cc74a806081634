"""Labelled pages for the line model: reading them, telling their sites apart, and changing copies of them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpuskit.text.lines import Lines, table_of_lines

#: Folders of the data set; pages of one folder form a corpus.
KINDS = ("text", "md", "thaigov")
#: Changed copies: the content alone, a few lines of it, short lines alone, little machinery around it, half a page.
CHANGES = {
    "text": ("clean", "short", "lists", "light", "half"),
    "md": ("clean", "short", "lists", "light", "half"),
    "thaigov": ("clean", "short"),
}
#: Share of the pages of a kind that get changed copies: Thai government news are many and alike.
CHANGED_SHARE = {"text": 1.0, "md": 1.0, "thaigov": 0.15}
#: Pages that share this part of the smaller page's distinct lines, and at least five, are of one site.
SAME_SITE = 0.15

_HOST = re.compile(r"https?://(?:www\.)?([\w.-]+)")
_ELSEWHERE = re.compile(r"google|doubleclick|facebook|twitter|w3\.org|addthis|schema|ogp\.me")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and one label for each line: C content, B machinery, ? not judged. ``change`` names a changed copy."""

    kind: str
    path: str
    script: str
    site: str
    text: str
    labels: str
    change: str = ""


def read_pages(data: Path) -> list[Page]:
    """All labelled pages under ``data``, with their sites."""
    pages = [page for kind in KINDS for page in _read(data, kind)]
    sites = _sites([page for page in pages if page.kind == "text"], _hosts(data))
    named = [replace(page, site=sites.get(_stem(page.path), page.kind)) for page in pages]
    return [replace(page, site="thaigov") if page.kind == "thaigov" else page for page in named]


def _read(data: Path, kind: str) -> Iterator[Page]:
    for row in _rows(data / f"{kind}_gold.jsonl"):
        text = (data / kind / row["path"]).read_bytes().decode("utf-8")
        yield Page(kind, row["path"], row["script"], "", text, row["labels"])


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(row) for row in path.read_text("utf-8").splitlines() if row.strip()]


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".txt").removesuffix(".html").removesuffix(".md")


def _hosts(data: Path) -> dict[str, str]:
    """The site of each page by its URL, or else by the host that its links name most often."""
    hosts = {}
    for row in _rows(data / "html_gold.jsonl"):
        source = data / "html" / row["path"]
        named = _HOST.findall(row["url"] if row.get("url") else source.read_text("utf-8", errors="replace"))
        found = Counter(_registered(host.lower()) for host in named if row.get("url") or not _ELSEWHERE.search(host))
        if found:
            hosts[_stem(row["path"])] = min(found, key=lambda host: (-found[host], host))
    return hosts


def _registered(host: str) -> str:
    parts = host.split(".")
    return ".".join(parts[-3:] if parts[-2:-1] in (["com"], ["co"], ["org"], ["net"], ["gov"], ["ac"]) else parts[-2:])


def _sites(pages: Sequence[Page], hosts: dict[str, str]) -> dict[str, str]:
    """A name for the site of each page: pages with one host, or with many lines in common, belong together."""
    parent = list(range(len(pages)))

    def root(page: int) -> int:
        while parent[page] != page:
            page = parent[page]
        return page

    first: dict[str, int] = {}
    for place, page in enumerate(pages):
        host = hosts.get(_stem(page.path), page.path)
        parent[root(place)] = root(first.setdefault(host, place))
    for one, other in _alike([page.text for page in pages]):
        parent[root(other)] = root(one)
    return {_stem(page.path): f"site {root(place)}" for place, page in enumerate(pages)}


def _alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    lines = table_of_lines(texts)
    told = (lines.shape > 0) & (lines.mass >= 8)
    shapes = [set(lines.shape[told & (lines.doc == place)].tolist()) for place in range(len(texts))]
    holders: dict[int, list[int]] = defaultdict(list)
    for place, found in enumerate(shapes):
        for shape in sorted(found):
            holders[shape].append(place)
    common: Counter[tuple[int, int]] = Counter()
    for held in holders.values():
        if len(held) <= 80:
            common.update((a, b) for n, a in enumerate(held) for b in held[n + 1 :])
    for (a, b), count in sorted(common.items()):
        if count >= 5 and count >= SAME_SITE * min(len(shapes[a]), len(shapes[b])):
            yield a, b


def changed_copies(pages: Iterable[Page], seed: int = 7) -> list[Page]:
    """Changed copies of the pages, so that the model meets clean, short and lightly furnished texts."""
    generator = np.random.default_rng(seed)
    copies = []
    for page in pages:
        if generator.random() < CHANGED_SHARE[page.kind]:
            copies += [copy for change in CHANGES[page.kind] if (copy := _changed(page, change, generator))]
    return copies


def _changed(page: Page, change: str, generator: np.random.Generator) -> Page | None:
    lines = page.text.split("\n")
    content = [n for n, label in enumerate(page.labels) if label == "C" and lines[n].strip()]
    keep = _kept(change, lines, page.labels, content, generator) if content else []
    if not any(page.labels[n] == "C" for n in keep):
        return None
    text, labels = "\n".join(lines[n] for n in keep), "".join(page.labels[n] for n in keep)
    return replace(page, text=text, labels=labels, change=change)


def _kept(change: str, lines: list[str], labels: str, content: list[int], generator: np.random.Generator) -> list[int]:
    """Numbers of the lines that a change leaves."""
    if change == "clean":
        return content
    if change == "short":
        start = int(generator.integers(len(content)))
        return content[start : start + int(generator.integers(1, 9))]
    if change == "lists":
        runs = _short_runs(lines, content)
        return runs[int(generator.integers(len(runs)))] if runs else []
    if change == "half":
        middle = len(lines) // 2
        return list(range(middle)) if generator.integers(2) else list(range(middle, len(lines)))
    return _lightly_furnished(lines, labels, content, generator)


def _short_runs(lines: list[str], content: list[int]) -> list[list[int]]:
    """Runs of three and more neighbouring content lines below 60 characters."""
    runs: list[list[int]] = [[]]
    for n in content:
        if len(lines[n]) < 60:
            runs[-1].append(n)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= 3]


def _lightly_furnished(lines: list[str], labels: str, content: list[int], generator: np.random.Generator) -> list[int]:
    """The content with few lines of machinery before, in and after it, from nearby or from the page's edges."""
    first, last = content[0], content[-1]
    machinery = [n for n, label in enumerate(labels) if label == "B" and lines[n].strip()]
    before, after = [n for n in machinery if n < first], [n for n in machinery if n > last]
    head, tail = int(generator.integers(0, 7)), int(generator.integers(0, 13))
    before = before[len(before) - min(head, len(before)) :] if generator.random() < 0.6 else before[:head]
    after = after[:tail] if generator.random() < 0.6 else after[len(after) - min(tail, len(after)) :]
    inside = [n for n in range(first, last + 1) if labels[n] != "B" or generator.random() < 0.3]
    return before + inside + after


def documents_with(lines: Lines, counted: Lines) -> NDArray[np.int32]:
    """For each line of ``lines``: in how many documents of ``counted`` a line of its shape stands; at least 1."""
    told = counted.shape > 0
    pairs = np.unique(np.stack([counted.shape[told], counted.doc[told].astype(np.uint64)]), axis=1)
    shapes, counts = np.unique(pairs[0], return_counts=True)
    place = np.minimum(np.searchsorted(shapes, lines.shape), len(shapes) - 1)
    return np.where((shapes[place] == lines.shape) & (lines.shape > 0), counts[place], 1).astype(np.int32)
