"""The report in a real browser: it works, by keyboard and on a telephone, and nothing in a release acts."""

import pytest
from chromium import CHROMIUM, Browser
from reports import FERRIES, PAYLOADS, document_id, hostile, page_of

from corpuskit.model import Document, Edit


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def ferries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ferries")
    page = folder / "report.html"
    page.write_text(page_of(folder / "draft", FERRIES), "utf-8", newline="")
    return page


LISTED = "[...document.querySelectorAll('#list li small:nth-of-type(1)')].map((e) => e.textContent)"
CHOSEN = "document.querySelector('#list [aria-selected=true] small').textContent"
TEXT = "document.querySelector('#document .text').textContent"


def test_page_opens_without_a_complaint_or_a_request(browser, ferries):
    browser.open(ferries)
    assert browser.js(LISTED) == ["en/copy.txt", "en/three.txt", "th/one.txt", "th/two.txt"]
    assert browser.js("document.querySelectorAll('figure svg .series rect').length") > 10
    assert browser.complaints() == []
    assert browser.requests() == []
    assert browser.js("location.hash") == ""


def test_filters_narrow_the_list(browser, ferries):
    browser.open(ferries, "#rule=share&language=en")
    assert browser.js(LISTED) == ["en/three.txt"]
    assert browser.js("document.getElementById('count').textContent") == "1 of 4 documents"
    browser.js("document.getElementById('clear').click()")
    assert len(browser.js(LISTED)) == 4
    browser.open(ferries, "#text=" + "เที่ยวที่ 2")
    assert browser.js(LISTED) == ["th/two.txt"]
    browser.open(ferries, "#text=nowhere")
    assert browser.js("document.getElementById('document').textContent") == "No document passes these filters."
    browser.open(ferries, "#rule=no-such-rule&source=en/")
    assert browser.js(LISTED) == ["en/copy.txt", "en/three.txt"]


def test_links_into_the_page(browser, ferries):
    browser.open(ferries, "#rule=share&doc=2")
    assert browser.js(CHOSEN) == "th/one.txt"
    browser.open(ferries, f"#doc={document_id('th/two.txt')}&view=after")
    assert browser.js(CHOSEN) == "th/two.txt"
    assert browser.js(TEXT) == FERRIES["th/two.txt"].clean
    browser.js("document.querySelector('#rules a[href=\"#rule=thai-marks\"]').click()")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert browser.js("document.getElementById('rule').value") == "thai-marks"
    assert browser.js(LISTED) == ["th/one.txt", "th/two.txt"]


def test_views_show_the_source_and_the_published_text(browser, ferries):
    document = FERRIES["th/one.txt"][0]
    browser.open(ferries, f"#doc={document_id('th/one.txt')}&view=before")
    assert browser.js(TEXT) == document.text
    browser.type("v")
    assert browser.js(TEXT) == document.clean
    browser.type("v")
    marks = "[...document.querySelectorAll('#document del, #document ins')].map((e) => e.tagName + ' ' + e.textContent)"
    assert browser.js(marks) == ["DEL thai-marks◌\u0e4d\u0e32", "INS ◌\u0e33", "DEL shareแชร์หน้านี้"]


def test_keyboard_moves_through_documents_and_changes(browser, ferries):
    browser.open(ferries)
    browser.type("j", "j")
    assert browser.js(CHOSEN) == "th/one.txt"
    browser.type("ArrowDown", "ArrowDown")
    assert browser.js(CHOSEN) == "th/two.txt"
    browser.type("Home", "k")
    assert browser.js(CHOSEN) == "en/copy.txt"
    browser.type("End", "n")
    assert "SARA AM typed in two halves" in browser.js("document.getElementById('why').textContent")
    browser.type("n")
    assert browser.js("document.activeElement.textContent") == "shareแชร์หน้านี้"
    browser.type("p", "p")
    assert "phrase of th" in browser.js("document.getElementById('why').textContent")
    browser.type("/")
    assert browser.js("document.activeElement.id") == "text"
    browser.type("j", "Escape")
    assert browser.js("document.activeElement.id") == "list"
    assert len(browser.js(LISTED)) == 4
    assert browser.complaints() == []


def test_a_copy_leads_to_the_text_that_stays(browser, ferries):
    browser.open(ferries, f"#doc={document_id('en/copy.txt')}")
    browser.type("n")
    browser.js("document.querySelector('#why a').click()")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert browser.js(CHOSEN) == "en/three.txt"


CONTRASTS = """(() => {
  const pixel = (colour) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const behind = (node) => {
    const colour = pixel(getComputedStyle(node).backgroundColor);
    return colour[3] === 255 ? colour : behind(node.parentElement);
  };
  const words = "p, dt, dd span, th, td, small, .tag, .text, del, ins, .chips button, a, summary";
  return [...document.querySelectorAll(words)].map((node) => {
    const [low, high] = [light(pixel(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => x - y);
    return [(high + 0.05) / (low + 0.05), node.tagName, node.className];
  }).filter(([ratio]) => ratio < 4.5);
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(browser, ferries, scheme):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text, on the paper and on every mark."""
    browser.open(ferries, "#doc=3", scheme=scheme)
    assert browser.js(CONTRASTS) == []


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_nothing_is_wider_than_the_screen(browser, tmp_path, width):
    page = tmp_path / "report.html"
    page.write_text(hostile(tmp_path / "draft"), "utf-8", newline="")
    browser.open(page, width=width)
    for at in range(1, len(PAYLOADS) + 2):
        browser.js(f"location.hash = '#doc={at}'")
        browser.type("n")
        assert browser.js("document.documentElement.scrollWidth") <= width


def test_nothing_in_a_release_acts(browser, tmp_path):
    page = tmp_path / "report.html"
    page.write_text(hostile(tmp_path / "draft"), "utf-8", newline="")
    for view in ("changes", "before", "after"):
        browser.open(page, f"#view={view}&text=<img src=x onerror=window.__pwned=1>")
        for at in range(1, len(PAYLOADS) + 2):
            browser.js(f"location.hash = '#doc={at}&view={view}'")
            browser.type("n", "n")
        assert browser.js("window.__pwned === undefined")
        assert browser.complaints() == []
        assert browser.requests() == []
    addresses = "[...document.querySelectorAll('a')].map((a) => a.protocol)"
    assert set(browser.js(addresses)) == {"file:"}
    active = "img, iframe, object, main script, [style], [onerror], [onload]"
    assert browser.js(f"document.querySelectorAll('{active}').length") == 0


def test_steering_characters_are_shown_in_texts(browser, tmp_path):
    text = "ดู \u202egpj.exe \x1b[2J \u200bคำ"
    page = tmp_path / "report.html"
    document = Document(text, (Edit(len(text) - 3, len(text) - 2, "zero-width"),))
    page.write_text(page_of(tmp_path / "draft", {"a.txt": document}), "utf-8")
    browser.open(page)
    assert browser.js(TEXT) == "ดู U+202Egpj.exe U+001B[2J zero-widthU+200Bคำ"
