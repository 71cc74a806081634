"""Source URLs: where a text names its own address."""

from __future__ import annotations

import re
from typing import Final

#: An address in running text ends before white space, quotes, brackets and Thai letters.
URL: Final = re.compile(r"https?://[^\s<>\"“”'\u0e00-\u0e7f]+")
#: A line that is a domain and nothing more ("ข่าว.example.vn", "เวียดนามเน็ต.vn").
DOMAIN: Final = re.compile(
    r"(?:[^\W_](?:[\w\-\u0e00-\u0e7f]*[\w\u0e00-\u0e7f])?\.)+[a-z]{2,12}(?:\.[a-z]{2})?", re.IGNORECASE
)
#: Names of files look like domains; these endings are no top-level domains of sites.
FILE_ENDINGS: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|html?|php|txt|csv|json|py|md)$", re.I
)
#: Where a page names its address in plain text: in the last characters, on a line of its own.
TAIL_CHARS: Final = 2000


def last_url(text: str) -> str | None:
    """The address on the last line of ``text`` that holds one (looked for in the last 2,000 characters)."""
    at = text.rfind("http", max(0, len(text) - TAIL_CHARS))
    found = URL.match(text, at) if at >= 0 else None
    return found[0] if found else None


def bare_domain(line: str) -> bool:
    """Whether the line is a domain name alone."""
    line = line.strip()
    return 4 <= len(line) <= 60 and DOMAIN.fullmatch(line) is not None and not FILE_ENDINGS.search(line)
