"""What was withdrawn never gets past the reader: so nothing of it is stored, compared, counted or published.

A recipe knows digests (:mod:`corpuskit.recipe.withdrawals`). A file that is withdrawn is not
opened by a build, a document that is withdrawn is dropped as soon as it is read, and a copy
of a withdrawn paragraph is blacked out (:mod:`corpuskit.stages.copies`) before anything sees the text around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from corpuskit.annotate.urls import URL
from corpuskit.errors import RecipeError
from corpuskit.recipe import Recipe
from corpuskit.recipe.withdrawals import FILE, item_digest, items_in
from corpuskit.sources.listing import Listing
from corpuskit.sources.record import Record


class Sieve:
    """Tells which files and documents the recipe has withdrawn; without withdrawals it costs nothing."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.items = frozenset(item for gone in recipe.withdrawn for item in gone.items)

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
