"""The line model: content stays, machinery goes, and the decision depends on the page alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpuskit.rules.forest import model, read_model, run
from corpuskit.rules.linefeatures import features, rows_of
from corpuskit.rules.linemodel import Decision, Places, behind_the_text, boilerplate, limits_for, reason, reasons
from corpuskit.text.lines import Lines, table_of_lines

SHARED = Path(__file__).parents[2] / "shared"


@dataclass(frozen=True)
class Counts:
    corpus: NDArray[np.int32]


@dataclass(frozen=True)
class Marks:
    strong: NDArray[np.int16]
    weak: NDArray[np.int16]
    section: NDArray[np.int16]
    label: NDArray[np.int16]


def decide(texts: list[str], profile: str = "careful", recurs: dict[str, int] | None = None) -> tuple[Lines, Decision]:
    lines = table_of_lines(texts)
    split = [line for text in texts for line in text.split("\n")]
    corpus = np.array([(recurs or {}).get(line, 1) for line in split], np.int32)
    none = np.zeros(len(lines), np.int16)
    nowhere = none.astype(bool)
    marks, links, places = (
        Marks(none, none, none, none),
        none.astype(np.uint8),
        Places(nowhere, nowhere, nowhere, nowhere),
    )
    return lines, boilerplate(lines, Counts(corpus), marks, links, places, profile)


def gone(text: str, profile: str = "careful", recurs: dict[str, int] | None = None) -> list[str]:
    _, decision = decide([text], profile, recurs)
    return [line for line, drop in zip(text.split("\n"), decision.drop.tolist(), strict=True) if drop]


THAI = (
    "ชาวบ้านริมคลองบางหลวงช่วยกันเก็บผักตบชวาตั้งแต่เช้ามืด เพราะเกรงว่าน้ำจะเน่าก่อนถึงฤดูฝน "
    "ผู้ใหญ่บ้านเล่าว่าปีนี้ผักตบมากกว่าทุกปี เรือรับจ้างแล่นผ่านไม่ได้มาเกือบสองสัปดาห์แล้ว"
)
THAI_NEXT = (
    "นางสมใจซึ่งขายก๋วยเตี๋ยวเรือมากว่าสามสิบปี บอกว่ารายได้หายไปครึ่งหนึ่ง แต่เธอยังมาช่วยงานทุกวัน "
    "เพราะเชื่อว่าคลองสายนี้เลี้ยงครอบครัวของเธอมาตั้งแต่รุ่นยาย และอยากให้หลานได้เห็นน้ำใสอย่างที่เธอเคยเห็น"
)
ENGLISH = (
    "The ferry left twenty minutes late that morning, because the captain had gone back for his glasses. "
    "Nobody on the deck complained; the fog was still lying on the river, and the far bank was only a guess."
)
ENGLISH_NEXT = (
    "By noon the sun had burned it away. The passengers who had slept through the crossing woke to a harbour "
    "full of small boats, each of them painted in the colours of a village that had paid for it, plank by plank."
)
GREEK = (
    "Το πλοίο έφυγε με καθυστέρηση είκοσι λεπτών, επειδή ο καπετάνιος είχε ξεχάσει τα γυαλιά του στο καφενείο. "
    "Κανείς δεν παραπονέθηκε· η ομίχλη σκέπαζε ακόμη το ποτάμι και η απέναντι όχθη μόλις που διακρινόταν."
)
CHINESE = (
    "那天早上渡轮晚了二十分钟才离岸，因为船长回家去拿他的眼镜。甲板上没有人抱怨，"
    "河面上还罩着一层薄雾，对岸只能靠想象。中午时分，太阳终于把雾晒散了。"
)
ARABIC = (
    "تأخرت العبّارة عشرين دقيقة ذلك الصباح، لأن الربان عاد إلى بيته ليأتي بنظارته. "
    "لم يشتكِ أحد على السطح، فقد كان الضباب لا يزال فوق النهر، ولم تكن الضفة الأخرى سوى ظن."
)
HINDI = (
    "उस सुबह नाव बीस मिनट देर से चली, क्योंकि मल्लाह अपना चश्मा लेने घर लौट गया था। "
    "किसी ने शिकायत नहीं की; नदी पर अब भी कोहरा था और दूसरा किनारा बस अनुमान भर था।"
)

CLEAN = {
    "one paragraph": ENGLISH,
    "thai article": f"{THAI}\n{THAI_NEXT}\n{THAI}",
    "english article": f"The late ferry\n\n{ENGLISH}\n\n{ENGLISH_NEXT}",
    "greek": f"{GREEK}\n{GREEK}",
    "chinese": f"{CHINESE}\n{CHINESE}\n{CHINESE}",
    "arabic": f"{ARABIC}\n{ARABIC}",
    "hindi": f"{HINDI}\n{HINDI}",
    "one word": "Home",
    "two short lines": "Contact\nNews",
    "poem": "The river is low\nand the reeds are dry\n\na heron waits\nfor what will not come\n\nthe river is low",
    "thai poem": "ลมหนาวพัดมา\nใบไม้ร่วงหล่น\nคนเดินผ่านไป\nไม่มีใครเหลียวมอง\n\nลมหนาวพัดไป\nเหลือเพียงความว่าง",
    "shopping list": "Flour\nEggs\nMilk\nSalt\nButter\nYeast",
    "dialogue": '"Are you coming?"\n"No."\n"Why not?"\n"It rains."\n"It always rains."\n"Then I never come."',
    "table": "Year | Boats | Crew\n2019 | 14 | 61\n2020 | 11 | 48\n2021 | 16 | 70\n2022 | 17 | 75",
    "code in an article": f"{ENGLISH}\nfor boat in fleet:\n    boat.paint(colour)\n    boat.launch()\n{ENGLISH_NEXT}",
    "recipe": f"Fish soup\n{ENGLISH}\nIngredients\n2 onions\n1 carrot\n1 l water\nSalt\nMethod\n{ENGLISH_NEXT}",
    "refrain": "\n".join(["Row, row, the river is long,", "row to the morning bell;", "hey, ho, the river", ""] * 4),
    "glossary": "Bow: the front of a boat\nStern: the back of a boat\nKeel: the beam along the bottom\nOar: a pole",
    "minutes": "Present: Ana, Bo, Chai\n1. Boats\nThe red boat needs paint.\n2. Money\nWe have 1,200 baht left.",
    "timeline": "1900: The pier is built.\n1924: The first ferry runs.\n1956: A storm.\n1990: The bridge opens.",
    "chat": "\n".join(["[10:01] ana: are you there", "[10:02] bo: yes", "[10:03] ana: bring the rope"] * 3),
    "figures": "\n".join(f"village {number},{number * 3},{number * 11}" for number in range(30)),
    "headings": f"{ENGLISH}\nThe crossing\n{ENGLISH_NEXT}\nThe return\n{ENGLISH}\nWhat came after\n{ENGLISH_NEXT}",
    "list inside": f"{ENGLISH}\n- the red boat\n- the blue boat\n- the boat without a name\n{ENGLISH_NEXT}\n{ENGLISH}",
    "interview": f"Why did you wait?\n{ENGLISH}\nAnd then?\n{ENGLISH_NEXT}\nAgain?\nYes.\nWhy?\n{ENGLISH}",
}

#: Clean pages whose lines stand in other documents too: the line, and in how many.
SHARED_LINES = {
    "headings of papers": (
        f"Introduction\n{ENGLISH}\n{ENGLISH_NEXT}\nMethods\n{ENGLISH}\n{ENGLISH_NEXT}\nResults\n{ENGLISH}\n{ENGLISH_NEXT}",
        {"Introduction": 50, "Methods": 50, "Results": 50},
    ),
    "recipes": (
        f"Fish soup\n{ENGLISH}\nIngredients\n2 onions\n1 carrot\nSalt\nPepper\nMethod\n{ENGLISH_NEXT}\n{ENGLISH}",
        {"Ingredients": 100, "Salt": 50, "Pepper": 50, "Method": 100},
    ),
    "a list at the end": (
        f"{ENGLISH}\n{ENGLISH_NEXT}\n{ENGLISH}\nTo do:\n(1) Soil\n(2) Water\n(3) Seeds\n(4) Trade\n(5) Training",
        {},
    ),
    "a letter": (f"Dear friends,\n{ENGLISH}\n{ENGLISH_NEXT}\nWith kind regards,\nAna Lima", {"With kind regards,": 20}),
    "an agency's report": (f"{ENGLISH}\n{ENGLISH_NEXT}\n{ENGLISH}\n{ENGLISH_NEXT}", {ENGLISH: 10, ENGLISH_NEXT: 10}),
    "a law": (
        f"Section 1\n{ENGLISH}\nSection 2\n{ENGLISH_NEXT}\nSection 3\n{ENGLISH}\nSection 4\n{ENGLISH_NEXT}",
        {f"Section {number}": 100 for number in range(1, 5)},
    ),
}

MENU = ["Home", "News", "Sport", "Weather", "Business", "Culture", "Travel", "Video", "Log in", "Subscribe"]
FOOTER = ["About us", "Contact", "Jobs", "Privacy", "Terms of use", "Sitemap", "RSS", "© 2019 River Post"]


def page() -> str:
    return "\n".join([*MENU, *MENU, "The late ferry", ENGLISH, ENGLISH_NEXT, ENGLISH, ENGLISH_NEXT, *FOOTER, *FOOTER])


@pytest.mark.parametrize("name", sorted(CLEAN))
@pytest.mark.parametrize("profile", ["careful", "strict"])
def test_clean_text_loses_nothing(name: str, profile: str) -> None:
    assert gone(CLEAN[name], profile) == []


@pytest.mark.parametrize("name", sorted(SHARED_LINES))
def test_clean_text_loses_nothing_though_lines_recur(name: str) -> None:
    text, recurs = SHARED_LINES[name]
    assert gone(text, "careful", recurs) == []


def test_menus_that_recur_go_and_paragraphs_stay() -> None:
    lost = gone(page(), recurs=dict.fromkeys(MENU + FOOTER, 50))
    assert set(MENU + FOOTER) <= set(lost)
    assert not {ENGLISH, ENGLISH_NEXT} & set(lost)


def test_a_single_page_needs_no_corpus() -> None:
    """Without counts and packs, most of a menu is known by form and place alone."""
    lost = gone(page(), "strict")
    assert len(set(lost) & set(MENU + FOOTER)) > len(MENU + FOOTER) // 2
    assert not {ENGLISH, ENGLISH_NEXT} & set(lost)


@pytest.mark.parametrize("text", ["", "\n\n\n", "---", " \n|\n "])
def test_what_says_nothing_is_left_alone(text: str) -> None:
    assert gone(text, "strict") == []


def test_no_texts() -> None:
    lines, decision = decide([])
    assert len(lines) == len(decision.drop) == 0


TEXTS = st.lists(
    st.lists(st.sampled_from([*MENU, *FOOTER, *CLEAN.values(), "", "---", "12:30", "ข่าว"]), max_size=30).map("\n".join),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(TEXTS)
def test_a_page_is_decided_alone(texts: list[str]) -> None:
    """Any batch gives the same scores and decisions as each page by itself."""
    recurs = dict.fromkeys(MENU, 20)
    _, together = decide(texts, recurs=recurs)
    alone = [decide([text], recurs=recurs)[1] for text in texts]
    assert together.drop.tolist() == [drop for one in alone for drop in one.drop.tolist()]
    assert together.score.tolist() == [score for one in alone for score in one.score.tolist()]


@settings(deadline=None, max_examples=20)
@given(TEXTS)
def test_blank_lines_change_nothing(texts: list[str]) -> None:
    spaced = [text.replace("\n", "\n\n \n") for text in texts]
    _, plain = decide(texts)
    lines, wide = decide(spaced)
    told = plain.score[plain.score != 0].tolist()
    assert wide.score[wide.score != 0].tolist() == told
    assert not wide.drop[lines.blank].any()


def test_scores_are_sums_that_anyone_can_check() -> None:
    text = page()
    lines, decision = decide([text])
    (rows,) = rows_of(lines)
    ones, none = np.ones(len(lines), np.int32), np.zeros(len(lines), np.int16)
    own = features(lines, rows, Counts(ones), Marks(none, none, none, none), none.astype(np.uint8))
    assert all(values.dtype == np.int32 for values in own.values())
    for row in (0, 21, len(rows.at) - 1):
        total = 0
        for tree in model().trees:
            place = 0
            for name, limit in tree.questions:
                place = place * 2 + int(own[name][row] > limit)
            total += int(tree.values[place])
        assert total == int(decision.score[rows.at[row]])


def test_a_tree_may_ask_less_than_others_and_trees_may_be_few() -> None:
    trees = [[["mass", 3], [-5, 7]], [["mass", 1, "bars", 0], [1, 10, 100, 1000]], [["bars", 32766], [0, 4]]]
    columns = {"mass": np.array([0, 2, 4, 9], np.int32), "bars": np.array([0, 1, 0, 1 << 20], np.int32)}
    for few, sums in ((1, [-5, -5, 7, 7]), (2, [-4, 995, 107, 1007]), (3, [-4, 995, 107, 1011])):
        told = read_model({"trees": trees[:few], "limits": {}})
        assert run(told.tables, columns).tolist() == sums


def test_reasons_are_words() -> None:
    recurs = dict.fromkeys(MENU + FOOTER, 50)
    lines, decision = decide([page()], recurs=recurs)
    chosen = np.flatnonzero(decision.drop)
    told = reasons(decision, chosen)
    assert len(told) == len(chosen)
    assert all(told)
    assert told[0] == reason(decision, int(chosen[0]))
    assert any("occurs in 50+ documents" in words for words in told)
    assert all(len(words.split("; ")) <= 3 for words in told)
    assert len(lines) == len(decision.score)


@pytest.mark.skipif(not (SHARED / "gold" / "seeds").is_dir(), reason="needs ../shared/gold and ../shared/seeds")
@pytest.mark.parametrize("profile", ["careful", "strict"])
def test_no_kept_paragraph_of_the_seeds_is_lost(profile: str) -> None:
    paths = sorted((SHARED / "seeds").glob("*.txt"))
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    lines, decision = decide(texts, profile)
    for place, path in enumerate(paths):
        gold = json.loads((SHARED / "gold" / "seeds" / f"{path.name}.json").read_text("utf-8"))
        segments = [segment["text"] for segment in gold["segments"] if segment["label"] == "keep"]
        kept = {line.strip() for text in segments for line in text.split("\n")}
        for row in np.flatnonzero(decision.drop & (lines.doc == place)).tolist():
            line = texts[place][lines.start[row] : lines.end[row]].strip()
            assert line not in kept, f"{path.name}: {line[:80]!r}"


def seen(text: str):
    """Rows and features of a page without phrases or links."""
    lines = table_of_lines([text])
    none = np.zeros(len(lines), np.int16)
    rows = next(rows_of(lines))
    return rows, features(lines, rows, Counts(none + 1), Marks(none, none, none, none), none.astype(np.uint8))


def behind(*parts: str) -> list[str]:
    """Which of the lines stand behind the text of their page, where ``Read also`` ends a text."""
    rows, own = seen("\n".join(parts))
    ends, sections = (np.array([part == name for part in parts]) for name in ("Read also", "## Nets"))
    told = behind_the_text(ends, sections, own, rows)
    return [part for part, is_behind in zip(parts, told.tolist(), strict=True) if is_behind]


@pytest.mark.parametrize("prose", [(ENGLISH, ENGLISH_NEXT), (THAI, THAI_NEXT), (GREEK, GREEK), (ARABIC, HINDI)])
def test_what_follows_an_end_stands_behind_the_text(prose):
    assert behind("Home", *prose, "Read also", "A headline", "Another") == ["Read also", "A headline", "Another"]


def test_a_section_of_the_page_s_own_begins_its_text_again():
    page = (ENGLISH, ENGLISH_NEXT, "Read also", "A headline", "## Nets", "one of cotton", "Read also", "Another")
    assert behind(*page) == ["Read also", "A headline", "Read also", "Another"]


def test_an_end_before_or_in_the_text_ends_nothing():
    assert behind("Read also", "A headline", ENGLISH, ENGLISH_NEXT) == []
    assert behind(ENGLISH, "Read also", ENGLISH_NEXT, ENGLISH) == []


def test_a_long_paragraph_behind_an_end_is_the_page_s_own():
    endless = f"{ENGLISH} {ENGLISH_NEXT} {ENGLISH}"
    shorts = ["One word"] * 30  # so that the two do not make one stretch
    page = (ENGLISH, ENGLISH_NEXT, ENGLISH_NEXT, "Read also", *shorts, endless)
    assert behind(*page) == ["Read also", *shorts]


def test_lines_that_stand_apart_need_no_more_than_others_of_their_kind():
    rows, own = seen("\n".join((ENGLISH, "Boats", "Nets", ENGLISH_NEXT, ENGLISH, "Hooks")))
    nowhere = np.zeros(len(rows.at), bool)
    score = np.zeros(len(rows.at), np.int32)
    among = limits_for(score, own, rows.doc, 2000, True, nowhere)
    apart = limits_for(score, own, rows.doc, 2000, True, ~nowhere)
    assert (apart < among).all()
