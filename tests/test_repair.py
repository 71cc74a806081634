"""Repair: what is restored, what is left alone, and that the prefilter hides nothing."""

from __future__ import annotations

import tarfile
import unicodedata
from collections.abc import Iterator
from itertools import chain, islice, product
from pathlib import Path

import ftfy
import numpy as np
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from ftfy.chardata import CHARMAP_ENCODINGS
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.model import Document, Edit
from corpuskit.rules.repair import STEPS, needs_repair, repairs
from corpuskit.rules.repair.compose import applied, compose, trimmed
from corpuskit.rules.repair.mojibake import fixed_by_ftfy, plausible_thai, utf8_read_as_other
from corpuskit.rules.repair.nfc import begins, nfc
from corpuskit.rules.repair.suspects import Care, care, flags, restorable
from corpuskit.text.characters import code_points

DATA = Path(__file__).parents[2] / "shared" / "data"


def repaired(text: str) -> str:
    return applied(text, repairs(text))


def shown(data: bytes, codec: str) -> str:
    """Bytes as Windows shows them in a code page: undefined ones pass through."""
    return "".join(bytes([b]).decode(codec, "ignore") or chr(b) for b in data)


MISREAD = {
    "TIS-620 as Latin-1": lambda text: text.encode("cp874").decode("latin-1"),
    "TIS-620 as Windows-1252": lambda text: shown(text.encode("cp874"), "cp1252"),
    "UTF-8 as Windows-874": lambda text: shown(text.encode(), "cp874"),
    "UTF-8 as Windows-1252": lambda text: shown(text.encode(), "cp1252"),
    "UTF-8 as Latin-1": lambda text: text.encode().decode("latin-1"),
}

THAI_LINES = (
    "เมื่อเช้านี้ฝนตกหนักจนน้ำท่วมถนนหน้าโรงเรียน ครูใหญ่จึงประกาศหยุดเรียนหนึ่งวัน",
    "“เราจะเปิดห้องสมุดใหม่ในเดือนหน้า” บรรณารักษ์กล่าว – พร้อมหนังสือ 1,250 เล่ม",
    "ผู้โดยสารที่เดินทางจาก Bangkok ไปเชียงใหม่ควรมาถึงสนามบินก่อนเวลาสองชั่วโมง",
    "ตลาดนัดริมคลองเปิดทุกวันเสาร์ ขายผักสด ผลไม้ และขนมไทยที่ทำเองกับมือ",
)


@pytest.mark.parametrize("misread", MISREAD.values(), ids=MISREAD.keys())
@pytest.mark.parametrize("line", THAI_LINES)
def test_thai_read_with_the_wrong_encoding_is_restored(line, misread):
    damaged = misread(line)
    assert repaired(damaged) == line
    assert {edit.rule for edit in repairs(damaged)} == {"mojibake"}


@pytest.mark.parametrize("misread", MISREAD.values(), ids=MISREAD.keys())
def test_one_proven_line_restores_the_short_ones(misread):
    text = "ข่าว\n\n" + "\n".join(THAI_LINES) + "\nอ่านต่อ »\nภาพ: ทีมงาน\nJulia’s diary\n"
    text = text.encode("cp874", "ignore").decode("cp874")
    assert repaired(misread(text)) == text


@pytest.mark.parametrize(
    ("source", "result", "rule"),
    [
        ("\ufeffหัวข้อ", "หัวข้อ", "bom"),
        ("หนึ่ง\r\nสอง\r\n", "หนึ่ง\nสอง\n", "carriage-return"),
        ("one\rtwo\r\rthree", "one\ntwo\n\nthree", "carriage-return"),
        ("one\r\r\ntwo", "one\ntwo", "carriage-return"),
        ("hyphen\xadation", "hyphenation", "soft-hyphen"),
        ("ท้ายบรรทัด\xad\xad\xad\nต่อ", "ท้ายบรรทัด\nต่อ", "soft-hyphen"),
        ("การ\u200bทดลอง", "การทดลอง", "zero-width"),
        ("zero\u200b\u2060\ufeffwidth", "zerowidth", "zero-width"),
        ("ភាសា\u2060\u200bខ្មែរ", "ភាសា\u200bខ្មែរ", "zero-width"),
        ("naÃ¯ve cafÃ©", "naïve café", "mojibake"),
        ("the catâ€™s whiskers", "the cat’s whiskers", "mojibake"),
        ("the catâ\x80\x99s whiskers", "the cat’s whiskers", "mojibake"),
        ("quá»‘c gia", "quốc gia", "mojibake"),
        ("nul\x00 and bell\x07", "nul and bell", "control-character"),
        ("a page\x0cnext page", "a page\nnext page", "control-character"),
        ("a page\n\x0cnext page", "a page\nnext page", "control-character"),
        ("บรรทัด\u2028ใหม่\u2029ย่อหน้า", "บรรทัด\nใหม่\nย่อหน้า", "control-character"),
        ("\x1b[1;31mred\x1b[0m", "red", "control-character"),
        ("ข้าว\x8f หอม", "ข้าว หอม", "control-character"),
        ("\x9f ข้อแรก", " ข้อแรก", "control-character"),
        ("ข้อสอง \x96 ต่อ", "ข้อสอง – ต่อ", "control-character"),
        ("ต่อไป\x85 จบ", "ต่อไป… จบ", "control-character"),
        ("object\ufffc here", "object here", "control-character"),
        ("cafe\u0301", "café", "nfc"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글", "nfc"),
        ("กุ้ง".replace("ุ้", "ุ้"), "กุ้ง", "nfc"),
        ("นํ้า", "น้ำ", "thai-marks"),
        ("น้ํา", "น้ำ", "thai-marks"),
        ("นำ้", "น้ำ", "thai-marks"),
        ("คําตอบ", "คำตอบ", "thai-marks"),
        ("เเปลกใจเเละดีใจ", "แปลกใจและดีใจ", "thai-marks"),
        ("พันธ์ุ", "พันธุ์", "thai-marks"),
        ("ที่่ดี", "ที่ดี", "thai-marks"),
        ("ขึึ้น", "ขึ้น", "thai-marks"),
        ("ป\uf706องกัน ขนส\uf70aง", "ป้องกัน ขนส่ง", "thai-marks"),
        ("ป\uf88fา", "ป้า", "thai-marks"),
        ("ນໍ້າ", "ນ້ຳ", "lao-marks"),
        ("ນ້ໍາ ຄໍາ", "ນ້ຳ ຄຳ", "lao-marks"),
        ("ເເລະ", "ແລະ", "lao-marks"),
        ("ຕ່ໍ", "ຕໍ່", "lao-marks"),
        ("កេា", "កោ", "khmer-marks"),
        ("ខ្្មែរ", "ខ្មែរ", "khmer-marks"),
    ],
)
def test_damage_is_repaired_under_its_name(source, result, rule):
    assert repaired(source) == result
    assert {edit.rule for edit in repairs(source)} == {rule}


@pytest.mark.parametrize(
    "text",
    [
        *THAI_LINES,
        "ไม้เอก ( ่ ) ไม้โท ( ้ ) และการันต์ ( ์ )",
        "สระ อา า กับสระ เ เ",
        "เรียกว่า เเเ ยาวๆ",
        "พุทฺธํ สรณํ คจฺฉามิ",
        "def f(x):\n    return  x\n\n\n\tif x:\n        pass  \n",
        "“Curly” ‘quotes’, dashes – — and … stay; so do 100 % and 5\xa0km",
        "ｆｕｌｌ　ｗｉｄｔｈ ﬁne ﬂour ½ ² № Ⅳ ๑๒๓ ๆ ฯลฯ",
        "👩\u200d💻 👨\u200d👩\u200d👧 🏳️\u200d🌈 🇹🇭 1️⃣",
        "می\u200cخواهم کتاب\u200cها را بخوانم",
        "क्\u200dष और क्\u200cष",
        "שלום \u200fעולם\u200e",
        "ភាសា\u200bខ្មែរ\u200bមាន\u200bចន្លោះ",
        "ພາສາ\u200bລາວ ຕໍ່ ຫຼື ຫຼັງ ເຂົ້າ",
        "မြန်မာ\u200bစာ",
        "Zürich, Málaga, Århus, Łódź, Gżegżółka, Đắk Lắk, Þórður, Ελλάδα, Россия, Ґанок",
        "« À bientôt ! » dit-elle ; « Où ça ? » – ÉCOLE, GARÇON, ÎLE",
        "¿Qué tal? ¡Óyeme! 1.º y 2.ª, 25 €, n.º 7",
        "MÜLLER-ÖZDEMİR, ŞİŞLİ, ÇAĞRI; jäääär, hääyö; ÞAÐ ER ÓÐUR",
        "Цена 5 €, «Спартак» — 3° и №7; ВСЁ „ХОРОШО“",
        "&amp; &eacute; <b>&nbsp;</b>",
        "2567\xad2573",
        "中文，标点。『引号』 日本語、ひらがな カタカナ 한국어",
        "\U0001d11e 𝒜𝒷𝒸 \ue000 \uf0d8",
        "",
    ],
)
def test_sound_text_is_left_alone(text):
    assert repairs(text) == []


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize(
    ("source", "result"),
    [
        pytest.param("ด าเนินการ", "ดำเนินการ", id="a PDF lost half of SARA AM: 'ส ามี' may also be two words"),
        pytest.param("ข่าว".encode("cp874").decode("latin-1"), "ข่าว", id="four letters alone prove nothing"),
        pytest.param("น า ย ก", "นายก", id="letters set apart"),
        pytest.param("ขนม\x9fไทย", "ขนม • ไทย", id="a bullet of a symbol font: which sign it was is lost"),
    ],
)
def test_known_failures(source, result):
    assert repaired(source) == result


def test_edits_are_minimal_and_explained():
    source = "สายนํ้าไหล cafÃ© x\u200by พันธ์ุ"
    edits = repairs(source)
    assert [(source[e.start : e.end], e.new) for e in edits] == [
        ("ํ้า", "้ำ"), ("Ã©", "é"), ("\u200b", ""), ("์ุ", "ุ์"),
    ]  # fmt: skip
    assert all(edit.why for edit in edits)
    assert Document(source, tuple(edits)).clean == repaired(source)


def test_a_mark_beside_a_removed_character_joins_its_edit():
    edits = repairs("นํ้\u200bา")
    assert [(e.start, e.end, e.rule, e.new) for e in edits] == [(1, 5, "zero-width", "้ำ")]
    assert edits[0].why == "a space without width; SARA AM typed in two halves"


def test_a_space_taken_for_half_a_letter_spoils_no_more_than_its_gap():
    source = "Tours Â Â» and â€œmoreâ€\x9d to come"
    assert [(source[e.start : e.end], e.new) for e in repairs(source)] == [
        ("Â Â", "\xa0"), ("â€œ", "“"), ("â€\x9d", "”"),
    ]  # fmt: skip


def test_mojibake_of_mojibake_is_undone():
    assert repaired(shown(shown("déjà vu".encode(), "cp1252").encode(), "cp1252")) == "déjà vu"


#: Our own sentences, and the encodings of old pages in their languages.
FOREIGN = {
    "Рыбаки сегодня утром продавали на городском рынке свежую рыбу, но цена выросла от дождя.": "cp1251 koi8-r cp866",
    "Οι ψαράδες πούλησαν σήμερα το πρωί φρέσκο ψάρι στην αγορά της πόλης, αλλά η τιμή ανέβηκε.": "cp1253",
    "הדייגים מכרו הבוקר דגים טריים בשוק העיר, אבל המחיר עלה כי הגשם לא פסק כל הלילה.": "cp1255",
    "باع الصيادون صباح اليوم السمك الطازج في سوق المدينة، لكن السعر ارتفع لأن المطر لم يتوقف.": "cp1256",
    "渔民今天早上在城里的市场上卖新鲜的鱼，但是因为整夜下雨没有停，价格上涨了，城里的人都说鱼太贵。": "gbk",
    "漁民今天早上在城裡的市場上賣新鮮的魚，但是因為整夜下雨沒有停，價格上漲了，城裡的人都說魚太貴。": "big5",
    "어부들은 오늘 아침 시내 시장에서 신선한 생선을 팔았지만 밤새 비가 그치지 않아 가격이 올랐다.": "cp949",
}


@pytest.mark.parametrize("text", FOREIGN)
@pytest.mark.parametrize("shown_as", ["latin-1", "cp1252"])
def test_letters_of_other_scripts_read_as_western_are_restored(text, shown_as):
    text = f"{text}\n{text[10:]}\n{text[5:]}"
    for encoding in FOREIGN[text.split("\n")[0]].split():
        damaged = (
            shown(text.encode(encoding), shown_as) if shown_as == "cp1252" else text.encode(encoding).decode("latin-1")
        )
        assert repaired(damaged) == text


@pytest.mark.parametrize(
    "text",
    [
        "ຊາວປະມົງຂາຍປາສົດຢູ່ຕະຫຼາດໃນເມືອງເຊົ້ານີ້ ແຕ່ລາຄາສູງຂຶ້ນ",
        "អ្នកនេសាទបានលក់ត្រីស្រស់នៅផ្សារក្រុងនៅព្រឹកនេះ",
        "တံငါသည်များသည် ယနေ့နံနက် မြို့ဈေးတွင် ငါးများ ရောင်းခဲ့ကြသည်။",
    ],
)
@pytest.mark.parametrize("how", ["UTF-8 as Windows-874", "UTF-8 as Windows-1252", "UTF-8 as Latin-1"])
def test_neighbours_of_thai_are_restored_too(text, how):
    assert repaired(MISREAD[how](text)) == text


def test_bytes_of_an_older_encoding_are_not_taken_apart():
    """A few of them happen to be UTF-8; what is not restored stays as it is."""
    damaged = "渔民今天早上在城里卖鱼，价格上涨了。".encode("gbk").decode("latin-1")
    assert repaired(damaged) == damaged
    assert repaired(shown(shown(THAI_LINES[0].encode("cp874"), "cp1252").encode(), "cp1252")) == THAI_LINES[0]


@pytest.mark.parametrize(
    "text",
    [
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß\nàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ\n" * 3,
        "úëêà \n" * 40,
        "ÉÈÊÀÇÔÎ! CRÉÉÈÀÉ ÉÉÉÉÉ ÀÀÀ ÊÊÊ ÇÇÇ ÔÔÔ ÎÎÎ ÉÉÉ ÈÈÈ ÀÉÈ ÇÔÎ ÉÀÉ",
        "Ações e noções: às vezes há ção, ções, ãe, õe, âã; à noção não faltou ação. " * 8,
        "Það er öðruvísi að búa í Ásbyrgi; þýðing þessa ræðst af því. Æðið í þér, bræður! " * 8,
        "Hääyöaie, töölöläinen jäääär, õueõu, riigiõigus, köööödrid ja kuuuurija töööö. " * 8,
        "Tiếng Việt: ngoằn ngoèo, khuỷu tay, huyên náo, rượu, người, thuở, quỳnh hoa. " * 8,
        "Žluťoučký kůň příšerně úpěl ďábelské ódy; řeřicha, tříšť, čtvrť, něžně. " * 8,
        "Árvíztűrő tükörfúrógép; ősszel űrhajó, fűútó, ééé, óóó, áááá! " * 8,
        "« Créé à l’été, réélu : où ça ? » – « Là-bas… » ½ ¾ ±5 °C §§ 4–7 " * 8,
    ],
)
def test_accented_text_is_not_taken_for_another_script(text):
    assert repairs(text) == []


def test_ftfy_explains_itself():
    assert repairs("voilÃ\xa0")[0].why == "ftfy: encode latin-1, decode utf-8"


@pytest.mark.parametrize(
    "text", ["a" + "\u0301\u0323" * 50_000, "ก" + "่ิ" * 20_000, "่" * 20_000, "เ" * 20_000, "Ã" * 20_000]
)
def test_no_pile_of_marks_takes_square_time(text):
    assert repairs(text) == []


def test_foreign_bytes_are_not_taken_for_thai():
    russian, greek = "Всероссийская перепись населения", "ΚΑΤΑΣΚΕΥΗ ΚΑΤΟΙΚΙΩΝ"
    korean, chinese = "대한민국 헌법 제일조", "今年我们的收入可能要调整"
    for text, codecs in (
        (russian, ("cp1251", "koi8-r", "iso8859-5", "cp866", "gbk", "euc-jp", "euc-kr")),
        (greek, ("cp1253", "iso8859-7", "euc-kr")),
        (korean, ("euc-kr", "johab")),
        (chinese, ("gbk", "gb18030")),
    ):
        for codec in codecs:
            meant = text.encode(codec).decode("cp874", "ignore")
            assert not plausible_thai(meant), (text, codec, meant)


# Properties ----------------------------------------------------------------------------------------------------------

#: Pieces that meet in damaged pages, good and bad.
PIECES = st.sampled_from(
    [
        *"กนาำิีุู่้์ํๆเแ๎ฺ", *"ກນາຳິໍ່້ເແຼັ", *"កខ្ាេីុំះ់្", *"aZé ñÉß«»“”’–€°²", *"ÃÂ©®Ð¡ÒÃ¹·ØÙ¬†ƒŒœ…", *"👩한中",
        "\n", "\r\n", "\r", "\t", " ", "\xa0", "\x00", "\x0c", "\x1b[0m", "\x85", "\x96", "\x9f", "\u2028", "\xad",
        "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufffd", "\u0301", "\u0323", "\u1100", "\u1161", "\u11a8",
        "\uf70a", "\uf700", "การ", "ที่", "น้ำ", "12", "à¸", "à¸\x81", "à¸™à¸²à¸¢", "Ã©", "â€™", "เธ\x81เธฒเธฃ", "โ€™",
        "¡ÒÃ",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXTS)
def test_repairs_are_disjoint_and_do_what_they_say(text):
    edits = repairs(text)
    document = Document(text, tuple(edits))
    assert document.clean == applied(text, edits)
    assert "".join(piece.text for piece in document.pieces()) == text
    assert all(trimmed(text, edit) == edit for edit in edits)


@given(TEXTS)
def test_repaired_text_is_clean(text):
    result = repaired(text)
    assert unicodedata.is_normalized("NFC", result)
    assert not any(c in result for c in "\r\x00\x0c\x85\u2028\u2060")
    assert not result.startswith("\ufeff")


@given(TEXTS)
def test_repairing_twice_is_repairing_once(text):
    result = repaired(text)
    assert repairs(result) == []


@given(TEXTS)
def test_a_step_changes_nothing_where_its_care_is_not_called_for(text):
    """The prefilter of every step, and so of the whole, hides nothing."""
    wanted = care(text)
    for kind, step in STEPS:
        assert kind in wanted or list(step(text)) == []
    if not needs_repair(code_points(text)).any():
        assert repairs(text) == []


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_batch_is_judged_at_once(texts):
    marked = needs_repair(code_points("\n".join(texts)))
    starts = np.cumsum([0] + [len(text) + 1 for text in texts[:-1]])
    for text, start in zip(texts, starts, strict=True):
        if not marked[start : start + len(text)].any():
            assert repairs(text) == []


@st.composite
def text_with_edits(draw, text):
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [Edit(a, b, draw(st.sampled_from("xyz")), draw(st.text("abc", max_size=3)), "why") for a, b in pairs]


@given(st.data(), st.text("12345678", max_size=12))
def test_composed_edits_do_both(data, text):
    first = data.draw(text_with_edits(text))
    changed = applied(text, first)
    then = data.draw(text_with_edits(changed))
    both = compose(first, then, changed)
    assert applied(text, both) == applied(changed, then)
    Document(text, tuple(both))


@given(st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_trimming_keeps_the_meaning(old, new):
    if old:
        edit = trimmed(old, Edit(0, len(old), "rule", new))
        assert (applied(old, [edit]) if edit else old) == new


@given(TEXTS)
def test_nfc_by_stretches_is_nfc(text):
    assert applied(text, nfc(text)) == unicodedata.normalize("NFC", text)


def test_no_character_joins_what_is_taken_for_a_beginning():
    for code in chain(range(0xD800), range(0xE000, 0x110000)):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0][0] != "<":
            composed = unicodedata.normalize("NFC", "".join(chr(int(part, 16)) for part in parts))
            assert composed != chr(code) or not begins(chr(int(parts[1], 16)))


# The prefilter of ftfy -----------------------------------------------------------------------------------------------


def members(body: str) -> str:
    """The characters of the body of a regular-expression class."""
    out = []
    for i, c in enumerate(body):
        if c == "-":
            out += [chr(code) for code in range(ord(body[i - 1]), ord(body[i + 1]) + 1)]
    return "".join(dict.fromkeys([*out, *body.replace("-", "")]))


def test_no_pair_that_ftfy_calls_bad_is_overlooked():
    """Every two characters of ftfy's categories (and their neighbours in its pattern), alone and after a letter."""
    extra = "aZ .¹²³µŽžš±¬ìîïòôúùûâêвЂГўВРСβ€ΆΒΓΞΟāÂÐ×√≈‚Ä·´"
    characters = "".join(dict.fromkeys("".join(map(members, MOJIBAKE_CATEGORIES.values())) + extra))
    bad = [s for a, b in product(characters, repeat=2) for s in (a + b, f"a{a}{b}") if is_bad(s)]
    assert len(bad) > 50_000
    marked = flags("\n".join(bad)) & Care.FTFY.value != 0
    starts = np.cumsum([0] + [len(s) + 1 for s in bad[:-1]])
    missed = [s for s, hit in zip(bad, np.logical_or.reduceat(marked, starts), strict=True) if not hit]
    assert missed == []


@given(st.text(st.sampled_from("ВГРСΒΓΞΟØÙÃÂÎÐâ√≈‚ÄГўВЂàa ·–’«»“”€°®µ²œŒéÉß┐ü\xa0\xad"), min_size=3, max_size=6))
def test_no_short_text_that_ftfy_changes_is_overlooked(text):
    assert applied(text, utf8_read_as_other(text)) == fixed_by_ftfy(text)[0]


#: Letters that ftfy takes for bytes of UTF-8 and of code pages, controls, signs, and letters that no page of its has.
BYTES_AND_OTHERS = [*"ÃÂâàœЂвГТΒΓĂăĀā€™“”¬·±£¶┐√≈", *"\xa0\x80\x85\x9f\ufffd\x1a ?aZก่ひ中ह"]


@settings(max_examples=2000)
@given(
    st.text(st.sampled_from(BYTES_AND_OTHERS), max_size=8),
    st.sampled_from(["การ", "café", "Привет", "中文", "Ω", "“x”"]),
    st.sampled_from(CHARMAP_ENCODINGS),
)
def test_no_line_that_ftfy_changes_is_taken_for_hopeless(noise, word, encoding):
    """Noise, beside words and beside what words look like that were read with the wrong encoding."""
    misread = word.encode().decode(encoding, "replace")
    for line in (noise, f"{noise}{word}", f"{misread}{noise}", f"{word} {misread}{noise}"):
        assert restorable(line) or fixed_by_ftfy(line)[0] == line


def test_a_stray_sign_in_a_script_without_code_page_is_hopeless():
    """ftfy calls these lines bad, and can do nothing about them."""
    for line in ("\x9f การประชุม", "¬¬ให้พ้นจากความรับผิดชอบ", "会議\x85"):
        assert is_bad(line)
        assert not restorable(line)


def some_files(archive: str, number: int) -> Iterator[str]:
    """The text of every third of the first files of an archive, read as a stream."""
    with tarfile.open(DATA / archive, "r|xz") as tar:
        files = (member for member in tar if member.isfile())
        for member in islice(files, 0, 3 * number, 3):
            stream = tar.extractfile(member)
            assert stream is not None
            yield stream.read().decode()


needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the evaluation data (../shared/data) are not here")


@pytest.fixture(scope="module")
def real_lines() -> list[str]:
    """Distinct lines of real pages: Thai news, and pages of many languages."""
    texts = chain(some_files("bulk.tar.xz", 300), some_files("text.tar.xz", 150))
    return list(dict.fromkeys(line for text in texts for line in text.split("\n")))


@needs_data
def test_prefiltered_ftfy_is_ftfy_on_real_lines(real_lines):
    """Line by line: the same as ftfy's own repair, and the same as the wider configuration of the design notes."""
    config = ftfy.TextFixerConfig(
        unescape_html=False, fix_c1_controls=False, fix_latin_ligatures=False, fix_character_width=False,
        uncurl_quotes=False, fix_line_breaks=False, normalization=None,
    )  # fmt: skip
    at_once = "\n".join(real_lines)
    prefiltered = applied(at_once, utf8_read_as_other(at_once)).split("\n")
    for line, fast in zip(real_lines, prefiltered, strict=True):
        if line.isascii() and line.isprintable():
            continue
        wide = ftfy.fix_and_explain(line, config).text
        assert fast == fixed_by_ftfy(line)[0]
        assert wide == line or repaired(wide) == repaired(line)


@needs_data
@pytest.mark.parametrize("misread", list(MISREAD.values())[:3], ids=list(MISREAD)[:3])
def test_real_thai_lines_are_restored(real_lines, misread):
    """At least 299 of 300 lines of 40 or more Thai letters come back as they were."""
    thai = [line for line in real_lines if sum("ก" <= c <= "๛" for c in line) >= 40]
    whole = [line for line in thai if line.encode("cp874", "ignore").decode("cp874") == line and not repairs(line)]
    lines = whole[:300]
    assert len(lines) == 300
    assert sum(repaired(misread(line)) == line for line in lines) >= 299
