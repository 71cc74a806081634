"""What decides bytes besides corpuskit itself: the versions of Unicode and of the libraries that read, repair or write."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import metadata
from typing import Final

#: Libraries whose version can change a release's bytes.
DECIDING: Final = ("ftfy", "htmldate", "justext", "leather", "lxml", "pyarrow", "trafilatura")


@lru_cache(maxsize=1)
def _versions() -> tuple[tuple[str, str], ...]:
    libraries = [(name, metadata.version(name)) for name in DECIDING]
    return (("unicode", unicodedata.unidata_version), *libraries)


def versions() -> dict[str, str]:
    """Name → version, in fixed order."""
    return dict(_versions())
