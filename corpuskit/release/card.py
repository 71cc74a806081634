"""The dataset card: YAML that pins configs, features and splits, and prose in which every number is computed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import yaml

from corpuskit.filenames import FOLDERS
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import SCHEMAS
from corpuskit.release.sections import sections
from corpuskit.release.splits import splits_of

Json = Mapping[str, Any]
SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
                (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))  # fmt: skip
#: Licences as the Hub spells them; what is spelled otherwise goes under ``other``, with its name.
HUB_LICENSE: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def card(release: Path, recipe: Recipe, manifest: Json) -> str:
    """The text of ``README.md`` for the release in a folder: its data files, its sources and its manifest decide."""
    header = yaml.safe_dump(front_matter(recipe, manifest), sort_keys=False, allow_unicode=True, width=10**6)
    body = "\n\n".join("\n".join(lines) for lines in sections(release, recipe, manifest))
    return f"---\n{header}---\n\n{body}\n"


def front_matter(recipe: Recipe, manifest: Json) -> dict[str, Any]:
    """The YAML of the card.

    The content digest in each description is what keeps ``load_dataset`` from serving
    an older build of the same name: its cache of a folder is named by the folder's name and these
    lines, not by the data (datasets 2.21 to 5.2).
    """
    configs = manifest["configs"]
    core = manifest["version"].partition("-")[0]
    languages = [tag for tag in manifest["languages"] if not tag.startswith("und")]
    made: dict[str, Any] = {"pretty_name": _line(recipe.pretty_name) or recipe.name}
    if languages:
        made["language"] = languages
    made |= _license(_line(recipe.license))
    made["size_categories"] = [next((name for size, name in SIZES if configs["default"]["rows"] < size), "n>1B")]
    made |= {
        "task_categories": ["text-generation", "fill-mask"],
        **({"multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"]} if languages else {}),
        "source_datasets": ["original"],
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "tags": ["corpuskit"],
    }
    made["configs"] = [
        {"config_name": c, "data_files": [_data_files(c, split) for split in splits_of(configs[c])], "version": core}
        | ({"default": True} if c == "default" else {})
        for c in configs
    ]
    made["dataset_info"] = [_info(recipe, manifest, config, facts) for config, facts in configs.items()]
    return made


def _license(name: str) -> dict[str, str]:
    if not name or HUB_LICENSE.fullmatch(name):
        return {"license": name} if name else {}
    return {"license": "other", "license_name": name}


def _line(text: str) -> str:
    """Text on one line: some readers look for the ``---`` that ends the header in the lines of a value too."""
    return " ".join(text.split())


def _info(recipe: Recipe, manifest: Json, config: str, facts: Json) -> dict[str, Any]:
    told: dict[str, Any] = {
        "config_name": config,
        "description": f"{manifest['name']} {manifest['version']}, config {config}, sha256:{_files_digest(facts)}",
    }
    told |= {key: line for key in ("homepage", "license") if (line := _line(getattr(recipe, key)))}
    return told | {
        "features": [_feature(f) for f in SCHEMAS[config]],
        "splits": [
            {"name": split, "num_bytes": sum(f["nbytes"] for f in files), "num_examples": sum(f["rows"] for f in files)}
            for split, files in splits_of(facts).items()
        ],
        "download_size": sum(f["bytes"] for f in facts["files"]),
        "dataset_size": facts["nbytes"],
    }


def _data_files(config: str, split: str) -> dict[str, str]:
    return {"split": split, "path": f"{FOLDERS[config]}/{split}-*.parquet"}


def _files_digest(facts: Json) -> str:
    return hashlib.sha256("".join(f["sha256"] for f in facts["files"]).encode()).hexdigest()


def _feature(field: pa.Field) -> dict[str, str]:
    if pa.types.is_list(field.type):
        return {"name": field.name, "list": str(field.type.value_type)}
    return {"name": field.name, "dtype": "date32" if pa.types.is_date32(field.type) else str(field.type)}
