"""What a page says about itself where no metadata does: its address, and the lines around its heading."""

import datetime

import pytest
from lxml import html

from corpuskit.annotate.dates.urldates import address_date
from corpuskit.page.facts import page_facts
from corpuskit.page.lines import page_lines

PROSE = "The mill by the sea was built in 1820, and it is still used by the people of the village. " * 4


def facts(body: str, head: str = "", lang: str = "en", url: str | None = None) -> dict:
    page = html.document_fromstring(f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>")
    return page_facts(page, page_lines(page), url)


def date_of(*args, **kwargs):
    return facts(*args, **kwargs).get("date")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/news/2023/05/17/the-mill", (2023, 5, 17)),
        ("https://a.example/2023-05-17-the-mill.html", (2023, 5, 17)),
        ("https://a.example/n/2023/0517/c100-1.html", (2023, 5, 17)),
        ("https://a.example/20230517/story", (2023, 5, 17)),
        ("https://a.example/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7/2023/5/7/", (2023, 5, 7)),
        ("https://a.example/2023/05/the-mill", None),
        ("https://a.example/05/17/2023/the-mill", None),
        ("https://a.example/2023/13/45/the-mill", None),
        ("https://a.example/from-2023-05-17-to-2023-05-19", None),
        ("https://a.example/p/20231705123", None),
        ("https://a.example/?d=2023-05-17", None),
        ("https://a.example/1970/01/01/x", None),
        ("https://a.example/2077/11/21/x", None),
    ],
)
def test_the_day_in_an_address(url, day):
    assert address_date(url) == (datetime.date(*day) if day else None)


def test_an_address_goes_before_a_dateline_and_mends_a_day_in_greenwich():
    link = "<link rel='canonical' href='https://a.example/2023/05/17/the-mill'>"
    stated = "<meta property='article:published_time' content='2023-05-{}'>"
    assert date_of(f"<h1>The old mill</h1><p>2 January 2020</p><p>{PROSE}</p>", link) == datetime.date(2023, 5, 17)
    assert date_of(PROSE, link + stated.format("16T23:30:00Z")) == datetime.date(2023, 5, 17)
    assert date_of(PROSE, link + stated.format("02T23:30:00Z")) == datetime.date(2023, 5, 2)


@pytest.mark.parametrize(
    ("lang", "heading", "line", "day"),
    [
        ("th", "ห้องสมุดลอยน้ำเปิดแล้ว", "<p>เผยแพร่เมื่อ 17 พฤษภาคม 2566</p>", (2023, 5, 17)),
        ("vi", "Thư viện nổi trên sông", "<div><span>Thứ Tư,</span> <span>17/5/2023</span></div>", (2023, 5, 17)),
        ("de", "Die alte Mühle am Meer", "<p>Veröffentlicht am 17. Mai 2023, 10:15 Uhr</p>", (2023, 5, 17)),
        ("ru", "Старая мельница у моря", "<p>17 мая 2023, 10:15</p>", (2023, 5, 17)),
        ("el", "Ο παλιός μύλος στη θάλασσα", "<p>17 Μαΐου 2023</p>", (2023, 5, 17)),
        ("zh", "河边的图书馆开放了", "<p>2023年5月17日 10:15</p>", (2023, 5, 17)),
        ("ar", "المطحنة القديمة على البحر", "<p>١٧ مايو ٢٠٢٣</p>", (2023, 5, 17)),
        ("en-US", "The old mill", "<p>05/07/2023</p>", (2023, 5, 7)),
        ("en-GB", "The old mill", "<p>05/07/2023</p>", (2023, 7, 5)),
        ("en", "The old mill", "<time datetime='2023-05-17T12:00:00Z'>03/04/2023</time>", (2023, 5, 17)),
    ],
)
def test_a_dateline_below_or_above_the_heading(lang, heading, line, day):
    title = f"<title>{heading} - Harbour Notes</title>"
    script = "<script>" + "var a = 1;" * 60 + "</script>"
    below = f"<h1>Harbour Notes</h1><h2>{heading}</h2>{script}<ul><li>Share</li></ul>{line}<p>{PROSE}</p>"
    above = f"<h1>Harbour Notes</h1>{line}<h2>{heading}</h2>{script}<p>{PROSE}</p>"
    assert date_of(below, title, lang) == datetime.date(*day)
    assert date_of(above, title, lang) == datetime.date(*day)


@pytest.mark.parametrize(
    "around",
    [
        "<h1>The old mill</h1><dl><dt>Joined:</dt><dd>4 November 2011</dd></dl>",
        "<h1>The old mill</h1><p>Deadline: 4 November 2011</p>",
        "<h1>The old mill</h1><p>The mill burnt down on 4 November 2011.</p>",
        "<h1>The old mill</h1>" + f"<p>{PROSE * 2}</p>" * 8 + "<p>4 November 2011</p>",
        "<p>4 November 2011</p>" + "<p>Menu</p>" * 20 + "<h1>The old mill</h1>",
        "<p>4 November 2011</p>",
    ],
)
def test_other_days_are_no_date(around):
    assert date_of(around + f"<p>{PROSE}</p>", "<title>The old mill</title>") is None


def test_an_update_is_a_date_only_where_there_is_no_other():
    body = f"<h1>The old mill</h1><p>Updated: 5 May 2023</p>{{}}<p>{PROSE}</p>"
    assert facts(body.format(""))["came_from"]["date"] == "dateline (updated)"
    assert date_of(body.format("<p>Published: 2 May 2023</p>")) == datetime.date(2023, 5, 2)


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("<p>By Harriet Quill</p>", "Harriet Quill"),
        ("<p>Written by</p><p>Harriet J. Quill</p>", "Harriet J. Quill"),
        ("<div>by <a href='/u/3'>Harriet Quill</a> on May 3, 2021 at 11:00 AM</div>", "Harriet Quill"),
        ("<p>โดย สายใจ ริมน้ำ</p>", "สายใจ ริมน้ำ"),
        ("<p>Von Konrad Haslinger</p>", "Konrad Haslinger"),
        ("<p>作者：王小明</p>", "王小明"),
        ("<div class='post-author'><span>Inés Cantero</span></div>", "Inés Cantero"),
        ("<a href='/authors/harriet-quill'>Harriet Quill</a>", "Harriet Quill"),
        ("<p class='author'>Follow us on Facebook</p>", None),
        ("<p class='authorized'>Every Dealer</p>", None),
        ("<p class='byline'>This story was told by the people of the village</p>", None),
        ("<p>By the sea, 4 miles from here.</p>", None),
    ],
)
def test_a_byline_near_the_heading(byline, name):
    assert facts(f"<h1>The old mill</h1>{byline}<p>{PROSE}</p>").get("author") == name


def test_odd_pages_raise_nothing():
    heading = "<h1>The old mill</h1>"
    assert date_of(heading + "<time datetime='1970-01-01T00:00:00Z'>long ago</time>") is None
    assert "author" not in facts(heading + "<p class='author'>***</p>")
    link = "<link rel='canonical' href='https://['>"
    assert facts(heading, link, url="https://a.example/")["source_url"] == "https://a.example/"
    assert "date" not in facts(heading, link)


def test_what_the_page_states_goes_before_its_byline():
    head = "<meta name='author' content='Harriet Quill'>"
    assert facts(f"<h1>The old mill</h1><p>By Someone Else</p><p>{PROSE}</p>", head)["author"] == "Harriet Quill"


def test_the_title_is_the_heading_that_says_most_of_it():
    head = "<title>The old mill by the sea - Harbour Notes</title>"
    body = f"<h1>Harbour Notes</h1><h2>The old mill by the sea</h2><h2>The old mill</h2><p>{PROSE}</p>"
    assert facts(body, head)["title"] == "The old mill by the sea"
    assert facts(f"<h1>Harbour Notes</h1><p>{PROSE}</p>", head)["title"] == "Harbour Notes"
    body = f"<h1>A walk around the harbour</h1><h2>The old mill</h2><p>{PROSE}</p>"
    assert facts(body, head)["title"].startswith("The old mill by the sea")


ARTICLE = "<meta property='og:type' content='article'>"
DATA = (
    """<script type='application/ld+json'>{"@type": "Article", "headline": "Visit the old mill by the sea"}</script>"""
)


@pytest.mark.parametrize("head", [f"{ARTICLE}<title>Visit the old mill by the sea</title>", DATA])
def test_the_only_heading_of_an_article_goes_before_a_title_in_other_words(head):
    assert facts(f"<h1>The old mill by the sea is open</h1><p>{PROSE}</p>", head)["title"].endswith("is open")
    for other in ("Harbour Notes", "Trips: Visit the old mill by the sea", "Our old mill by the sea</h1><h1>Two walks"):
        assert facts(f"<h1>{other}</h1><p>{PROSE}</p>", head)["title"] == "Visit the old mill by the sea"


def test_other_pages_keep_the_title_that_they_tell():
    body = f"<h1>The old mill by the sea is open</h1><p>{PROSE}</p>"
    assert facts(body, "<title>Visit the old mill by the sea</title>")["title"] == "Visit the old mill by the sea"


@pytest.mark.parametrize("heading", ["The mill - Harbour Notes", "The mill | harbournotes.example", "Notes | The mill"])
def test_a_title_ends_where_the_name_of_the_site_begins(heading):
    head = f"<link rel='canonical' href='https://www.harbournotes.example/1'>{NAMED}<title>{heading}</title>"
    assert facts(f"<h1>{heading}</h1><p>{PROSE}</p>", head)["title"] == "The mill"


NAMED = "<meta property='og:site_name' content='Notes'>"


def test_the_heading_is_not_one_that_asks_about_it():
    questions = "<h2>Questions about the old mill by the sea</h2><p>3 May 2021</p>"
    body = f"<h1>The old mill by the sea</h1><p>2 May 2021</p><p>{PROSE}</p>{questions}"
    assert date_of(body, "<title>The old mill by the sea</title>") == datetime.date(2021, 5, 2)


@pytest.mark.parametrize("quote", ['"', "&quot;"])
def test_json_ld_escaped_like_text(quote):
    data = '{"@type": "Article", "datePublished": "2021-05-02"}'.replace('"', quote)
    assert date_of(PROSE, f"<script type='application/ld+json'>{data}</script>") == datetime.date(2021, 5, 2)
    assert date_of(PROSE, f"<script type='application/ld+json'>{data[:-2]}</script>") is None


def script(data: str, kind: str = "application/ld+json") -> str:
    return f"<script type='{kind}'>{data}</script>"


ARTICLE = '{"@type": "NewsArticle", "datePublished": "2021-05-02", "author": {"@type": "Person", "name": "Ada Miller"}}'


@pytest.mark.parametrize(
    "said",
    [
        script(ARTICLE),
        script(ARTICLE, "application/ld+json; charset=utf-8"),
        script(f"[{ARTICLE}]"),
        script(f'{{"@context": "https://schema.org", "@graph": [[{ARTICLE}]]}}'),
        script(f'{{"@type": "WebPage", "datePublished": "2020-01-01", "mainEntity": {ARTICLE}}}'),
        script(f"<!-- {ARTICLE} -->"),
        script(f"//<![CDATA[\n{ARTICLE}\n//]]>"),
        script(f"/* the page */ {ARTICLE};"),
        script(ARTICLE.replace('"}}', '",},}')),
        script(f'{{"@type": "BreadcrumbList"}}\n{ARTICLE}'),
        script(ARTICLE.replace("2021-05-02", "2021-05-02T10:15:00")),
        script(ARTICLE.replace("2021-05-02", "2021-W17-7")),
        script(ARTICLE.replace("2021-05-02", "2021-122")),
        script(ARTICLE.replace('"2021-05-02"', '{"@type": "Date", "@value": "2021-05-02"}')),
        script(ARTICLE.replace('"NewsArticle"', '["Article", "NewsArticle"]')),
        script(
            '{"@graph": [{"@type": "Article", "datePublished": "2021-05-02", "author": {"@id": "#ada"}},'
            '{"@type": "Person", "@id": "#ada", "name": "Ada Miller"}]}'
        ),
        "<meta name='citation_author' content='Miller, Ada'><meta name='citation_date' content='2021/05/02'>",
        "<meta name='DC.creator' content='Ada Miller'><meta name='DC.date.issued' content='2021-05-02'>",
        "<meta name='parsely-author' content='Ada Miller'><meta name='parsely-pub-date' content='2021-05-02T10:15Z'>",
        "<meta name='sailthru.author' content='Ada Miller'><meta name='sailthru.date' content='2021-05-02 10:15:00'>",
        "<meta name='author' content='By Ada Miller'><meta name='date' content='2 May 2021'>",
    ],
)
def test_what_heads_of_pages_say(said):
    found = facts(f"<h1>The old mill</h1><p>{PROSE}</p>", said)
    assert (found["date"], found["author"]) == (datetime.date(2021, 5, 2), "Ada Miller")


@pytest.mark.parametrize(
    "said",
    [
        "<div itemscope itemtype='https://schema.org/Article'><span itemprop='author' itemscope><img alt='x'>"
        "<b itemprop='name'>Ada Miller</b> 12 posts</span>"
        "<time itemprop='datePublished' datetime='2021-05-02'>May</time></div>",
        "<div typeof='schema:Article'><span property='schema:author'>Ada Miller</span>"
        "<span property='schema:datePublished' content='2021-05-02T10:15:00+02:00'>in May</span></div>",
        "<a rel='author' href='/ada'>Ada Miller</a><span property='dc:date dc:created' content='2021-05-02'>May</span>",
        "<div class='hentry'><h1>The old mill by the sea</h1><p class='author vcard'><a class='fn'>Ada Miller</a></p>"
        "<abbr class='published' title='2021-05-02T10:15:00'>on Sunday, 2:15</abbr></div>",
        "<h1>The old mill by the sea</h1><p>By Ada Miller</p><p><time datetime='2021-05-02'>on Sunday</time></p>",
        "<h1>The old mill by the sea</h1><p><a href='/authors/ada'><span>Ada Miller</span></a></p><p>2 May 2021</p>",
    ],
)
def test_what_bodies_of_pages_say(said):
    found = facts(f"{said}<p>{PROSE}</p>")
    assert (found.get("date"), found.get("author")) == (datetime.date(2021, 5, 2), "Ada Miller")


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("admin", "Ada Miller"),
        ("ada.miller", "Ada Miller"),
        ("Notes", "Ada Miller"),
        ("https://social.example/ada", "Ada Miller"),
        ("Grace Brown", "Grace Brown"),
    ],
)
def test_a_byline_goes_before_the_name_of_an_account_or_of_the_site(said, author):
    body = f"<h1>The old mill by the sea</h1><p>By Ada Miller</p><p>{PROSE}</p>"
    assert facts(body, f"{NAMED}<meta name='author' content='{said}'>")["author"] == author


@pytest.mark.parametrize("name", ["2804", "notes.gr", "/ada", "----", "ada@notes.example"])
def test_a_number_or_an_address_is_no_author(name):
    assert "author" not in facts(PROSE, f"<meta name='author' content='{name}'>")


def test_an_account_is_an_author_where_no_byline_is_shown():
    assert facts(PROSE, "<meta name='author' content='ada_m'>")["author"] == "ada_m"


@pytest.mark.parametrize(
    "said",
    [
        "<link rel='Canonical' href='https://a.example/mill'>",
        "<meta property='og:url' content='https://a.example/mill'>",
        script('{"@type": "Article", "mainEntityOfPage": {"@id": "https://a.example/mill"}}'),
        script('{"@type": "Article", "mainEntityOfPage": "https://a.example/mill"}'),
        script('{"@type": "Article", "url": "https://a.example/mill"}'),
        "<meta name='twitter:url' content='https://a.example/mill'>",
    ],
)
def test_where_a_page_names_its_address(said):
    assert facts(PROSE, said)["source_url"] == "https://a.example/mill"
    if "anonical" not in said and "og:" not in said:
        assert facts(PROSE, said, url="https://b.example/x")["source_url"] == "https://b.example/x"


def test_broken_json_ld_says_nothing():
    for data in (
        "{",
        "[[[[" * 30_000,
        '{"@graph": ' * 900 + "1" + "}" * 900,
        '"text"',
        "12",
        "",
        "{'@type': 'Article'}",
    ):
        assert "date" not in facts(PROSE, script(data))


def test_a_dateline_above_the_heading_goes_before_one_behind_the_first_paragraph():
    body = f"<p>2 May 2021, 15:25</p><h1>The old mill by the sea</h1><p>{PROSE}</p><p>10 April 2022</p>"
    assert date_of(body) == datetime.date(2021, 5, 2)
    assert date_of(body.replace("</h1>", "</h1><p>1 May 2021</p>")) == datetime.date(2021, 5, 1)


STAMP = "<meta property='article:published_time' content='{}'>"


@pytest.mark.parametrize(
    ("stamp", "shown", "day"),
    [
        ("2021-05-03T01:07:09+00:00", "<time datetime='2021-05-02T18:07:09-07:00'>2 May</time>", 2),
        ("2021-05-03T01:07:09.123Z", "2 May 2021, 6:07 pm", 2),
        ("2021-05-02T23:07:09Z", "๓ พฤษภาคม ๒๕๖๔ 06:07 น.".translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")), 3),
        ("2021-05-03 01:07:09", "02.05.2021 18:07", 2),
        ("2021-05-03T01:07:09Z", "2 May 2021, 6:17 pm", 3),
        ("2021-05-03T01:07:09Z", "1 May 2021, 6:07 pm", 3),
        ("2021-05-03T01:07:09Z", "<time datetime='2021-05-02T18:08:09-07:00'>yesterday</time>", 3),
        ("2021-05-03T01:07:09+07:00", "<time datetime='2021-05-02T18:07:09+00:00'>yesterday, 18:07</time>", 3),
        ("2021-05-03", "2 May 2021, 6:03 pm", 3),
    ],
)
def test_a_stamp_of_greenwich_is_read_as_the_page_shows_it(stamp, shown, day):
    body = f"<h1>The old mill by the sea</h1><p>{shown}</p><p>{PROSE}</p>"
    assert date_of(body, STAMP.format(stamp)) == datetime.date(2021, 5, day)


def test_the_one_day_of_all_time_elements():
    body = f"<h1>The old mill</h1><p>{PROSE}</p>" * 8 + "<p><time datetime='2021-05-02T08:00'>in spring</time></p>"
    assert date_of(body) == datetime.date(2021, 5, 2)
    assert date_of(body + "<time datetime='2021-05-03'>3 May</time>") is None


def test_a_line_that_is_the_title_is_a_heading():
    body = f"<p>Menu</p><div>The old mill by the sea</div><div>2 May 2021</div><p>{PROSE}</p>"
    assert date_of(body, "<title>The old mill by the sea | Notes</title>") == datetime.date(2021, 5, 2)
