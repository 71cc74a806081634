"""Blocks between the paragraphs of a text that the extractor left out."""

import time

import pytest

from corpuskit.page.lines import page_lines
from corpuskit.page.shown import Shown
from corpuskit.sources.html import parsed, read_html
from corpuskit.sources.html.gaps import without_gaps
from corpuskit.sources.html.standing import Standing

FIRST = "The kiln on the hill was built in 1790, and the potters of the valley use it to this day every winter."
SECOND = "Whoever comes by at night sees the fire from afar, long before the roof of the house comes into view."
LAST = "Twice a year the old bricks of the vault are taken out and new ones are put in, which takes a week or two."
LONG = "They say to this day that the old kiln once burnt for a hundred days, and that nobody in the valley slept then."


def filled(body: str, *, taken: tuple[str, ...] = (FIRST, LAST)) -> list[str]:
    """The lines of a text that held those ``taken`` of a page, its gaps filled."""
    tree = parsed(f"<html><body><div id='page'>{body}</div></body></html>")
    return without_gaps(Standing("\n".join(taken), Shown(page_lines(tree)))).split("\n")


def between(block: str) -> list[str]:
    lines = filled(f"<p>{FIRST}</p>{block}<p>{LAST}</p>")
    assert [lines[0], lines[-1]] == [FIRST, LAST]
    return lines[1:-1]


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ("<ul><li>jugs</li><li>bowls<ol><li>deep</li></ol></li></ul>", ["- jugs", "- bowls", "  - deep"]),
        ("<dl><dt>Glaze</dt><dd>what <b>shines</b></dd></dl>", ["- Glaze", "- what shines"]),
        ("<table><tr><th>Year</th><td>1990</td></tr><tr><th>Jugs</th><td>90</td></tr></table>",
         ["| Year | 1990 |", "| Jugs | 90 |"]),
        ("<pre>wood = 4\n  fire = 2</pre>", ["wood = 4", "  fire = 2"]),
        ("<h3>Wood</h3>", ["Wood"]),
        ("<div>Nobody knows who laid the first stone.<p>Nor who laid the last one, the potters say.</p></div>",
         ["Nobody knows who laid the first stone.", "Nor who laid the last one, the potters say."]),
        ("Nobody knows <i>who</i> laid the first stone.", ["Nobody knows who laid the first stone."]),
        ("<br>".join(["Kiln Lane 4", "Potters' Hill", "Near the mill"]),
         ["Kiln Lane 4", "Potters' Hill", "Near the mill"]),
    ],
)  # fmt: skip
def test_what_stands_between_paragraphs_is_text(block, lines):
    assert between(block) == lines


def test_boxes_of_one_kind_are_a_list():
    chapters = [f"Chapter {i}: wood and fire" for i in range(4)]
    assert between("".join(f"<div class='c'>{chapter}</div>" for chapter in chapters)) == chapters
    assert between(f"<div class='c'>{chapters[0]}</div>") == []


@pytest.mark.parametrize(
    "block",
    [
        "<div>Follow us today</div>",
        "<div><a href='a'>Fire in the market hall of the town</a> <a href='b'>Bread is dearer than ever</a></div>",
        "<ul><li><a href='a'>Fire in the market hall</a></li><li><a href='b'>Bread is dearer</a></li></ul>",
        f"<div><img src='a.jpg'>{LONG}</div>",
        f"<div>{LONG}<form><input name='mail'></form></div>",
        f"<figure>{LONG}</figure>",
        f"<aside>{LONG}</aside>",
    ],
)
def test_machinery_and_captions_between_paragraphs_stay_out(block):
    assert between(block) == []


def test_before_the_text_stands_a_lead_and_no_date():
    assert filled(f"<div>3 May</div><div>{LONG}</div><p>{FIRST}</p><p>{LAST}</p>") == [LONG, FIRST, LAST]


def test_behind_the_text_stand_lists_and_no_comments():
    comment = f"<div class='c'><b>Ann</b><p>{LONG}</p></div>"
    lines = filled(f"<p>{FIRST}</p><p>{LAST}</p><ul><li>Bring wood.</li></ul>{comment}<div>{LONG}</div>")
    assert lines == [FIRST, LAST, "- Bring wood."]


def test_the_rest_of_a_list_of_which_something_was_taken():
    body = f"<p>{FIRST}</p><dl><dt>Firing</dt><dd>{LONG}</dd><dt>Glaze</dt><dd><p>{SECOND}</p></dd></dl><p>{LAST}</p>"
    lines = filled(body, taken=(FIRST, SECOND, LAST))
    assert lines == [FIRST, "- Firing", f"- {LONG}", "- Glaze", SECOND, LAST]


def test_an_element_with_one_block_of_the_text_is_no_text():
    assert filled(f"<div><p>{FIRST}</p></div><ul><li>{LONG}</li></ul>", taken=(FIRST,)) == [FIRST]


def test_a_box_between_boxes_of_the_text_is_text():
    """Makers of pages from parts, as Elementor: each paragraph in boxes of its own, some in a ``p`` and some not."""
    widgets = (f"<p>{FIRST}</p>", LONG, f"<p>{LAST}</p>", f"{SECOND} <p>Comments: 3</p>")
    assert filled("".join(f"<div><div class='widget'>{text}</div></div>" for text in widgets)) == [FIRST, LONG, LAST]


def test_a_list_in_a_list_is_told_once():
    item = "<dt>What of the {0}?</dt><dd><p>{1}</p></dd>"
    questions = "".join(item.format(*one) for one in (("kiln", FIRST), ("wood", LONG), ("fire", LAST)))
    lines = filled(f"<p>{SECOND}</p><dl>{questions}</dl>", taken=(SECOND, FIRST, LAST))
    assert lines == [
        SECOND, "- What of the kiln?", FIRST, "- What of the wood?", f"- {LONG}", "- What of the fire?", LAST,
    ]  # fmt: skip


def test_what_was_taken_in_other_lines_is_not_told_again():
    body = f"<p>{FIRST}</p><pre>a = 1<br>b = 2</pre><ul><li>jugs</li><li>bowls</li></ul><p>{LAST}</p>"
    assert filled(body, taken=(FIRST, "a = 1b = 2", "- jugs", "- bowls", LAST)) == [
        FIRST, "a = 1b = 2", "- jugs", "- bowls", LAST,
    ]  # fmt: skip


def test_formulas_whose_parts_were_written_out():
    formula = "<math><mi>Qxz</mi><mo>=</mo><mi>wvk</mi><annotation encoding='x-tex'>Q_{xz}=w</annotation></math>"
    body = f"<p>{FIRST}</p><div>{LONG} {formula}</div><p>{formula}</p><ul><li>{formula}</li></ul><p>{LAST}</p>"
    assert LONG in read_html(f"<html><body>{body}</body></html>".encode()).text


@pytest.mark.parametrize("top", ["<div class='wrap'>{}</div>", "<center><font size='3'>{}</font></center>", "{}"])
def test_a_page_without_an_article_keeps_its_lists(top):
    """Manuals of makeinfo and LaTeX2HTML, pages of table-less systems: no element tells where the text is."""
    thai = "เตาเผาบนเนินเขาสร้างขึ้นเมื่อร้อยปีก่อน และช่างปั้นในหุบเขายังใช้งานอยู่ทุกฤดูหนาวจนถึงทุกวันนี้"
    items = ["หม้อดินเผาใบใหญ่สำหรับใส่น้ำ", "ชามเคลือบสีเขียว"]
    body = f"<p>{thai}</p><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul><p>{thai} ปีนี้ก็เช่นกัน</p>"
    body += f"<dl><dt><code>kiln --fire</code></dt><dd>{LONG}</dd></dl><p>{SECOND}</p>"
    lines = read_html(f"<html><body>{top.format(body)}</body></html>".encode()).text.split("\n")
    assert [line for line in lines if line.startswith("- ")] == [
        *(f"- {item}" for item in items),
        "- kiln --fire",
        f"- {LONG}",
    ]
    assert [lines[0], lines[-1]] == [thai, SECOND]


def test_boxes_in_boxes_take_no_time_by_the_square():
    page = "".join(f"<div><p>{FIRST} {i}</p><p>{SECOND} {i}</p>" for i in range(200))
    page += "".join(f"<p>{LAST} {i}</p><div>{LONG} {i}</div>" for i in range(1500)) + "</div>" * 200
    shown = Shown(page_lines(parsed(f"<html><body>{page}</body></html>")))
    text = "\n".join(line.text for line, _ in shown.lines if LONG not in line.text)
    began = time.process_time()
    assert without_gaps(Standing(text, shown)).count(LONG) == 1499  # the last one stands behind the text
    assert time.process_time() - began < 20
