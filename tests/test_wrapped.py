"""Paragraphs that a hard wrap tore: what tells them, and what that changes."""

import textwrap

import numpy as np
import pyarrow.parquet as pq
import pytest

from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
from corpuskit.stages.alone import clean_text
from corpuskit.text.lines import table_of_lines
from corpuskit.text.wrapped import joined, keys_of, sizes_of, unwrapped
from corpuskit.verbs.validate import validate

ENGLISH = (
    "The harbour master kept two notebooks, one for the ships that came in and one for those that were only "
    "expected. In a bad winter the second was always the longer. Nobody who asked him for a name was sent away "
    "without an answer, even if it was only that the ice had not gone yet, and that the pilot was asleep.",
    "His daughter, who had the books after him, could not read the second one for years. She said that every line "
    "of it ended in the middle of a word, as if somebody had called him out to the quay just then.",
)
RUSSIAN = (
    "Смотритель маяка вёл дневник сорок лет, и ни разу не написал в нём о погоде. Когда его спросили, почему, он "
    "ответил, что погоду видно и так, а вот кто приходил пить чай, через неделю уже никто не вспомнит. После него "
    "осталось двенадцать тетрадей, исписанных мелким почерком, и самовар с погнутым краном.",
)


def wrapped(paragraphs: tuple[str, ...], width: int = 72, indent: str = "") -> str:
    return "\n\n".join("\n".join(textwrap.wrap(p, width, subsequent_indent=indent)) for p in paragraphs)


def sizes(text: str) -> list[int]:
    return sizes_of(table_of_lines([text]), text.split("\n")).tolist()


@pytest.mark.parametrize("width", [50, 64, 72, 100])
@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_a_wrapped_paragraph_is_one(text, width):
    expected = []
    for paragraph in text:
        count = len(textwrap.wrap(paragraph, width))
        expected += [count, *[0] * (count - 1), 1]
    assert sizes(wrapped(text, width)) == expected[:-1]


def test_items_of_lists_are_paragraphs_of_their_own():
    text = "\n".join(textwrap.fill("- " + p, 72, subsequent_indent="  ") for p in (*ENGLISH, *ENGLISH))
    lines = text.split("\n")
    assert [i for i, size in enumerate(sizes(text)) if size] == [i for i, line in enumerate(lines) if line[0] == "-"]


MENU = "Home\nNews of the town\nSport\nabout us\ncontact the editors\nPrivacy"
CARDS = "\n\n".join(
    f"{headline}\nby {name} – {n} min read"
    for n, (headline, name) in enumerate(
        [
            ("The ferry that nobody wanted comes home at last", "Ines"),
            ("Why the old bridge will be closed for another winter", "Jon"),
            ("Three bakers, one oven, and a very long queue on Sunday", "Mia"),
            ("What the river took, and what it brought back to us", "Ole"),
            ("A short history of the longest street of the town", "Eva"),
        ]
    )
)
VERSE = "The boats are in,\nthe nets are dry,\nthe gulls have gone;\n\nand who am I\nto ask them why,\nthe keeper said."


#: Paragraphs of a line each, none of which ends like a sentence: of equal length, and of any length.
ALIKE = "\n".join(f"paragraph {n} tells of the market by the river and of those who come on a {day}" for n, day in [
    (12, "Monday"), (13, "Sunday"), (14, "Friday"), (15, "Monday"), (16, "Sunday"), (17, "Friday"),
])  # fmt: skip
ANY = "\n".join([
    "river boat market stone bridge lamp winter paper garden",
    "paper lamp bridge river stone stone boat winter garden market lamp",
    "garden market winter boat boat river lamp",
    "stone bridge paper paper winter river garden lamp market boat bridge",
    "winter river boat garden lamp stone market bridge",
    "lamp lamp paper market stone river winter boat garden bridge paper",
])  # fmt: skip
THAI = "\n".join(f"ย่อหน้าที่ {n} เล่าเรื่องตลาดริมน้ำที่ชาวบ้านช่วยกันดูแลมาหลายสิบปีและมีคนแวะมาเยือนทุกวัน" for n in range(10, 18))


@pytest.mark.parametrize(
    "text", [MENU, CARDS, VERSE, ALIKE, ANY, THAI, "\n".join(ENGLISH), "", "one"], ids=lambda text: text[:9]
)
def test_other_lines_are_lines(text):
    assert set(sizes(text)) == {1}


def test_places_stay_and_nothing_is_added():
    texts = ["Title\n\n" + wrapped(ENGLISH), "Other\n" + MENU, wrapped(RUSSIAN)]
    lines = table_of_lines(texts)
    split = "\n".join(texts).split("\n")
    seen, flat, printed = unwrapped(lines, texts, split, sizes_of(lines, split))
    assert [len(text) for text in flat] == [len(text) for text in texts]
    assert flat[1] == texts[1]
    assert flat[0] == "Title\n\n" + "\n\n".join(ENGLISH)
    rows = zip(seen.doc.tolist(), seen.start.tolist(), seen.end.tolist(), strict=True)
    assert [flat[doc][start:end] for doc, start, end in rows] == printed
    alone = table_of_lines(flat)
    kept = ~seen.blank
    for name in ("mass", "letters", "spaces", "enders", "start", "end", "first", "last"):
        np.testing.assert_array_equal(getattr(seen, name)[kept], getattr(alone, name)[~alone.blank], name)


def test_lines_of_a_page_without_torn_paragraphs_are_the_table_itself():
    texts = [MENU, "\n".join(ENGLISH)]
    lines = table_of_lines(texts)
    sizes = sizes_of(lines, "\n".join(texts).split("\n"))
    assert joined(lines, sizes) is lines
    assert keys_of(lines, sizes) is lines.key


def test_menu_words_within_a_wrapped_paragraph_stay():
    text = (
        "The manual says that a page may have a link to every other page, and that the reader can\n"
        "follow us in this or not. A button that is called\n"
        "contact opens a form, and the one beside it, which is called search, opens another one that\n"
        "read more than it says. Nobody has pressed them both at once, and nobody will, because the\n"
        "copyright of the forms was sold with the house."
    )
    found, _ = clean_text(text)
    assert found.clean == text


def test_a_wrapped_cookie_notice_goes_whole():
    notice = (
        "We use cookies to make this site work and to see how it is used. If you\ngo on, you are content with that."
    )
    found, _ = clean_text(wrapped(ENGLISH) + "\n\n" + notice)
    assert found.clean == wrapped(ENGLISH)
    assert {edit.rule for edit in found.edits} == {"cookies"}


def released(folder, out, **recipe):
    return build([folder], recipe_from({"name": "w", "version": "1.0.0", **recipe}), out, workers=1).path


def test_a_torn_paragraph_is_a_duplicate_as_a_whole_or_not_at_all(tmp_path):
    own = wrapped(
        ("This letter has a paragraph of its own, which is long enough to be compared with others, and is like none.",)
    )
    shared = wrapped(ENGLISH[:1])
    other = textwrap.fill("and then the letter goes on in words of its own, which nobody wrote before. " * 3, 72)
    torn_off = f"{shared.split(chr(10))[0]}\n{other}"
    (tmp_path / "in").mkdir()
    for name, text in {"a": shared + "\n\n" + own, "b": own.upper() + "\n\n" + shared, "c": torn_off}.items():
        (tmp_path / "in" / f"{name}.txt").write_text(text, "utf-8")
    path = released(tmp_path / "in", tmp_path / "out")
    rows = {row["source_path"]: row for row in pq.read_table(path / "data").to_pylist()}
    assert rows["a.txt"]["text"] == shared + "\n\n" + own
    assert rows["b.txt"]["text"] == own.upper()
    assert rows["c.txt"]["text"] == torn_off
    assert not list(validate(path).failures)


def test_fenced_code_stays():
    text = (
        "# Keeping two notebooks\n\n" + ENGLISH[0] + "\n\n```sh\nlogin\nshare\nsearch\nmenu\nhome\n```\n\n" + ENGLISH[1]
        + "\n\n~~~\nComments (0)\n~~~\n"
    )  # fmt: skip
    found, _ = clean_text(text)
    assert found.clean.strip() == text.strip()


def test_a_fence_that_nothing_closes_is_none():
    found, _ = clean_text(ENGLISH[0] + "\n\n```\nComments (0)\n")
    assert found.clean == ENGLISH[0] + "\n\n```"
