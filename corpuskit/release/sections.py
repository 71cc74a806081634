"""The prose of the dataset card, section by section; one without content is left out.

How to load it comes first, then what is in it, how it was made and what it lacks. Every number comes
from the manifest or from the data files, so that ``validate`` writes the card again and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.annotate.quality import MEANING as FLAGS
from corpuskit.display import show
from corpuskit.filenames import CHANGELOG
from corpuskit.recipe import Recipe
from corpuskit.release.changelog import entry_of
from corpuskit.release.citation import bibtex
from corpuskit.release.columns import CONFIGS, meaning
from corpuskit.release.markdown import cell, code, fenced, json_lines, markdown, table
from corpuskit.release.parquet import SCHEMAS
from corpuskit.release.provenance import Provenance, provenance_of
from corpuskit.release.report.tally import Tally
from corpuskit.release.splits import splits_of
from corpuskit.rulenames import BOOK

Json = Mapping[str, Any]
Lines = Iterator[str]
#: Rows of the tables of origins; the others are counted in a last row.
ORIGINS: Final = 20
#: Unreadable sources that are named.
UNREADABLE: Final = 10
#: Code points of a text in the instance.
TEXT: Final = 300
#: Lines of the changelog.
CHANGES: Final = 40


def sections(release: Path, recipe: Recipe, manifest: Json) -> Iterator[list[str]]:
    """The sections of the card of the release in a folder, each as lines; none is empty."""
    origins = provenance_of(release, manifest)
    for lines in (
        _head(recipe, manifest),
        _load(recipe, manifest),
        _counts(manifest, origins),
        _instance(release, manifest),
        *(_columns(config, origins) for config in manifest["configs"]),
        _made(recipe, manifest),
        _flags(recipe, manifest),
        _sources(recipe, manifest, origins),
        _limits(recipe, manifest, origins),
        _verify(),
        _changes(release, manifest["version"]),
        _citation(recipe, manifest),
    ):
        if section := list(lines):
            yield section


def _head(recipe: Recipe, manifest: Json) -> Lines:
    counts, digest = manifest["counts"], manifest["configs"]["default"]["content_digest"]
    yield f"# {markdown(recipe.pretty_name) or manifest['name']}"
    yield ""
    yield markdown(recipe.description) or (
        f"{counts['published']:,} documents, cleaned and deduplicated by corpuskit, "
        "with every removed character in a ledger."
    )
    yield ""
    day = f" of {recipe.released}" if recipe.released else ""
    yield f"Version **{manifest['version']}**{day}, built with corpuskit {manifest['corpuskit']}."
    yield f"The documents are those of the content digest `{digest}`;"
    yield "the release id, which stands for every file of the release, is what `sha256sum SHA256SUMS` prints."


def _load(recipe: Recipe, manifest: Json) -> Lines:
    version = manifest["version"]
    yield from ("## Load", "")
    if recipe.repo_id:
        yield from ("From the Hugging Face Hub, this version and no other:", "")
        yield from _loaders(manifest, recipe.repo_id, f', revision="v{version}"')
        yield from ("", "From a copy of the folder, offline:", "")
    yield from _loaders(manifest, f"{manifest['name']}-{version}")
    yield ""
    if not recipe.repo_id:
        yield f'On the Hugging Face Hub, `revision="v{version}"` loads this version and no other; `main` moves on.'
    yield 'Each takes `streaming=True`. With `filters=`, add it, or `verification_mode="no_checks"`: the loader'
    yield "compares the number of rows with the card."


def _loaders(manifest: Json, place: str, revision: str = "") -> Lines:
    code = ["from datasets import load_dataset", ""]
    for config, facts in manifest["configs"].items():
        name, second = ("documents", "") if config == "default" else (config, f', "{config}"')
        splits = list(splits_of(facts))
        one, told = (f', split="{splits[0]}"', "") if len(splits) == 1 else ("", f"  # splits: {', '.join(splits)}")
        code.append(f'{name} = load_dataset("{place}"{second}{revision}{one}){told}')
    return fenced("python", code)


def _counts(manifest: Json, origins: Provenance) -> Lines:
    yield from ("## Counts", "", *table(("what", "count"), "lr", _counted(manifest, origins)), "")
    facts = (
        (f"`{config}`", f"{f['rows']:,}", f"{sum(file['bytes'] for file in f['files']):,}", f"`{f['content_digest']}`")
        for config, f in manifest["configs"].items()
    )
    yield from table(("config", "rows", "bytes", "content digest"), "lrrl", facts)


def _counted(manifest: Json, origins: Provenance) -> Iterator[tuple[str, str]]:
    counts, languages = manifest["counts"], list(manifest["languages"].items())
    yield "source files", f"{manifest['sources']['files']:,}"
    yield "sources or records that could not be read", f"{len(manifest['quarantined']):,}"
    if "withdrawn" in manifest:
        yield "withdrawals, of texts that are nowhere in it", f"{manifest['withdrawn']:,}"
    yield "documents read", f"{counts['documents']:,}"
    yield "documents published", f"{counts['published']:,}"
    yield from _split_counts(manifest["configs"]["default"])
    yield "documents that went whole", f"{counts['documents'] - counts['published']:,}"
    yield "paragraphs published", f"{counts['paragraphs']:,}"
    yield "characters read", f"{counts['source_chars']:,}"
    yield "characters published", f"{counts['chars']:,}"
    yield from _words(manifest)
    yield from ((f"documents in {code(tag)}", f"{count:,}") for tag, count in languages[:ORIGINS])
    if others := languages[ORIGINS:]:
        yield f"documents in {len(others):,} other languages", f"{sum(count for _, count in others):,}"
    if origins.first:
        yield from (("earliest date", str(origins.first)), ("latest date", str(origins.last)))


def _split_counts(facts: Json) -> Iterator[tuple[str, str]]:
    """Rows of the table of counts: documents of each split, where there are several."""
    splits = splits_of(facts)
    for split, files in splits.items() if len(splits) > 1 else ():
        yield f"… in the split `{split}`", f"{sum(f['rows'] for f in files):,}"


def _words(manifest: Json) -> Iterator[tuple[str, str]]:
    """Rows of the table of counts: words of all documents, or of a sample of them."""
    counts, sample = manifest["counts"], manifest.get("words_sample")
    if "words" in counts:
        yield f"words, in {counts['worded']:,} documents whose words can be counted", f"{counts['words']:,}"
    if sample:
        documents, words = sample["documents"], sample["words"]
        yield f"words for a document, in a sample of {documents:,}", f"{words / documents:,.0f}"
        yield "characters for a word, in the same sample", f"{sample['characters'] / words:.1f}"


def _instance(release: Path, manifest: Json) -> Lines:
    """The first document, its texts shortened."""
    file = pq.ParquetFile(release / manifest["configs"]["default"]["files"][0]["path"])
    row: Json = next(file.iter_batches(1)).to_pylist()[0]
    yield from ("## One document", "", *fenced("json", json_lines({k: _shortened(v) for k, v in row.items()})))


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= TEXT else f"{value[:TEXT]}…"
    if isinstance(value, list):
        return [_shortened(v) for v in value]
    return value if value is None or isinstance(value, int) else str(value)


def _columns(config: str, origins: Provenance) -> Lines:
    yield from (f"## Columns of `{config}`", "", CONFIGS[config], "")
    told = ((f, meaning(config, f.name)) for f in SCHEMAS[config])
    rows = [(f"`{f.name}`", _type(f.type), what.text, what.null or "never") for f, what in told]
    if config != "default":
        yield from table(("column", "type", "meaning", "null when"), "llll", rows)
        return
    nulls = (f"{origins.nulls.get(name, 0):,}" for name in SCHEMAS[config].names)
    rows_and_nulls = ((*row, count) for row, count in zip(rows, nulls, strict=True))
    yield from table(("column", "type", "meaning", "null when", "nulls"), "llllr", rows_and_nulls)


def _type(kind: pa.DataType) -> str:
    return f"list of {kind.value_type}" if pa.types.is_list(kind) else str(kind)


def _made(recipe: Recipe, manifest: Json) -> Lines:
    folder = f"{manifest['name']}-{manifest['version']}"
    yield from ("## How it was made", "")
    yield "Rules mark spans of each source. A marked span goes or is replaced; what is not marked stays as it was."
    if "removed" in manifest["configs"]:
        ledger = manifest["configs"]["removed"]["files"][0]["path"]
        yield f"Each span is a row of the config `removed` ([the ledger]({ledger})), with its place, its text, the rule"
        yield f"and the reason. `corpuskit explain SOURCE_PATH --release {folder}` shows a document with its spans in"
        yield "place, `corpuskit explain --rule NAME` the page of a rule."
        heads = ("kind", "rule", "what it takes", "spans", "characters")
        yield from ("", *table(heads, "lllrr", _rules(recipe, manifest)))
    else:
        yield "Nothing had to go: there is no ledger."
    yield ""
    if len(splits_of(manifest["configs"]["default"])) > 1:
        yield "A document's `cluster` decides its split, so that copies and near copies never stand in two."
    if recipe.output.report:
        yield "[report.html](report.html) shows documents before and after, and what each source gave."
    off = f", without the rules {_names(recipe.clean.disable)}" if recipe.clean.disable else ""
    yield f"Profile `{recipe.clean.profile}`{off}; all choices are in `manifest.json` under `recipe`. Made with"
    yield f"{', '.join(f'{markdown(name)} {markdown(version)}' for name, version in manifest['versions'].items())}."


def _rules(recipe: Recipe, manifest: Json) -> Iterator[tuple[str, ...]]:
    """A row for each rule that did something, in the order in which a build comes to them, and their sum."""
    known = {name: (kind, line) for kind, entries in BOOK.items() for name, line in entries.items()}
    own = {r.name: ("recipe", f"{'Spans' if r.span else 'Lines'} of a pattern in the recipe.") for r in recipe.rules}
    done = manifest["rules"]
    for name in [*(n for n in known if n in done), *(n for n in done if n not in known)]:
        kind, line = known.get(name) or own.get(name, ("plugin", "A rule of another package."))
        yield kind, code(name), line, f"{done[name]['spans']:,}", f"{done[name]['characters']:,}"
    spans, characters = (sum(n[what] for n in done.values()) for what in ("spans", "characters"))
    yield "", "all", "", f"{spans:,}", f"{characters:,}"


def _flags(recipe: Recipe, manifest: Json) -> Lines:
    if not manifest["flags"]:
        return
    yield from ("## Quality flags", "")
    dropped = "No document was dropped for one."
    if recipe.filter.flags:
        names = _names(recipe.filter.flags)
        dropped = f"Documents with {names} before duplicates were taken out went whole, by the rule `filtered`."
    yield from (f"What `flags` says of documents. {dropped}", "")
    rows = ((code(f), f"{n:,}", FLAGS.get(f, "set by a rule of the recipe")) for f, n in manifest["flags"].items())
    yield from table(("flag", "documents", "meaning"), "lrl", rows)


def _sources(recipe: Recipe, manifest: Json, origins: Provenance) -> Lines:
    yield from ("## Sources and licences", "")
    yield "`sources.parquet` lists every file that was read, with its sha256; each document names its file and its sum."
    own = f", else {code(recipe.license)}, the licence of the recipe" if recipe.license else ""
    yield f"The column `license` holds the licence that a record names{own}."
    heads = ("folder", "documents", "characters", "files", "documents read")
    yield from ("", *_origins(heads, origins.folders, "(none)"))
    for head, tally, unknown in (
        ("licence", origins.licences, "(not stated)"),
        ("host", origins.hosts, "(no address)"),
        ("publisher", origins.publishers, "(not known)"),
    ):
        if head == "licence" or any(row[0] for row in tally.top(2).rows):
            yield from ("", *_origins((head, "documents", "characters"), tally, unknown))
    if unreadable := manifest["quarantined"]:
        more = f", of which {UNREADABLE} are shown" if len(unreadable) > UNREADABLE else ""
        yield from ("", f"Not read, and listed in the ledger under `unreadable` ({len(unreadable):,}{more}):", "")
        places = ((" ".join((u["path"], u.get("line", ""))), u["reason"]) for u in unreadable[:UNREADABLE])
        yield from table(("source", "reason"), "ll", ((cell(place), cell(reason)) for place, reason in places))


def _origins(heads: Sequence[str], tally: Tally, unknown: str) -> Lines:
    top = tally.top(ORIGINS)
    if not top.exact:  # of more hosts than there is room for, rare ones were forgotten on the way
        heads = (heads[0], *(f"{head}, at least" for head in heads[1:]))
    rows = [(cell(name) if name else unknown, *(f"{n:,}" for n in sums)) for name, *sums in top.rows]
    if top.others:
        rows.append((f"{top.others:,} others", *(f"{n:,}" for n in top.rest)))
    return table(heads, "l" + "r" * (len(heads) - 1), rows)


def _limits(recipe: Recipe, manifest: Json, origins: Provenance) -> Lines:
    published, nulls = manifest["counts"]["published"], origins.nulls
    yield from ("## Known limits", "")
    yield "- Only broken characters are repaired. What the sources say stays: machine translation, doubled words,"
    yield "  errors of spelling and of fact. Machine-translated documents are not marked."
    yield f"- {published - nulls['date']:,} of {published:,} documents have a date, the one that their page gives; no"
    yield "  other is guessed, and none is the day of the crawl."
    yield f"- {published - nulls['source_url']:,} of {published:,} documents have the address of their page."
    if nulls["license"]:
        yield f"- {nulls['license']:,} documents come without a licence, as far as their sources say."
    if recipe.dedup.paragraphs or recipe.dedup.documents:
        yield "- Copies that differ in a word, a number or a name are no duplicates, and stay."
    else:
        yield "- Duplicates were not looked for."
    yield "- Nothing is done about personal data: names, telephone numbers and addresses in a text stand as published,"
    yield f"  and `author` names the writers of {published - nulls['author']:,} documents."
    if recipe.contact:
        yield f"- To have a text taken out, write to {markdown(recipe.contact)}: the next version has it nowhere."


def _verify() -> Lines:
    yield from ("## Verify and rebuild", "", "In the folder of the release:", "")
    yield from fenced(
        "sh",
        (
            "sha256sum -c SHA256SUMS                    # every file is whole",
            "corpuskit validate .                       # every character, count and copy is accounted for",
            "corpuskit validate . --rebuild SOURCE...   # the same sources give this release again",
        ),
    )
    yield ""
    yield "Recipe and versions are read from `manifest.json`. Under the same versions the bytes are the same, under"
    yield "others the content is compared."


def _changes(release: Path, version: str) -> Lines:
    """The entry of this version in the changelog that the release carries."""
    path = release / CHANGELOG
    entry = entry_of(path.read_text("utf-8", "replace"), version) if path.is_file() else []
    if entry:
        yield from ("## Changes", "", *(f"#{line}" if line.startswith("#") else line for line in entry[:CHANGES]))
        yield from ("", f"All entries: [{CHANGELOG}]({CHANGELOG}).")


def _citation(recipe: Recipe, manifest: Json) -> Lines:
    yield from ("## Citation", "")
    own = [show(line) for line in recipe.citation.strip().splitlines()]
    yield from fenced("bibtex", own or bibtex(recipe, manifest))


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))
