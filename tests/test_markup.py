"""Links of Markdown as converters leave them: what a reader sees of them, and how much of a line they are."""

import pytest

from corpuskit import clean_text
from corpuskit.rules.markup import as_shown, link_share

LINKS = [
    ("* [Harbour](/news/harbour)", "* Harbour", 100),
    ('[Harbour](/news/harbour "Boats and (some) birds")', "Harbour", 100),
    ('* [The weir](/weir "Open "day" at the weir")', "* The weir", 100),
    ("* [Digg](http://digg.example.com/submit?title=Blue Monday: the saddest day)", "* Digg", 100),
    ("* [send](mailto:?subject=Read this on the river portal&body=Read)", "* send", 100),
    ("* [[Review] Ten recipes](http://kitchen.example.org/10.html)", "* [Review] Ten recipes", 100),
    ("the end of its words](https://river.example.org/a) 17:53", "the end of its words 17:53", 80),
    ("See [the old harbour](/old) and the new one.", "See the old harbour and the new one.", 46),
]
PLAIN = [
    "f[i](x, y) = 3",
    "an aside [so they say](though nobody knows)",
    "[1] the first note",
    "a [word] (and a remark)",
]


@pytest.mark.parametrize(("line", "shown", "share"), LINKS)
def test_a_reader_sees_the_words_of_a_link(line, shown, share):
    assert (as_shown(line), link_share(line)) == (shown, share)


@pytest.mark.parametrize("line", PLAIN)
def test_brackets_that_lead_nowhere_are_text(line):
    assert (as_shown(line), link_share(line)) == (line, 0)


def test_an_image_over_several_lines_shows_nothing_and_lines_stay():
    text = "Before\n![a poster\n\nof many lines](a.png) and [after](/b)"
    assert as_shown(text) == "Before\n\n\n and after"


def test_an_image_whose_address_nothing_closes_ends_with_its_line():
    page = "> ![](//stats.example.org/m?page=home&cc=\n> A counter stood here![1] (see below), and nobody in the town missed it when it went."
    document, _ = clean_text(page)
    assert [(edit.start, edit.end, edit.rule) for edit in document.edits] == [(0, 42, "placeholder")]


@pytest.mark.parametrize("part", ["![", "[a", "[a[b]", "[x](http:", "[a](/((", "![!a"])
def test_hostile_brackets_are_read_in_linear_time(part):
    """Were it quadratic, each of these would run for many minutes."""
    line = part * 50_000 + "]("
    assert link_share(line) == 0
    assert len(as_shown(line)) <= len(line)
