"""Characters that no text wants: byte order marks, carriage returns, controls, soft hyphens, zero-width marks.

Joiners (U+200C, U+200D), directional marks and variation selectors carry meaning and
are never touched. Neither are quotes, dashes, width, digits and kinds of space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpuskit.model import Edit

# A pattern that begins with one plain class is searched several times as fast as one that begins with a repetition.
_RETURN: Final = re.compile("\r+\n?")
_SOFT_HYPHEN: Final = re.compile("\xad+")

#: Scripts that set a zero-width space between words: Lao, Myanmar, Tai Le, New Tai Lue, Tai Tham, Khmer.
_BROKEN: Final = "\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaa7f"
_BREAKABLE: Final = re.compile(f"[{_BROKEN}]")
_ZERO_WIDTH: Final = "\u200b\u2060\ufeff"
_ZERO_WIDTHS: Final = re.compile(f"[{_ZERO_WIDTH}][{_ZERO_WIDTH}]*")
#: Runs of one of them, which is all that most texts hold: a pattern that begins with a character is the fastest.
_ONE_ZERO_WIDTH: Final = {c: re.compile(f"{c}{c}*") for c in _ZERO_WIDTH}

_BREAK: Final = re.compile("[\x0b\x0c\u2028\u2029][\x0b\x0c\u2028\u2029]*")
#: C0, DEL, C1, and the characters that Unicode TR 20 keeps out of marked-up text (the list is ftfy's).
_CONTROLS: Final = "\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\u206a-\u206f\ufff9-\ufffc"
#: A run of controls, or an ANSI escape whole. It begins with one class, which the engine looks for at full speed.
_CONTROL: Final = re.compile(f"[\x1b{_CONTROLS}](?:(?<=\x1b)(?:\\[[0-9;]*[A-Za-z])?|(?<!\x1b)[{_CONTROLS}]*)")
#: C1 controls as browsers and ftfy read them (WHATWG Encoding, windows-1252). U+0085 is an ellipsis, no line end.
_WINDOWS: Final = {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_LATIN: Final = re.compile("[A-Za-z\xc0-\u024f]")


def byte_order_mark(text: str) -> Iterator[Edit]:
    """U+FEFF at the start of the text."""
    size = len(text) - len(text.lstrip("\ufeff"))
    if size:
        yield Edit(0, size, "bom", why="a byte order mark is no character of the text")


def carriage_returns(text: str) -> Iterator[Edit]:
    """Line ends as one newline: CR goes before LF, and becomes a newline alone."""
    if "\r" in text:
        for m in _RETURN.finditer(text):
            if m[0].endswith("\n"):
                yield Edit(m.start(), m.end() - 1, "carriage-return", why="CRLF line end")
            else:
                yield Edit(m.start(), m.end(), "carriage-return", "\n" * len(m[0]), "CR line end")


def line_breaks(text: str) -> Iterator[Edit]:
    """Other line ends as newlines: LINE and PARAGRAPH SEPARATOR, and page breaks that no newline stands beside."""
    for m in _BREAK.finditer(text):
        beside = "\n" in _beside(text, m)
        separators = m[0].count("\u2028") + m[0].count("\u2029")
        new = "\n" * (separators or not beside)
        yield Edit(m.start(), m.end(), "control-character", new, "another kind of line end")


def control_characters(text: str) -> Iterator[Edit]:
    r"""Control characters go; a C1 control that Windows-1252 shows is shown: ``that⟦control-character|\x92→’⟧s``."""
    for m in _CONTROL.finditer(text):
        new = "".join(_shown(text, i) for i in range(m.start(), m.end()))
        why = "a control character" if not new else "a Windows-1252 character read as a control"
        yield Edit(m.start(), m.end(), "control-character", new, why)


def _shown(text: str, i: int) -> str:
    """What Windows-1252 shows for the control at ``i``.

    A letter only in a Latin word: alone these bytes are bullets of symbol fonts (U+009F in Thai news).
    """
    shown = _WINDOWS.get(text[i], "")
    if shown.isalpha() or shown in "ˆ˜":
        before, after = text[max(0, i - 1) : i], text[i + 1 : i + 2]
        return shown if shown.isalpha() and _LATIN.match(before) and _LATIN.match(after) else ""
    return shown


def soft_hyphens(text: str) -> Iterator[Edit]:
    """Hints for hyphenation. Between digits they stay: there they stand for a dash, and two numbers would be one."""
    if "\xad" in text:
        for m in _SOFT_HYPHEN.finditer(text):
            before, after = _beside(text, m)
            if not (before.isdigit() and after.isdigit()):
                yield Edit(m.start(), m.end(), "soft-hyphen", why="a hint for hyphenation, not seen")


def zero_width(text: str) -> Iterator[Edit]:
    """Zero-width spaces and word joiners. A zero-width space stays where it parts words of Lao, Khmer or Burmese."""
    held = [c for c in _ZERO_WIDTH if c in text]
    runs = _ONE_ZERO_WIDTH[held[0]] if len(held) == 1 else _ZERO_WIDTHS
    for m in runs.finditer(text) if held else ():
        kept = "\u200b" if "\u200b" in m[0] and any(map(_BREAKABLE.match, _beside(text, m))) else ""
        if kept != m[0]:
            yield Edit(m.start(), m.end(), "zero-width", kept, "a space without width")


def _beside(text: str, m: re.Match[str]) -> tuple[str, str]:
    """The characters before and after a match; empty at the ends of the text."""
    return text[max(0, m.start() - 1) : m.start()], text[m.end() : m.end() + 1]
