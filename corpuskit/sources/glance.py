"""A glance at SOURCE arguments before anything else is loaded: what the build will need."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from corpuskit.sources.formats import format_of

#: So many pages that each worker reads some of every kind, and the files among which they are looked for.
MANY: Final = 64
FIRST: Final = 1000


def many_pages(sources: Iterable[str]) -> bool:
    """Whether there are many HTML pages among the first files of the sources; decides how quick a build is, no more."""
    formats = map(format_of, islice(chain.from_iterable(map(_names, sources)), FIRST))
    kinds = Counter(found.kind for found in formats if found)
    return kinds["html"] >= MANY or kinds["warc"] > 0


def _names(source: str) -> Iterator[str]:
    """The names of the files of a folder or a glob; none of an object store."""
    for path in glob.iglob(source, recursive=True):
        yield from chain.from_iterable(files for _, _, files in os.walk(path)) if os.path.isdir(path) else [path]
