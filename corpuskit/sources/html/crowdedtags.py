"""Tags of thousands of attributes, told before a parser meets them, as HTML 5 parts a page into tags."""

from __future__ import annotations

import re
from typing import Final

#: libxml2's time grows with the square of the attributes of a tag: 20,000 take a third of a second, 80,000 seven
#: (libxml2 2.14).
MAX_ATTRIBUTES: Final = 2000

#: White space, as HTML 5 parts a tag.
_SPACE: Final = r"\t\n\f\r "
#: An attribute: a name, which may begin with "=", perhaps its value. Possessive throughout, so that the time is linear.
_ATTRIBUTE: Final = (
    rf"[{_SPACE}/]*+[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"""(?:[{_SPACE}]*+=[{_SPACE}]*+(?:"[^"]*+"|'[^']*+'|[^{_SPACE}>"'][^{_SPACE}>]*+)?+)?+"""
)
#: Most attributes, told more quickly.
_PLAIN: Final = ' [a-z-]++="[^"]*+"'
#: Elements that hold no others: scripts look as if they did. An empty one ends with its tag.
_RAW: Final = "(?=[stxin])(?:s(?:cript|tyle)|t(?:itle|extarea)|xmp|iframe|no(?:embed|frames))"
_RAW_TEXT: Final = rf"(?:(?![{_SPACE}/]*/>)[^<]*+(?:<(?!/(?i:(?P=raw))[{_SPACE}/>])[^<]*+)*+)?+"
_COMMENT: Final = "!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)|(?:[!?]|/(?![A-Za-z]))[^>]*+"
_TAG: Final = re.compile(
    rf"<(?:(?:(?P<raw>(?i:{_RAW}))(?=[{_SPACE}/>])|[A-Za-z][^{_SPACE}/>]*+)"
    rf"(?P<attributes>(?:{_PLAIN})*+(?:{_ATTRIBUTE})*+)(?(raw){_RAW_TEXT})|{_COMMENT})"
)
_ONE: Final = re.compile(_ATTRIBUTE)


def crowded_tag(text: str) -> int | None:
    """Where the first tag with more than :data:`MAX_ATTRIBUTES` attributes begins."""
    long = (tag for tag in _TAG.finditer(text) if tag.end("attributes") - tag.start("attributes") > 2 * MAX_ATTRIBUTES)
    crowded = (tag for tag in long if len(_ONE.findall(text, *tag.span("attributes"))) > MAX_ATTRIBUTES)
    return next((tag.start() for tag in crowded), None)
