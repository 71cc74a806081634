"""Captions that their page marks: next to an image placeholder, or closed by a photo credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from corpuskit.precomputed import precomputed
from corpuskit.rules.findings import Batch, Drop, Finding, Note
from corpuskit.rules.language_packs import packs
from corpuskit.rules.markup import FILE_NAME, PLACEHOLDER, image_rows
from corpuskit.text.characters import Class

#: A caption is a sentence or two: the longest marked one in the gold of the real seeds has 254 letters.
CAPTION_MASS: Final = 300
#: A line of this mass that ends like a sentence is a paragraph rather than a caption.
SENTENCE_MASS: Final = 60
#: A credit names people, not more: code points behind its colon, no figures, no small first letter.
CREDIT_MAX: Final = 48
#: What parts a credit's label from its names, by script.
COLONS: Final = ":：៖"
_DIGIT: Final = re.compile(r"\d")
#: A line of HTML in Markdown shows nothing: ``</a>`` below the picture that it links.
_TAGS: Final = re.compile(r"(?:\s*<[^<>]*>)+\s*")


def marked_captions(batch: Batch) -> Iterator[Finding]:
    """The caption of a picture: the line below a placeholder or file name, or a line that a credit closes.

    Only what is marked counts; a caption that nothing marks stays in the text, and so does what stands
    below the pictures of a text that somebody set: the badges of a README.

    Example::

        ⟦placeholder|5.jpg
        ⟧⟦caption|The minister opens the bridge
        ⟧Work on the bridge began in 2019.
    """
    lines = batch.lines
    short = (lines.mass <= CAPTION_MASS) & (lines.letters > 0)
    told = (lines.last == Class.ENDER) & (lines.mass >= SENTENCE_MASS)  # a paragraph may follow its picture directly
    alone = short & batch.open & ~told & ~batch.typeset
    below = np.append(alone, False)[1:] & np.append(lines.doc[1:] == lines.doc[:-1], False)
    for row in image_rows(batch, ~lines.blank & below):
        next_line = batch.line(row + 1)
        if _ends_in_image(batch.line(row)) and not PLACEHOLDER.search(next_line) and not _TAGS.fullmatch(next_line):
            yield from _caption(batch, row + 1, "the line below an image placeholder")
    for row in batch.rows(short & (lines.commas > 0) & ~batch.extracted[lines.doc]):
        line = batch.line(row)
        if credited := _credited(line):
            yield from _caption(batch, row, f"closed by the credit {credited[0].strip()!r}")


def _caption(batch: Batch, row: int, why: str) -> Iterator[Finding]:
    yield Note(int(batch.lines.doc[row]), "captions", batch.line(row).strip(), "caption")
    yield Drop(row, "caption", why)


def _ends_in_image(line: str) -> bool:
    line = line.strip().rstrip("|").rstrip()
    ends = [found.end() for found in PLACEHOLDER.finditer(line)]
    return ends[-1:] == [len(line)] or FILE_NAME.fullmatch(line) is not None


def _credited(line: str) -> re.Match[str] | None:
    """The credit that ends the line. Few lines end so: names must follow the last colon, and a label stand before."""
    colon = max(line.rfind(sign) for sign in COLONS)
    tail = line[colon + 1 :].strip()
    if colon < 0 or not 1 < len(tail) <= CREDIT_MAX or _DIGIT.search(tail):
        return None
    pattern, longest = credit()
    return pattern.search(line, max(0, len(line[:colon].rstrip()) - longest))


@lru_cache(maxsize=1)
def credit() -> tuple[re.Pattern[str], int]:
    """A credit at the end of a line (a pack's label, a colon, a name), and how long the label is at most."""
    labels, longest = _labels()
    name = rf"(?![a-z])(?:(?!\d)[^{COLONS}]){{2,{CREDIT_MAX}}}"
    return re.compile(rf"(?:^|(?<=[\s.。!?”\"')（(]))(?i:{labels})\s*[{COLONS}]\s*{name}$"), longest


@precomputed
def _labels() -> tuple[str, int]:
    """A pattern for the labels of credits and captions in all packs, and the length of the longest one."""
    phrases = [phrase for pack in packs() for phrase in pack.phrases if phrase.kind == "labels"]
    told = {phrase.text.rstrip("…").strip() for phrase in phrases if phrase.name in ("credit", "caption")}
    labels = sorted(filter(None, told), key=lambda label: (-len(label), label))
    return "|".join(map(re.escape, labels)), len(labels[0])
