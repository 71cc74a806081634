"""What every reader yields: records, pages that are still to be read, and what it had to skip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

#: Fields of a record that a reader may know; all others are found in the text.
FIELDS: Final = ("title", "url", "date", "author", "publisher", "language", "license")
#: What no Unicode text holds.
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")


class Record(NamedTuple):
    """One document as it stands in its source.

    ``text`` is the decoded text, before any repair. ``key`` tells the record from the
    others of its file (its own id, else its line; empty for a file that is one document)
    and ``where`` says in words where it stands. ``basis`` is ``source`` when offsets count
    code points of the decoded source, ``extracted`` when they count those of the text that
    ``extractor`` took from a page. ``fields`` holds what the source itself says
    (:data:`FIELDS`), ``came_from`` where it said it; ``captions`` are those that a page marks as such.
    ``utf8`` is the text in UTF-8 where its source has it so: to encode it again would cost as much as to read it.
    """

    text: str
    key: str = ""
    where: str = ""
    basis: str = "source"
    extractor: str = ""
    fields: Mapping[str, str] = MappingProxyType({})
    came_from: Mapping[str, str] = MappingProxyType({})
    captions: tuple[str, ...] = ()
    utf8: bytes = b""

    def with_text(self, text: str) -> Record:
        """The record with another text."""
        return self._replace(text=text, utf8=b"")


class RawPage(NamedTuple):
    """An HTML page before it is parsed, with what its record says; ``key`` and ``where`` as in :class:`Record`.

    ``charset`` is the one that its server said.
    """

    html: bytes
    key: str = ""
    where: str = ""
    known: Mapping[str, str] = MappingProxyType({})
    charset: str = ""


def one_line(value: Any) -> str:
    """A field as one line of text; what is no text, number or date counts as absent."""
    if value is None or isinstance(value, bool | list | dict | bytes) or value != value:  # NaN differs from itself
        return ""
    text = " ".join(str(value).split())
    return "" if _NO_TEXT.search(text) else text
