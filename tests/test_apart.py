"""What is not the page's own text: rows of links, titles, notices, and what stands behind the end of a text."""

from __future__ import annotations

import pytest

from corpuskit.rules.markup import as_shown, link_share
from corpuskit.stages.alone import clean_text

#: Two paragraphs of a page in some languages.
PROSE = {
    "en": (
        "The ferry left twenty minutes late that morning, because the captain had gone back for his glasses. Nobody "
        "on the deck complained; the fog was still lying on the river, and the far bank was only a guess.",
        "By noon the sun had burned it away. The passengers who had slept through the crossing woke to a "
        "harbour full "
        "of small boats, each painted in the colours of a village that had paid for it, plank by plank.",
    ),
    "th": (
        "ชาวบ้านริมคลองบางหลวงช่วยกันเก็บผักตบชวาตั้งแต่เช้ามืด เพราะเกรงว่าน้ำจะเน่าก่อนถึงฤดูฝน "
        "ผู้ใหญ่บ้านเล่าว่าปีนี้ผักตบมากกว่าทุกปี "
        "เรือรับจ้างแล่นผ่านไม่ได้มาเกือบสองสัปดาห์แล้ว",
        "นางสมใจซึ่งขายก๋วยเตี๋ยวเรือมากว่าสามสิบปี บอกว่ารายได้หายไปครึ่งหนึ่ง แต่เธอยังมาช่วยงานทุกวัน "
        "เพราะเชื่อว่าคลองสายนี้"
        "เลี้ยงครอบครัวของเธอมาตั้งแต่รุ่นยาย",
    ),
    "ru": (
        "Паром ушёл с опозданием на двадцать минут, потому что капитан вернулся домой за очками. Никто на "
        "палубе не жаловался: "
        "туман ещё лежал на реке, и другой берег можно было только угадать.",
        "К полудню солнце разогнало его. Пассажиры, проспавшие переправу, проснулись в гавани, полной маленьких "
        "лодок, и каждая "
        "была выкрашена в цвета деревни, которая собрала на неё деньги.",
    ),
    "ja": (
        "その朝の渡し船は二十分遅れて岸を離れた。船長が眼鏡を取りに家へ戻ったからである。"
        "甲板では誰も文句を言わず、川にはまだ霧がかかり、"
        "向こう岸は想像するしかなかった。昼になってようやく日が霧を払った。",
        "渡る間ずっと眠っていた客が目を覚ますと、港は小さな船でいっぱいだった。どの船も、"
        "板を一枚ずつ出し合った村の色に塗られていて、"
        "子どもたちが桟橋から手を振っていた。船着き場の老人は笑った。",
    ),
    "ar": (
        "تأخرت العبّارة عشرين دقيقة ذلك الصباح، لأن الربان عاد إلى بيته ليأتي بنظارته. لم يشتكِ أحد على السطح، "
        "فقد كان الضباب "
        "لا يزال فوق النهر، ولم تكن الضفة الأخرى سوى ظن.",
        "عند الظهر بدّدته الشمس. واستيقظ الركاب الذين ناموا طوال العبور على ميناء مليء بالقوارب الصغيرة، وكل "
        "قارب منها مطلي "
        "بألوان القرية التي دفعت ثمنه لوحا بعد لوح.",
    ),
}
#: A row of links for each, between the paragraphs of a page.
ROWS = {
    "en": "Services[Pest control](/pests)[Termites](/termites) | [Prices](/prices) | [About us](/about)",
    "th": "> [หน้าแรก](/) [ข่าว](/news) [กีฬา](/sport) [ติดต่อเรา](/contact)",
    "ru": "10:13 [Паром снова ходит](/a) 10:20 [Мост закрыт](/b) 10:41 [Вода поднялась](/c) 11:02 [Ярмарка](/d)",
    "ja": "[ホーム](/)・[ニュース](/news)・[天気](/weather)・[地図](/map)・[お問い合わせ](/mail)",
    "ar": "* [الرئيسية](/) » [الأخبار](/news) » [الاقتصاد](/money) » [الميناء](/harbour)",
}
#: Lines with as many links that are no menu.
OWN_LINKS = {
    "a sentence": "The boats of [Ban Nam](/a), [Tha Sao](/b), [Pak Klong](/c) and [Ko Yai](/d) came in one "
    "after another.",
    "a list of the author's own": "See also: [nets](/n), [traps](/t), [hooks](/h), [lines](/l), [floats](/f)",
    "three links": "[Map](/map) [Photographs](/photos) [Recording](/sound)",
    "types in a reference": "* `hosts`: [string](/s) | [Buffer](/b) | [URL](/u) | [null](/n) | [undefined](/x)",
    "a table on one line": "| [Ban Nam](/a) | [Tha Sao](/b) | [Pak Klong](/c) | [Ko Yai](/d) | | --- | --- | "
    "--- | --- |",
    "words behind it": "[A](/a) [B](/b) [C](/c) [D](/d) The boats of these four villages have been built in the "
    "same yard "
    "since the flood, and nobody knows why the fifth has never asked for one.",
}


def page(*middle: str, language: str = "en") -> str:
    first, second = PROSE[language]
    return "\n\n".join((first, *middle, second)) + "\n"


def left(text: str) -> str:
    return str(clean_text(text)[0].clean)


@pytest.mark.parametrize("language", ROWS)
def test_links_side_by_side_are_a_menu_in_any_language(language):
    kept = left(page(ROWS[language], language=language))
    assert "](" not in kept
    assert all(paragraph in kept for paragraph in PROSE[language])


@pytest.mark.parametrize("line", OWN_LINKS.values(), ids=OWN_LINKS)
def test_links_in_sentences_lists_tables_and_cards_stay(line):
    assert line in left(page(line))


def test_cards_stay_without_their_pictures():
    cards = "[ ![a net](n.jpg) Net 120 baht](/n) [ ![a trap](t.jpg) Trap](/t) [ ![a hook](h.jpg) Hook](/h) [ Rod ](/r)"
    assert all(name in left(page(cards)) for name in ("Net 120 baht", "Trap", "Hook", "Rod"))


def test_rows_of_a_table_of_links_stay():
    rows = (
        "[1994](/y) | [The Weir](/w) | [Anong](/p) | [Trat](/t)",
        "[1996](/z) | [Flood](/h) | [Prasit](/q) | [Nan](/n)",
    )
    table = "\n".join(rows)
    assert table in left(page(table))


def test_a_row_in_fenced_code_stays():
    fenced = "```\n" + ROWS["en"] + "\n```"
    assert fenced in left(page(fenced))


def test_a_row_in_a_text_that_somebody_set_stays():
    row = "[English](README.md) | [ไทย](README.th.md) | [日本語](README.ja.md) | [中文](README.zh.md)"
    readme = (
        f"# boats\n\n{row}\n\n## Install\n\n`make boats`\n\n## Use\n\nCall `boats()` and wait.\n\n## Licence\n\nMIT\n"
    )
    assert row in left(readme)


@pytest.mark.parametrize("gap", [" ", "\n", "\n    "])
def test_the_title_of_a_link_may_stand_on_later_lines(gap):
    text = f'* [The weir](/weir{gap}"Where the river bends\n\nand boats wait")\n* [B](/b)\nend'
    assert as_shown(text).split("\n") == [
        "* The weir",
        *[""] * text.count("\n", 0, text.index("* [B]") - 1),
        "* B",
        "end",
    ]
    assert link_share(text.split("\n")[0]) == 100


def test_a_title_over_several_lines_goes_and_its_link_stays():
    words = (
        'The ferry to [the old town](/town "Where the river\nbends twice") leaves at noon, as it has for forty years.'
    )
    kept = left(page(words))
    assert "The ferry to [the old town](/town) leaves at noon" in kept


@pytest.mark.parametrize(
    "words", ['[town](/town "Where the river bends")', '```\n[town](/town "Where the\nriver bends")\n```']
)
def test_titles_on_one_line_and_in_code_stay(words):
    assert words in left(page(words))


@pytest.mark.parametrize("part", ['](x "', '](x "\n', '](x "a\n\n', "](x  ", "[a](b)", "[ ![a](b) "])
def test_hostile_titles_and_rows_are_read_in_linear_time(part):
    """Were it quadratic, each of these would run for many minutes."""
    text = part * 20_000
    assert len(as_shown(text)) <= len(text)
    left(text[:60_000])


NOTICES = {
    "en": "Copyright © 2024 The River Herald, a company of the lower valley. Its pages may be read by all and "
    "copied by those "
    "who ask: write to the harbour office, or come by boat on any morning but the first of the month",
    "th": "© 2567 หนังสือพิมพ์ริมน้ำ จำกัด ข้อความและภาพทั้งหมดเป็นของผู้จัดทำ ผู้ใดประสงค์จะนำไปเผยแพร่ต่อ "
    "โปรดติดต่อสำนักงานที่ท่าเรือเก่าในเวลาทำการ",
    "ru": "Все права у автора - «Речной вестник» © 2010-2012 • Материалы этого листка можно читать вслух и "
    "переписывать от руки, "
    "но печатать их заново без спроса не следует никому",
    "ja": "2024 © 川の新聞社。本紙の文章と写真は編集部のもので、写したい人は古い桟橋の事務所まで手紙を書くか、"
    "毎月一日を除く朝に船で来てください。夕方は誰もいません。",
    "ar": "(C) 2024 جريدة النهر. نصوص هذه الصفحات وصورها لأصحابها، ومن أراد أن ينقلها فليكتب إلى مكتب الميناء "
    "القديم أو يأتِ بالقارب في أي صباح",
}


@pytest.mark.parametrize("language", NOTICES)
def test_a_long_notice_at_the_end_goes_in_any_language(language):
    text = page(language=language) + "\n" + NOTICES[language] + "\n\nvalley portal\n"
    edits = clean_text(text)[0].edits
    assert [edit.rule for edit in edits if NOTICES[language] in text[edit.start : edit.end]] == ["copyright"]


@pytest.mark.parametrize(
    "line",
    [
        "The picture of the harbour, which hung in the town hall for many years until the flood took it away, "
        "is by Anong "
        "Srisuk © 1968 Harbour Museum",
        "(c) in the year 2012 the boats of the valley were counted by hand, one village after the other, and no "
        "two lists agreed",
        "The sign © was put on the 1901 edition by a printer who could not read, as the story in our village "
        "goes: he took "
        "it for a fish, and nobody had the heart to tell him.",
    ],
)
def test_credits_items_and_sentences_about_the_sign_stay(line):
    assert line in left(page() + "\n" + line + "\n")


def test_a_notice_that_opens_a_page_stays():
    text = NOTICES["en"] + "\n\n" + page()
    assert NOTICES["en"] in left(text)
    assert NOTICES["en"] in left(NOTICES["en"])


@pytest.mark.parametrize(
    ("related", "section"),
    [
        ("## Related recipes", "## What it needs\n\nA fish of two pounds and the leaves of one banana tree, washed"),
        ("## สูตรอาหารที่เกี่ยวข้อง", "## ของที่ต้องเตรียม\n\nปลาหนึ่งตัว หนักราวหนึ่งกิโลกรัม และใบตองสองใบ ล้างให้สะอาด"),
        ("## Похожие рецепты", "## Что понадобится\n\nРыба в два фунта и листья одного банана, хорошо вымытые в реке"),
    ],
)
def test_a_section_of_its_own_behind_a_list_of_links_stays(related, section):
    text = page() + f"\n{related}\n\n* [Soup](/soup)\n* [Rice](/rice)\n* [Tea](/tea)\n\n{section}\n"
    kept = left(text)
    assert section in kept
    assert "](/soup)" not in kept


def test_a_recipe_goes_on_behind_its_related_recipes():
    related, shares = "## Related recipes\n\n* [Soup](/soup)\n* [Rice](/rice)", "## Share\n\n[Facebook](/f) [X](/x)"
    needs, steps = "* 1 fish\n* 2 banana leaves\n* salt", "1. Wash the leaves.\n2. Salt the fish.\n3. Grill it."
    own = f"## What it needs\n\n{needs}\n\n## How\n\n{steps}"
    assert own in left("\n\n".join((page(), related, own, shares)) + "\n")
