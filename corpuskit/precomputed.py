"""Tables that follow from the package's own files, kept where Python keeps its compiled modules.

To make them anew would be half of every start. They are written under the rules of ``.pyc``
files: beside them (``__pycache__``, or ``PYTHONPYCACHEPREFIX``), not at all under
``PYTHONDONTWRITEBYTECODE`` or where nobody may write; and none is read that other code, other
data files or other versions of the libraries made.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, wraps
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar, cast

from corpuskit.versions import code_digest, versions

Table = TypeVar("Table")


def precomputed(make: Callable[[], Table]) -> Callable[[], Table]:
    """Keep what ``make()`` returns, in this process and on disk for the next one.

    It must pickle, and follow from the files of the package and from the libraries of
    :func:`corpuskit.versions.versions` alone. Where it cannot be kept it is made at each start.
    """

    @lru_cache(maxsize=1)
    @wraps(make)
    def table() -> Table:
        place, key = _place(make), _key()
        kept = _read(place, key)
        if kept is None:
            made = make()
            _write(place, key, pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
            return made
        return cast(Table, pickle.loads(kept))  # noqa: S301 (as safe as the .pyc files beside it)

    return table


@lru_cache(maxsize=1)
def _key() -> bytes:
    return f"{code_digest()} {versions()} {sys.version}".encode()


def _place(make: Callable[[], Any]) -> Path | None:
    """The file of a table; ``None`` where Python keeps no compiled modules."""
    try:
        module = Path(cache_from_source(make.__code__.co_filename))
    except NotImplementedError:
        return None
    return module.with_suffix(f".{make.__name__}.pickle")


def _read(place: Path | None, key: bytes) -> bytes | None:
    """What was kept under this key, whole; else ``None``."""
    try:
        data = place.read_bytes() if place else b""
    except OSError:
        return None
    digest, kept = data[:32], data[32:]
    return kept if digest == hashlib.sha256(key + kept).digest() else None


def _write(place: Path | None, key: bytes, made: bytes) -> None:
    """Keep a table; a disk that refuses costs the next start its time and nothing else."""
    if place is None or sys.dont_write_bytecode:
        return
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(hashlib.sha256(key + made).digest() + made)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
