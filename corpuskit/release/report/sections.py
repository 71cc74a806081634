"""The parts of the page, by the names that its template has for them; all of them are legible without script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from corpuskit.recipe import Recipe
from corpuskit.release.report.draw import DOCUMENTS, PER_RULE
from corpuskit.release.report.elements import Cells, Inside, Node, table, tag
from corpuskit.release.report.figures import Figures
from corpuskit.release.report.flows import account, rules_table, sources
from corpuskit.release.report.palette import Swatch
from corpuskit.release.report.sample import Sample
from corpuskit.release.report.texts import texts

#: Unreadable sources that the page lists.
UNREADABLE: Final = 200


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page tells of."""

    recipe: Recipe
    manifest: Mapping[str, Any]
    figures: Figures
    rules: Sequence[Swatch]
    sample: Sample


def sections(page: Page) -> dict[str, Node]:
    """The parts of the page."""
    counts = page.manifest["counts"]
    return {
        "header": _header(page.recipe),
        "overview": tag("section", _tiles(page.manifest), *account(page.figures, page.rules, counts), id="overview"),
        "rules": rules_table(page.figures, page.rules),
        "drawn": _drawn(page),
        "texts": texts(page.figures),
        "sources": sources(page.figures, page.rules),
        "duplicates": _section("Duplicates", _duplicates(page)),
        "unreadable": _section("Unreadable", _unreadable(page.manifest["quarantined"])),
        "footer": _footer(page.manifest),
    }


def _section(title: str, parts: Iterable[Node]) -> Node:
    return tag("section", tag("h2", title), *parts, id=title.lower())


def _header(recipe: Recipe) -> Node:
    title = tag("h1", recipe.pretty_name or recipe.name, " ", tag("span", recipe.version, class_="version"))
    return tag("div", title, tag("p", recipe.description, class_="lead") if recipe.description else None)


def _tiles(manifest: Mapping[str, Any]) -> Node:
    counts, unreadable, sources = manifest["counts"], len(manifest["quarantined"]), manifest["sources"]
    changes = sum(rule["spans"] for rule in manifest["rules"].values())
    tiles: list[tuple[str, int, str]] = [
        ("documents", counts.get("published", 0), f"published, of {counts.get('documents', 0):,} read"),
        ("paragraphs", counts.get("paragraphs", 0), "published"),
        ("characters", counts.get("chars", 0), f"published, of {counts.get('source_chars', 0):,} read"),
        ("changes", changes, "each with its rule and reason"),
        ("source files", sources["files"], f"{sources['bytes']:,} bytes"),
        ("unreadable", unreadable, "listed below" if unreadable else "nothing was left unread"),
    ]
    made = (tag("div", tag("dt", name), tag("dd", tag("b", n), " ", tag("span", note))) for name, n, note in tiles)
    return tag("dl", *made, class_="tiles")


def _drawn(page: Page) -> Node:
    """Says how the documents of the browser were chosen."""
    shown = len(page.sample.documents)
    if shown == page.manifest["counts"].get("documents", 0):
        return tag("p", f"All {shown:,} documents that were read, as they were and as they are published.")
    left = page.sample.left_out
    return tag(
        "p",
        f"{shown:,} documents, drawn so that anyone can repeat it: for each rule the {PER_RULE} documents with the "
        f"smallest ids that it touched, then those with the smallest ids of all, {DOCUMENTS} at most. An id is a hash "
        "of the source's name, never of its text, so that the next version shows the same documents.",
        f" {left:,} more were drawn; there is no room for their texts." if left else None,
    )


def _duplicates(page: Page) -> Iterator[Node]:
    shown = {document["id"] for document in page.sample.documents}
    rows: list[Cells] = []
    for group in page.sample.clusters:
        name = group["path"] or group["id"]
        kept: Inside = tag("a", name, href=f"#doc={group['id']}") if group["id"] in shown else name
        rows.append([tag("span", group["text"], dir="auto"), group["copies"], group["taken"], kept])
    if not rows:
        yield tag("p", "No paragraph and no document was a copy of an earlier one.")
        return
    top = page.figures.copies.top(len(rows))
    copies = sum(row[3] for row in top.rows) + top.rest[0]
    least = "" if top.exact else "at least "
    texts = f"{least}{len(rows) + top.others:,} texts"
    yield tag("p", f"{copies:,} copies of {texts} were taken out. The first copy of each stays.")
    heads = ("text|excerpt", "copies taken out|number", "characters|number", "kept in|path")
    yield table("The texts with the most copies", heads, rows)


def _unreadable(listed: Sequence[Mapping[str, str]]) -> Iterator[Node]:
    if not listed:
        yield tag("p", "Every source could be read.")
        return
    number = len(listed)
    yield tag("p", f"{number:,} sources, or records in them, could not be read. Nothing of them is published.")
    heads = ("source|path", "place|path", "reason|excerpt")
    rows = [[row["path"], row.get("line", ""), row["reason"]] for row in listed[:UNREADABLE]]
    yield table("Unreadable", heads, rows)
    if number > UNREADABLE:
        yield tag("p", f"These are the first {UNREADABLE}; manifest.json lists all of them.")


def _footer(manifest: Mapping[str, Any]) -> Node:
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    return tag(
        "p",
        f"Built by corpuskit {manifest['corpuskit']} with {versions}. This page is one file, asks nothing of the "
        "network, and is made from the release alone: the same release has the same page, byte for byte.",
    )
