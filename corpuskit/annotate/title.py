"""Titles: the first line that is set apart as one, without what the site puts around every title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from corpuskit.annotate.affixes import SIGNS

_SEPARATOR: Final = re.compile(rf"\s*[{SIGNS}]\s*")
#: A title is at most this many code points long, a repeated one as long as it likes.
TITLE_MAX: Final = 120
#: … or this long, with the site's name around it, when a dateline follows …
DATED_MAX: Final = 250
#: … and has at least this many letters; fewer are a label.
TITLE_MIN: Final = 4
#: A site's affix stands on at least this many titles of the site; two could be a series of two.
AFFIX_PAGES: Final = 3
#: The copy of a title below it stands among the first lines of the page.
REPEAT_LINES: Final = 12
#: … and is so many code points long at least.
REPEATED_MIN: Final = 10
#: What stands between a title and its prose (dateline, byline, buttons) is at most this long, in letters.
LABEL: Final = 60
#: Shown lines from the top of a page in which a title is looked for: menus stand above it.
HEAD_LINES: Final = 60


def first_line(text: str) -> str:
    """The first line of ``text`` that shows something."""
    return text.lstrip().partition("\n")[0].rstrip()


def repeated_title(first: str, below: Iterable[str]) -> str | None:
    """The title that the first line gives with the site's name around it, and one of those ``below`` alone.

    All are lines of the page's head that show something, without space around them.
    """
    again = False
    for line in below:
        if REPEATED_MIN <= len(line) <= len(first) and (first.endswith(line) or first.startswith(line)):
            rest = first.removesuffix(line).removeprefix(line).strip()
            if rest and (_SEPARATOR.match(rest) or _SEPARATOR.match(rest, len(rest) - 1)):
                return line
            again = again or line == first
    return first if again else None
