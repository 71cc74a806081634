"""The header of an ``.npy`` file. A build opens many small ones, and numpy compiles each header as Python source."""

from __future__ import annotations

import re
from ast import literal_eval
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np

#: Version 1.0 of the format, one dimension, as ``numpy.save`` writes it.
_HEADER: Final = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': (?P<dtype>[^\n]*), 'fortran_order': False, 'shape': \((?P<size>\d+),\), \} *\n",
    re.DOTALL,
)
#: More than any header of this project's arrays takes.
LONGEST: Final = 1024


class Header(NamedTuple):
    """The rows of an array: how many, of what type (as the file spells it), and at which byte of the file they begin.

    Who asks only how many there are needs no numpy.
    """

    size: int
    descr: str
    begin: int

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of a row."""
        return _dtype_of(self.descr)


def header_of(data: bytes) -> Header:
    """The header at the start of a file. Raises :class:`ValueError` for what is no array of one dimension."""
    found = _HEADER.match(data)
    if not found:
        raise ValueError("no .npy file of one dimension")
    return Header(int(found["size"]), found["dtype"].decode("latin-1"), found.end())


@lru_cache(maxsize=64)
def _dtype_of(descr: str) -> np.dtype[Any]:
    import numpy as np

    return np.lib.format.descr_to_dtype(literal_eval(descr))
