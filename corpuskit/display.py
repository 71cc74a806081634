"""Text for people: untrusted names, titles and reasons made safe to print; numbers and places in words."""

from __future__ import annotations

import unicodedata

#: Formatting characters that may stay: they shape words and cannot reorder or hide text.
JOINERS = "\u200c\u200d"


def show(text: str) -> str:
    """``text`` on one line, control and direction characters written as ``\\uXXXX``."""
    if text.isprintable():
        return text
    return "".join(c if _plain(c) else escaped(c) for c in text)


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: ``1 document``, ``2,000 documents``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def place(path: str, where: str | None) -> str:
    """A source, and the record in it if ``where`` names one: ``news.jsonl, line 12``. Untrusted still."""
    return f"{path}, {where}" if where else path


def _plain(c: str) -> bool:
    return c == " " or c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def escaped(c: str) -> str:
    """A character as ``\\uXXXX``, which Python, JSON and TOML read back."""
    return f"\\u{ord(c):04X}" if ord(c) < 0x10000 else f"\\U{ord(c):08X}"
