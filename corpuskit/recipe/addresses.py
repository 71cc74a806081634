"""Addresses of pages: the key under which two of them are the same."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

#: Parameters that track a reader and do not change the page.
TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid"
    r"|_ga|_gl|mkt_tok|zarsrc|vero_id|oly_\w+_id",
    re.IGNORECASE,
)


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
