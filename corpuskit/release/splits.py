"""Splits: which part of a release a document belongs to, decided by the name of its cluster and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final

import xxhash

from corpuskit.recipe.tables import Split

#: All splits, in the order in which a release lists them. Without shares in the recipe, everything is ``train``.
SPLITS: Final = ("train", "validation", "test")


def split_of(cluster: str, split: Split) -> str:
    """The split of a cluster: its name's hash, as a share of the range, falls into test, validation or the rest.

    Test comes first, so that another share of validation leaves test as it is.
    """
    place = xxhash.xxh3_64_intdigest(cluster.encode()) / 2**64
    if place < split.test:
        return "test"
    return "validation" if place < split.test + split.validation else "train"


def file_name(config: str, split: str) -> str:
    """The name under which a finished shard keeps the rows of one split."""
    return f"{config}.parquet" if split == "train" else f"{config}-{split}.parquet"


def split_in(path: str) -> str:
    """The split that the name of a data file says: ``data/test-00000-of-00002.parquet`` is of ``test``."""
    return PurePosixPath(path).name.partition("-")[0]


def splits_of(facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The files of a config by split; a split without rows has no files, and cannot be loaded."""
    return {split: list(files) for split, files in groupby(facts["files"], key=lambda file: split_in(file["path"]))}


def place_of(path: str) -> tuple[int, str]:
    """Where a data file stands among those of its config: by split, then by name; strange names stand last."""
    split = split_in(path)
    return SPLITS.index(split) if split in SPLITS else len(SPLITS), path
