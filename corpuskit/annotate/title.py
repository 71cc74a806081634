"""Titles: the first line that is set apart as one, without what the site puts around every title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import Final

import xxhash

#: What sites put between a title and their own name.
_SEPARATOR: Final = re.compile(r"\s*[-–—|»›·•]\s*")
_SIGN: Final = re.compile(r"[-–—|»›·•]\s*")
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
#: What stands between a title and its prose (dateline, byline, buttons) is at most this long, in letters.
LABEL: Final = 60
#: Shown lines from the top of a page in which a title is looked for: menus stand above it.
HEAD_LINES: Final = 60
_CUTS: Final = 4
_THREE_LETTERS: Final = re.compile(r"(?:[\W\d_]*[^\W\d_]){3}")


def first_line(text: str) -> str:
    """The first line of ``text`` that shows something."""
    return text.lstrip().partition("\n")[0].rstrip()


def affixes(line: str) -> list[tuple[str, int]]:
    """Beginnings and ends of a title that may be the site's: (text, where the title is cut)."""
    cuts = [(a, b) for a, b in _separators(line) if b < len(line)]
    named = _THREE_LETTERS.match(line) if cuts else None
    if named is None:
        return []
    before = [("<" + line[:b], b) for _, b in cuts[:_CUTS] if b >= named.end()]
    tail = cuts[-_CUTS:]
    while tail and not names_something(line[tail[-1][0] :]):
        tail.pop()
    after = [(">" + line[a:], a) for a, _ in tail]
    return before + after


def _separators(line: str) -> Iterator[tuple[int, int]]:
    """Where the separator matches behind the first character; white space before a sign is slow to look for."""
    past = 1
    for sign in _SIGN.finditer(line, past):
        start, end = sign.span()
        while start > past and line[start - 1].isspace():
            start -= 1
        yield start, end
        past = end


def names_something(text: str) -> bool:
    """Whether the text has three letters: the "-19" of "COVID-19" ends many titles and is no site's name."""
    return _THREE_LETTERS.match(text) is not None


def affix_hashes(line: str) -> list[int]:
    """Hashes of :func:`affixes`, counted over the pages of a site like the shapes of lines."""
    return [affix_hash(text) for text, _ in affixes(line)]


def affix_hash(text: str) -> int:
    """The hash of one text of :func:`affixes`."""
    return int(xxhash.xxh3_64_intdigest(text.encode()))


def without_affixes(line: str, recurring: Set[int]) -> str:
    """``line`` without the longest beginning and end that are ``recurring`` (hashes) on the site's titles."""
    start, end = 0, len(line)
    for text, cut in affixes(line) if recurring else ():
        if affix_hash(text) in recurring:
            start, end = (max(start, cut), end) if text[0] == "<" else (start, min(end, cut))
    title = line[start:end].strip() if start < end else line
    return title or line


def repeated_title(head: Sequence[str]) -> str | None:
    """The title that the first line gives with the site's name around it, and a later line alone.

    ``head`` holds the first lines of the page that show something.
    """
    for line in head[1:REPEAT_LINES]:
        if len(line) >= 10 and line != head[0] and (head[0].endswith(line) or head[0].startswith(line)):
            rest = head[0].removesuffix(line).removeprefix(line).strip()
            if rest and (_SEPARATOR.match(rest) or _SEPARATOR.match(rest, len(rest) - 1)):
                return line
    return head[0] if head[0] in head[1:REPEAT_LINES] and len(head[0]) >= 10 else None
