"""Copyright notices in any language: a line near the end of a page that begins with the sign and a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.lines import Lines
from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.rules.phrases import Signals

COPYRIGHT: Final = RULE_NAMES.index("copyright")
#: The sign near a year; ``(C)`` alone is a letter of a list, but for one right before a year.
_NOTICE: Final = re.compile(
    r"(?:©|\bcopyright\s*\(c\)|(?-i:\(C\))(?=\s*\d{4})).{0,40}?\d{4}|\d{4}\s{0,2}©", re.IGNORECASE
)
#: So many letters may precede the sign (``All rights reserved, the Example ©``): credits of pictures end with it.
BEFORE: Final = 30
#: So many lines that show something may stand below a notice, and no more than above it.
BELOW: Final = 12
#: Code points of the longest notice: a whole page on one line is none.
LONGEST: Final = 800

Flags = NDArray[np.bool_]

_TARGET: Final = re.compile(r"\]\([^()\n]*\)")


def mark_notices(found: Signals, lines: Lines, printed: Sequence[str]) -> None:
    """Enter the notices of a batch as copyright lines where the packs know nothing, however long they are."""
    found.strong[notices(lines, printed, found.strong == 0)] = COPYRIGHT


def notices(lines: Lines, printed: Sequence[str], among: Flags) -> Flags:
    """Which of the lines ``among`` are notices at the end of their page."""
    shown = np.flatnonzero(~lines.blank)
    doc, place = lines.doc[shown], np.arange(len(shown))
    above, below = place - np.searchsorted(doc, doc), np.searchsorted(doc, doc, side="right") - 1 - place
    rows = shown[(below <= BELOW) & (below <= above) & among[shown]].tolist()
    marked = np.zeros(len(lines), bool)
    marked[[row for row in rows if _is_notice(printed[row])]] = True
    return marked


def _is_notice(line: str) -> bool:
    if len(line) > LONGEST or ("©" not in line and "(c)" not in line.lower()):
        return False
    notice = _NOTICE.search(line)
    return notice is not None and sum(map(str.isalpha, _TARGET.sub("", line[: notice.start()]))) <= BEFORE
