"""The keys of the records of one file, of which there may be a hundred million: 8 bytes each."""

from __future__ import annotations

from typing import Final

import numpy as np

#: Hashes in a set of Python, which takes ten times the memory and no time, before they join the others.
MANY: Final = 1_000_000
_NONE: Final = np.zeros(0, np.uint64)


class RecordKeys:
    """A set of 64-bit hashes."""

    def __init__(self, many: int = MANY) -> None:
        self.many, self.early = many, _NONE
        self.late: set[int] = set()

    def add(self, key: int) -> bool:
        """Add a hash; whether it is new."""
        if key in self.late or (len(self.early) and self._early(key)):
            return False
        self.late.add(key)
        if len(self.late) == self.many:
            self.early = np.concatenate((self.early, np.fromiter(self.late, np.uint64, self.many)))
            self.early.sort()
            self.late.clear()
        return True

    def _early(self, key: int) -> bool:
        at = int(np.searchsorted(self.early, np.uint64(key)))
        return at < len(self.early) and int(self.early[at]) == key
