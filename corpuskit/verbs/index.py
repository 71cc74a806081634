"""``index``: INDEX.md, one table of what the corpus is made from and one of what was released of it.

Computed from the releases alone and the same for the same releases, so that a check in
CI can tell a stale one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpuskit.display import place
from corpuskit.errors import ReleaseError, UsageError
from corpuskit.filenames import SUMS
from corpuskit.recipe import Recipe
from corpuskit.release.markdown import markdown, table
from corpuskit.release.reading import Tables, read_manifest, rows_of, tables_of
from corpuskit.release.semver import precedence
from corpuskit.release.sums import release_id
from corpuskit.store.durable import replace_file

FILE: Final = "INDEX.md"
_IDENTITY: Final = ("id", "source_path", "source_where", "source_sha256")
#: An address that may stand as a link: nothing in it can end the link or the cell.
_LINK: Final = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


class Release(NamedTuple):
    """A release under the output folder: where it is, what its manifest says, and its id."""

    path: Path
    manifest: dict[str, Any]
    id: str


class Source(NamedTuple):
    """A document of the corpus, one row of the first table; ``kept`` and ``chars`` count code points."""

    id: str
    title: str
    date: str
    url: str
    kept: int
    chars: int
    place: str
    sha256: str


def index(recipe: Recipe, out: str | Path = "dist") -> str:
    """The text of INDEX.md for the releases of ``recipe`` under ``out``.

    The documents are those of the release that the recipe names, else of the highest version of that name. Raises
    :class:`ReleaseError` when there is none.
    """
    if not recipe.name:
        raise UsageError("an index needs the name of a corpus: set name in corpus.toml")
    mine = [release for release in releases(Path(out)) if release.manifest["name"] == recipe.name]
    if not mine:
        raise ReleaseError(f"no release of {recipe.name} under {out}: run 'corpuskit build' first")
    named = [release for release in mine if release.manifest["version"] == recipe.version]
    return "\n".join(_page((named or mine)[-1], mine))


def write_index(recipe: Recipe, folder: str | Path = ".", out: str | Path = "dist", *, check: bool = False) -> bool:
    """Write INDEX.md into ``folder``; true if it was up to date. With ``check`` nothing is written."""
    path = Path(folder) / FILE
    text = index(recipe, out)
    if path.is_file() and path.read_bytes() == text.encode():
        return True
    if not check:
        replace_file(path, text.encode())
    return False


def releases(out: Path) -> list[Release]:
    """The releases under ``out``, by name and version."""
    found = []
    for sums in sorted(out.glob(f"*/{SUMS}")):
        manifest = read_manifest(sums.parent)
        found.append(Release(sums.parent, manifest, release_id(sums.read_bytes())))
    return sorted(found, key=lambda release: (release.manifest["name"], precedence(str(release.manifest["version"]))))


def sources_of(tables: Tables) -> Iterator[Source]:
    """The documents of a release in the order of their sources, those of which nothing was left last."""
    said = ("title", "date", "source_url")
    counts = ("n_chars", "n_source_chars")
    listed = set[str]()  # all that is kept of a document: a corpus has millions
    for row in rows_of(tables.data, (*_IDENTITY, *said, *counts)):
        title, date, url = (str(row[name] or "") for name in said)
        listed.add(row["id"])
        yield Source(row["id"], title, date, url, row["n_chars"], row["n_source_chars"], *_origin(row))
    for key, spans in groupby(rows_of(tables.removed, (*_IDENTITY, "end")), key=itemgetter("id")):
        if key is not None and key not in listed:
            *_, last = spans
            yield Source(key, "", "", "", 0, last["end"], *_origin(last))


def _page(newest: Release, all_releases: Sequence[Release]) -> Iterator[str]:
    name, version = newest.manifest["name"], newest.manifest["version"]
    tables = tables_of(newest.path)
    yield from ("# Index", "", "Written by `corpuskit index`; `corpuskit index --check` fails when it is stale.", "")
    yield from (f"## Sources of {markdown(name)} {markdown(version)}", "")
    columns = ("id", "source", "title", "date", "address", "characters kept", "of", "removed", "sha256")
    yield from table(columns, "lllllrrrl", map(_source_cells, sources_of(tables)))
    unreadable = [
        row for row in rows_of(tables.removed, ("id", "source_path", "source_where", "why")) if row["id"] is None
    ]
    if unreadable:
        yield from ("", "## Not read", "")
        told = ((place(row["source_path"], row["source_where"]), row["why"] or "") for row in unreadable)
        yield from table(("source", "reason"), "ll", (tuple(map(markdown, texts)) for texts in told))
    yield from ("", "## Releases", "")
    heads = ("name", "version", "documents", "paragraphs", "release id")
    yield from table(heads, "llrrl", map(_release_cells, all_releases))
    yield ""


def _source_cells(source: Source) -> tuple[str, ...]:
    removed = source.chars - source.kept
    address = f"<{source.url}>" if _LINK.fullmatch(source.url) else markdown(source.url)
    counts = (f"{count:,}" for count in (source.kept, source.chars, removed))
    texts = (markdown(text) for text in (source.place, source.title, source.date))
    return (f"`{source.id}`", *texts, address, *counts, f"`{source.sha256[:12]}`")


def _release_cells(release: Release) -> tuple[str, ...]:
    counts = release.manifest["counts"]
    told = (f"{counts.get(what, 0):,}" for what in ("published", "paragraphs"))
    return (markdown(release.manifest["name"]), markdown(release.manifest["version"]), *told, f"`{release.id[:16]}`")


def _origin(row: dict[str, Any]) -> tuple[str, str]:
    return place(row["source_path"], row["source_where"]), row["source_sha256"]
