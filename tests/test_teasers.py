"""Teasers of other pages that were taken with an article."""

import pytest

from corpuskit.page.lines import page_lines
from corpuskit.page.shown import Shown
from corpuskit.sources.html import parsed
from corpuskit.sources.html.standing import Standing
from corpuskit.sources.html.teasers import without_teasers

ARTICLE = (
    "The kiln on the hill was built in 1790, and the potters of the valley use it to this day every winter.",
    "Whoever comes by at night sees the fire from afar, long before the roof of the house comes into view.",
    "Twice a year the old bricks of the vault are taken out and new ones are put in, which takes a week or two.",
)
OTHERS = (
    "ตลาดเก่าริมน้ำเปิดให้บริการอีกครั้งในวันเสาร์หน้า หลังปิดซ่อมแซมมานานกว่าสองปี",
    "The bridge over the brook is closed until May, since the ice broke one of its piers.",
    "Der Rat der Stadt hat gestern den Plan für den neuen Markt beschlossen, nach langem Streit.",
    "La fête du village aura lieu dimanche sur la place, avec les potiers de la vallée.",
)
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE)
TEASERS = "".join(
    f"<div class='t'><a href='{i}'>Headline of page {i}</a><p>{t}</p></div>" for i, t in enumerate(OTHERS)
)
CARDS = "".join(f"<div class='t'><h3>Kind {i}</h3><p>{text}</p></div>" for i, text in enumerate(OTHERS))


def kept(body: str) -> list[str]:
    """What is kept of a text that holds all headings and paragraphs of a page."""
    tree = parsed(f"<html><body>{body}</body></html>")
    text = "\n".join(line.text for line in page_lines(tree) if not line.linked)
    return without_teasers(Standing(text, Shown(page_lines(tree)))).text.split("\n")


@pytest.mark.parametrize("page", ["{teasers}{story}", "{story}{teasers}", "<article>{story}</article>{teasers}"])
def test_teasers_are_cut_and_the_heading_stays(page):
    story = f"<div class='story'><h2>The kiln</h2>{STORY}</div>"
    assert kept(page.format(story=story, teasers=f"<div class='more'>{TEASERS}</div>")) == ["The kiln", *ARTICLE]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(f"<main><div class='story'>{STORY}</div>{TEASERS}</main>", id="in the main part"),
        pytest.param(f"<div class='story'>{STORY}</div>{CARDS}", id="headings, no links: parts of the text"),
        pytest.param(f"<div class='story'>{STORY}</div>{TEASERS[: len(TEASERS) // 2]}", id="few"),
        pytest.param(f"<div class='t'>{STORY}</div>{TEASERS}", id="posts of a thread"),
        pytest.param(f"<div class='story'><p>{ARTICLE[0]}</p></div>{TEASERS}", id="no article"),
    ],
)  # fmt: skip
def test_what_may_be_the_text_stays(page):
    text = kept(page)
    assert [other for other in OTHERS if other in page] == [line for line in text if line in OTHERS]
