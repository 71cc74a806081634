"""Finished steps in an object store, with a folder of this machine in front of it.

A step is made in a local draft and uploaded file by file; the object ``done`` comes last
and makes it finished. A stage fetches the files that it asks for, and of arrays the rows.
What is finished never changes, so that a copy of it is always good.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpuskit.errors import OutputError
from corpuskit.store.npy import header_of
from corpuskit.store.places import Folder
from corpuskit.store.steps import Array, Step, Store, name_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The object that makes a step finished.
DONE: Final = "done"
#: What one request reads of an array before more is asked for: its header, and small arrays whole.
FIRST: Final = 16 * 1024


class RemoteArray:
    """An ``.npy`` object of which only the asked rows are read."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.folder, self.name = folder, name
        self.first = folder.read(name, 0, FIRST)
        self.head = header_of(self.first)

    def __len__(self) -> int:
        return self.head.size

    def __getitem__(self, rows: slice, /) -> NDArray[Any]:
        import numpy as np  # late: as in Store.array

        start, stop, _ = rows.indices(self.head.size)
        dtype = self.head.dtype
        begin, end = (self.head.begin + row * dtype.itemsize for row in (start, max(start, stop)))
        data = self.first[begin:end]
        if end > max(begin, len(self.first)):
            data = self.folder.read(self.name, begin, end)
        return np.frombuffer(data, dtype)


class ObjectStore(Store):
    """A folder of an object store with finished steps; :attr:`root` is this machine's copy of some of them."""

    def __init__(self, url: str) -> None:
        super().__init__(cache_of(url))
        self.there = Folder(url)

    def has(self, step: Step) -> bool:
        """Whether a step is finished."""
        return self._folder(step).has(DONE)

    def steps(self, stage: str) -> list[Step]:
        """The finished steps of a stage, sorted by name."""
        names = (self.there / stage).sizes()
        return [Step(stage, name.removesuffix(f"/{DONE}")) for name in names if name.endswith(f"/{DONE}")]

    def keep(self, draft: Path, step: Step) -> None:
        """Upload ``draft``; what this machine made it need not fetch."""
        self._folder(step).put({path.name: path for path in draft.iterdir()})
        self._folder(step).create(DONE, b"")
        try:
            draft.rename(self.root.joinpath(*step))
        except OSError:  # some of it is here already
            return

    def file(self, step: Step, name: str) -> Path:
        """A file of a finished step, fetched when this machine has no copy."""
        here = super().file(step, name)
        if not here.exists():
            with self.scratch(step.stage, "fetch") as folder:
                self._folder(step).get({name: folder / name})
                here.parent.mkdir(exist_ok=True)
                (folder / name).replace(here)
        return here

    def copy(self, step: Step, name: str, target: Path) -> None:
        """Write a file of a finished step to ``target``."""
        if super().file(step, name).exists():
            super().copy(step, name, target)
        else:
            self._folder(step).get({name: target})

    def array(self, step: Step, name: str) -> Array:
        """An array of a finished step, of which the asked rows are fetched."""
        return super().array(step, name) if super().file(step, name).exists() else RemoteArray(self._folder(step), name)

    def rows(self, step: Step, name: str) -> int:
        """How many rows an array of a finished step has; none of them is fetched."""
        return len(self.array(step, name))

    def place(self, step: Step) -> str:
        """Where a finished step stands, for people."""
        return self._folder(step).url

    def drop_drafts(self) -> None:
        """Remove this machine's copies: all that is finished is in the object store."""
        shutil.rmtree(self.root, ignore_errors=True)

    def sweep(self, used: Iterable[Step]) -> None:
        """Remove every step that is not among ``used``: older builds, what killed ones left."""
        keep = {"/".join(step) for step in used}
        self.there.delete(name for name in self.there.sizes() if name.rpartition("/")[0] not in keep)

    def _folder(self, step: Step) -> Folder:
        return self.there / "/".join(step)


def cache_of(url: str) -> Path:
    """This machine's folder for copies from ``url``: in the place for temporary files, for this user alone."""
    user = os.getuid() if hasattr(os, "getuid") else 0  # on Windows the place is this user's already
    mine = Path(tempfile.gettempdir(), f"corpuskit-{user}")
    mine.mkdir(mode=0o700, exist_ok=True)
    if mine.is_symlink() or mine.stat().st_uid != user:
        raise OutputError(f"{mine} belongs to another user: set TMPDIR to a folder of your own")
    return mine / name_of(url)
