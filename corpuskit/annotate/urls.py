"""Source URLs: where a text names its own address, and the key under which two addresses are the same."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

#: An address in running text ends before white space, quotes, brackets and Thai letters (thai.md, section 4).
URL: Final = re.compile(r"https?://[^\s<>\"“”'\u0e00-\u0e7f]+")
#: Parameters that track a reader and do not change the page (thai.md, section 4).
TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid"
    r"|_ga|_gl|mkt_tok|zarsrc|vero_id|oly_\w+_id",
    re.IGNORECASE,
)
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


def url_in(line: str) -> str | None:
    """The first address in ``line``, as printed."""
    found = URL.search(line)
    return found[0] if found else None


def bare_domain(line: str) -> bool:
    """Whether the line is a domain name alone."""
    line = line.strip()
    return 4 <= len(line) <= 60 and DOMAIN.fullmatch(line) is not None and not FILE_ENDINGS.search(line)


def url_key(url: str) -> str:
    """The key of an address: two addresses of one page have the same. The stored address stays as printed.

    Scheme and host in lower case (host in IDNA), no default port, tracking parameters and
    fragment, path percent-encoded one way.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii")
        port = parts.port
    except (UnicodeError, ValueError):
        port = None
    where = f":{port}" if port and (parts.scheme.lower(), port) not in (("http", 80), ("https", 443)) else ""
    path = parts.path if "%25" in parts.path else quote(unquote(parts.path), safe="/:@!$&'()*+,;=-._~%")
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(k)])
    return urlunsplit((parts.scheme.lower(), host.lower() + where, path or "/", query, ""))
