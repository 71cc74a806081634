"""``croissant.json``: the release described in MLCommons Croissant 1.1, for dataset search and archives.

It repeats what the manifest says in a vocabulary that others read. It is no proof of
integrity: readers do not check sums of a file set; ``SHA256SUMS`` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from corpuskit.filenames import FOLDERS
from corpuskit.recipe import Recipe
from corpuskit.release.columns import CONFIGS, meaning
from corpuskit.release.parquet import SCHEMAS

Json = dict[str, Any]
CONFORMS_TO: Final = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
#: The type that readers take for Parquet; they accept the registered ``application/vnd.apache.parquet`` and then
#: cannot read a row (mlcroissant 1.1).
PARQUET: Final = "application/x-parquet"
#: The JSON-LD context that the specification of Croissant 1.1 asks every file to carry, word for word.
CONTEXT: Final[Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
#: Columns that name a row of a config. The ledger has none: an unreadable source may have several rows.
KEYS: Final = {"default": ("id",), "paragraphs": ("id", "index")}


def croissant(recipe: Recipe, manifest: Mapping[str, Any]) -> Json:
    """The Croissant description of the release that ``manifest`` describes.

    Holds no date and no address but those of the recipe: only inputs decide its bytes.
    A config without rows has no files and no record set.
    """
    configs = list(manifest["configs"])
    told = {
        "url": recipe.homepage,
        "license": recipe.license,
        "citeAs": recipe.citation,
        "creator": [{"@type": "sc:Person", "name": author} for author in recipe.authors],
        "datePublished": recipe.released,
        "inLanguage": [tag for tag in manifest["languages"] if not tag.startswith("und")],
    }
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": f"{manifest['name']}-{manifest['version']}",
        "conformsTo": list(CONFORMS_TO),
        "name": recipe.pretty_name or manifest["name"],
        "alternateName": manifest["name"],
        "description": recipe.description or _description(manifest),
        "version": manifest["version"],
        **{key: value for key, value in told.items() if value},
        "isLiveDataset": False,
        "rai:dataPreprocessingProtocol": _protocol(manifest),
        "distribution": [_files(config) for config in configs],
        "recordSet": [_records(config) for config in configs],
    }


def _description(manifest: Mapping[str, Any]) -> str:
    counts = manifest["counts"]
    return (
        f"{counts['published']:,} documents, cleaned and deduplicated by corpuskit {manifest['corpuskit']}, "
        "with every removed character in a ledger."
    )


def _protocol(manifest: Mapping[str, Any]) -> list[str]:
    """What the rules did, one sentence each; the ledger (config ``removed``) has every span."""
    return [
        f"Rule {rule}: {n['spans']:,} spans with {n['characters']:,} characters removed or replaced."
        for rule, n in manifest["rules"].items()
        if n["characters"]
    ]


def _files(config: str) -> Json:
    # in no container: mlcroissant cannot read a set inside its own files
    return {
        "@type": "cr:FileSet",
        "@id": f"{config}-files",
        "name": f"{config}-files",
        "description": f"Parquet files of the config {config}.",
        "encodingFormat": PARQUET,
        "includes": f"{FOLDERS[config]}/*.parquet",
    }


def _records(config: str) -> Json:
    keys = [{"@id": f"{config}/{column}"} for column in KEYS.get(config, ())]
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": CONFIGS[config],
        **({"key": keys} if keys else {}),
        "field": [_field(config, field) for field in SCHEMAS[config]],
    }


def _field(config: str, field: pa.Field) -> Json:
    array = pa.types.is_list(field.type)
    return {
        "@type": "cr:Field",
        "@id": f"{config}/{field.name}",
        "name": field.name,
        "description": str(meaning(config, field.name)),
        "dataType": _data_type(field.type.value_type if array else field.type),
        **({"isArray": True, "arrayShape": "-1"} if array else {}),
        "source": {"fileSet": {"@id": f"{config}-files"}, "extract": {"column": field.name}},
    }


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_string(kind):
        return "sc:Text"
    return "sc:Date" if pa.types.is_date32(kind) else "sc:Integer"
