"""Finished work, filed under the hash of what made it.

A file or folder in the store is written under a draft name and renamed: one that exists
is complete. Its name hashes the code, the recipe and the names of its inputs (which are
hashes themselves), so that resuming, incremental builds and "never stale" are one
mechanism. After a build, what it did not use is swept away, so that the store
holds no more than the last build of each dataset, and nothing of a withdrawn document.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import corpuskit


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Hash of corpuskit's own source and data files: another code may decide otherwise."""
    root = Path(corpuskit.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".py", ".toml", ".json"}):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def name_of(*made_from: object) -> str:
    """The name of a step's result: hash of everything that it is made from, in order."""
    digest = hashlib.sha256()
    for part in made_from:
        data = str(part).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()[:40]


class Store:
    """A folder of finished steps."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, step: str, name: str) -> Path:
        """Where the result of ``step`` with this name stands, finished or not."""
        return self.root / step / name

    def finish(self, step: str, name: str, work: Callable[[Path], None]) -> Path:
        """The folder of the finished step; ``work(draft)`` is called to fill it if it does not exist yet."""
        final = self.path(step, name)
        if final.exists():
            return final
        draft = final.with_name(f".{name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            work(draft)
            commit(draft, final)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return final

    def drop_drafts(self) -> None:
        """Remove what killed workers and builds left: drafts of steps and releases."""
        for draft in (*self.root.glob("*/.*"), *self.root.glob(".*")):
            shutil.rmtree(draft, ignore_errors=True)

    def sweep(self, used: Iterable[Path]) -> None:
        """Remove every step that is not among ``used``: older builds, drafts of killed ones."""
        keep = set(used)
        for step in self.root.iterdir() if self.root.exists() else ():
            for entry in step.iterdir():
                if entry not in keep:
                    shutil.rmtree(entry, ignore_errors=True)


def commit(draft: Path, final: Path) -> None:
    """Make ``draft`` (a folder) durable and give it its name in one rename; a rival's equal result is kept."""
    for path in sorted(draft.rglob("*")):
        flush(path)
    flush(draft)
    try:
        draft.rename(final)
    except OSError:
        if not final.exists():
            raise
        shutil.rmtree(draft)
    flush(final.parent)


def flush(path: Path) -> None:
    """Force a file's or folder's content to the disk (a folder cannot be opened on Windows: skipped)."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
