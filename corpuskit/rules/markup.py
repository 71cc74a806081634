"""Left-over markup in plain text: image placeholders, image file names, and the captions they mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpuskit.rules.findings import Batch, Cut, Drop, Finding, Flags, Hold
from corpuskit.text.characters import Class
from corpuskit.text.lines import Lines, table_of_lines
from corpuskit.text.segment import Zone

#: Any of these in a text: it may hold a placeholder. Without one, the text is not looked at again.
TRIGGERS: Final = re.compile(
    r"!\[|\[(?:im|photo|pic|ภาพ|รูป|hình|ảnh|foto|gambar|bild|фото|図|画像|图片|圖片|사진|صورة)"
    r"|data:image|<img|\.(?:jpe?g|png|gif|webp|bmp|svg|tiff?)\b",
    re.IGNORECASE,
)

#: How names of image files end.
_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".tif", ".tiff")

_TARGET: Final = r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
#: An address that nothing closes ends with its line: a converter broke it.
_IMAGE: Final = rf"!\[(?:\\(?!!\[).|!(?!\[)|[^\]\\\n!])*\](?:{_TARGET}|\[[^\]\n]*\]|\([^()\s]*(?=\n|\Z))"
_WORDS: Final = (
    "image|img|photo|picture|ภาพ|รูป|รูปภาพ|hình|hình ảnh|ảnh|foto|gambar|imagen|imagem|immagine|bild|фото"
    "|図|画像|图片|圖片|사진|صورة"
)
#: An image in Markdown (also as a link), in brackets, as a data URI or as a tag.
PLACEHOLDER: Final = re.compile(
    rf"\[[ \t]*{_IMAGE}[ \t]*\]\([^()\n]*\)|{_IMAGE}"
    rf"|\[(?:{_WORDS})(?:\s*[:：#]\s*[^\]\n]{{0,200}}|\s*\d{{0,4}})\]"
    r"|data:image/[a-z+.\-]{2,12};base64,[A-Za-z0-9+/=]{8,}"
    r"|<img\b[^<>\n]*>",
    re.IGNORECASE,
)
#: An image whose words run over up to forty lines: the text of a poster, empty lines between.
BROKEN: Final = re.compile(rf"!\[(?:(?:\\.|[^\[\]\\\n])*\n){{1,39}}(?:\\.|[^\[\]\\\n])*\]{_TARGET}")
#: What is left of a line when its placeholders are gone, and says nothing: bars of a table, marks of Markdown.
_FURNITURE: Final = re.compile(r"[\s|*_>+-]|\[\]\([^()\n]*\)")
#: A line that is the name of an image file; one with spaces in it must be plain ASCII, and no item of a list.
FILE_NAME: Final = re.compile(
    r"(?:[^\s/\\|<>]{1,80}|(?!\d+[.)]\s)[A-Za-z0-9_.,()&-]{1,40}(?: [A-Za-z0-9_.,()&-]{1,40}){1,4})"
    r"\.(?:jpe?g|png|gif|webp|bmp|svg|tiff?)",
    re.IGNORECASE,
)
_NESTED: Final = r"[^()\n]*(?:\([^()\n]*\)[^()\n]*)*"
#: Where a link leads: no spaces but before a title, or what begins like an address, and then spaces too.
_GOAL: Final = (
    r"\((?:[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[^\S\n]+\"[^\"\n]*\")?"
    rf"|(?:[a-z]{{2,12}}:/|mailto:|tel:|javascript:|/\w|\.{{1,2}}/|\?\w+=|\#\w){_NESTED})\)"
)
#: A link in Markdown; its words may hold brackets.
LINK: Final = re.compile(rf"\[([^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*){{0,3}})\]{_GOAL}", re.IGNORECASE)
#: The end of a link whose words began on an earlier line; the goal must be an address.
LINK_END: Final = re.compile(rf"^([^\[\]\n]*)\]\((?:https?:|/){_NESTED}\)", re.IGNORECASE | re.MULTILINE)
#: The end of a link with a title, which may stand on later lines, empty ones between: so many code points at most.
TITLE: Final = re.compile(r"(\]\([^()\s]+)(\s+\"[^\"]{0,2000}\")\)")
#: What stands of it on the line of the link's words, if the title ends on a later line.
_TITLE_BEGINS: Final = re.compile(r"(\]\([^()\s]+)(?:\s+\"[^\"\n]*)?$")
#: Marks of block quotes and of emphasis: some converters quote a whole page.
MARKS: Final = re.compile(r"^[ \t]*>[ \t>]*|\*\*|__", re.MULTILINE)

#: The columns of a table of lines that tell what a reader sees of a line.
SEEN_COLUMNS: Final = tuple(
    f.name for f in fields(Lines) if f.name not in ("doc", "index", "start", "end", "key", "scripts")
)
#: Classes of the last letter of an image file's name ("jpg", "PNG", "mp4").
FILE_ENDS: Final = (Class.LATIN, Class.UPPER_LATIN)


class Mark(NamedTuple):
    """A placeholder in a line: code points within the line, what takes its place, and whether it is the whole line."""

    start: int
    end: int
    new: str
    whole: bool


def shown_lines(texts: Sequence[str]) -> Lines:
    """The table of lines of ``texts``; markup does not count as text, places are those of ``texts`` themselves."""
    lines = table_of_lines(texts)
    marked = {doc: shown for doc, text in enumerate(texts) if (shown := as_shown(text)) is not text}
    if not marked:
        return lines
    docs, seen = list(marked), table_of_lines(list(marked.values()))
    rows = np.isin(lines.doc, docs)
    return replace(
        lines,
        **{name: _with(getattr(lines, name), rows, getattr(seen, name)) for name in SEEN_COLUMNS},
        scripts=_with(lines.scripts, docs, seen.scripts),
    )


def _with(column: NDArray[Any], rows: NDArray[np.bool_] | list[int], values: NDArray[Any]) -> NDArray[Any]:
    """The column with other values in these rows."""
    changed = column.copy()
    changed[rows] = values
    return changed


def as_shown(text: str) -> str:
    """What a reader sees of a text with links of Markdown: no targets, no marks of quotation or emphasis.

    The number of lines stays. A text without links is taken as it stands: its marks may mean something else.
    """
    return MARKS.sub("", without_links(text)) if has_link(text) else text


def has_link(text: str) -> bool:
    """Whether a link of Markdown may stand in it; one rare character is looked for at ten times the speed of two."""
    return "]" in text and "](" in text


def without_links(text: str) -> str:
    """``text`` with images dropped and links reduced to their words; the number of lines stays."""
    shown = LINK.sub(r"\1", PLACEHOLDER.sub("", BROKEN.sub(_line_ends, TITLE.sub(_untitled, text))))
    return LINK_END.sub(r"\1", shown) if "](" in shown else shown


def _line_ends(broken: re.Match[str]) -> str:
    """What stays of an image over several lines, where nothing but the number of lines counts."""
    return "\n" * broken[0].count("\n")


def _untitled(link: re.Match[str]) -> str:
    """The end of a link without its title, and the title's line ends."""
    return link[1] + ")" + "\n" * link[2].count("\n")


def link_shares(lines: Lines, texts: Sequence[str]) -> NDArray[np.uint8]:
    """Share of each line in links of Markdown, in percent; only lines of texts that hold a link are looked at."""
    shares = np.zeros(len(lines), np.uint8)
    marked = np.array([*map(has_link, texts)], bool)
    if marked.any():
        for row in np.flatnonzero(marked[lines.doc] & (lines.letters > 0)).tolist():
            shares[row] = link_share(texts[lines.doc[row]][lines.start[row] : lines.end[row]])
    return shares


def link_share(line: str) -> int:
    """How much of what a line of Markdown shows stands in links, in percent."""
    if "](" not in line:
        return 0
    shown = PLACEHOLDER.sub("", _TITLE_BEGINS.sub(r"\1)", line))
    linked = sum(_letters(m[1]) for links in (LINK, LINK_END) for m in links.finditer(shown))
    return 100 * linked // max(1, _letters(LINK_END.sub(r"\1", LINK.sub(r"\1", shown)))) if linked else 0


def _letters(text: str) -> int:
    return sum(c.isalnum() for c in text)


def placeholders(line: str) -> Iterator[Mark]:
    """The placeholders of a line.

    One that stands alone (but for table bars) is the whole line. The bar that some
    extractors put behind a placeholder goes with it, unless the line is a table row. A
    placeholder glued between two texts stood for a paragraph break, which is restored.
    """
    if FILE_NAME.fullmatch(line.strip()):
        yield Mark(0, len(line), "", True)
        return
    found = list(PLACEHOLDER.finditer(line))
    rest = PLACEHOLDER.sub("", line)
    if found and not _FURNITURE.sub("", rest):
        yield Mark(0, len(line), "", True)
        return
    table = rest.count("|") > 1
    for m in found:
        end = m.end()
        if not table and (bar := re.compile(r"[ \t]*\|[ \t]*").match(line, end)):
            end = bar.end()
        glued = m.start() > 0 and end < len(line) and not line[m.start() - 1].isspace() and not table
        yield Mark(m.start(), end, "\n" if glued else "", False)


def image_placeholders(batch: Batch) -> Iterator[Finding]:
    """Placeholders of images: what an extractor left where a picture stood.

    A line that holds nothing else goes whole; within a line only the placeholder goes, and
    the paragraph break that it stood for is restored.

    Example::

        ⟦placeholder|![](a.jpg)
        ⟧The square was full.⟦placeholder|![]() |⟧
    """
    for row in image_rows(batch, batch.open):
        doc, at = int(batch.lines.doc[row]), int(batch.lines.start[row])
        for mark in placeholders(batch.line(row)):
            if mark.whole:
                yield Drop(row, "placeholder", "an image placeholder alone on its line")
            elif mark.end > mark.start:
                why = "an image placeholder within a line"
                yield Cut(doc, at + mark.start, at + mark.end, "placeholder", mark.new, why)
        yield from _broken(batch, row)


def link_titles(batch: Batch) -> Iterator[Finding]:
    """The title of a link that runs over several lines: words for a mouse that rests on the link, no text of the page.

    A title on one line stays with its link.

    Example::

        The ferry to [the old town](/town⟦link-title| "Where the river bends twice,
        and the market begins at dawn"⟧) leaves at noon, and nobody has ever seen it leave at any other hour.
    """
    docs = np.unique(batch.lines.doc[batch.links > 0]).tolist()
    found = [(doc, title) for doc in docs for title in TITLE.finditer(batch.texts[doc]) if "\n" in title[2]]
    code = _fenced(batch, {doc for doc, _ in found})
    for doc, title in found:
        row = int(np.searchsorted(batch.lines.start[batch.first[doc] : batch.past[doc]], title.start(), side="right"))
        if int(batch.first[doc]) + row - 1 not in code:
            yield Cut(doc, title.end(1), title.end() - 1, "link-title", "", "the title of a link over several lines")


def fenced_code(batch: Batch) -> Iterator[Finding]:
    """Code between fences of Markdown is content, whatever it looks like: its lines stay."""
    yield from map(Hold, sorted(_fenced(batch, range(len(batch.texts)))))


def _broken(batch: Batch, row: int) -> Iterator[Finding]:
    """An image whose words begin on this line and end on a later one: its part of each line goes."""
    lines, doc = batch.lines, int(batch.lines.doc[row])
    opens = batch.line(row).rfind("![")
    image = BROKEN.match(batch.texts[doc], int(lines.start[row]) + opens) if opens >= 0 else None
    while image and lines.doc[row] == doc and lines.start[row] < image.end():
        start, end = max(image.start(), int(lines.start[row])), min(image.end(), int(lines.end[row]))
        rest = batch.texts[doc][lines.start[row] : start] + batch.texts[doc][end : lines.end[row]]
        if not _FURNITURE.sub("", rest):
            yield Drop(row, "placeholder", "an image placeholder over several lines")
        elif end > start:
            yield Cut(doc, start, end, "placeholder", "", "an image placeholder over several lines")
        row += 1
        if row == len(lines):
            break


#: A line is a link when this much of it is (percent); a list of links has at least so many in a row.
LINK_SHARE: Final = 90
LINK_RUN: Final = 3


def link_lists(batch: Batch) -> Iterator[Finding]:
    """A run of lines that are links and nothing else, in Markdown, outside the prose: a menu, headlines of other pages.

    Between paragraphs, and in texts that somebody set, it may be a list of the author's own.

    Example::

        ⟦link-list|* [Home](/)
        * [News](/news)
        * [Sports](/sports)
        ⟧The first paragraph of the page, which is long enough to be prose and ends like prose ends everywhere.
    """
    listed = runs_of(batch.lines, batch.links >= LINK_SHARE, LINK_RUN)
    chosen = listed & (batch.shape.zone != Zone.BODY) & ~batch.typeset
    for row in batch.rows(chosen):
        yield Drop(row, "link-list", "a link among links")


def runs_of(lines: Lines, chosen: Flags, least: int) -> Flags:
    """The ``chosen`` lines of which at least so many follow each other in a page, empty lines between or not."""
    shown = np.flatnonzero(~lines.blank)
    alike = chosen[shown]
    cuts = np.flatnonzero(np.diff(lines.doc[shown], prepend=-1) | np.diff(alike, prepend=~alike[:1]))
    sizes = np.diff(np.append(cuts, len(shown)))
    found = np.zeros(len(lines), bool)
    found[shown] = alike & (np.repeat(sizes, sizes) >= least)
    return found


def image_rows(batch: Batch, among: Flags) -> list[int]:
    """Lines that may hold a placeholder: in documents with a trigger, or that end like a file name."""
    lines = batch.lines
    names = (lines.enders > 0) & (lines.length <= 140) & (lines.spaces <= 3) & np.isin(lines.last, FILE_ENDS)
    rows = np.flatnonzero((batch.pictured[lines.doc] | names) & among)
    # in a document with a trigger every line is looked at: the columns count what Markdown shows, not its marks
    found = [row for row in rows.tolist() if _may_be_image(batch.line(row))]
    code = _fenced(batch, {int(lines.doc[row]) for row in found})
    return [row for row in found if row not in code]


def _fenced(batch: Batch, docs: Iterable[int]) -> set[int]:
    """Lines of these documents that are fenced code, fences included; a fence that nothing closes is none."""
    inside: set[int] = set()
    for doc in docs:
        opened, mark = -1, ""
        for row in _fences(batch, doc):
            line = batch.line(row).lstrip()
            if opened < 0:
                opened, mark = row, line[:3]
            elif line.startswith(mark) and not line.strip(" `~\t"):
                inside.update(range(opened, row + 1))
                opened = -1
    return inside


def _fences(batch: Batch, doc: int) -> list[int]:
    """Lines of the document that look like the beginning or end of fenced code."""
    text = batch.texts[doc]
    if not (("`" in text and "```" in text) or ("~" in text and "~~~" in text)):
        return []
    rows = range(int(batch.first[doc]), int(batch.past[doc]))
    return [row for row in rows if batch.line(row).lstrip().startswith(("```", "~~~"))]


def may_hold_images(text: str) -> bool:
    """Whether a placeholder of an image may stand in the text."""
    return "[" in text or ("<" in text and "<img" in text) or "data:image" in text


def _may_be_image(line: str) -> bool:
    """Whether a line may hold a placeholder, or be the name of a file (bars of a table behind it or not)."""
    if "[" in line or "<" in line or "data:image" in line:
        return TRIGGERS.search(line) is not None
    return line.rstrip().rstrip("|").rstrip()[-5:].lower().endswith(_SUFFIXES)
