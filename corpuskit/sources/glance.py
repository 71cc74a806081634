"""A glance at SOURCE arguments before anything else is loaded: what the build will need."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

#: So many pages that each worker reads some of every kind, and the files among which they are looked for.
MANY: Final = 64
FIRST: Final = 1000

_PAGES: Final = (".html", ".htm", ".xhtml")
_ARCHIVES: Final = (".warc", ".warc.gz")


def many_pages(sources: Iterable[str]) -> bool:
    """Whether there are many HTML pages among the first files of the sources; decides how quick a build is, no more."""
    names = [name.lower() for name in islice(chain.from_iterable(map(_names, sources)), FIRST)]
    return sum(name.endswith(_PAGES) for name in names) >= MANY or any(name.endswith(_ARCHIVES) for name in names)


def _names(source: str) -> Iterator[str]:
    """The names of the files of a folder or a glob; none of an object store."""
    for path in glob.iglob(source, recursive=True):
        yield from chain.from_iterable(files for _, _, files in os.walk(path)) if os.path.isdir(path) else [path]
