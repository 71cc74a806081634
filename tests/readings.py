"""A file in memory, read as a source."""

import io

from corpuskit.recipe import Recipe
from corpuskit.sources.reading import read_records
from corpuskit.sources.record import Record
from corpuskit.sources.unreadable import Unreadable


def read(data: bytes, name: str, recipe: Recipe | None = None) -> list[Record | Unreadable]:
    return list(read_records(io.BytesIO(data), name, recipe or Recipe()))


def reasons(found) -> list[str]:
    return [str(item) for item in found if isinstance(item, Unreadable)]


def texts(found) -> list[str]:
    return [item.text for item in found if isinstance(item, Record)]
