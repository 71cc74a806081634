"""Untrusted text made safe to print: for every name, title and reason that reaches a terminal or a page."""

from __future__ import annotations

import unicodedata

#: Formatting characters that may stay: they shape words and cannot reorder or hide text.
JOINERS = "\u200c\u200d"


def show(text: str) -> str:
    """``text`` on one line, control and direction characters written as ``\\uXXXX``."""
    if text.isprintable():
        return text
    return "".join(c if _plain(c) else _escaped(c) for c in text)


def _plain(c: str) -> bool:
    return c == " " or c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _escaped(c: str) -> str:
    return f"\\u{ord(c):04X}" if ord(c) < 0x10000 else f"\\U{ord(c):08X}"
