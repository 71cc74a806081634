"""Patterns of a recipe's own rules: RE2, which takes linear time whatever the pattern and the page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

#: What would mean something else in a page than in a line by itself, and what is no part of a character.
_REFUSED: Final = {
    re.compile(r"(?<!\\)(?:\\\\)*\\[Az]"): r"use ^ and $ for the ends of a line, not \A and \z",
    re.compile(r"(?<!\\)(?:\\\\)*\\C"): r"use . for a character, not \C",
    re.compile(r"\(\?[a-zA-Z]*-[a-zA-Z]*m"): "^ and $ always are the ends of a line: leave (?-m) out",
}


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """The RE2 pattern for UTF-8 bytes of a whole text: ``^`` and ``$`` are ends of lines, and no match leaves its line.

    Raises :class:`ValueError` with the reason when it is no pattern of RE2, or one that matches an empty line.
    """
    import re2

    for refused, reason in _REFUSED.items():
        if refused.search(pattern):
            raise ValueError(reason)
    try:
        re2.compile(pattern, _options())  # first as it stands, so that the message shows it so
        made = re2.compile(_of_lines(pattern), _options())
    except re2.error as error:
        raise ValueError(bytes(error.args[0]).decode("utf-8", "replace")) from None
    except UnicodeEncodeError:
        raise ValueError("it holds half a surrogate pair, which is no character") from None
    if made.search(b""):
        raise ValueError("it matches an empty line, and so every line")
    return made


@lru_cache(maxsize=64)
def any_of(patterns: tuple[str, ...]) -> Any:
    """All patterns as one: ``any_of(patterns).Match(text)`` lists the places of those that match (None: none does)."""
    import re2

    found = re2.Set.SearchSet(_options())
    for pattern in patterns:
        found.Add(_of_lines(pattern))
    found.Compile()
    return found


def matches(pattern: str, line: str) -> bool:
    """Whether the pattern matches somewhere in the line."""
    return compiled(pattern).search(line.encode("utf-8", "surrogatepass")) is not None


def _of_lines(pattern: str) -> str:
    return "(?m)" + pattern


def _options() -> Any:
    import re2

    options = re2.Options()
    options.log_errors, options.never_nl, options.max_mem = False, True, 64 << 20
    return options
