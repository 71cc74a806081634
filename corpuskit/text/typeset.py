"""Texts that somebody set as plain text or Markdown: mails, books, manuals, changelogs, licences, READMEs.

A page taken from HTML has menus, teasers and buttons around its text; such a text has not, and what looks
like them (short lines, lists of links, words of menus) is its author's. Three things tell one:

- paragraphs that a hard wrap tore (see :mod:`corpuskit.text.wrapped`);
- lines that begin with spaces and a letter: text taken from HTML loses its indents, but for lists and code;
- the outline of a document in Markdown: it opens with a heading (below fields, HTML and badges), has others,
  and writes ``code`` or numbers its headings.

Of 2,899 labelled pages one passes for such a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import repeat
from operator import lt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.text.characters import Class
from corpuskit.text.lines import Lines

#: So much of a text (percent of its letters) in torn paragraphs.
WRAPPED: Final = 5
#: So many lines that are indented, and so much (percent) of all.
INDENTED, INDENTED_SHARE = 3, 10
INDENTS: Final = ("  ", "\t")
#: So many headings of Markdown, of which so many are numbered if the text has no code.
HEADINGS: Final = 3
#: A line with so much of it in links (percent) is no text.
LINKED: Final = 50

_HEADING: Final = re.compile(r"^#{1,6} .*", re.M)
_NUMBERED: Final = re.compile(r"\d\.\d")
#: What may precede the first heading: fields between lines of dashes, then lines of HTML and badges.
_FRONT: Final = re.compile(r"(?:---\n(?:.*\n)*?---\n)?(?:\s*(?:<|\[?!\[).*\n)*\s*")

Flags = NDArray[np.bool_]
Sizes = NDArray[np.int64]


def typeset_texts(lines: Lines, sizes: Sizes, texts: Sequence[str], printed: Sequence[str], plain: Flags) -> Flags:
    """For each text, whether somebody set it; only the indents of ``plain`` lines count.

    ``lines``, ``texts`` and ``printed`` have torn paragraphs joined (see :func:`corpuskit.text.wrapped.unwrapped`).
    """
    torn = np.bincount(lines.doc, lines.mass * (sizes > 1), len(texts))
    wrapped = (torn > 0) & (100 * torn >= WRAPPED * np.bincount(lines.doc, lines.mass, len(texts)))
    typeset: Flags = wrapped | _indented(lines, texts, printed, plain) | _outlined(lines, texts)
    return typeset


def _indented(lines: Lines, texts: Sequence[str], printed: Sequence[str], plain: Flags) -> Flags:
    """Texts with enough indented lines, and without fences: code is indented on scraped pages too."""
    shown = ~lines.blank
    spaced = np.array([*map(lt, printed, repeat("!"))], bool)  # lines that begin with white space, and empty ones
    rows = np.flatnonzero(plain & shown & spaced).tolist()
    rows = [row for row in rows if printed[row].startswith(INDENTS) and printed[row].lstrip()[:1].isalpha()]
    indented = np.bincount(lines.doc[rows], minlength=len(texts))
    enough = 100 * indented >= INDENTED_SHARE * np.bincount(lines.doc[shown], minlength=len(texts))
    found: Flags = (indented >= INDENTED) & enough
    found[[doc for doc in np.flatnonzero(found).tolist() if "```" in texts[doc]]] = False
    return found


def _outlined(lines: Lines, texts: Sequence[str]) -> Flags:
    """Texts with the outline of a document in Markdown."""
    signs = np.bincount(lines.doc[lines.first == Class.BAR], minlength=len(texts)) >= HEADINGS  # a heading has one
    signs[[doc for doc in np.flatnonzero(signs).tolist() if not _is_outlined(texts[doc])]] = False
    return signs


def _is_outlined(text: str) -> bool:
    if not _HEADING.match(text, _begin(text)):
        return False
    headings = _HEADING.findall(text)
    return len(headings) >= HEADINGS and ("`" in text or sum(map(bool, map(_NUMBERED.search, headings))) >= HEADINGS)


def _begin(text: str) -> int:
    front = _FRONT.match(text)
    return front.end() if front else 0
