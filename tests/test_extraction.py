"""Main text: second opinions where the extractor took little, and lists of links that it took for text."""

import importlib.util
import random
import re
import sys
from re._parser import parse

import pytest
from lxml import html
from lxml.etree import XPath
from trafilatura import external, main_extractor, xpaths
from trafilatura.readability_lxml import REGEXES
from trafilatura.settings import BASIC_CLEAN_XPATH

from corpuskit.page.lines import page_lines
from corpuskit.page.shown import Shown
from corpuskit.sources.html import read_html
from corpuskit.sources.html.dialogs import without_dialogs
from corpuskit.sources.html.expressions import quicker
from corpuskit.sources.html.extraction import extracted
from corpuskit.sources.html.fallback import more_of
from corpuskit.sources.html.idleclasses import WORDS, without_idle_classes
from corpuskit.sources.html.layouttables import without_layout_tables
from corpuskit.sources.html.linklists import without_link_lists
from corpuskit.sources.html.siblings import with_siblings

MILL = "The mill by the sea was built in 1820, and it is still used by the people of the village."
THAI = "โรงเรียนริมน้ำเปิดห้องสมุดลอยน้ำให้เด็กในชุมชนยืมหนังสือได้ทุกวันเสาร์"


def tree(body: str):
    return html.document_fromstring(f"<html><body>{body}</body></html>")


def sections(count: int, text: str = MILL) -> str:
    return "".join(f"<section><h2>Part {n}</h2><p>{n}: {text}</p></section>" for n in range(count))


@pytest.mark.parametrize("text", [MILL, THAI])
def test_the_main_part_goes_before_little_of_it(text):
    page = tree(f"<nav>Home</nav><main>{sections(12, text)}<aside>Buy now</aside></main><footer>Imprint</footer>")
    whole = more_of(page, f"3: {text}")
    assert all(f"{n}: {text}" in whole for n in range(12))
    assert not any(word in whole for word in ("Home", "Buy now", "Imprint"))


def test_an_article_in_a_main_part_is_left_alone():
    article = "\n".join(f"{n}: {MILL}" for n in range(8))
    page = tree(f"<main>{sections(12)}</main>")
    assert more_of(page, article) == article


def test_a_main_part_of_links_is_a_list_of_other_pages():
    links = "".join(f"<p><a href='/{n}'>{n}: {MILL}</a></p>" for n in range(12))
    text = MILL * 4
    assert more_of(tree(f"<main><p>{text}</p>{links}</main>"), text) == text


def test_a_page_without_a_main_part_keeps_what_was_taken():
    text = MILL * 4
    assert more_of(tree(sections(30)), text) == text


LINKS = "".join(f"<li><a href='/{n}'>Headline {word}</a> <b>10:{n}0</b></li>" for n, word in enumerate("abc"))


@pytest.mark.parametrize("list_of", [LINKS, LINKS.replace("<b>", "<div>").replace("</b>", "</div>")])
def test_a_list_of_links_is_no_text(list_of):
    page = tree(f"<p>{MILL}</p><ul>{list_of}</ul><p>{THAI}</p>")
    text = f"{MILL}\n- Headline a 10:00\n- Headline b 10:10\n- Headline c 10:20\n{THAI}"
    assert without_link_lists(text, Shown(page_lines(page))) == f"{MILL}\n{THAI}"


def test_a_row_of_links_in_a_table():
    page = tree(f"<p>{MILL}</p><table><tr><td><a href='/a'>Politics</a></td><td><a href='/b'>Sport</a></td></tr>"
                "<tr><td><a href='/c'>Health</a></td><td>12 %</td></tr></table>")  # fmt: skip
    text = f"{MILL}\n| Politics | Sport |\n| Politics |\n| Health | 12 % |"
    assert without_link_lists(text, Shown(page_lines(page))) == f"{MILL}\n| Health | 12 % |"


def test_figures_beside_links_are_content():
    items = "".join(f"<li><a href='/{n}'>Village of {word}</a> {n},400</li>" for n, word in enumerate("abc"))
    text = f"{MILL}\n" + "\n".join(f"Village of {word} {n},400" for n, word in enumerate("abc"))
    assert without_link_lists(text, Shown(page_lines(tree(f"<p>{MILL}</p><ul>{items}</ul>")))) == text


def test_one_link_by_itself_and_a_page_of_links_stay():
    page = tree(f"<p>{MILL}</p><p><a href='/a'>The mill's own pages</a></p>")
    text = f"{MILL}\nThe mill's own pages"
    assert without_link_lists(text, Shown(page_lines(page))) == text
    listing = "Headline a\nHeadline b\nHeadline c\nShort"
    assert without_link_lists(listing, Shown(page_lines(tree(f"<ul>{LINKS}</ul><p>Short</p>")))) == listing


def test_words_that_are_a_link_elsewhere_too_stay_where_they_are_text():
    page = tree(
        f"<nav><a href='/1'>History</a> <a href='/2'>The sails</a></nav><h2>History</h2><h3>The sails</h3><p>{MILL}</p>"
    )
    text = f"History\nThe sails\n{MILL}"
    assert without_link_lists(text, Shown(page_lines(page))) == text


@pytest.mark.parametrize("mark", ["id='onetrust-consent-sdk'", "role='dialog'", "class='x cookie-banner'"])
def test_a_consent_dialog_is_no_text(mark):
    consent = "We store information on your browser, mostly in the form of small files, to make the site work. " * 9
    body = f"<div {mark}><p>{consent}</p></div><article><h1>The mill</h1><p>{MILL * 12}</p></article>"
    found = read_html(f"<html><body>{body}</body></html>".encode())
    assert MILL in found.text
    assert "small files" not in found.text


def test_a_dialog_that_is_the_page_stays():
    page = tree(f"<div role='dialog'><p>{MILL * 5}</p></div><p>Close</p>")
    assert MILL in without_dialogs(page).text_content()


@pytest.mark.parametrize("text", [MILL * 6, MILL])
def test_the_tree_of_a_page_stays_as_it_is(text):
    page = tree(f"<nav><a href='/'>Home</a></nav><form><p>{text}</p><table><tr><td>Mill</td></tr></table></form>")
    before = html.tostring(page)
    assert more_of(page, extracted(page))
    assert html.tostring(page) == before


def laid_out(*paragraphs: str, menu: str = "Home News Sport") -> str:
    items = "".join(f"<div><a href='/{word}'>{word}</a></div>" for word in menu.split())
    return f"<table><tr><td>{items}</td><td>{'<br><br>'.join(paragraphs)}</td></tr></table>"


@pytest.mark.parametrize("text", [MILL, THAI])
def test_a_table_that_lays_a_page_out_is_no_table(text):
    paragraphs = [f"{n}: {text}" for n in range(8)]
    found = read_html(f"<html><body>{laid_out(*paragraphs)}</body></html>".encode()).text
    assert "|" not in found
    assert [line for line in found.split("\n") if line in paragraphs] == paragraphs


def test_rows_with_prose_become_lines_and_other_rows_stay():
    page = page_lines(tree(f"<p>Home</p>{laid_out(*[MILL] * 6)}<p>{MILL}</p>"))
    prose = " ".join([MILL] * 6)
    text = f"| Home News Sport | {prose} |\n| Barley | 12 \\| 13 |\n{MILL}"
    assert without_layout_tables(text, page).split("\n") == [
        "Home", "News", "Sport", *[MILL] * 6, "| Barley | 12 \\| 13 |", MILL
    ]  # fmt: skip
    other = f"| Home | {prose} and something that the page does not say |"
    assert without_layout_tables(other, page).split("\n") == ["Home", other[9:-2]]
    assert without_layout_tables(prose, page) == prose


ANSWERS = (
    "I kept bees by the river for nine years, and the mill never troubled them.",
    "Mine moved to the orchard as soon as the wheel began to turn in spring.",
    "Put the hives behind the barn, with the door to the morning sun.",
    "เลี้ยงผึ้งริมคลองต้องยกกล่องให้พ้นน้ำหลาก ปีที่แล้วของผมลอยไปสองกล่อง",
    "The miller here planted limes for his, and now he sells more honey than flour.",
)
POSTS = "".join(
    f"<div class='post p{n}'><div class='author'><a href='/u{n}'>Member {n}</a><p>{n} posts</p></div>"
    f"<div class='post-body'><p>{answer}</p><p>So much from my {n + 2} years.</p></div><a href='/r'>Reply</a></div>"
    for n, answer in enumerate(ANSWERS)
)


def siblings(body: str, *taken: str) -> str:
    return with_siblings("\n".join(taken), Shown(page_lines(tree(body))))


def test_all_posts_are_taken_where_some_were():
    text = siblings(f"<nav>{LINKS}</nav>{POSTS}<footer><p>{MILL}</p></footer>", *ANSWERS[:2])
    assert all(answer in text for answer in ANSWERS)
    assert not any(other in text for other in ("Reply", "Member", "Headline", MILL))


def test_an_article_among_teasers_is_left_alone():
    teasers = "".join(f"<div class='card'><p>{answer}</p></div>" for answer in ANSWERS)
    assert siblings(f"<div class='card'><p>{MILL}</p></div>{teasers}", MILL) == MILL
    assert siblings(f"<article><p>{MILL}</p><p>{THAI}</p></article>{teasers}", MILL, THAI) == f"{MILL}\n{THAI}"


def test_one_more_of_a_kind_is_no_thread():
    body = "".join(f"<div class='part'><p>{answer}</p></div>" for answer in ANSWERS[:3])
    assert siblings(body, *ANSWERS[:2]) == "\n".join(ANSWERS[:2])


def test_what_stands_in_asides_is_no_text():
    body = "".join(f"<div class='part'><p>{answer}</p></div>" for answer in ANSWERS[:2])
    aside = "".join(f"<div class='part'><p>{answer}</p></div>" for answer in ANSWERS[2:])
    assert siblings(f"{body}<aside>{aside}</aside>", *ANSWERS[:2]) == "\n".join(ANSWERS[:2])


def test_short_lines_alone_tell_nothing():
    body = "".join(f"<div class='part'><p>Lot {n}</p></div>" for n in range(4))
    assert siblings(f"{body}<div class='part'><p>{MILL}</p></div>", "Lot 1", "Lot 2") == "Lot 1\nLot 2"


def test_classes_that_tell_nothing_are_set_aside_while_an_extractor_works():
    page = tree("<p class='c1'>Mill</p><p class='c1' id='x'>by</p><p class='Post-Body c1'>the</p><p>sea</p>")
    named = {"Mill": "c1", "by": "c1", "the": "Post-Body c1", "sea": None}
    with without_idle_classes(page):
        assert {p.text: p.get("class") for p in page.iter("p")} == named | {"Mill": None}
    assert {p.text: p.get("class") for p in page.iter("p")} == named


def test_every_name_that_trafilatura_looks_for_holds_one_of_the_words():
    asked = [*xpaths.BODY_XPATH, *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH, *xpaths.RAW_TREE_PRUNE_XPATH]
    asked += [*xpaths.OVERALL_DISCARD_XPATH, *xpaths.TEASER_DISCARD_XPATH, *xpaths.DISCARD_IMAGE_ELEMENTS]
    literals = {text for one in (*asked, BASIC_CLEAN_XPATH) for text in re.findall("'([^']*)'", one.path)}
    literals -= {"i", *"tTnN", "cm", "CM", "cp", "CP", "true", "MostPopularStories"}  # flags, letters, other attributes
    literals |= {REGEXES[name].pattern for name in ("unlikelyCandidatesRe", "positiveRe", "negativeRe")}
    names = [name.lower() for literal in literals for name in spelled(parse(literal))]
    assert len(names) > 200
    assert [name for name in names if not any(word in name for word in WORDS)] == []


def trafilaturas_own():
    """trafilatura's expressions as they are written, whatever was put in their place."""
    spec = importlib.util.spec_from_file_location("own_xpaths", xpaths.__file__)
    own = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(own)
    return [one for found in vars(own).values() if isinstance(found, list) for one in found] + [BASIC_CLEAN_XPATH]


def test_quicker_expressions_find_the_same():
    own = trafilaturas_own()
    quick = [quicker(one) for one in own]
    literals = {text for one in own for text in re.findall("'([^']*)'", one.path)}
    names = {name for literal in literals for name in spelled(parse(literal))} | {"", "x", "is hidden", "Sidebar x"}
    attributes = ("id", "class", "style", "role", "itemprop", "aria-hidden", "data-component")
    marks = ["", *(f' {name}="{value}"' for name in attributes for value in sorted(names))]
    dice = random.Random(7)
    tags = "div p section article list item span main ol aside details header td a".split()
    parts = []
    for mark in marks:  # within each other, some behind another, some with a second attribute
        tag, other = dice.choice(tags), dice.choice(marks)
        second = other if other.split("=")[0] != mark.split("=")[0] else ""
        parts.append(f"<{tag}{mark}{second}>a<{tag}{mark}>b</{tag}>{'' if dice.random() < 0.3 else f'</{tag}>'}")
    page = tree("".join(parts))
    found = [one(page) for one in own]
    assert found == [one(page) for one in quick]
    assert sum(bool(hits) for one, other, hits in zip(own, quick, found, strict=True) if one is not other) > 20


def test_what_makes_an_expression_quicker():
    own = XPath(".//p[re:test(@id|@class, 'a', 'i') or not(re:test(@id, 'b'))]", namespaces={"re": xpaths.REGEXP_NS})
    now = "descendant::p[(@id|@class) and re:test(@id|@class, 'a', 'i') or not((@id) and re:test(@id, 'b'))]"
    assert quicker(own).path == now


def test_expressions_that_match_no_class_or_count_stay():
    stay = ("re:test(@class, 'a*')", "re:test(@class, 'a') = false()", "contains(@class, 'a')", "@class='a'][1")
    for path in (*(f"//p[{test}]" for test in stay), ".//p[@class='a'][1]", ".//p[count(b)]", "..//p[@class='a']"):
        own = XPath(path, namespaces={"re": xpaths.REGEXP_NS})
        assert quicker(own) is own


def test_trafilatura_asks_the_quicker_expressions():
    extracted(tree(f"<p>{MILL}</p>"))
    asked = (main_extractor.BODY_XPATH[0], main_extractor.OVERALL_DISCARD_XPATH[1], external.OVERALL_DISCARD_XPATH[0])
    assert all("(@class) and re:test(@class" in one.path for one in asked)
    assert "(@class) and" in sys.modules["trafilatura.baseline"].BASIC_CLEAN_XPATH.path


def spelled(parts) -> list[str]:
    """The texts for which a parsed expression looks: ``post-?(?:body|text)`` → ``postbody``, ``post-body``, ..."""
    texts = [""]
    for kind, told in parts:
        match str(kind):
            case "LITERAL":
                some = [chr(told)]
            case "IN":
                some = [chr(code) for _, code in told]
            case "BRANCH":
                some = [text for branch in told[1] for text in spelled(branch)]
            case "SUBPATTERN":
                some = spelled(told[-1])
            case "MAX_REPEAT":
                some = [text * count for text in spelled(told[2]) for count in range(told[0], told[1] + 1)]
            case "AT" | "ASSERT_NOT":
                some = [""]
        texts = [text + one for text in texts for one in some]
    return texts
