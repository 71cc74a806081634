"""Captions that their page marks: next to an image placeholder, or closed by a photo credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
#: A credit names people, not more: code points behind its colon, no figures; no small letter stands right behind the
#: colon (``src:url``).
CREDIT_MAX: Final = 48
_DIGIT: Final = re.compile(r"\d")
#: What may stand before the label of a credit, as white space may.
_OPENERS: Final = frozenset(".。!?”\"')（(")
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
        if credit := _credit(batch.line(row)):
            yield from _caption(batch, row, f"closed by the credit {credit!r}")


def _caption(batch: Batch, row: int, why: str) -> Iterator[Finding]:
    yield Note(int(batch.lines.doc[row]), "captions", batch.line(row).strip(), "caption")
    yield Drop(row, "caption", why)


def _ends_in_image(line: str) -> bool:
    line = line.strip().rstrip("|").rstrip()
    ends = [found.end() for found in PLACEHOLDER.finditer(line)]
    return ends[-1:] == [len(line)] or FILE_NAME.fullmatch(line) is not None


def _credit(line: str) -> str:
    """The credit that ends the line, a label of the packs, a colon and a name; empty where none does."""
    colon = max(line.rfind(":"), line.rfind("："), line.rfind("៖"))  # what parts a label from its names, by script
    name = line[colon + 1 :]
    if colon < 0 or not 1 < len(name.strip()) <= CREDIT_MAX or _DIGIT.search(name) or "a" <= name[0] <= "z":
        return ""
    labels, longest = credit_labels()
    before = line[:colon].rstrip().lower()
    for start in range(max(0, len(before) - longest), len(before)):
        if before[start:] in labels and (not start or line[start - 1].isspace() or line[start - 1] in _OPENERS):
            return line[start:].strip()
    return ""


@precomputed
def credit_labels() -> tuple[frozenset[str], int]:
    """The labels of credits and captions in all packs, in lower case, and the length of the longest one."""
    phrases = [phrase for pack in packs() for phrase in pack.phrases if phrase.kind == "labels"]
    told = {phrase.text.rstrip("…").strip().lower() for phrase in phrases if phrase.name in ("credit", "caption")}
    labels = frozenset(filter(None, told))
    return labels, max(map(len, labels))
