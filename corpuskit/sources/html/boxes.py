"""Boxes that a browser shows and the extractor does not know: it throws them away with their words, or glues them.

Words that stand in a box beside no paragraph form one of their own, which CSS calls an anonymous box; trafilatura 2.3
makes one only in a ``div``. An element that HTML does not know, ``my-note``, is a box where it holds boxes, or where
nothing inline stands beside it. A figure is thrown away with its caption, a formula with its letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from corpuskit.page.lines import INLINE
from corpuskit.page.tree import elements, found

#: Boxes of whose own words the extractor makes no paragraph. (In every ``div``, machinery comes with them: F -.003.)
_HOLDS_WORDS: Final = ("article", "figcaption", "main", "section")
#: What stands in a line beside words.
_IN_LINE: Final = INLINE | frozenset("br img ruby rb rt rp math button input picture".split())
#: What the extractor knows by another name, in this order: elements, a test of them, the name.
_KNOWN_AS: Final = (
    # Figures of text; the extractor keeps those of tables.
    (("figure",), "not(.//table) and (.//pre or .//blockquote)", "div"),
    # Labels of boxes to tick, in lists of tasks and in tables.
    (("label",), "(ancestor::li or ancestor::td or ancestor::dd or ancestor::p) and not(ancestor::form)", "span"),
    # Boxes that it takes for pages of their own, or loses, where they stand in a cell.
    (("section", "article"), "parent::td or parent::th", "div"),
    # Code in a line: it takes it out of what it drops.
    (
        ("code",),
        "(ancestor::p or ancestor::li or ancestor::dt or ancestor::dd or ancestor::td)"
        " and not(ancestor::pre) and not(contains(., '\n'))",
        "span",
    ),
)
#: Boxes in a summary, which the extractor takes for a headline.
_IN_SUMMARY: Final = ".//*[self::section or self::div or self::p or starts-with(name(), 'h')]"
#: Tables of which the extractor drops the lists in cells. Tables in tables lay a page out: its menus stand there.
_OF_FACTS: Final = "not(ancestor::table or .//table)"
#: Share of the letters of such a list in links above which it is a menu.
LINKED: Final = 0.5
#: The source of a formula, beside what shows it.
_TEX: Final = "string(.//*[local-name()='annotation'][contains(@encoding, 'tex')])"


def with_known_boxes(tree: Any) -> Any:
    """The tree, each box that the extractor does not know under a name that it knows."""
    for names, test, tag in _KNOWN_AS:
        for box in elements(tree, names, test):
            box.tag = tag
    for summary in elements(tree, ["summary"], "not(ancestor::summary)"):
        _put_in_line(found(_IN_SUMMARY, summary))
    for table in elements(tree, ["table"], _OF_FACTS):
        for listed in list(table.iter("ul", "ol")):
            _write_as_paragraphs(listed)
    for formula in list(tree.iter("math")):
        _write_out(formula)
    own = [element for element in tree.iter("*") if "-" in element.tag]  # names that pages make themselves
    for element in reversed(own):  # those within first
        element.tag = "span" if _stands_in_line(element) else "div"
    for box in list(tree.iter(*_HOLDS_WORDS)):
        if _says(box.text) or any(_says(child.tail) or _stands_alone(child) for child in box):
            _paragraph_words(box)
    return tree


def _put_in_line(boxes: Iterable[Any]) -> None:
    for box in boxes:
        box.tag, box.text, box.tail = "span", f" {box.text or ''}", f" {box.tail or ''}"


def _says(text: str | None) -> bool:
    return text is not None and bool(text.strip())


def _stands_alone(element: Any) -> bool:
    """Whether words stand in an element for words in a line, ``span`` mostly; a link alone is no sentence."""
    in_line = element.tag in INLINE and all(inner.tag in _IN_LINE for inner in element)
    return in_line and element.tag != "a" and _says(element.text)


def _stands_in_line(element: Any) -> bool:
    """Whether the element stands among words, and holds nothing but what may."""
    beside = ((element.getparent().text if element.getprevious() is None else element.getprevious().tail), element.tail)
    return any(map(_says, beside)) and all(inner.tag in _IN_LINE for inner in element)


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


def _write_as_paragraphs(listed: Any) -> None:
    """A list as paragraphs, if it is no menu."""
    linked = sum(len(link.text_content()) for link in listed.iter("a"))
    if linked <= LINKED * len(listed.text_content()):
        for item in listed.iter("li"):
            item.tag = "p"
        listed.tag = "div"


def _write_out(formula: Any) -> None:
    """A formula as words: its source in TeX, else its signs, one after the other."""
    text = found(_TEX, formula).strip() or formula.get("alttext") or "".join("".join(formula.itertext()).split())
    for part in list(formula):
        formula.remove(part)
    formula.tag, formula.text = "span", text
