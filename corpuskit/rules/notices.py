"""Copyright notices in any language: a line near the end of a page that begins with the sign and a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.rules.phrases import Signals
from corpuskit.text.lines import Lines

COPYRIGHT: Final = RULE_NAMES.index("copyright")
#: The sign right before or behind a year; a small ``(c)`` alone is a letter of a list.
_NOTICE: Final = re.compile(
    r"©\s*(?:copyright\s*)?\d{4}|\bcopyright\s*\(c\)\s*\d{4}|(?-i:\(C\))\s*\d{4}|\d{4}\s{0,2}©", re.IGNORECASE
)
#: Code points of a line in which the sign and the year must stand.
HEAD: Final = 240
#: So many letters may precede the sign (``All rights reserved, the Example ©``): credits of pictures end with it.
BEFORE: Final = 30
#: So many lines that show something may stand below a notice, and fewer than above it.
BELOW: Final = 12
#: Code points of the longest notice: a whole page on one line is none. And digits of its year.
LONGEST, YEAR = 800, 4

Flags = NDArray[np.bool_]

_TARGET: Final = re.compile(r"\]\([^()\n]*\)")


def mark_notices(found: Signals, lines: Lines, printed: Sequence[str]) -> None:
    """Enter the notices of a batch as copyright lines where the packs know nothing, however long they are."""
    found.strong[notices(lines, printed, found.strong == 0)] = COPYRIGHT


def notices(lines: Lines, printed: Sequence[str], among: Flags) -> Flags:
    """Which of the lines ``among`` are notices at the end of their page."""
    marked = np.zeros(len(lines), bool)
    if not among.any():
        return marked
    shown = np.cumsum(~lines.blank)
    docs = np.arange(lines.doc[-1] + 1)
    first, past = np.searchsorted(lines.doc, docs), np.searchsorted(lines.doc, docs, side="right")
    below: NDArray[np.int64] = shown[past - 1][lines.doc] - shown
    near = np.flatnonzero(among & (below <= BELOW) & (lines.digits >= YEAR) & (lines.length <= LONGEST))
    above: NDArray[np.int64] = shown[near] - shown[first[lines.doc[near]]]
    marked[[row for row in near[below[near] < above].tolist() if _is_notice(printed[row])]] = True
    return marked


def _is_notice(line: str) -> bool:
    head = line[:HEAD]
    if "©" not in head and "(C)" not in head and "(c)" not in head:
        return False
    notice = _NOTICE.search(head)
    return notice is not None and sum(map(str.isalpha, _TARGET.sub("", head[: notice.start()]))) <= BEFORE
