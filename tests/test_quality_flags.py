"""Quality flags: pages that should have them, pages that should not, in scripts with spaces and without."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythainlp.tokenize import word_dict_trie, word_tokenize

from corpuskit.annotate.dictionary import thai_dictionary
from corpuskit.annotate.quality import MEANING, Kept, qualities, word_flags
from corpuskit.annotate.words import ENGINE, words_of
from corpuskit.errors import NothingToPublish, RecipeError
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
from corpuskit.stages.notes import NOTES
from corpuskit.text.lines import table_of_lines
from corpuskit.verbs.validate import validate

GOOD = {
    "th": (
        "ชาวสวนริมแม่น้ำเล่าว่าปีนี้น้ำขึ้นช้ากว่าทุกปีจึงต้องเลื่อนการปลูกผักออกไปเกือบหนึ่งเดือนเต็มและรอฝนรอบใหม่",
        "เจ้าหน้าที่เกษตรประจำตำบลลงพื้นที่สำรวจแปลงทดลองทั้งสิบสองแห่งแล้วพบว่าดินยังมีความชื้นเพียงพอสำหรับพืชระยะสั้น",
        "กลุ่มแม่บ้านตกลงกันว่าจะรวมเงินซื้อเครื่องสูบน้ำหนึ่งเครื่องเพื่อใช้ร่วมกันในฤดูแล้งที่กำลังจะมาถึง",
        "ผู้ใหญ่บ้านกล่าวว่าการแบ่งน้ำตามคิวช่วยให้ทุกบ้านได้น้ำเท่ากันและไม่มีใครต้องทะเลาะกันเหมือนปีก่อน",
    ),
    "en": (
        "The ferry between the two banks has run every morning since the spring of 1962, and it has never been late.",
        "Its captain, who learned the river from his aunt, says that the fog of the last weeks was the worst of all.",
        "Most of the passengers are pupils and teachers; they pay nothing, because the town has paid for them.",
        "A bridge would cost more than forty years of the ferry, according to the plan that was shown in May.",
    ),
    "zh": (
        "老渡口的木船每天清晨六点准时离岸，船上坐着去对岸上学的孩子和背着竹篓的菜农，几十年来几乎没有停过一天。",
        "船工说今年春天的雾比往年都要大，有几次只能靠敲钟和对岸的人互相辨认方向，走得很慢很小心。",
        "镇里曾经讨论过修桥的计划，但是预算相当于渡船四十年的全部开支，因此大家决定先把码头修好再说。",
        "孩子们倒是不希望渡船停开，他们说坐船的时候可以看见白鹭，也可以在水面上数自己的影子。",
    ),
    "lo": (
        "ຊາວສວນແຄມນ້ຳເລົ່າວ່າປີນີ້ນ້ຳຂຶ້ນຊ້າກວ່າທຸກປີຈຶ່ງຕ້ອງເລື່ອນການປູກຜັກອອກໄປເກືອບໜຶ່ງເດືອນເຕັມ",
        "ພະນັກງານກະສິກຳລົງສຳຫຼວດສວນທົດລອງແລ້ວພົບວ່າດິນຍັງມີຄວາມຊຸ່ມພຽງພໍສຳລັບພືດໄລຍະສັ້ນ",
        "ກຸ່ມແມ່ບ້ານຕົກລົງກັນວ່າຈະຮວມເງິນຊື້ຈັກສູບນ້ຳໜຶ່ງເຄື່ອງເພື່ອໃຊ້ຮ່ວມກັນໃນລະດູແລ້ງທີ່ກຳລັງຈະມາ",
        "ນາຍບ້ານກ່າວວ່າການແບ່ງນ້ຳຕາມຄິວຊ່ວຍໃຫ້ທຸກບ້ານໄດ້ນ້ຳເທົ່າກັນແລະບໍ່ມີໃຜຕ້ອງຜິດຖຽງກັນ",
    ),
}
LANGUAGES = sorted(GOOD)
FEW = dict(zip(LANGUAGES, ("River notes", "ບັນທຶກ", "บันทึกแม่น้ำ", "河边笔记"), strict=True))


def kept(text, lines, living, size, language="th", came_from=None, said=()):
    note = {"language": language, "came_from": came_from, "flags": list(said)}
    notes = pa.RecordBatch.from_pylist([note], NOTES)
    return Kept(pa.array([text]), np.array([len(text)]), np.array([size]), lines, living, notes)


def flags(text, language="th", size=None, came_from=None, said=()):
    lines = table_of_lines([text])
    shown = kept(text, lines, ~lines.blank, size or len(text), language, came_from, said)
    return qualities(shown, False)[0].flags


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_good_page_has_no_flags(language):
    assert flags("\n".join(GOOD[language]), language) == {}
    assert flags("\n\n".join(GOOD[language]), language) == {}
    assert flags("".join(GOOD[language]), language) == {}, "one long line"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_alone_is_short_and_no_prose(language):
    assert set(flags(FEW[language], language)) == {"short", "no-prose"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_that_repeat(language):
    good = GOOD[language]
    assert set(flags("\n".join((*good, good[0], good[1], good[0])), language)) == {"duplicate-lines"}
    assert not flags("\n".join((*good, good[0])), language), "one pull quote"


def test_a_refrain_of_one_line_and_rules_between_sections_are_no_repeats():
    assert not flags("\n".join(f"{line}\n* * *" for line in GOOD["th"]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sign", ["…", "..."])
def test_teasers(language, sign):
    teasers = "\n".join(line[:-6] + sign for line in GOOD[language])
    assert "ellipsis-lines" in flags(teasers, language)
    assert "ellipsis-lines" not in flags("\n".join((*GOOD[language][:3], GOOD[language][3] + sign)), language)


def test_the_script_of_the_language():
    mixed = "\n".join((GOOD["th"][0], *GOOD["en"]))
    assert "low-script-share" in flags(mixed, "th")
    assert not flags("\n".join((*GOOD["th"], "Ministry of Agriculture, River Basin Office")), "th")
    assert not flags("\n".join((*GOOD["zh"], "GDP 2024, NASDAQ")), "zh")


def test_only_what_stays_is_measured():
    """The script of a page whose English menu was removed is what is left of it."""
    text = "\n".join((*GOOD["en"], *GOOD["th"]))
    lines = table_of_lines([text])
    shown = kept("\n".join(GOOD["th"]), lines, lines.index >= len(GOOD["en"]), len(text))
    assert qualities(shown, False)[0].flags == {}


def test_lists_have_many_newlines_only_in_scripts_with_spaces():
    menu = ("Boats", "River maps", "Timetable", "Old photographs", "Tide tables", "Contact")
    assert "many-newlines" in flags("\n".join(menu), "en")
    assert "many-newlines" not in flags("\n".join(f"ตารางเรือเที่ยวที่{n}" for n in "กขคงจฉ"), "th")


def test_signs():
    assert "symbols" in flags("\n".join(f"## {word} ** // %% $$ --" for word in " ".join(GOOD["en"]).split()), "en")
    quoted = '“Fog,” he said – and “no bell” – was "worse" than 5 % of rain & wind.'
    assert "symbols" not in flags(" ".join((*GOOD["en"], quoted)), "en")


def test_what_the_build_knows():
    text = "\n".join(GOOD["en"])
    assert set(flags(text, "en", size=len(text) * 11)) == {"mostly-removed"}
    ambiguous = '{"date": "dateline (ambiguous)"}'
    assert set(flags(text, "en", came_from=ambiguous)) == {"ambiguous-date"}
    assert not flags("\n".join(GOOD["th"]), "th", came_from=ambiguous), "Thai writes the day first"
    assert set(flags(text, "en", said=["my-own"])) == {"my-own"}


def test_words():
    assert words_of("Don’t count – 3 well-known words!", "en") == ["Don’t", "count", "3", "well-known", "words"]
    assert words_of("हिन्दी में लिखा", "hi") == ["हिन्दी", "में", "लिखा"]
    assert words_of("น้ำในแม่น้ำ 2567", "th") == ["น้ำ", "ใน", "แม่น้ำ", "2567"]
    assert [words_of("\n".join(GOOD[language]), language) for language in ("lo", "zh")] == [None, None]


@given(st.text("กขคงจชดตทนบปมรลวสหอะาิีึืุู่้เแโใไ็์ 12ab", max_size=40), st.integers(0, 40))
def test_the_dictionary_answers_as_pythainlps_own(text, start):
    assert thai_dictionary().prefixes(text, start) == word_dict_trie().prefixes(text, start)


def test_words_are_those_of_pythainlp():
    text = "\n".join(GOOD["th"])
    assert words_of(text, "th") == [t for t in word_tokenize(text, engine=ENGINE) if any(map(str.isalnum, t))]


@pytest.mark.parametrize(
    "text",
    [
        "ငါးသည်များ မြို့ဈေးတွင်", "អ្នកនេសាទ លក់ត្រី", "市場で魚を売る", "ｻｶﾅ ｦ ｳﾙ", "漁民賣魚", "𠀀𠀁 𠀂", "ཉ་པས་ཉ་བཙོངས།",
        "ꦮꦺꦴꦁꦢꦺꦴꦭ꧀ꦲꦶꦮꦏ꧀", "ᬓᬸᬮᬶᬢᬾ",
        "ᨠᩣ᩠ᨯᨾᩮᩬᩥᨦ", "ᦶᦜᧈᦗᦱ", "ᥖᥣᥭᥰ", "ꉬꄙꃀ", "ขายปลาในตลาด",
    ],
)  # fmt: skip
def test_white_space_never_parts_the_words_of_scripts_without_it(text):
    assert words_of(text, "und") is None


def test_word_flags():
    good = words_of("\n".join(GOOD["th"]), "th")
    assert word_flags(good, "th", 4) == {}
    assert word_flags(words_of(" ".join(GOOD["en"]), "en"), "en", 4) == {}
    assert set(word_flags(good[:30] * 4, "th", 4)) == {"repeated-phrases"}
    assert set(word_flags([f"{n}" for n in range(1000, 1100)], "th", 1)) == {"few-alpha-words", "few-stop-words"}
    assert "word-length" in word_flags([f"unbrokenstring{n}" for n in range(60)], "de", 1)
    assert word_flags(["ab"] * 20, "en", 1) == {}, "too few words for statistics"


@pytest.fixture
def pages(tmp_path):
    """Three pages; the second repeats its lines, the third has a paragraph of the second."""
    folder = tmp_path / "pages"
    folder.mkdir()
    th, en = GOOD["th"], GOOD["en"]
    (folder / "a.txt").write_text("\n".join(th), "utf-8")
    (folder / "b.txt").write_text("\n".join((*en[:2], *en[:2], *en[:2])), "utf-8")
    (folder / "c.txt").write_text("\n".join(en), "utf-8")
    return folder


def built(pages, out, **more):
    recipe = recipe_from({"name": "x", "version": "1.0.0"} | more)
    release = build([str(pages)], recipe, out, workers=1).path
    data, removed = (release / name for name in ("data", "removed"))
    return release, pq.read_table(data).to_pylist(), pq.read_table(removed).to_pylist() if removed.exists() else []


def test_flags_are_published_counted_and_explained(pages, tmp_path):
    release, rows, _ = built(pages, tmp_path / "out")
    assert [row["flags"] for row in rows if row["source_path"].endswith("b.txt")] == [["duplicate-lines"]]
    assert json.loads((release / "manifest.json").read_text("utf-8"))["flags"]["duplicate-lines"] == 1
    assert f"| `duplicate-lines` | 1 | {MEANING['duplicate-lines']} |" in (release / "README.md").read_text("utf-8")
    assert {row["n_words"] for row in rows} == {None}
    assert validate(str(release)).ok


def test_a_filtered_document_is_accounted_and_keeps_nothing_from_others(pages, tmp_path):
    release, rows, removed = built(pages, tmp_path / "out", filter={"flags": ["duplicate-lines"]})
    assert [row["source_path"][-5:] for row in rows] == ["a.txt", "c.txt"]
    assert rows[1]["text"] == "\n".join(GOOD["en"]), "the copy that was filtered keeps no paragraph"
    (gone,) = (row for row in removed if row["rule"] == "filtered")
    assert (gone["start"], gone["text"]) == (0, (pages / "b.txt").read_text("utf-8"))
    assert gone["why"] == "duplicate-lines: 0.67 of lines repeat"
    assert validate(str(release)).ok


def test_everything_filtered(pages, tmp_path):
    (pages / "a.txt").unlink()
    (pages / "c.txt").unlink()
    with pytest.raises(NothingToPublish):
        built(pages, tmp_path / "out", filter={"flags": ["duplicate-lines"]})
    with pytest.raises(RecipeError, match=r"filter\.flags"):
        recipe_from({"filter": {"flags": ["Two Words"]}})


def test_counted_words_are_published_and_valid(pages, tmp_path):
    release, rows, _ = built(pages, tmp_path / "out", output={"words": True})
    assert [row["n_words"] for row in rows] == [len(words_of(row["text"], row["language"])) for row in rows]
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    assert manifest["counts"]["words"] == sum(row["n_words"] for row in rows)
    assert validate(str(release)).ok
