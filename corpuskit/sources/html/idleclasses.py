"""Classes that tell an extractor nothing, set aside while it works.

trafilatura asks for the class of every element dozens of times, each time by a call into Python, and copies it seven
times. Where a class holds none of the words that it looks for, it finds as much without, in less time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

#: The words that trafilatura 2.3 looks for in classes, or a part of each, in lower case. A test holds them against
#: its expressions.
WORDS: Final = (
    # What tells its articles, and weighs in the second opinion.
    "article", "body", "content", "entry", "main", "page", "post", "text", "blog", "story", "cell", "primary",
    # What weighs against.
    "button", "combx", "comment", "com-", "contact", "figure", "foot", "form", "input", "masthead", "media", "meta",
    "outbrain", "promo", "related", "scroll", "shoutbox", "sidebar", "sponsor", "shopping", "tags", "tool", "widget",
    "community", "disqus", "extra", "header", "menu", "remark", "rss", "ad-break", "agegate", "pagination", "pager",
    "popup", "tweet", "twitter",
    # What it throws away.
    "shar", "social", "viral", "newsletter", "syndication", "banner", "breadcrumb", "bread-crumb", "author", "jp-",
    "bmdh", "nav", "avigation", "premium", "ad-", " ad ", "dfpad", "bar", "taboola", "criteo", "byline", "sociable",
    "embed", "tag-list", "consent", "permission", "elated", "next-", "-stories", "most-popular", "more-on", "rating",
    "attachment", "timestamp", "user-info", "user-profile", "-icon", "slide", "viewport", "overlay", "options",
    "expand", "obfuscated", "blurred", "mol-factbox", "yin", "zlylin", "nfoline", "comol", "reply-", "akismet", "hide",
    "hidden", "suggest-links", "noprint", "notloaded", "message", "teaser", "caption", "display:none", "display: none",
    "cookie", "borlabs", "cmplz", "onetrust", "gdpr",
    # What tells it code, questions with answers, and the data of a forum.
    "w3-code", "highlight", "hljs", "schema-faq-question", "data-preloaded",
)  # fmt: skip


@contextmanager
def without_idle_classes(tree: Any) -> Iterator[None]:
    """Take the classes that hold none of the words out of the tree, and put them back in the end.

    An element that has an id or a style as well keeps its class: expressions ask for the first of two.
    """
    named = [
        (element, element.get("class"))
        for element in tree.iter("*")
        if "class" in (names := element.keys()) and "id" not in names and "style" not in names
    ]
    values = _idle({value for _, value in named})
    idle = [(element.attrib, value) for element, value in named if value in values]
    for attributes, _ in idle:
        del attributes["class"]
    try:
        yield
    finally:
        for attributes, value in idle:
            attributes["class"] = value


def _idle(values: Iterable[str]) -> set[str]:
    """Those of the values that hold none of the words; in ASCII, for other letters have cases of their own."""
    lowered = [(value, value.lower()) for value in values if value.isascii()]
    page = "\n".join([text for _, text in lowered])
    words = [word for word in WORDS if word in page]  # most are in none
    return {value for value, text in lowered if not any([word in text for word in words])}  # noqa: C419 (twice as quick)
