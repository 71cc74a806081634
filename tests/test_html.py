"""HTML pages: main text and metadata, any encoding, and nothing lost in silence."""

import datetime
import html

import pytest

from corpuskit.sources.encoding import decode_page
from corpuskit.sources.html import parsed, read_html
from corpuskit.sources.html.crowdedtags import crowded_tag
from corpuskit.sources.unreadable import Unreadable

THAI = "โรงเรียนริมน้ำเปิดห้องสมุดลอยน้ำให้เด็กในชุมชนยืมหนังสือได้ทุกวันเสาร์ โดยมีครูและผู้ปกครองผลัดกันดูแล " * 6
ENGLISH = "The mill by the sea was built in 1820, and it is still used by the people of the village. " * 8


def page(body: str, head: str = "", lang: str = "en") -> str:
    return f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{body}</body></html>"


def test_main_text_without_menu_and_footer():
    nav = "<nav><a href='/'>Home</a> <a href='/n'>News</a></nav>"
    html = page(f"{nav}<article><h1>The mill</h1><p>{ENGLISH}</p></article><footer>Copyright 2020</footer>")
    found = read_html(html.encode())
    assert ENGLISH.strip() in found.text
    assert "Home" not in found.text
    assert "Copyright" not in found.text


def test_metadata_from_json_ld():
    data = """{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headline": "ห้องสมุดลอยน้ำ",
      "datePublished": "2024-03-05T08:00:00+07:00", "author": [{"name": "สายใจ ริมน้ำ"}],
      "publisher": {"name": "ข่าวคลอง"}}]}"""
    html = page(f"<article><p>{THAI}</p></article>", f'<script type="application/ld+json">{data}</script>', "th")
    found = read_html(html.encode(), url="https://news.example.org/1")
    assert (found.title, found.author, found.publisher) == ("ห้องสมุดลอยน้ำ", "สายใจ ริมน้ำ", "ข่าวคลอง")
    assert (found.date, found.language, found.source_url) == (
        datetime.date(2024, 3, 5),
        "th",
        "https://news.example.org/1",
    )
    assert found.came_from["date"] == "json-ld datePublished"


def test_the_heading_that_the_title_repeats_is_the_title():
    head = "<title>The mill - Harbour Notes</title><meta property='og:site_name' content='Harbour Notes'>"
    found = read_html(page(f"<h1>Harbour Notes</h1><h1>The mill</h1><p>{ENGLISH}</p>", head).encode())
    assert found.title in ("The mill", "Harbour Notes")
    found = read_html(page(f"<h1>The old mill</h1><p>{ENGLISH}</p>", "<title>The old mill | Notes</title>").encode())
    assert (found.title, found.came_from["title"]) == ("The old mill", "h1")
    found = read_html(page(f"<p>{ENGLISH}</p>", head).encode())
    assert found.title == "The mill"


@pytest.mark.parametrize("title", ["Closures - The Book of the Mill", "The Book of the Mill: Closures"])
def test_the_name_of_a_book_above_the_headline_is_no_title(title):
    title = title.replace(":", " -")
    body = f"<h1>The Book of the Mill</h1><main><h2>Closures</h2><p>{ENGLISH}</p></main>"
    found = read_html(page(body, f"<title>{title}</title>").encode())
    assert (found.title, found.came_from["title"]) == ("Closures", "h2")


def test_a_dateline_below_the_heading_is_the_date_and_a_day_in_the_text_is_not():
    body = f"<h1>The old mill</h1><p>{{}}</p><p>{ENGLISH} It burnt down on 3 May 1901.</p>"
    head = "<title>The old mill</title>"
    assert read_html(page(body.format("Published: 5 March 2021"), head).encode()).date == datetime.date(2021, 3, 5)
    assert read_html(page(body.format("A story of the coast"), head).encode()).date is None


def test_the_unix_epoch_is_no_date():
    head = "<meta property='article:published_time' content='1970-01-01T00:00:00Z'>"
    assert read_html(page(f"<p>{ENGLISH}</p>", head).encode()).date is None


def test_canonical_address_as_printed():
    head = "<link rel='canonical' href='https://a.example/x?utm_source=y&id=3'>"
    head += "<meta property='og:url' content='javascript:x'>"
    assert read_html(page(f"<p>{ENGLISH}</p>", head).encode()).source_url == "https://a.example/x?utm_source=y&id=3"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (THAI, "cp874", "windows-874"),
        (THAI, "cp874", ""),
        (THAI, "utf-8", ""),
        (THAI, "utf-16", ""),
        ("这座图书馆建在河边，村里的孩子们每个星期六都来借书，老师和家长轮流照看。" * 8, "gb18030", "gb2312"),
        (
            "Библиотека стоит у реки, и дети из деревни приходят сюда каждую субботу за книгами. " * 8,
            "cp1251",
            "windows-1251",
        ),
    ],
)
def test_encodings(text, encoding, declared):
    head = f"<meta charset='{declared}'>" if declared else ""
    found = read_html(page(f"<article><p>{text}</p></article>", head).encode(encoding))
    assert text.strip() in found.text


RUSSIAN = "Рыбаки сегодня утром продавали на городском рынке свежую рыбу, но цена выросла. Объявление в газете. " * 4
POLISH = "Rybacy sprzedawali dziś rano świeże ryby, ale cena wzrosła, bo deszcz nie ustał całą noc. Źdźbło żółte. " * 4
OLD_PAGES = [
    (THAI, "cp874"),
    *((RUSSIAN, encoding) for encoding in ("cp1251", "koi8-r", "cp866", "iso8859-5")),
    ("Рибалки сьогодні вранці продавали свіжу рибу, але ціна зросла, бо дощ не припинявся її ґанок. " * 4, "koi8-u"),
    ("漁師たちは今朝、町の市場で新鮮な魚を売りましたが、一晩中雨がやまなかった。" * 4, "cp932"),
    ("漁師たちは今朝、町の市場で新鮮な魚を売りましたが、一晩中雨がやまなかった。" * 4, "euc_jp"),
    ("漁師たちは今朝、町の市場で新鮮な魚を売りましたが、一晩中雨がやまなかった。" * 4, "iso2022_jp"),
    ("渔民今天早上在城里的市场上卖新鲜的鱼，但是因为整夜下雨没有停，价格上涨了。" * 4, "gb18030"),
    ("漁民今天早上在城裡的市場上賣新鮮的魚，但是因為整夜下雨沒有停，價格上漲了。" * 4, "big5"),
    ("어부들은 오늘 아침 시내 시장에서 신선한 생선을 팔았지만 밤새 비가 그치지 않았다. " * 4, "cp949"),
    ("باع الصيادون صباح اليوم السمك الطازج في سوق المدينة، لكن السعر ارتفع لأن المطر لم يتوقف. " * 4, "cp1256"),
    ("باع الصيادون صباح اليوم السمك الطازج في سوق المدينة، لكن السعر ارتفع لأن المطر لم يتوقف. " * 4, "iso8859-6"),
    ("Οι ψαράδες πούλησαν σήμερα φρέσκο ψάρι στην αγορά της πόλης, αλλά η τιμή ανέβηκε. " * 4, "cp1253"),
    ("הדייגים מכרו הבוקר דגים טריים בשוק העיר, אבל המחיר עלה כי הגשם לא פסק כל הלילה. " * 4, "cp1255"),
    ("Balıkçılar bu sabah şehir pazarında taze balık sattılar, ancak yağmur yağdığı için fiyat arttı. " * 4, "cp1254"),
    (POLISH, "cp1250"),
    (
        "Rybáři dnes ráno prodávali čerstvé ryby, ale cena stoupla, protože déšť neustal. Žluťoučký kůň úpěl. " * 4,
        "cp1250",
    ),
    ("A halászok ma reggel friss halat árultak, de az ár nőtt, mert esett. Őszi űrhajó, fűútó. " * 4, "cp1250"),
    ("Zvejnieki šorīt pilsētas tirgū pārdeva svaigas zivis, bet cena pieauga, jo lietus nebeidzās. " * 8, "cp1257"),
    ("Sjómennirnir seldu ferskan fisk á torginu í morgun en það hækkaði því að rigningin hætti ekki. " * 4, "cp1252"),
    ("Les pêcheurs ont vendu ce matin du poisson frais à la criée ; où est l’été ? Hélas, ça coûte. " * 4, "cp1252"),
]


@pytest.mark.parametrize("head", ["", "<meta charset='utf-8'>"])
@pytest.mark.parametrize(("text", "encoding"), [*OLD_PAGES, (POLISH, "iso8859-2")])
def test_old_pages_that_declare_nothing_or_the_wrong_thing(text, encoding, head):
    assert text in decode_page(page(f"<p>{text}</p>", head).encode(encoding))


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize(
    ("text", "encoding"), [old for old in OLD_PAGES if "ő" not in old[0]]
)  # two letters of ten differ
def test_a_declared_encoding_is_doubted_where_it_makes_no_words(text, encoding, declared):
    assert text in decode_page(page(f"<p>{text}</p>", f"<meta charset='{declared}'>").encode(encoding))


@pytest.mark.parametrize(
    ("text", "encoding"), [*OLD_PAGES, (POLISH, "iso8859-2"), (ENGLISH + "naïve ™ © » " * 30, "cp1252")]
)
def test_a_right_declaration_is_believed(text, encoding):
    declared = f"<meta charset='{encoding}'>"
    assert text in decode_page(page(f"<p>{text}</p>", declared).encode(encoding))
    assert text[:12] in decode_page(page(f"<p>{text[:12]}</p>", declared).encode(encoding))


def test_encodings_that_nobody_knows_are_refused():
    viscii = bytes(0x80 + 7 * i % 0x7F for i in range(60))
    for data in (viscii, "Les pêcheurs ont vendu du poisson à la criée. ".encode("cp850") * 8):
        with pytest.raises(Unreadable, match="no encoding fits"):
            decode_page(b"<p>x " + data)


def test_a_few_damaged_characters_do_not_cost_a_page():
    thai = page(f"<article><p>{THAI}</p></article>").encode()
    assert "\ufffd" in read_html(thai.replace("โรงเรียน".encode(), b"Schule f\xfcr ", 3)).text


@pytest.mark.parametrize("sign", ["\x01", "\x0c", "&#1;", "&#x1F;", "&#0031;", "&#0;", "&#65535;", "&#xd800;"])
def test_what_no_tree_may_hold_does_not_cost_a_page(sign):
    assert "the mill" in read_html(page(f"<p title='a{sign}'>Near{sign}the mill.</p>").encode()).text


@pytest.mark.parametrize("sign", ["&#3607;", "&#x0E17;", "&#10;", "&#310;", "&#x1FAB;"])
def test_other_references_are_read(sign):
    assert html.unescape(sign).strip() in read_html(page(f"<p>{ENGLISH} {sign}.</p>").encode()).text


def test_broken_html_is_read():
    assert ENGLISH.strip() in read_html(f"<p>{ENGLISH}<div><b>open".encode()).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (page("<div>" * 300 + ENGLISH + "</div>" * 300).encode(), "nested deeper"),
        (page("<p " + " ".join(f"a{i}='x'" for i in range(3000)) + f">{ENGLISH}</p>").encode(), "attributes"),
        (page("<p " + " ".join(f"a{i}='>'" for i in range(3000)) + f">{ENGLISH}</p>").encode(), "attributes"),
        (page("").encode(), "no main text"),
        (b"", "no HTML page|no main text|empty"),
        (b"<html>" + b" " * 20_000_001, "larger than"),
    ],
)
def test_what_would_lose_text_is_refused(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read_html(data)


def test_a_long_attribute_is_one_attribute():
    words = "a setting " * 9000
    assert ENGLISH.strip() in read_html(page(f"<div data-state='{words}'><p>{ENGLISH}</p></div>").encode()).text


ODD = "<a b='|<a b=\"\n|<a =|<|<a b='>'>|<a '>|<!--|<!-|<script|<script>|<p ='|</|=\"'".split("|")


@pytest.mark.parametrize("odd", ODD)
def test_attributes_are_counted_in_linear_time(odd):
    """By the square it would take minutes; what stands behind the page is found, or is a part of its one long tag."""
    assert crowded_tag("x" + odd * 100_001 + ">") in (None, 1)


def test_where_a_crowded_tag_begins():
    assert crowded_tag("<p>" + "<a b>" * 3000 + "<i" + " c" * 2001 + ">") == 3 + 5 * 3000


@pytest.mark.parametrize("glued", [" c{}", "c{}='x'", " c{}=x'y", " =c{}=x", "\nc{}\n=\n'>'", "/c{}", " \xa0c{}"])
def test_attributes_are_counted_as_a_parser_does(glued):
    opened = "<i " + "".join(map(glued.format, range(2000)))
    assert len(parsed(f"{opened}>x</i>").find(".//i").attrib) == 2000
    assert crowded_tag(f"<b>{opened} one>x</i>") == 3


@pytest.mark.parametrize(
    "raw", ["<script>{}</script>", "<!-- {} -->", "<textarea a='b'>{}</textarea>", "<STYLE>{}</Style >"]
)
def test_what_looks_like_a_tag_in_a_script_is_none(raw):
    code = "if(a<b)x();" + "".join(f'v["{i}"]="<b>{i}</b>",w{i} = {i}; ' for i in range(3000))
    assert crowded_tag(raw.format(code)) is None
    assert crowded_tag(raw.format(code) + "<i" + " c" * 2001 + ">") is not None


def test_a_page_of_too_many_elements_is_refused_before_an_extractor_chokes_on_it():
    with pytest.raises(Unreadable, match="more than 100000 elements"):
        read_html(b"<html><body>" + b"<p>x" * 100_000)


def test_a_comment_parts_no_word():
    body = f"<p>{ENGLISH}</p><p>It was built in 18<!-- -->20, and <!-- half a --><?php echo 1 ?>mill is no mill.</p>"
    assert "It was built in 1820, and mill is no mill." in read_html(page(body).encode()).text
