"""SOURCE arguments → the files to read, sorted, each with its name in the release.

A folder is walked, a glob expanded, a file taken as it is, on a disk or in an object
store. Symbolic links, devices and files of unknown formats are listed as unreadable, never
followed and never passed over in silence; only a link to a folder that is itself named as
a source is that folder. corpuskit's own output inside a source is not a source.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from corpuskit.errors import SourceError
from corpuskit.sources.formats import format_of
from corpuskit.sources.objects import is_own, list_objects
from corpuskit.store.places import Object, is_remote

#: What ends a folder.
_SEPARATORS: Final = ("/", os.sep)


class SourceFile(NamedTuple):
    """A file to read: its name in the release (relative, POSIX), its size in bytes, and where it is.

    ``place``: the folder below which the name leads to it, with the separator that ends it, or else its own path: a
    corpus may have millions of files, and few folders. ``tag``: of an object in a store, another one when its content
    is (see :class:`~corpuskit.store.places.Object`).
    """

    place: str
    name: str
    size: int
    tag: str = ""

    @property
    def path(self) -> str:
        """The path of the file, or the address of the object."""
        return self.place + self.name if self.place.endswith(_SEPARATORS) else self.place


class UnreadableFile(NamedTuple):
    """A file that is listed and not opened: its name in the release, and why."""

    name: str
    reason: str


class Listing(NamedTuple):
    """What the SOURCE arguments hold, in source order, then by name (UTF-8 bytes)."""

    files: list[SourceFile]
    unreadable: list[UnreadableFile]


def list_sources(sources: Sequence[str], exclude: str | Path | None = None) -> Listing:
    """List the files of ``sources``, leaving out the folder ``exclude`` (the output).

    Names are relative to the one folder given, else to the closest folder that holds all
    sources. Raises :class:`SourceError` for a source that does not exist.
    """
    far = [source for source in sources if is_remote(source)]
    if far and len(far) < len(sources):
        raise SourceError(f"{far[0]}: sources lie on this machine or in an object store, not in both")
    files: dict[str, SourceFile] = {}  # by name, each with the first path that has it
    unreadable: dict[str, UnreadableFile] = {}
    folders: dict[str, str] = {}
    for path, name, found, reason in list_objects(far, exclude) if far else _list_files(sources, exclude):
        file = SourceFile(_place(path, name, folders), name, *found)
        if (first := files.setdefault(name, file)) is not file and first.path != path:
            reason = "another file has this name in the release (bytes that are no UTF-8 are written \\xNN): rename it"
        if reason := reason or _unknown(name):
            unreadable.setdefault(path, UnreadableFile(name, reason))
    return Listing([file for file in files.values() if file.path not in unreadable], list(unreadable.values()))


def _place(path: str, name: str, folders: dict[str, str]) -> str:
    """See :class:`SourceFile`; ``folders``: those that are known, each of which is kept once."""
    folder = path.removesuffix(name)
    return folders.setdefault(folder, folder) if folder + name == path and folder.endswith(_SEPARATORS) else path


def _list_files(sources: Sequence[str], exclude: str | Path | None) -> Iterator[tuple[str, str, Object, str]]:
    """Path, name, size, and why it is not read (or "").

    Without a tag: times of a disk can be set, and some disks keep them by the second.
    """
    named = [root for source in sources for root in _expand(source)]
    base = os.path.join(_base([root for root, _ in named]), "")
    for root, follow in named:
        for path, size, reason in _walk(root, exclude, follow):
            yield path, printable_name(path.removeprefix(base).replace(os.sep, "/")), Object(size, ""), reason


def printable_name(name: str) -> str:
    """A file name as text that any file can hold: undecodable bytes become ``\\xNN``."""
    if name.isprintable():  # what stands for such a byte is not
        return name
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _expand(source: str) -> Iterator[tuple[str, bool]]:
    """The files and folders that a source means, and whether it names them: what a glob finds it does not."""
    if os.path.lexists(source):
        yield os.path.abspath(source), True
        return
    found = sorted(glob.glob(source, recursive=True), key=os.fsencode) if glob.has_magic(source) else []
    if not found:
        raise SourceError(f"no such source: {source} (a file, a folder or a glob that matches something)")
    yield from ((os.path.abspath(path), False) for path in found)


def _base(roots: Sequence[str]) -> str:
    if len(roots) == 1 and os.path.isdir(roots[0]):
        return roots[0]
    try:
        return os.path.commonpath([os.path.dirname(root) for root in roots])
    except ValueError:
        raise SourceError("the sources lie on different drives: build them from one folder") from None


def _walk(root: str, exclude: str | Path | None, follow: bool) -> Iterator[tuple[str, int, str]]:
    """Path, size, and why it is not read (or ""); ``follow``: the root may be a link to a folder."""
    if not os.path.isdir(root) or (os.path.islink(root) and not follow):
        yield root, *_looked_at(root)
        return
    excluded = os.stat(exclude) if exclude is not None and os.path.exists(exclude) else None
    todo = _entries(root, excluded)
    while todo:
        entry = todo.pop()
        if entry.is_dir(follow_symlinks=False):
            todo += _entries(entry.path, excluded)
        else:
            yield entry.path, *_looked_at(entry.path)


def _entries(folder: str, excluded: os.stat_result | None) -> list[os.DirEntry[str]]:
    """What a folder holds, the last one first; nothing of one that is corpuskit's own."""
    try:
        entries, found = list(os.scandir(folder)), os.stat(folder)
    except OSError as error:
        raise SourceError(f"cannot list {printable_name(folder)}: {error.strerror}") from None
    if (excluded is not None and os.path.samestat(found, excluded)) or _own(entries):
        return []
    return sorted(entries, key=_in_path, reverse=True)


def _in_path(entry: os.DirEntry[str]) -> bytes:
    """An entry as it stands in the paths below it: so sorted, folder by folder, all paths come in order."""
    name = os.fsencode(entry.name)
    return name + b"/" if entry.is_dir(follow_symlinks=False) else name


def _own(entries: Iterable[os.DirEntry[str]]) -> bool:
    return is_own({entry.name for entry in entries})


def _looked_at(path: str) -> tuple[int, str]:
    """The size of a file, and why it is not read (or "")."""
    try:
        info = os.lstat(path)
    except OSError as error:  # it has gone since its folder was listed
        return 0, f"cannot be read: {error.strerror}"
    if stat.S_ISLNK(info.st_mode):
        return 0, "a symbolic link: links are never followed; name the file itself as a source"
    if not stat.S_ISREG(info.st_mode):
        return 0, "not a regular file"
    return info.st_size, ""


def _unknown(name: str) -> str:
    if format_of(name) is None:
        known = ".txt, .md, .html, .jsonl, .csv, .parquet or .warc (also .gz .bz2 .xz .zst)"
        return f"unknown format: convert it to {known}; if it is one of these, name it so"
    return ""
