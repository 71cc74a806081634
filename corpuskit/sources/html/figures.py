"""Captions of pictures, as pages mark them: they stand beside the text, and the extractor throws them away."""

from __future__ import annotations

from typing import Any, Final

from corpuskit.page.lines import page_lines
from corpuskit.page.tree import found

#: What makers of pages called a caption before HTML had a name for it: elements, and what their classes hold.
_CLASSES: Final = {"p": "wp-caption-text", "dd": "wp-caption-text", "div": "thumbcaption", "td": "tr-caption"}
#: Share of a caption's letters in links above which it is the headline of another page.
LINKED: Final = 0.6
#: A longer one is a text, code points.
LONGEST: Final = 1000
#: Where captions belong to something else: other articles, menus.
_ELSEWHERE: Final = "boolean(ancestor::a or ancestor::nav or ancestor::aside or ancestor::footer)"


def image_captions(tree: Any) -> tuple[str, ...]:
    """The captions that the page marks, each once, in page order, those that are links as a whole left out."""
    elements = tree.iter("figcaption", *_CLASSES)
    named = [node for node in elements if "caption" in node.get("class", "") or node.tag == "figcaption"]
    captions = (node for node in named if _is_caption(node) and not found(_ELSEWHERE, node))
    return tuple(dict.fromkeys(filter(None, map(_said, captions))))


def _is_caption(node: Any) -> bool:
    if node.tag == "figcaption":
        return node.find(".//figcaption") is None
    return _CLASSES[node.tag] in node.get("class", "")


def _said(caption: Any) -> str:
    lines = page_lines(caption)
    whole = sum(len(line.text) for line in lines)
    if sum(len(line.text) * line.linked for line in lines) > LINKED * whole:
        return ""
    text = " ".join(line.text for line in lines)
    return text if len(text) <= LONGEST and any(map(str.isalpha, text)) else ""
