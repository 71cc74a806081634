"""The manifest and the card, written again from what the data files hold, and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import corpuskit
from corpuskit.display import show
from corpuskit.errors import RecipeError
from corpuskit.recipe import VERSION, Recipe, recipe_from
from corpuskit.release.card import card, front_matter
from corpuskit.release.croissant import croissant
from corpuskit.release.parquet import FOLDERS
from corpuskit.release.write import LAYOUT, Totals, manifest_of
from corpuskit.validate.files import CARD, CROISSANT, MANIFEST
from corpuskit.validate.report import Findings, Unusable, quoted
from corpuskit.validate.tables import Config, Span, guarded

Json = dict[str, Any]
#: The check that a fact of the manifest belongs to, by its key; all others are counts.
CHECKS: Final = {"content": "digest", "content_digest": "digest", "sha256": "sums"}
#: The check that a file is read for.
CHECK_OF: Final = {MANIFEST: "manifest", CARD: "card", CROISSANT: "croissant"}
#: Size in code points, and brackets, of a card's YAML header up to which it is parsed: a build writes a hundredth.
#: Beyond, the time of a YAML parser grows with the square of either.
HEADER_MAX: Final = 1 << 18
BRACKETS_MAX: Final = 200
#: What the manifest alone knows: it is read, not recomputed.
TOLD: Final = ("manifest", "name", "version", "corpuskit", "versions", "recipe")


class Manifest:
    """The manifest as read: ``said``, and the recipe in it.

    Raises :class:`Unusable` for one that is damaged or of another layout.
    """

    def __init__(self, release: Path) -> None:
        self.text = _read(release, MANIFEST)
        try:
            said = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise Unusable("manifest", MANIFEST, f"no JSON: {error}") from None
        if not isinstance(said, dict):
            raise Unusable("manifest", MANIFEST, "no JSON object")
        if said.get("manifest") != LAYOUT:
            known = f"this corpuskit ({corpuskit.__version__}) reads layout {LAYOUT}"
            raise Unusable("manifest", MANIFEST, f"layout {quoted(said.get('manifest'))}; {known}")
        self.said: Json = said
        self.recipe = _recipe(said)
        self.same_code = said["corpuskit"] == corpuskit.__version__

    def written_again(self, totals: Totals) -> Json:
        """The manifest of a release that holds ``totals``, made by the code that this one names."""
        return manifest_of(self.recipe, totals) | {key: self.said[key] for key in ("corpuskit", "versions")}

    def compare(self, made: Json, findings: Findings) -> None:
        """Report what differs from ``made``, the manifest written again."""
        found = list(differences(self.said, made))
        for path, said, true in found:
            check = "manifest" if path[0] in TOLD else CHECKS.get(path[-1], "counts")
            findings.add(check, f"{MANIFEST}: {'.'.join(path)}", f"{quoted(said)}, found {quoted(true)}")
        if not found and self.text != text_of(made):
            findings.add("manifest", MANIFEST, "not as corpuskit writes it (order of keys, spacing, a key twice)")


def _recipe(said: Json) -> Recipe:
    versions = said.get("versions")
    if not VERSION.match(str(said.get("corpuskit"))) or not isinstance(versions, dict) or not versions:
        raise Unusable("manifest", MANIFEST, "does not say which versions made it")
    if not all(isinstance(version, str) for version in versions.values()):
        raise Unusable("manifest", f"{MANIFEST}: versions", "a version that is no text")
    try:
        recipe = recipe_from(said["recipe"])
    except (RecipeError, KeyError, AttributeError) as error:
        raise Unusable("manifest", f"{MANIFEST}: recipe", str(error)) from None
    if not recipe.name or not recipe.version:
        raise Unusable("manifest", f"{MANIFEST}: recipe", "has no name or no version")
    return recipe


def text_of(manifest: Json) -> str:
    """A JSON file as a build writes it."""
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def differences(said: Any, true: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Where two JSON values differ: the path, what is said there and what is true."""
    if isinstance(said, dict) and isinstance(true, dict):
        for key in dict.fromkeys([*true, *said]):
            yield from differences(said.get(key, "nothing"), true.get(key, "nothing"), (*path, str(key)))
    elif isinstance(said, list) and isinstance(true, list):
        if len(said) != len(true):
            yield (*path, "length"), len(said), len(true)
        for i, (a, b) in enumerate(zip(said, true, strict=False)):
            yield from differences(a, b, (*path, str(i)))
    elif said != true or type(said) is not type(true):
        yield path or ("",), said, true


def quarantine_of(unreadable: list[Span], findings: Findings) -> list[Json]:
    """The manifest's list of what could not be read, from the ledger rows that name no document."""
    listed = []
    for row in unreadable:
        if row.rule != "unreadable" or not row.why or any(v is not None for v in (row.start, row.end, row.text)):
            findings.add("spans", row.source_path, f"a ledger row of {row.rule!r} that names no document")
        place = {"line": show(row.source_where)} if row.source_where else {}
        listed.append({"path": show(row.source_path), **place, "reason": show(row.why)})
    return listed


def check_card(release: Path, manifest: Manifest, made: Json, default: Config, findings: Findings) -> None:
    """The card's YAML pins what the data files hold; the card as a whole is what its code writes today."""
    import yaml

    try:
        text = _read(release, CARD)
        header = text.split("---\n")[1]
        sane = len(header) <= HEADER_MAX and header.count("[") + header.count("{") <= BRACKETS_MAX
        head = yaml.safe_load(header) if sane else None
    except Unusable as error:
        findings.add(*error.failure)
        return
    except (yaml.YAMLError, ValueError, IndexError, RecursionError) as error:
        findings.add("card", CARD, f"no YAML between '---' lines: {' '.join(str(error).split())}")
        return
    due = front_matter(manifest.recipe, made)
    found = list(differences(head, due)) if isinstance(head, dict) else [(("front matter",), head, "a mapping")]
    for path, said, true in found:
        findings.add("card", f"{CARD}: {'.'.join(path)}", f"{quoted(said)}, found {quoted(true)}")
    if not found and manifest.same_code:
        _compare_lines(CARD, text, card(manifest.recipe, made, first_row(release, default)), findings)


def check_croissant(release: Path, manifest: Manifest, made: Json, findings: Findings) -> None:
    """The Croissant description is what its code writes today."""
    if manifest.same_code:
        try:
            _compare_lines(CROISSANT, _read(release, CROISSANT), text_of(croissant(manifest.recipe, made)), findings)
        except Unusable as error:
            findings.add(*error.failure)


def _compare_lines(name: str, text: str, due: str, findings: Findings) -> None:
    if text == due:
        return
    pairs = zip([*text.split("\n"), None], [*due.split("\n"), None], strict=False)
    number, (there, right) = next((i, pair) for i, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    problem = f"{quoted(there)}, the data says {quoted(right)}"
    findings.add(CHECK_OF[name], f"{name}: line {number}", problem)


def first_row(release: Path, default: Config) -> Json:
    """The first document, which the card shows."""
    import pyarrow.parquet as pq

    with guarded(default.names[0]):
        row: Json = next(pq.ParquetFile(release / default.names[0]).iter_batches(1)).to_pylist()[0]
    return row


def totals_of(totals: Totals, configs: dict[str, Config], unreadable: list[Json], files: int, size: int) -> Totals:
    """``totals`` of the documents, completed by those of the files, the sources and the quarantine."""
    totals.files = {config: configs[config].facts for config in FOLDERS}
    totals.quarantined = unreadable
    if unreadable:
        totals.rules["unreadable"] = [len(unreadable), 0]
    totals.sources, totals.source_bytes = files, size
    return totals


def _read(release: Path, name: str) -> str:
    try:
        return (release / name).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(CHECK_OF[name], name, f"cannot be read: {error}") from None
