"""Bytes → text, strictly: what is not clearly text of a known encoding is refused, never guessed."""

from __future__ import annotations

import codecs
import re
from typing import Final

from corpuskit.sources.unreadable import Unreadable
from corpuskit.text.scan import has_controls

#: Byte order marks, longest first: UTF-32 LE begins with the mark of UTF-16 LE.
MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS: Final = tuple(mark for mark, _ in MARKS)
#: Control characters that no text holds; UTF-16 read as UTF-8 is full of them.
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str:
    """The text of ``data``; a byte order mark stays its first character.

    Raises :class:`Unreadable` for bytes that are not UTF-8 (or UTF-16/32 with a mark),
    for NUL characters, and for UTF-16 without a mark.
    """
    encoding = marked(data) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"not {encoding.upper()}: byte 0x{data[error.start]:02X} at byte {error.start}; convert the file to UTF-8"
        ) from None
    _check(text, *((data, 1) if encoding == "utf-8" else _units(text)))
    return text


def marked(data: bytes) -> str | None:
    """The encoding that a byte order mark tells, ``None`` without one or with that of UTF-8."""
    return next(name for mark, name in MARKS if data.startswith(mark)) if data.startswith(_MARKS) else None


def check_text(text: str) -> str:
    """``text`` itself; raises :class:`Unreadable` when it is empty, binary, or cannot be written as UTF-8."""
    try:
        _check(text, *_units(text))
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        if 0xDC80 <= code <= 0xDCFF:  # a reader's way of keeping a byte that is no UTF-8
            raise Unreadable(f"not UTF-8: byte 0x{code - 0xDC00:02X} at character {error.start}; convert it") from None
        raise Unreadable(f"a lone surrogate U+{code:04X} at character {error.start}: not Unicode text") from None
    return text


def _units(text: str) -> tuple[bytes, int]:
    """The text in UTF-16, which costs a third of UTF-8. Raises :class:`UnicodeEncodeError` for lone surrogates."""
    return text.encode("utf-16-le"), 2


def _check(text: str, data: bytes, width: int) -> None:
    """``data`` is ``text`` in units of so many bytes: its control characters are found at the speed of bytes."""
    controls = len(CONTROLS.findall(text)) if has_controls(data, width) else 0
    if controls * 20 > len(text):
        raise Unreadable("full of control characters: UTF-16 without a byte order mark, or binary; convert it to UTF-8")
    if controls and "\0" in text:
        raise Unreadable(f"a NUL character at character {text.index(chr(0))}: damaged or binary")
    if not text or text.isspace() or not text.strip("\ufeff \t\r\n\v\f"):
        raise Unreadable("empty: no text in it")
