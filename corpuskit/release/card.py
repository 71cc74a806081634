"""The dataset card: YAML that pins configs, features and splits, and prose in which every number is computed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import pyarrow as pa
import yaml

from corpuskit.annotate.quality import MEANING as FLAGS
from corpuskit.display import show
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import FOLDERS, SCHEMAS
from corpuskit.release.splits import split_in

Json = Mapping[str, Any]
SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
                (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))  # fmt: skip
#: What each column means, and when it is null; the card and docs/release.md print these.
MEANING: Final = {
    "id": "stable across versions: hash of the source path and of the record's own id, never of the content",
    "text": "the published text",
    "title": "title without the site's name; null when the page sets none apart",
    "source_url": "address that the page or record gives, as printed; null when it gives none",
    "publisher": "site name, from a domain line or the page's metadata; null when unknown",
    "author": "byline; null when unknown",
    "date": "publication date from a dateline or metadata; null when the page does not say, never the crawl date",
    "language": "BCP 47 tag, `und` (`und-Latn` …) when the script leaves it open",
    "captions": "marked captions, moved out of the text",
    "license": "licence of the record, else of the recipe; null when neither says",
    "source_path": "file, relative to the source folder",
    "source_where": "place of the record in the file; null when the file is one document",
    "source_sha256": "sha256 of the file",
    "basis": "`source`: offsets count code points of the decoded file; `extracted`: of the text taken from the page",
    "n_chars": "code points of `text`",
    "n_paragraphs": "lines of `text` that show something",
    "n_words": "words: of Thai by pythainlp, of scripts with spaces runs of letters and digits; null when not counted",
    "n_source_chars": "code points before cleaning",
    "n_removed_chars": "`n_source_chars` − `n_chars`",
    "came_from": "JSON: field → where its value was found",
    "flags": "quality flags; never a reason for a silent drop",
    "cluster": "name shared by copies and near copies, which splits do not part; null when the recipe makes none",
    "start": "first code point of the span; null for an unreadable source",
    "end": "code point behind the span; null for an unreadable source",
    "replacement": "what took the span's place; empty: nothing",
    "rule": "the rule that decided",
    "why": "its evidence",
    "twin_id": "id of the document that kept the copy; null unless a duplicate",
    "twin_start": "where the kept copy starts (code points); null unless a duplicate",
    "index": "number of the paragraph in its document, from 0",
}
#: Columns that mean something else in the other configs.
ELSEWHERE: Final = {
    "removed": {"id": "id of the document; null for an unreadable source", "text": "what stood there"},
    "paragraphs": {
        "id": "id of the document",
        "text": "the paragraph",
        "start": "where it starts in `text` of the document (code points)",
    },
}


def card(recipe: Recipe, manifest: Json, instance: Json) -> str:
    """The text of the release's ``README.md``."""
    header = yaml.safe_dump(front_matter(recipe, manifest), sort_keys=False, allow_unicode=True, width=10**6)
    sections = "\n\n".join("\n".join(section) for section in _sections(recipe, manifest, instance))
    return f"---\n{header}---\n\n{sections}\n"


def front_matter(recipe: Recipe, manifest: Json) -> dict[str, Any]:
    """The YAML of the card.

    The content digest in each description is what keeps ``load_dataset`` from serving
    an older build of the same name from its cache (publishing.md, 0.1).
    """
    configs = manifest["configs"]
    core = manifest["version"].partition("-")[0]
    languages = [tag for tag in manifest["languages"] if not tag.startswith("und")]
    made: dict[str, Any] = {"pretty_name": recipe.pretty_name or recipe.name}
    if languages:
        made["language"] = languages
    if recipe.license:
        made["license"] = recipe.license
    made["size_categories"] = [next((name for size, name in SIZES if configs["default"]["rows"] < size), "n>1B")]
    made |= {
        "task_categories": ["text-generation", "fill-mask"],
        "source_datasets": ["original"],
        "tags": ["corpuskit"],
    }
    made["configs"] = [
        {"config_name": c, "data_files": [_data_files(c, split) for split in splits_of(configs[c])], "version": core}
        | ({"default": True} if c == "default" else {})
        for c in configs
    ]
    made["dataset_info"] = [_info(recipe, manifest, config, facts) for config, facts in configs.items()]
    return made


def _info(recipe: Recipe, manifest: Json, config: str, facts: Json) -> dict[str, Any]:
    told: dict[str, Any] = {
        "config_name": config,
        "description": f"{manifest['name']} {manifest['version']}, config {config}, sha256:{_files_digest(facts)}",
    }
    told |= {key: value for key, value in (("homepage", recipe.homepage), ("license", recipe.license)) if value}
    return told | {
        "features": [_feature(f) for f in SCHEMAS[config]],
        "splits": [
            {"name": split, "num_bytes": sum(f["nbytes"] for f in files), "num_examples": sum(f["rows"] for f in files)}
            for split, files in splits_of(facts).items()
        ],
        "download_size": sum(f["bytes"] for f in facts["files"]),
        "dataset_size": facts["nbytes"],
    }


def splits_of(facts: Json) -> dict[str, list[Json]]:
    """The files of a config by split; a split without rows has no files, and cannot be loaded."""
    return {split: list(files) for split, files in groupby(facts["files"], key=lambda file: split_in(file["path"]))}


def _data_files(config: str, split: str) -> dict[str, str]:
    return {"split": split, "path": f"{FOLDERS[config]}/{split}-*.parquet"}


def _files_digest(facts: Json) -> str:
    import hashlib

    return hashlib.sha256("".join(f["sha256"] for f in facts["files"]).encode()).hexdigest()


def _feature(field: pa.Field) -> dict[str, str]:
    if pa.types.is_list(field.type):
        return {"name": field.name, "list": str(field.type.value_type)}
    return {"name": field.name, "dtype": "date32" if pa.types.is_date32(field.type) else str(field.type)}


def _sections(recipe: Recipe, manifest: Json, instance: Json) -> Iterator[Sequence[str]]:
    name, version, configs, counts = manifest["name"], manifest["version"], manifest["configs"], manifest["counts"]
    yield [f"# {markdown(recipe.pretty_name or name)}"]
    yield [
        markdown(recipe.description)
        or f"{counts['published']:,} documents, cleaned and deduplicated by corpuskit, "
        "with every removed character in a ledger.",
        "",
        f"Version **{version}**, built with corpuskit {manifest['corpuskit']}.",
    ]
    loaders = (_loader(f"{name}-{version}", config, next(iter(splits_of(configs[config])))) for config in configs)
    yield ["## Load", "", "```python", "from datasets import load_dataset", "", *loaders, "```"]
    yield [
        "## Counts", "", "| what | count |", "|---|---:|",
        f"| source files | {manifest['sources']['files']:,} |",
        f"| documents read | {counts.get('documents', 0):,} |",
        f"| documents published | {counts['published']:,} |",
        *_split_counts(configs["default"]),
        f"| paragraphs published | {counts['paragraphs']:,} |",
        f"| characters published | {counts['chars']:,} of {counts['source_chars']:,} |",
        *_words(manifest),
        f"| sources or records that could not be read | {len(manifest['quarantined']):,} |",
        *([f"| withdrawn on request | {manifest['withdrawn']:,} |"] if "withdrawn" in manifest else []),
    ]  # fmt: skip
    yield [
        "## What was removed or repaired", "",
        "Each span is a row of the config `removed`, with its offsets and the reason.", "",
        "| rule | spans | characters |", "|---|---:|---:|",
        *(f"| `{rule}` | {n['spans']:,} | {n['characters']:,} |" for rule, n in manifest["rules"].items()),
    ]  # fmt: skip
    if manifest["flags"]:
        yield ["## Quality flags", "", f"What `flags` says of documents. {_filtered(recipe)}", "", *_flags(manifest)]
    if instance:
        yield ["## One document", "", "```json", json.dumps(shortened(instance), ensure_ascii=False, indent=1), "```"]
    for config in configs:
        yield [f"## Columns of `{config}`", "", "| column | type | meaning |", "|---|---|---|"] + [
            f"| `{f.name}` | {f.type} | {meaning(config, f.name)} |" for f in SCHEMAS[config]
        ]
    yield [
        "## Verify and rebuild", "", "```sh", "sha256sum -c SHA256SUMS", f"corpuskit validate {name}-{version}",
        f"corpuskit validate {name}-{version} --rebuild SOURCE", "```",
    ]  # fmt: skip


def _flags(manifest: Json) -> Iterator[str]:
    yield from ("| flag | documents | meaning |", "|---|---:|---|")
    for flag, count in manifest["flags"].items():
        yield f"| `{flag}` | {count:,} | {FLAGS.get(flag, 'set by a rule of the recipe')} |"


def _filtered(recipe: Recipe) -> str:
    flags = ", ".join(f"`{flag}`" for flag in recipe.filter.flags)
    if not flags:
        return "No document was dropped for one."
    return f"Documents with {flags} before duplicates were taken out went whole, by the rule `filtered`."


def _split_counts(facts: Json) -> Iterator[str]:
    """Rows of the table of counts: documents of each split, where there are several."""
    splits = splits_of(facts)
    for split, files in splits.items() if len(splits) > 1 else ():
        yield f"| … in the split `{split}` | {sum(f['rows'] for f in files):,} |"


def _words(manifest: Json) -> Iterator[str]:
    """Rows of the table of counts: words of all documents, or of a sample of them."""
    counts, sample = manifest["counts"], manifest.get("words_sample")
    if "words" in counts:
        yield f"| words, in {counts['worded']:,} documents whose words can be counted | {counts['words']:,} |"
    if sample:
        documents, words = sample["documents"], sample["words"]
        yield f"| words for a document, in a sample of {documents:,} | {words / documents:,.0f} |"
        yield f"| characters for a word, in the same sample | {sample['characters'] / words:.1f} |"


def _loader(folder: str, config: str, split: str) -> str:
    if config == "default":
        return f'documents = load_dataset("{folder}", split="{split}")'
    return f'{config} = load_dataset("{folder}", "{config}", split="{split}")'


def meaning(config: str, column: str) -> str:
    """What a column of a config means."""
    return ELSEWHERE.get(config, {}).get(column, MEANING[column])


def markdown(text: str) -> str:
    """Untrusted text as one line of Markdown that means nothing but itself."""
    return "".join("\\" + c if c in "\\`*_{}[]<>()#+!|~" else c for c in show(text))


def shortened(row: Json) -> dict[str, Any]:
    """An instance for the card: long texts cut, everything printable, code fences harmless."""

    def value(v: Any) -> Any:
        if isinstance(v, str):
            v = show(v[:200]).replace("`", "'") + (" …" if len(v) > 200 else "")
        return v if v is None or isinstance(v, str | int) else [value(x) for x in v] if isinstance(v, list) else str(v)

    return {name: value(v) for name, v in row.items()}
