"""Pages that today's parsers lose in silence or chew on for minutes.

Measured with libxml2 2.14: from 256 levels on, text vanishes without an exception (the parser's
log says so); one tag with 20,000 attributes takes half a second, with 200,000 almost a minute.
"""

from __future__ import annotations

import re
from typing import Any, Final

from corpuskit.sources.unreadable import Unreadable

#: Bytes of a page at most; trafilatura's own limit.
MAX_BYTES: Final = 20_000_000
#: Attributes that one tag may have.
MAX_ATTRIBUTES: Final = 2_000

_VALUE: Final = r"=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+"
#: A start tag as browsers read it: a quote counts only after ``=``. Possessive, so that the scan stays linear.
_TAG: Final = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:[\s/]++|[^\s/>=]++|{_VALUE})*+")
_ATTRIBUTE: Final = re.compile(rf"{_VALUE}|([^\s/>=]++)")
_RAW_START: Final = re.compile(r"<(script|style)\b", re.IGNORECASE)


def check_size(data: bytes) -> None:
    """Raise :class:`Unreadable` for a page of more than :data:`MAX_BYTES`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{len(data):,} bytes: a page may have {MAX_BYTES:,}; split it")


def check_attributes(text: str) -> None:
    """Raise :class:`Unreadable` for a tag of more than :data:`MAX_ATTRIBUTES`; to be called before parsing."""
    for match in _TAG.finditer(text):
        if match.end() - match.start() > 2 * MAX_ATTRIBUTES:
            count = sum(map(bool, _ATTRIBUTE.findall(match[0]))) - 1
            if count > MAX_ATTRIBUTES and not _in_raw_text(text, match.start()):
                raise Unreadable(
                    f"a tag with {count:,} attributes at character {match.start()}: {MAX_ATTRIBUTES:,} are read; "
                    "remove the tag or the page"
                )


def check_parse(parser: Any) -> None:
    """Raise :class:`Unreadable` when the parser gave up: elements nested too deeply, or one endless text."""
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            what = "elements nested more than 250 deep" if "depth" in entry.message else "a text of more than 10 million bytes"
            raise Unreadable(f"{what}, at line {entry.line}: the parser would drop the rest; simplify the markup")


def _in_raw_text(text: str, place: int) -> bool:
    """Whether ``place`` is inside a script or style sheet, where ``<`` opens no tag."""
    at = 0
    while (start := _RAW_START.search(text, at, place)) is not None:
        end = re.compile(f"</{start[1]}", re.IGNORECASE).search(text, start.end())
        at = end.end() if end else len(text)
        if at > place:
            return True
    return False
