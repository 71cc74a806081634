"""Text as a browser lays it out, where the extractor does not.

In HTML a line break is a space, but in ``pre``. trafilatura 2.3 knows that in most elements; beside code,
quotations and struck text it keeps the breaks. A ``time`` within a sentence it takes out with its
words, a ``q`` tears its sentence apart, and of text that stands in no paragraph, behind one, it
loses what a ``br`` ends. Some elements it does not know: ``center``, ``menu``, ``dir``.
Lists and tables it writes in Markdown; so listings of code get the fences of Markdown here.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any, Final

from corpuskit.page.tree import elements, found

#: Whether a ``pre`` is a listing of code, by what HTML 5, or the makers of highlighters, call them. In a list or a
#: table the extractor writes one line.
_IS_LISTING: Final = (
    "not(ancestor::pre or ancestor::li or ancestor::td or ancestor::dd)"
    " and (.//code or ancestor-or-self::*[contains(@class, 'highlight') or contains(@class, 'code')"
    " or contains(@class, 'Code') or contains(@class, 'lang') or contains(@class, 'prettyprint')])"
)
FENCE: Final = "```"
#: A line break and the white space around it.
_BREAK: Final = re.compile(r"[ \t]*[\r\n]\s*")
#: What keeps the breaks of the text around it, in its paragraph or its item, and of its own text.
_BESIDE: Final = ("code", "del", "s", "strike", "blockquote")
#: Whether a ``time`` stands among words: beside them, or beside an element that is beside them.
_AMONG_WORDS: Final = "ancestor::p or ancestor::li or ancestor::td or ancestor::dd or ancestor::blockquote"
#: Elements that extractors know by another name.
_KNOWN_AS: Final = {"center": "div", "menu": "ul", "dir": "ul"}
_BLOCKS: Final = frozenset(
    "address article aside blockquote center dd details dir div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr iframe li main menu nav ol p pre script section style table tbody td tfoot th thead tr ul".split()
)
#: Blocks that the extractor glues to the words before and behind them.
_APART: Final = ("article", "blockquote", "center", "div", "pre", "section", "table")
#: Blocks that text in no element often stands behind.
_BEFORE_LOOSE: Final = ("p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "pre")


def laid_out(tree: Any) -> Any:
    """The tree, with the words of each paragraph in one line; breaks in ``pre`` stay."""
    for element in tree.iter(*_KNOWN_AS):
        element.tag = _KNOWN_AS[element.tag]
    for block in [block for block in tree.iter(*_BEFORE_LOOSE) if (text := block.tail) and not text.isspace()]:
        _wrap_behind(block)
    for time in elements(tree, ["time"], _AMONG_WORDS):
        time.tag = "span"
    for block in list(tree.iter(*_APART)):
        _set_apart(block)
    for listing in elements(tree, ["pre"], _IS_LISTING):
        _fence(listing)
    for quotation in list(tree.iter("q")):
        quotation.tag = "span"
        _enclose(quotation, "“", "”")
    done: set[Any] = set()
    for element in list(tree.iter(*_BESIDE)):
        block = element if element.tag == "blockquote" else element.getparent()
        if block not in done:
            done.update(_flow(block))
    return tree


def _set_apart(block: Any) -> None:
    """A space before the block and a line break behind it, where words touch it; the extractor drops a space there."""
    if (behind := block.tail) and not behind[0].isspace():
        line_break = block.makeelement("br")
        line_break.tail, block.tail = behind, None
        block.addnext(line_break)
    if (before := block.getprevious()) is not None:
        if _ends_in_word(text := before.tail):
            before.tail = text + " "
    elif (above := block.getparent()) is not None and _ends_in_word(text := above.text):
        above.text = text + " "


def _ends_in_word(text: str | None) -> bool:
    return bool(text and not text[-1].isspace())


def _enclose(element: Any, before: str, behind: str) -> None:
    """Put text before and behind what the element holds."""
    element.text = before + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + behind
    else:
        element.text += behind


def _fence(listing: Any) -> None:
    """Fences around a listing of more than one line, as Markdown has them."""
    text = listing.text_content()
    if "\n" in text.strip() and FENCE not in text:
        _enclose(listing, f"{FENCE}\n", f"{'' if text.endswith(chr(10)) else chr(10)}{FENCE}")


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
