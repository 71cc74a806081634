"""Sources in an object store: listed as a disk would list them, and fetched to be read.

A folder there is what the keys of its objects begin with. The names in the release, their
order and what is left out are those of the same files on a disk.
"""

from __future__ import annotations

import errno
import glob
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from corpuskit.errors import SourceError
from corpuskit.filenames import FOLDERS, MANIFEST, SUMS, WORK
from corpuskit.store.places import SCHEME, Folder, Object, get, is_remote

#: Objects by key (bucket and name).
Objects = Mapping[str, Object]


def is_own(names: Set[str]) -> bool:
    """Whether a folder that holds these names is corpuskit's: a release, or the folder of releases."""
    return names >= {MANIFEST, SUMS, FOLDERS["default"]} or WORK in names


def list_objects(sources: Sequence[str], exclude: str | Path | None) -> Iterator[tuple[str, str, Object, str]]:
    """Address, name in the release, and facts of each object of ``sources``; nothing is wrong with any ("")."""
    roots = [root for source in sources for root in _expand(source)]
    base = _base(roots)
    for root, objects in roots:
        for key in _kept(root, objects, str(exclude or "").removeprefix(SCHEME).rstrip("/")):
            yield SCHEME + key, key.removeprefix(base).lstrip("/"), objects[key], ""


def fetch(paths: Sequence[str], folder: Path) -> list[str]:
    """Paths of this machine for ``paths``: objects are written to ``folder``, for any number of readings.

    All of them are objects, or none is. Raises :class:`SourceError` when one cannot be read: a release that lacks it
    would depend on the network.
    """
    if not paths or not is_remote(paths[0]):
        return list(paths)
    here = [str(folder / str(i)) for i in range(len(paths))]
    try:
        get(dict(zip(paths, map(Path, here), strict=True)))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):  # of this machine
            raise
        raise SourceError(f"cannot read {error.filename}: {error.strerror}") from None
    return here


def _expand(source: str) -> list[tuple[str, Objects]]:
    """The objects and folders that ``source`` means, each with the objects in it."""
    path = source.removeprefix(SCHEME).rstrip("/")
    try:
        objects = _below(path)
        if objects:
            return [(path, objects)]
        roots = _matches(path) if glob.has_magic(path) else {}
    except OSError as error:
        raise SourceError(f"cannot list {source}: {error.strerror}") from None
    if not roots:
        raise SourceError(f"no such source: {source} (an object, a folder or a glob that matches something)")
    return sorted(roots.items(), key=lambda root: root[0].encode())


def _below(path: str) -> dict[str, Object]:
    """The object ``path``, or those in the folder ``path``."""
    folder, _, name = path.rpartition("/")
    if folder and (found := Folder(SCHEME + folder).object(name)) is not None:
        return {path: found}
    return {f"{path}/{name}": found for name, found in Folder(SCHEME + path).objects().items()}


def _matches(pattern: str) -> dict[str, dict[str, Object]]:
    """The objects and folders whose keys match a glob (as on a disk, no wildcard stands for a dot in front)."""
    from fsspec.utils import glob_translate

    fixed = re.split(r"[*?[]", pattern, maxsplit=1)[0].rpartition("/")[0]
    fits = re.compile(glob_translate(pattern)).match
    roots: dict[str, dict[str, Object]] = defaultdict(dict)
    for key, found in _below(fixed).items():
        for root in _prefixes(key, len(fixed)):
            if fits(root) and ("/." in pattern or "/." not in root[len(fixed) :]):
                roots[root][key] = found
    return roots


def _prefixes(key: str, after: int) -> Iterator[str]:
    """``key`` and the folders that it lies in, below the first ``after`` characters."""
    ends = [i for i, c in enumerate(key) if c == "/" and i > after]
    yield from (key[:end] for end in ends)
    yield key


def _base(roots: Sequence[tuple[str, Objects]]) -> str:
    if len(roots) == 1 and roots[0][0] not in roots[0][1]:
        return roots[0][0]
    return posixpath.commonpath([posixpath.dirname(root) for root, _ in roots])


def _kept(root: str, objects: Iterable[str], exclude: str) -> Iterator[str]:
    """The keys in the order of a disk, without what corpuskit wrote itself."""
    inside: dict[str, set[str]] = defaultdict(set)
    for key in objects:
        for folder in (root, *_prefixes(key, len(root))):
            if folder != key:
                inside[folder].add(key[len(folder) + 1 :].partition("/")[0])
    own = {folder for folder, names in inside.items() if is_own(names) or folder == exclude}
    for key in sorted(objects, key=str.encode):
        if own.isdisjoint((root, *_prefixes(key, len(root)))):
            yield key
