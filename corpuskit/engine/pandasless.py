"""pyarrow without pandas: it imports pandas, if there is one, at the first list that becomes an array.

That costs each process most of a CPU second, and a build has no use for it. Only processes
that are corpuskit's own do this: the workers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder


def forget_pandas() -> None:
    """Let pyarrow look for pandas now and find none; whoever imports pandas later gets it."""
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    sys.meta_path.insert(0, _NONE)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(_NONE)


class _NoPandas(MetaPathFinder):
    """Finds no pandas."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        """Leave every other module to the finders behind this one."""
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


_NONE = _NoPandas()
