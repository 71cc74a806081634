"""Boxes that a browser shows and the extractor does not know: it throws them away with their words, or glues them.

Words that stand in a box beside no paragraph form one of their own, which CSS calls an anonymous box; trafilatura 2.3
makes one only in a ``div``. An element that HTML does not know, ``my-note``, is a box where it holds boxes, or where
nothing inline stands beside it. A figure is thrown away with its caption, a formula with its letters.
"""

from __future__ import annotations

from typing import Any, Final

from corpuskit.page.lines import INLINE
from corpuskit.page.tree import found

#: Boxes of whose own words the extractor makes no paragraph. (In every ``div``, machinery comes with them: F -.003.)
_HOLDS_WORDS: Final = ("article", "figcaption", "main", "section")
#: What stands in a line beside words.
_IN_LINE: Final = INLINE | frozenset("br img ruby rb rt rp math button input picture".split())
#: Boxes that the extractor takes for pages of their own, or loses, where they stand in a cell.
_WITHIN: Final = "//section[parent::td or parent::th]|//article[parent::td or parent::th]"
#: Labels of boxes to tick, in lists of tasks and in tables.
_LABELS: Final = "//label[ancestor::li or ancestor::td or ancestor::dd or ancestor::p][not(ancestor::form)]"
#: Figures of text; the extractor keeps those of tables.
_FIGURES: Final = "//figure[not(.//table)][.//pre or .//blockquote]"
#: Elements of names that pages make themselves.
_OWN: Final = "//*[contains(name(), '-')]"
#: The source of a formula, beside what shows it.
_TEX: Final = "string(.//*[local-name()='annotation'][contains(@encoding, 'tex')])"


def with_known_boxes(tree: Any) -> Any:
    """The tree, each box that the extractor does not know under a name that it knows."""
    for figure in found(_FIGURES, tree):
        figure.tag = "div"
    for formula in list(tree.iter("math")):
        _write_out(formula)
    for label in found(_LABELS, tree):
        label.tag = "span"
    for box in found(_WITHIN, tree):
        box.tag = "div"
    for element in reversed(found(_OWN, tree)):  # those within first
        element.tag = "span" if _stands_in_line(element) else "div"
    for box in list(tree.iter(*_HOLDS_WORDS)):
        if any(text and not text.isspace() for text in (box.text, *(child.tail for child in box))):
            _paragraph_words(box)
    return tree


def _stands_in_line(element: Any) -> bool:
    """Whether the element stands among words, and holds nothing but what may."""
    beside = ((element.getparent().text if element.getprevious() is None else element.getprevious().tail), element.tail)
    return any(text and not text.isspace() for text in beside) and all(inner.tag in _IN_LINE for inner in element)


def _paragraph_words(box: Any) -> None:
    """Put each run of words in the box, with what stands in line with them, into a paragraph."""
    children = list(box)
    paragraph, box.text = _begun(box, box.text), None
    if paragraph is not None:
        box.insert(0, paragraph)
    for child in children:
        if child.tag not in _IN_LINE:
            paragraph, child.tail = _begun(box, child.tail), None
            if paragraph is not None:
                child.addnext(paragraph)
            continue
        if paragraph is None:
            paragraph = box.makeelement("p")
            child.addprevious(paragraph)
        paragraph.append(child)  # with the words behind it


def _begun(box: Any, words: str | None) -> Any:
    """A paragraph that begins with the words; None where there are none."""
    if not words or words.isspace():
        return None
    paragraph = box.makeelement("p")
    paragraph.text = words
    return paragraph


def _write_out(formula: Any) -> None:
    """A formula as words: its source in TeX, else its signs, one after the other."""
    text = found(_TEX, formula).strip() or formula.get("alttext") or "".join("".join(formula.itertext()).split())
    for part in list(formula):
        formula.remove(part)
    formula.tag, formula.text = "span", text
