"""Where releases stand: a folder in which one appears by a rename, or one of an object store in which its last object
makes it a release."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from corpuskit.display import show
from corpuskit.errors import OutputError, ReleaseError, VersionExists
from corpuskit.filenames import MANIFEST, SUMS, WORK
from corpuskit.release.sums import release_id, whole_sums
from corpuskit.store.durable import commit
from corpuskit.store.objectstore import cache_of
from corpuskit.store.places import Folder, get, is_remote

if TYPE_CHECKING:
    from filelock import FileLock


class Told(NamedTuple):
    """What a release says of itself: the bytes of ``SHA256SUMS`` and of the manifest."""

    sums: bytes
    manifest: bytes


class Placed(NamedTuple):
    """A release in its place: where, and whether it stood there before."""

    place: str
    existed: bool


class Shelf(Protocol):
    """Where releases stand."""

    def home(self, name: str) -> str:
        """Where the finished steps of a dataset are kept: what :func:`~corpuskit.store.store_at` takes."""

    def lock(self, name: str) -> FileLock:
        """Held by the one build of a dataset on this machine."""

    def has(self, title: str) -> bool:
        """Whether the release ``title`` stands here."""

    def manifests(self, name: str) -> Iterator[tuple[str, bytes]]:
        """The releases of a dataset that stand here, sorted: where, and the bytes of the manifest."""

    def standing(self, title: str, sums: bytes) -> str | None:
        """Where the release ``title`` stands, if it has these bytes of ``SHA256SUMS``.

        Raises :class:`OutputError` for one on a disk that is damaged.
        """

    def place(self, draft: Path, title: str) -> Placed:
        """Make the files of ``draft`` the release ``title``. A release that stands there is left as it is.

        Raises :class:`VersionExists` when that one has other content.
        """


def shelf_at(out: str | Path) -> Shelf:
    """The shelf at a path or address."""
    return ObjectShelf(str(out).rstrip("/")) if is_remote(str(out)) else FolderShelf(Path(out).absolute())


class FolderShelf:
    """A folder: a release appears in it whole, by one rename."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def home(self, name: str) -> str:
        """See :class:`Shelf`."""
        return str(self.out / WORK / name)

    def lock(self, name: str) -> FileLock:
        """See :class:`Shelf`."""
        (self.out / WORK).mkdir(parents=True, exist_ok=True)
        return _lock(self.out / WORK / f"{name}.lock")

    def has(self, title: str) -> bool:
        """See :class:`Shelf`."""
        return (self.out / title).exists()

    def manifests(self, name: str) -> Iterator[tuple[str, bytes]]:
        """See :class:`Shelf`."""
        for path in sorted(self.out.glob(f"{name}-*/{MANIFEST}")):
            if path.is_file():
                yield str(path.parent), path.read_bytes()

    def standing(self, title: str, sums: bytes) -> str | None:
        """See :class:`Shelf`."""
        final = self.out / title
        if not (final / SUMS).is_file() or (final / SUMS).read_bytes() != sums:
            return None
        _refuse_damaged(final)
        return str(final)

    def place(self, draft: Path, title: str) -> Placed:
        """See :class:`Shelf`."""
        final, mine = self.out / title, _told(draft)
        existed = os.path.lexists(final)
        if existed:
            _refuse_damaged(final)
        else:
            commit(draft, final)
        _refuse_other(str(final), mine, _told(final))
        return Placed(str(final), existed)


class ObjectShelf:
    """A folder of an object store: ``manifest.json`` is written last, by one conditional request, and commits.

    Two builds that write different releases of one version must not mix: the first to put
    down its claim (the id of its release) publishes. A build that was cut leaves its claim,
    and goes on when it is run again.
    """

    def __init__(self, url: str) -> None:
        self.url, self.out = url, Folder(url)

    def home(self, name: str) -> str:
        """See :class:`Shelf`."""
        return f"{self.url}/{WORK}/{name}"

    def lock(self, name: str) -> FileLock:
        """See :class:`Shelf`."""
        return _lock(cache_of(self.home(name)).with_suffix(".lock"))

    def has(self, title: str) -> bool:
        """See :class:`Shelf`."""
        return (self.out / title).has(MANIFEST)

    def manifests(self, name: str) -> Iterator[tuple[str, bytes]]:
        """See :class:`Shelf`."""
        for path in self.out.matching(f"{name}-*/{MANIFEST}"):
            yield f"{self.url}/{path.removesuffix(f'/{MANIFEST}')}", self.out.read(path)

    def standing(self, title: str, sums: bytes) -> str | None:
        """See :class:`Shelf`."""
        there = self.out / title
        return there.url if there.has(MANIFEST) and there.has(SUMS) and there.read(SUMS) == sums else None

    def place(self, draft: Path, title: str) -> Placed:
        """See :class:`Shelf`."""
        claim, release, mine = f"{WORK}/{title}.claim", self.out / title, _told(draft)
        self._claim(claim, release_id(mine.sums), release.url)
        existed = release.has(MANIFEST) or not _upload(draft, release)
        self.out.delete([claim])
        _refuse_other(release.url, mine, Told(release.read(SUMS), release.read(MANIFEST)))
        return Placed(release.url, existed)

    def _claim(self, claim: str, mine: str, release: str) -> None:
        while not self.out.create(claim, mine.encode()):
            try:
                other = self.out.read(claim).decode()
            except FileNotFoundError:  # its build has just ended
                continue
            if other != mine:
                raise OutputError(
                    f"{release}: another build is publishing other content there, or was cut while it did. If none "
                    f"runs, delete {self.url}/{claim} and build again"
                )
            return
        if self.out.create(claim, mine.encode()):
            raise OutputError(f"{self.url}: this store ignores If-None-Match, and two builds could mix: use another")


def _lock(path: Path) -> FileLock:
    from filelock import FileLock  # late: who reads a release, or does a task of a build, takes no lock

    return FileLock(path)


@contextmanager
def at_hand(place: str) -> Iterator[Path]:
    """The folder of a release; one in an object store is fetched, with whatever else lies there.

    Raises :class:`ReleaseError` for one without a manifest, which is not published.
    """
    if not is_remote(place):
        yield Path(place)
        return
    there = Folder(place.rstrip("/"))
    with tempfile.TemporaryDirectory(prefix="corpuskit-") as folder:
        try:
            names = list(there.sizes())
            if MANIFEST not in names:
                raise ReleaseError(f"no release at {place}: its {MANIFEST}, which is written last, is not there")
            get({f"{there.url}/{name}": _inside(Path(folder), name, place) for name in names})
        except OSError as error:
            raise ReleaseError(f"cannot read {error.filename}: {error.strerror}") from None
        yield Path(folder)


def _inside(folder: Path, name: str, place: str) -> Path:
    """Where to write an object of a release: a name that is no plain path would be written elsewhere."""
    if not set(name.split("/")).isdisjoint({"", ".", ".."}) or "\\" in name or "\0" in name:
        raise ReleaseError(f"{place} is no release: it has an object named {show(name)}")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _upload(draft: Path, release: Folder) -> bool:
    """Upload data, then what describes it, then the manifest; whether this build wrote the manifest."""
    files = {path.relative_to(draft).as_posix(): path for path in sorted(draft.rglob("*")) if path.is_file()}
    release.delete(release.sizes().keys() - files.keys())  # of a build that was cut
    release.put({name: path for name, path in files.items() if "/" in name})
    release.put({name: path for name, path in files.items() if "/" not in name and name != MANIFEST})
    return release.create(MANIFEST, files[MANIFEST].read_bytes())


def _told(release: Path) -> Told:
    return Told((release / SUMS).read_bytes(), (release / MANIFEST).read_bytes())


def _refuse_damaged(release: Path) -> None:
    """What stands in the place of a release is never written over, and never called one that it is not."""
    try:
        if MANIFEST not in whole_sums(release):
            raise ReleaseError(f"{release} is no release: its {SUMS} names no {MANIFEST}")
    except ReleaseError as error:
        raise OutputError(f"{error}. It stands where this release belongs: move it away, then build again") from None


def _refuse_other(place: str, mine: Told, there: Told) -> None:
    if mine.sums != there.sums and not _same_content(mine, there):
        raise VersionExists(
            f"{place} exists with other content, and a published version never changes: build another --version"
        )


def _same_content(mine: Told, there: Told) -> bool:
    """Whether two releases hold the same rows and differ only because other library versions made them."""
    try:
        new, old = (json.loads(told.manifest) for told in (mine, there))
        digests = [{config: facts["content_digest"] for config, facts in m["configs"].items()} for m in (new, old)]
        return new["versions"] != old["versions"] and new["recipe"] == old["recipe"] and digests[0] == digests[1]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # what is there is no manifest
        return False
