"""Files that appear whole: written under a draft name, flushed to the disk, renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpuskit.errors import OutputError


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


def replace_file(path: Path, data: bytes) -> None:
    """Give the file ``path`` this content. Raises :class:`OutputError`."""
    with replacing(path) as draft:
        draft.write_bytes(data)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft to write, which becomes ``path`` in one rename: whoever reads it finds the old file or the new one.

    A symbolic link stays one. Raises :class:`OutputError`.
    """
    path = Path(os.path.realpath(path))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Force a file's or folder's content to the disk (a folder cannot be opened on Windows: skipped)."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
