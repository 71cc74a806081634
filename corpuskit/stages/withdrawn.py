"""What was withdrawn never gets past the reader: so nothing of it is stored, compared, counted or published.

A recipe knows digests (:mod:`corpuskit.recipe.withdrawals`). A file that is withdrawn is not
opened by a build, a document that is withdrawn is dropped as soon as it is read, and a copy
of a withdrawn paragraph is blacked out before anything sees the text around it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.annotate.urls import URL
from corpuskit.errors import RecipeError
from corpuskit.model import Document, Edit
from corpuskit.recipe import Recipe
from corpuskit.recipe.withdrawals import FILE, item_digest, items_in
from corpuskit.sources.listing import Listing
from corpuskit.sources.record import Record
from corpuskit.stages.coordinates import Coordinates
from corpuskit.text.lines import Lines, table_of_lines

RULE: Final = "withdrawn"
WHY: Final = "the same as a paragraph that was withdrawn"
#: What stands in the ledger for each character of a copy that was withdrawn: how many there were, and no more.
BLACK: Final = "█"
#: A document that shares half of its paragraphs, in letters, with what was withdrawn is a copy, and goes whole.
COPY_SHARE: Final = 0.5


class Sieve:
    """Tells what the recipe has withdrawn; without withdrawals it costs nothing."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.items = frozenset(item for gone in recipe.withdrawn for item in gone.items)
        keys = {bytes.fromhex(key) for gone in recipe.withdrawn for key in gone.paragraphs}
        self.keys = np.array(sorted(int.from_bytes(key[:8], "little") for key in keys), np.uint64)
        self.whole_keys = frozenset(keys)

    def takes_file(self, name: str, sha256: str = "") -> bool:
        """Whether the file with this name in the release, or this sha256, is withdrawn."""
        return bool(self.items) and self._named(("file", name), ("hash", sha256))

    def takes(self, record: Record, key: str) -> bool:
        """Whether a document is withdrawn: by its id ``key``, the sha256 of its source text, or its address."""
        if not self.items:
            return False
        text = hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._named(("id", key), ("hash", text)) or self._at_address(record)

    def _named(self, *names: tuple[str, str]) -> bool:
        return any(item_digest(kind, value) in self.items for kind, value in names if value)

    def _at_address(self, record: Record) -> bool:
        """By the address that its record gives, else by the one that the build takes from its text."""
        if url := record.fields.get("url"):
            return self._named(("url", url))
        if "http" not in record.text or not self._named(*(("url", url) for url in URL.findall(record.text))):
            return False
        from corpuskit.stages.alone import clean_text  # all rules: for a page with such an address in its text only

        return self._named(("url", clean_text(record.text, self.recipe)[1]["source_url"] or ""))

    def copies(self, lines: Lines) -> NDArray[np.int64]:
        """The rows of a table of lines that are copies of withdrawn paragraphs."""
        if not len(self.keys):
            return np.zeros(0, np.int64)
        keys = np.ascontiguousarray(lines.key)
        likely = np.flatnonzero(np.isin(keys.view(np.uint64)[::2], self.keys))
        return np.array([row for row in likely.tolist() if keys[row].tobytes() in self.whole_keys], np.int64)

    def blacked_out(self, text: str, edits: list[Edit]) -> tuple[str, list[Edit]] | None:
        """A text and its repairs without copies of withdrawn paragraphs; ``None`` when it is a copy as a whole."""
        if not len(self.keys):
            return text, edits
        lines = table_of_lines([Document(text, tuple(edits)).clean if edits else text])
        rows = self.copies(lines)
        if not len(rows):
            return text, edits
        compared = lines.mass[lines.comparable(self.recipe.dedup.min_mass)].sum()
        if lines.mass[rows].sum() >= COPY_SHARE * compared:
            return None
        found = stretches(lines, rows, edits)
        for _, start, end in found:
            text = text[:start] + re.sub(r"[^\r\n]", BLACK, text[start:end]) + text[end:]
        taken = Document(text, tuple(Edit(after, end, RULE, "", WHY) for after, _, end in found))
        return text, list(taken.with_edits(edits).edits)


class Stretch(NamedTuple):
    """A line in its source (code points), and where the one before it that shows something ends.

    What goes begins there: taken with the line breaks behind it, a line would leave two
    places of the source for the start of the next one.
    """

    after: int
    start: int
    end: int


def stretches(lines: Lines, rows: NDArray[np.int64], edits: Sequence[Edit]) -> list[Stretch]:
    """Where ``rows`` of the table of one view stand in its source; ``edits`` made the view of it."""
    made = np.array([(0, e.start, e.end, len(e.new)) for e in edits], np.int64).reshape(-1, 4)
    where = Coordinates(*made.T)
    shown = np.flatnonzero(~lines.blank)
    shown_ends = np.append(where.to_source(lines.doc[shown], lines.end[shown], ends=True), 0)  # last: before the first
    before = shown_ends[np.searchsorted(shown, rows) - 1]
    doc, start, end = lines.doc[rows], lines.start[rows], lines.end[rows]
    starts, ends = where.to_source(doc, start), where.to_source(doc, end, ends=True)
    return [Stretch(*found) for found in zip(before.tolist(), starts.tolist(), ends.tolist(), strict=True)]


def without_withdrawn(listing: Listing, recipe: Recipe) -> Listing:
    """The listing without files that are withdrawn by their names: nobody opens them."""
    sieve = Sieve(recipe)
    if not sieve.items:
        return listing
    files = [file for file in listing.files if not sieve.takes_file(file.name)]
    return Listing(files, [file for file in listing.unreadable if not sieve.takes_file(file.name)])


def check_remembered(recipe: Recipe, manifests: Iterable[tuple[str, bytes]]) -> None:
    """Raise :class:`RecipeError` when an earlier release of the dataset knows of withdrawals that ``recipe`` forgot.

    A ``withdrawn.toml`` that was lost, or a build without the recipe, would publish again what must not come back.
    ``manifests``: where releases stand, those of other datasets too, and their manifests.
    """
    known = {part for gone in recipe.withdrawn for part in (*gone.items, *gone.paragraphs)}
    for place, manifest in manifests:
        if forgotten := items_in(manifest, recipe.name) - known:
            raise RecipeError(
                f"{place} was built without {len(forgotten)} things that this recipe does not name as withdrawn: "
                f"build with the recipe and its {FILE}; where a withdrawal was lifted, first move that release away"
            )
