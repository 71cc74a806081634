"""Boxes that a browser shows and the extractor does not know, captions of pictures, and links of headings."""

import pytest

from corpuskit.sources.html import read_html

BEFORE = (
    "<p>The kiln on the hill was built in 1790, and the potters of the valley use it to this day every winter.</p>"
    "<p>In the year of the flood it stood in water to the door, and nobody could light it for eleven days.</p>"
    "<p>Whoever comes by at night sees the fire from afar, long before the roof of the house comes into his view.</p>"
    "<p>Twice a year the old bricks of the vault are taken out and new ones are put in, which takes a week or two.</p>"
)
BEHIND = "<p>Nobody who has seen it at night would say that it was built for the pots alone.</p>"
SENTENCE = "They say that the old kiln burnt for a hundred days and never went out."


def page(body: str) -> str:
    return f"<html><body><main><h1>The kiln</h1>{BEFORE}{body}{BEHIND}</main></body></html>"


def between(body: str) -> list[str]:
    """The lines that a page has for ``body``, between other paragraphs."""
    text = read_html(page(body).encode()).text
    return text[text.rindex("a week or two.") + 14 : text.index("Nobody who has")].strip().split("\n")


@pytest.mark.parametrize("tag", ["section", "div", "my-note", "kiln-text"])
def test_words_that_stand_in_a_box_alone_are_a_paragraph(tag):
    assert between(f"<{tag}>{SENTENCE}</{tag}>") == [SENTENCE]
    two = f"<{tag}>{SENTENCE}<p>A paragraph.</p>And it <b>burns</b> <a href='x'>today</a>.</{tag}>"
    assert between(two) == [SENTENCE, "A paragraph.", "And it burns today."]


def test_an_element_of_its_own_name_among_words_is_a_part_of_the_sentence():
    assert between("<p>They say that the <my-term>kiln</my-term>, which is old, burns.</p>") == [
        "They say that the kiln, which is old, burns."
    ]


@pytest.mark.parametrize("tag", ["section", "article"])
def test_a_box_in_a_cell_is_a_part_of_the_row(tag):
    row = f"<table><tr><th>Year</th><th>Pots</th></tr><tr><td>1990</td><td><{tag}>90 jugs</{tag}></td></tr></table>"
    assert "| 1990 | 90 jugs |" in [line.strip() for line in between(row)]


FORMULA = "<math>{}<semantics><mi>x</mi><mo>+</mo> <mn>1</mn>{}</semantics></math>"


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (FORMULA.format("", ""), "x+1"),
        (FORMULA.format("", "<annotation encoding='application/x-tex'>x + 1</annotation>"), "x + 1"),
        ("<math alttext='x + 1'><mi>x</mi></math>", "x + 1"),
    ],
)
def test_a_formula_stays_in_its_sentence(formula, shown):
    assert between(f"<p>The heat is {formula}, as potters know.</p>") == [f"The heat is {shown}, as potters know."]


def test_a_task_of_a_list_keeps_its_words():
    assert between("<ul><li><label><input type='checkbox'>Fill the kiln</label></li><li>Light it</li></ul>") == [
        "- Fill the kiln",
        "- Light it",
    ]


@pytest.mark.parametrize("body", ["<pre><code>a = 1\nb = 2</code></pre>", "<blockquote>It burns.</blockquote>"])
def test_a_figure_of_text_is_text(body):
    lines = between(f"<figure>{body}<figcaption>What they say</figcaption></figure>")
    assert {"a = 1", "It burns."} & set(lines)
    assert lines[-1] == "What they say"


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><img src='a.jpg' alt=''><figcaption>{}</figcaption></figure>",
        "<figure><a href='a.jpg'><img src='a.jpg'></a><figcaption><p>{}</p></figcaption></figure>",
        "<div class='wp-caption alignleft'><img src='a.jpg'><p class='wp-caption-text'>{}</p></div>",
        "<div class='thumb'><img src='a.jpg'><div class='thumbcaption'>{}</div></div>",
    ],
)
def test_the_caption_of_a_picture_is_told_and_not_in_the_text(figure):
    caption = "The kiln on a winter night"
    read = read_html(page(figure.format(caption)).encode())
    assert read.captions == (caption,)
    assert caption not in read.text


@pytest.mark.parametrize(
    "body",
    [
        "<nav><figure><img src='a.jpg'><figcaption>The market</figcaption></figure></nav>",
        "<figure><img src='a.jpg'><figcaption><a href='other'>Fire in the market hall</a></figcaption></figure>",
        "<figure><img src='a.jpg'><figcaption>1 / 12</figcaption></figure>",
    ],
)
def test_what_leads_elsewhere_or_says_nothing_is_no_caption(body):
    assert read_html(page(body).encode()).captions == ()


def test_captions_reach_the_release(tmp_path):
    import pyarrow.parquet as pq

    from corpuskit.pipeline import build
    from corpuskit.recipe import recipe_from

    source = tmp_path / "kiln.html"
    source.write_text(page("<figure><img src='a.jpg'><figcaption>The kiln at night</figcaption></figure>"), "utf-8")
    release = build([source], recipe_from({"name": "t", "version": "1.0.0"}), tmp_path / "out").path
    assert pq.read_table(release / "data")["captions"].to_pylist() == [["The kiln at night"]]


@pytest.mark.parametrize("sign", ["¶", "#", "§", "🔗"])
def test_a_link_of_a_heading_to_itself_is_no_part_of_it(sign):
    body = f"<h2>The fire<a href='#fire'>{sign}</a></h2><p>{SENTENCE}</p>"
    assert between(body) == ["The fire", SENTENCE]


def test_a_term_that_holds_a_heading_loses_the_sign_once():
    body = f"<dl><dt><h3>Kiln <a href='#kiln'>¶</a></h3></dt><dd>{SENTENCE}</dd></dl>"
    assert "¶" not in " ".join(between(body))


def test_the_sign_of_a_law_and_that_of_a_name_stay():
    assert between(f"<h2><a href='#5'>§</a> 5 Fires</h2><p>{SENTENCE}</p>")[0] == "§ 5 Fires"
    assert between(f"<h2>Kilns in C#</h2><p>{SENTENCE}</p>")[0] == "Kilns in C#"


@pytest.mark.parametrize("book", ["Letters of a potter", "Fire"])
def test_the_headline_below_the_name_of_a_book_may_have_other_words(book):
    head = f"<head><title>kiln fire - {book}</title></head>"
    body = f"<h1>{book}</h1><nav><h2>Contents</h2></nav><main><h1>kiln-fire(1)</h1>{BEFORE}</main>"
    assert read_html(f"<html>{head}<body>{body}</body></html>".encode()).title == "kiln fire"


@pytest.mark.parametrize(
    "body",
    [
        "<div>x<b>y</b>" * 200 + "<b>y</b>x" * 60_000,
        "<my-x>y</my-x>" * 60_000,
        "<math><mi>x</mi></math>" * 40_000,
        "<figure><figcaption>x</figcaption></figure>" * 40_000,
        "<h2>x<a href='#x'>#</a></h2>" * 40_000,
        "<div>x<p>y</p>" * 100 + "<section>x<p>y</p>z</section>" * 30_000,
    ],
    ids=["words", "own", "formulas", "figures", "links", "sections"],
)
def test_the_time_is_linear(body):
    from corpuskit.sources.html import parsed
    from corpuskit.sources.html.boxes import with_known_boxes
    from corpuskit.sources.html.figures import image_captions
    from corpuskit.sources.html.selflinks import without_self_links

    tree = without_self_links(parsed(f"<html><body>{body}</body></html>"))
    image_captions(tree)
    with_known_boxes(tree)  # quadratic ones take minutes


@pytest.mark.parametrize("tag", ["span", "em", "b"])
def test_words_in_an_element_of_a_line_between_boxes_are_a_paragraph(tag):
    body = f"<section>{SENTENCE}</section><{tag}>Not out.</{tag}><div>It burns.</div>"
    assert between(body) == [SENTENCE, "Not out.", "It burns."]


@pytest.mark.parametrize("box", ["section", "div", "h4", "p"])
def test_a_summary_may_hold_boxes(box):
    signature = f"<{box} class='method'><a href='src'>Source</a><h4>pub fn <a href='l'>light</a>(k: Kiln)</h4></{box}>"
    body = f"<details><summary>{signature}</summary><div>{SENTENCE}</div></details>"
    assert between(body) == ["Source pub fn light(k: Kiln)", SENTENCE]


def test_a_list_in_a_cell_is_a_part_of_the_row():
    cell = "<ul><li>90 jugs</li><li><b>12</b> bowls<ol><li>with lids</li></ol></li></ul>"
    rows = between(f"<table><tr><td>1990</td><td>{cell}</td></tr></table>")
    assert "| 1990 | 90 jugs 12 bowls with lids |" in [" ".join(row.split()) for row in rows]


def test_a_menu_in_a_cell_is_no_part_of_the_row():
    menu = "<ul><li><a href='a'>Market hall</a></li><li><a href='b'>Town house</a></li></ul>"
    assert "Market hall" not in "".join(between(f"<table><tr><td>1990</td><td>{menu}</td></tr></table>"))


@pytest.mark.parametrize("tag", ["main", "div"])
def test_code_in_an_item_does_not_tear_it(tag):
    items = "<ul><li>Let <code>kiln</code> burn with <code>wood</code></li><li><code>wood</code>, it burns</li></ul>"
    page = f"<html><body><{tag}><h1>The kiln</h1>{BEFORE}{items}{BEHIND}</{tag}></body></html>"
    lines = [line for line in read_html(page.encode()).text.replace(" ,", ",").split("\n") if line.startswith("- ")]
    assert lines == ["- Let kiln burn with wood", "- wood, it burns"]
