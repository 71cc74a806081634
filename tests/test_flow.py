"""Pages as a browser lays them out: where the extractor alone would break, tear or lose text."""

import pytest

from corpuskit.sources.html import read_html

BEFORE = "<p>The mill by the sea was built in 1820, and it is still used by the people of the village.</p>" * 3
BEHIND = "<p>Nobody who has seen it in a storm would say that it was built for the wind alone.</p>"
SENTENCE = "They say that the old wheel turned for a hundred years and never stood still."


def between(body: str) -> list[str]:
    """The lines that a page has for ``body``, between other paragraphs."""
    page = f"<html><body><main><h1>The mill</h1>{BEFORE}{body}{BEHIND}</main></body></html>"
    text = read_html(page.encode()).text
    return text[text.rindex("of the village.") + 15 : text.index("Nobody who has")].strip().split("\n")


@pytest.mark.parametrize(
    "tag",
    "a abbr b bdi cite code data dfn em font i ins kbd mark s samp small span strike strong sub sup time u var".split(),
)
def test_a_line_break_of_the_markup_is_a_space(tag):
    paragraph = SENTENCE.replace(" that ", "\nthat ").replace("a hundred years", f"<{tag}>a\nhundred years</{tag}>")
    for body in (f"<p>{paragraph}</p>", f"<blockquote>{paragraph}</blockquote>"):
        assert between(body) == [SENTENCE]
    assert between(f"<ul><li>{paragraph}</li></ul>") == [f"- {SENTENCE}"]


LISTING = "while wheel:\n    turn(wheel)\n    if storm:\n        break"


@pytest.mark.parametrize(
    "body",
    [
        f"<pre><code>{LISTING}</code></pre>",
        f"<div class='highlight'><pre><span>{LISTING}</span>\n</pre></div>",
        f"<pre class='lang-python'>{LISTING}\n</pre>",
    ],
)
def test_a_listing_has_the_fences_of_markdown(body):
    assert between(body) == ["```", *LISTING.split("\n"), "```"]


@pytest.mark.parametrize("body", ["<pre><code>turn(wheel)</code></pre>", "<pre>The wheel\nturns.</pre>"])
def test_a_line_of_code_and_a_poem_have_none(body):
    assert "```" not in between(body)


@pytest.mark.parametrize("outer", ["li", "blockquote", "dd", "div", "td"])
@pytest.mark.parametrize("inner", ["div", "pre", "section", "table", "article"])
def test_no_words_are_glued(outer, inner):
    text = "<tr><td>turns</td></tr>" if inner == "table" else "turns"
    whole = {"li": "<ul><li>{}</li></ul>", "td": "<table><tr><td>{}</td></tr></table>", "dd": "<dl><dd>{}</dd></dl>"}
    body = whole.get(outer, f"<{outer}>{{}}</{outer}>").format(f"The wheel<{inner}>{text}</{inner}>and never stops.")
    lines = " ".join(between(body))
    assert "wheelt" not in lines
    assert "turnsand" not in lines


def test_lines_of_a_listing_stay():
    assert between(f"<p>It is <code>turned</code>\nlike this:</p><pre><code>{LISTING}</code></pre>") == [
        "It is turned like this:",
        "```",
        *LISTING.split("\n"),
        "```",
    ]
    assert between(f"<blockquote><p>As\nsaid:</p><pre>{LISTING}</pre></blockquote>")[-4:] == LISTING.split("\n")


def test_a_quotation_within_a_sentence_has_its_marks():
    assert between("<p>He called it <q>the\nwheel</q> and nothing else, and <q>a <b>good</b></q> one.</p>") == [
        "He called it “the wheel” and nothing else, and “a good” one."
    ]


@pytest.mark.parametrize("words", ["3 May 1901", "the\nthird of May"])
def test_a_time_in_a_sentence_keeps_its_words(words):
    body = f"<p>It burnt down on <time datetime='1901-05-03'>{words}</time>, and was built again.</p>"
    assert between(body) == [f"It burnt down on {' '.join(words.split())}, and was built again."]


@pytest.mark.parametrize(
    "body",
    [
        f"{SENTENCE}<br>And it turns.",
        f"{SENTENCE}<br><br>And it turns.<br>",
        f"<div>A box above it, with a sentence of its own.</div>{SENTENCE}<br/>And it turns.",
        f"<center>{SENTENCE}<br>And it turns.</center>",
        f"<center><b>{SENTENCE}</b><br>And it turns.</center>",
    ],
)
def test_text_in_no_paragraph_is_not_lost(body):
    assert between(body)[-2:] == [SENTENCE, "And it turns."]


@pytest.mark.parametrize("tag", ["ul", "ol", "menu", "dir"])
def test_lists_of_any_kind_are_lists(tag):
    assert between(f"<{tag}><li>{SENTENCE}</li><li>And it turns.</li></{tag}>") == [f"- {SENTENCE}", "- And it turns."]


@pytest.mark.parametrize(
    "body",
    [
        "<p>a</p>x" + "<br>" * 90_000,
        "<p>a</p>x<b>y</b>" * 30_000,
        "<code>a\n</code>" * 60_000,
        "<del>" * 200 + "<b>x</b>" * 80_000,
        "<blockquote>" * 200 + "<b>x</b>\n" * 80_000,
    ],
    ids=["breaks", "paragraphs", "code", "struck", "quotations"],
)
def test_the_time_is_linear(body):
    from corpuskit.sources.html import parsed
    from corpuskit.sources.html.flow import laid_out

    laid_out(parsed(f"<html><body>{body}</body></html>"))  # quadratic ones take minutes
