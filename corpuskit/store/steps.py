"""Finished work, filed under the hash of what made it.

A file or folder in the store is written under a draft name and renamed: one that exists
is complete. Its name hashes the code, the recipe and the names of its inputs (which are
hashes themselves), so that resuming, incremental builds and "never stale" are one
mechanism. After a build, what it did not use is swept away, so that the store
holds no more than the last build of each dataset, and nothing of a withdrawn document.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from corpuskit.store.durable import commit
from corpuskit.store.npy import LONGEST, header_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


def name_of(*made_from: object) -> str:
    """The name of a step's result: hash of everything that it is made from, in order."""
    digest = hashlib.sha256()
    for part in made_from:
        data = str(part).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()[:40]


class Step(NamedTuple):
    """A finished step: its stage, and the hash of what made it. This is what travels between stages."""

    stage: str
    name: str


class Array(Protocol):
    """An array of which a part can be read."""

    def __len__(self) -> int:
        """How many rows."""

    def __getitem__(self, rows: slice, /) -> NDArray[Any]:
        """Some of the rows."""


class Store:
    """A folder of finished steps."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def finish(self, stage: str, name: str, work: Callable[[Path], object]) -> Step:
        """The finished step; ``work(draft)`` is called to fill its folder if it does not exist yet."""
        step = Step(stage, name)
        if not self.has(step):
            with self.scratch(stage, name) as draft:
                work(draft)
                self.keep(draft, step)
        return step

    @contextmanager
    def scratch(self, stage: str, name: str) -> Iterator[Path]:
        """A folder of this process, gone afterwards (or with the drafts of a killed build)."""
        folder = self.root / stage / f".{name}.{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def has(self, step: Step) -> bool:
        """Whether a step is finished."""
        return self.root.joinpath(*step).exists()

    def steps(self, stage: str) -> list[Step]:
        """The finished steps of a stage, sorted by name."""
        return [Step(stage, path.name) for path in sorted(self.root.glob(f"{stage}/[!.]*"))]

    def keep(self, draft: Path, step: Step) -> None:
        """Make ``draft`` the folder of a finished step."""
        commit(draft, self.root.joinpath(*step))

    def file(self, step: Step, name: str) -> Path:
        """A file of a finished step, to be read and never changed."""
        return self.root.joinpath(*step, name)

    def copy(self, step: Step, name: str, target: Path) -> None:
        """Write a file of a finished step to ``target``."""
        shutil.copyfile(self.file(step, name), target)

    def array(self, step: Step, name: str) -> Array:
        """An array (``.npy``) of a finished step, mapped."""
        import numpy as np  # late: a build's own process needs no arrays

        path = self.file(step, name)
        with path.open("rb") as file:
            head = header_of(file.read(LONGEST))
            return np.memmap(file, head.dtype, "r", head.begin, (head.size,))

    def rows(self, step: Step, name: str) -> int:
        """How many rows an array of a finished step has."""
        with self.file(step, name).open("rb") as file:
            return header_of(file.read(LONGEST)).size

    def json(self, step: Step, name: str) -> Any:
        """What a JSON file of a finished step holds."""
        data = self.file(step, name).read_bytes()
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:  # Python's writes what a message may hold and no text: a lone surrogate
            return json.loads(data)

    def place(self, step: Step) -> str:
        """Where a finished step stands, for people."""
        return str(self.root.joinpath(*step))

    def drop_drafts(self) -> None:
        """Remove what is no finished step: what killed workers and builds left."""
        for draft in (*self.root.glob(".*"), *self.root.glob("*/.*")):
            shutil.rmtree(draft, ignore_errors=True)

    def sweep(self, used: Iterable[Step]) -> None:
        """Remove every step that is not among ``used``: older builds, drafts of killed ones."""
        keep = {self.root.joinpath(*step) for step in used}
        for step in self.root.glob("[!.]*"):
            for entry in step.iterdir():
                if entry not in keep:
                    shutil.rmtree(entry, ignore_errors=True)
