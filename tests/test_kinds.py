"""Kinds of pages, scripts and sites that nobody tuned to: no content is lost, most machinery goes."""

from __future__ import annotations

from collections import Counter

import pytest
from kinds import alone, counted, grouped, pages

PAGES = pages()
#: Known: below its last long post the line model takes short answers for machinery, as it does comments on news.
KNOWN = pytest.mark.xfail(strict=True, reason="known: we get this wrong today")
EACH = [
    pytest.param(page, id=f"{page.site}-{page.number}", marks=[KNOWN] if page.site == "en-forum-long" else [])
    for page in PAGES
]


def lost(lines):
    return [line for label, line, kept, _ in lines if label == "C" and not kept]


def left(judged):
    """The share of the machinery's letters that is left."""
    found = sum((counted(lines) for lines in judged), Counter())
    return found["B kept"] / (found["B kept"] + found["B lost"])


@pytest.fixture(scope="module")
def in_groups(tmp_path_factory):
    return grouped(tmp_path_factory.mktemp("kinds"))


@pytest.fixture(scope="module")
def by_itself():
    return {(page.site, page.number): alone(page) for page in PAGES}


@pytest.mark.parametrize("page", EACH)
def test_no_content_is_lost(page, in_groups, by_itself):
    assert not lost(in_groups[page.site, page.number])
    assert not lost(by_itself[page.site, page.number])
    assert not lost(alone(page.only("C?")))


def test_two_pages_of_a_site_show_its_machinery(in_groups):
    assert left(in_groups.values()) < 0.1


def test_packs_know_machinery_of_a_page_alone(by_itself):
    assert left(by_itself.values()) < 0.27
