"""``learn``: the templates of each site, with the evidence for them, as TOML for a person to review and pin.

A corpus shows its templates only while it is large enough. What a person has reviewed
holds for the next page alone, too: ``[clean] templates = "templates.toml"``.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.annotate.affixes import affixes, without_affixes
from corpuskit.annotate.sites import site_name
from corpuskit.annotate.title import AFFIX_PAGES, first_line
from corpuskit.engine.engines import engine_for
from corpuskit.pipeline import Progress, Runner, read, silent
from corpuskit.recipe import Recipe
from corpuskit.recipe.tables import TEMPLATE_ZONES
from corpuskit.recipe.tomltext import quotable, toml
from corpuskit.rules.findings import Batch
from corpuskit.rules.markup import has_link, without_links
from corpuskit.rules.templates import GUARD
from corpuskit.sources.listing import Listing, list_sources
from corpuskit.stages.batches import read_batches, strings
from corpuskit.stages.casualties import surviving
from corpuskit.stages.chain import Judged, judge
from corpuskit.stages.shard import Seen, batches
from corpuskit.stages.verdicts import load_for_shard
from corpuskit.stages.withdrawn import without_withdrawn
from corpuskit.store import store_at
from corpuskit.store.places import Sources, places_of
from corpuskit.store.steps import Store
from corpuskit.text.segment import Zone

#: Spellings of a template that are shown as evidence.
SAMPLES: Final = 3
_HEADER: Final = """\
# Lines that the sites repeat on their pages, found by 'corpuskit learn'. Delete the tables of those that are content,
# and pin the others in corpus.toml: [clean] templates = "templates.toml"
# A line holds for all numbers in its place; site, line and zone decide, the other keys are evidence.
"""


class Proposal(NamedTuple):
    """A template: its site, a line of its shape, its zone, on how many pages of the site and what share of them."""

    site: str
    line: str
    zone: str
    pages: int
    share: float
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """The templates of all sites, and the pages of each site that the guard let keep all of their prose."""

    templates: tuple[Proposal, ...]
    guarded: tuple[tuple[str, int], ...]

    def toml(self) -> str:
        """The proposals as TOML that a recipe can pin."""
        whole = (f"# {quotable(site)}: {n} pages keep their prose, most of it templates.\n" for site, n in self.guarded)
        parts = [_HEADER + "".join(whole)]
        for found in self.templates:
            keys = [f"{key} = {toml(value)}" for key, value in found._asdict().items()]
            parts.append("\n".join(["[[templates]]", *keys, ""]))
        return "\n".join(parts)


def learn(
    sources: Sources, recipe: Recipe | None = None, workers: int | None = 1, progress: Progress = silent
) -> Learned:
    """What a build of ``sources`` would take for templates (``workers`` None: one for each CPU). Publishes nothing."""
    recipe = recipe or Recipe()
    listing = without_withdrawn(list_sources(places_of(sources)), recipe)
    engine = engine_for("local", workers or os.cpu_count() or 1)
    try:
        with tempfile.TemporaryDirectory(prefix="corpuskit-") as folder:
            run = Runner(engine, progress)
            done = surviving(lambda: _judged(listing, recipe, folder, run))
            return _Sites(store_at(folder), done, recipe).learned()
    finally:
        engine.close()


def _judged(listing: Listing, recipe: Recipe, home: str, run: Runner) -> Judged:
    reading = read(listing, recipe, home, run)
    return judge(reading.steps, recipe, home, run.over(reading.sizes))


@dataclass(slots=True)
class _Evidence:
    """What was seen of one template: the line that pins it, its pages, the last of them, and its spellings."""

    line: str
    pages: int = 0
    page: tuple[int, ...] = ()
    samples: list[str] = field(default_factory=list)

    def add(self, page: tuple[int, ...], sample: str) -> None:
        """Count ``page`` (shard, batch, document) once, and keep a new spelling."""
        if page != self.page:
            self.pages, self.page = self.pages + 1, page
        if len(self.samples) < SAMPLES and sample not in self.samples:
            self.samples.append(sample)


class _Sites:
    """What accumulates over the shards: evidence by site, kind of line and zone."""

    def __init__(self, store: Store, done: Judged, recipe: Recipe) -> None:
        self.store, self.done, self.recipe = store, done, recipe
        self.found: dict[tuple[int, int, str], _Evidence] = {}
        self.names: dict[int, str] = {}
        self.guarded: Counter[int] = Counter()

    def learned(self) -> Learned:
        """All that was found, in the order of sites, zones and pages."""
        for shard in range(len(self.done.reads)):
            self._shard(shard)
        sizes = self._sizes()
        found = [
            Proposal(self.names[site], e.line, zone, e.pages, round(e.pages / sizes[site], 2), tuple(e.samples))
            for (site, _, zone), e in self.found.items()
        ]
        found.sort(key=lambda p: (p.site, TEMPLATE_ZONES.index(p.zone), -p.pages, p.line))
        return Learned(tuple(found), tuple(sorted((self.names[site], n) for site, n in self.guarded.items())))

    def _sizes(self) -> Counter[int]:
        sizes: Counter[int] = Counter()
        for step in self.done.reads:
            for site, docs in self.store.array(step, "sites.npy")[:].tolist():
                sizes[site] += docs
        return sizes

    def _shard(self, shard: int) -> None:
        step, judged = self.done.reads[shard], self.done.judged[shard]
        verdicts = load_for_shard(self.store, self.done.recurs, "recurs", shard)
        seen = Seen(self.store.array(step, "shapes.npy")[:], verdicts)
        files = (self.store.file(judged, name) for name in ("drops.arrow", "notes.arrow"))
        judgements = zip(*map(read_batches, files), strict=True)
        looks = zip(batches(self.store, step, seen, self.recipe), judgements, strict=True)
        for number, ((docs, batch), (drops, notes)) in enumerate(looks):
            taken = drops.filter(pc.equal(drops.column("rule"), "template"))
            for row in strings(taken, "row"):
                self._line(docs, batch, row, (shard, number))
            for doc, title in enumerate(strings(notes, "title")):
                self._title(docs, batch, seen, doc, title, (shard, number))
            for doc, flags in enumerate(strings(notes, "flags")):
                if GUARD in flags:
                    self.guarded[self._site(docs, batch, doc)] += 1

    def _line(self, docs: pa.RecordBatch, batch: Batch, row: int, place: tuple[int, int]) -> None:
        doc, shown = int(batch.lines.doc[row]), batch.line(row).strip()
        line = without_links(shown).strip() if has_link(batch.texts[doc]) else shown
        zone = Zone(batch.shape.zone[row]).name.lower()
        key = (self._site(docs, batch, doc), int(batch.lines.shape[row]), zone)
        self.found.setdefault(key, _Evidence(line)).add((*place, doc), shown)

    def _title(
        self, docs: pa.RecordBatch, batch: Batch, seen: Seen, doc: int, title: str | None, place: tuple[int, int]
    ) -> None:
        """What the site writes around the title of a page, if it was taken off."""
        whole = batch.known["title"][doc] or first_line(batch.texts[doc])
        if not title or title == whole or title not in whole:
            return
        around = affixes([whole])
        pages = seen.look_up(around.hash, np.repeat(batch.sites[doc], len(around.hash)))["site"]
        often = (column[pages >= AFFIX_PAGES].tolist() for column in around[1:])
        for cut, behind, seen_as in zip(*often, strict=True):
            if _takes(whole, cut, behind, title):
                zone = "title-tail" if behind else "title-head"
                key = (self._site(docs, batch, doc), seen_as, zone)
                self.found.setdefault(key, _Evidence(whole[cut:] if behind else whole[:cut])).add((*place, doc), whole)

    def _site(self, docs: pa.RecordBatch, batch: Batch, doc: int) -> int:
        """The hash of a document's site; its name is noted."""
        site = int(batch.sites[doc])
        if site not in self.names:
            row: dict[str, Any] = docs.slice(doc, 1).select(["url", "text", "source_path"]).to_pylist()[0]
            self.names[site] = site_name(row["url"], row["text"], row["source_path"])
        return site


def _takes(whole: str, cut: int, behind: bool, title: str) -> bool:
    """Whether exactly this much was taken off one side of the title."""
    rest = without_affixes(whole, [(cut, behind)])
    return rest.endswith(title) if behind else rest.startswith(title)
