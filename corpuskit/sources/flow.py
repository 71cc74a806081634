"""Text as a browser lays it out, where the extractor does not.

In HTML a line break is a space, but in ``pre``. trafilatura 2.3 knows that in most elements; beside code,
quotations and struck text it keeps the breaks. A ``time`` within a sentence it takes out with its
words, a ``q`` tears its sentence apart, and of text that stands in no paragraph, behind one, it
loses what a ``br`` ends. Some elements it does not know: ``center``, ``menu``, ``dir``.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any, Final

from corpuskit.annotate.pagetree import found

#: A line break and the white space around it.
_BREAK: Final = re.compile(r"[ \t]*[\r\n]\s*")
#: What keeps the breaks of the text around it, in its paragraph or its item, and of its own text.
_BESIDE: Final = "//code|//del|//s|//strike|//blockquote"
#: Times that stand among words: beside them, or beside an element that is beside them.
_TIMES: Final = "//time[ancestor::p or ancestor::li or ancestor::td or ancestor::dd or ancestor::blockquote]"
#: Elements that extractors know by another name.
_KNOWN_AS: Final = {"center": "div", "menu": "ul", "dir": "ul"}
_BLOCKS: Final = frozenset(
    "address article aside blockquote center dd details dir div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr iframe li main menu nav ol p pre script section style table tbody td tfoot th thead tr ul".split()
)
#: Blocks that text in no element often stands behind.
_BEFORE_LOOSE: Final = ("p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "pre")


def laid_out(tree: Any) -> Any:
    """The tree, with the words of each paragraph in one line; breaks in ``pre`` stay."""
    for element in tree.iter(*_KNOWN_AS):
        element.tag = _KNOWN_AS[element.tag]
    for block in [block for block in tree.iter(*_BEFORE_LOOSE) if block.tail and not block.tail.isspace()]:
        _wrap_behind(block)
    for time in found(_TIMES, tree):
        time.tag = "span"
    for quotation in found("//q", tree):
        quotation.tag = "span"
        quotation.text = "“" + (quotation.text or "")
        if len(quotation):
            quotation[-1].tail = (quotation[-1].tail or "") + "”"
        else:
            quotation.text += "”"
    done: set[Any] = set()
    for element in found(_BESIDE, tree):
        block = element if element.tag == "blockquote" else element.getparent()
        if block not in done:
            done.update(_flow(block))
    return tree


def _wrap_behind(block: Any) -> None:
    """Put the text behind the block, up to the next one, into a paragraph, where a ``br`` stands in it."""
    behind = list(takewhile(lambda element: element.tag not in _BLOCKS, block.itersiblings()))
    if not any(element.tag == "br" for element in behind):
        return
    paragraph = block.makeelement("p")
    paragraph.text, block.tail = block.tail, None
    block.addnext(paragraph)
    paragraph.extend(behind)  # each with the text behind it


def _flow(block: Any) -> list[Any]:
    """Break no line in the texts of the block; those of ``pre``, and of code that is a listing, stay.

    Returns the elements of the block.
    """
    elements = list(block.iter())
    listings = {inner for element in elements if _is_listing(element) for inner in element.iter()}
    if not listings and found("boolean(ancestor::pre)", block):
        return elements
    for element in elements:
        if element is not block and element.tail and element.getparent() not in listings:
            element.tail = _joined(element.tail)
        if element.text and element not in listings:
            element.text = _joined(element.text)
    return elements


def _is_listing(element: Any) -> bool:
    return element.tag == "pre" or (element.tag == "code" and (element.text or "").count("\n") > 1)


def _joined(text: str) -> str:
    return _BREAK.sub(" ", text) if "\n" in text or "\r" in text else text
