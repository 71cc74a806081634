"""The table of lines: right for every script, and the same whatever the batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.text.characters import Class
from corpuskit.text.lines import shape_hashes, table_of_lines

ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(ANY, max_size=5))
@settings(max_examples=150)
def test_lines_are_what_stands_between_newlines(texts):
    lines = table_of_lines(texts)
    told = [texts[d][a:b] for d, a, b in zip(lines.doc, lines.start, lines.end, strict=True)]
    assert told == [line for text in texts for line in text.split("\n")]
    assert lines.index.tolist() == [i for text in texts for i, _ in enumerate(text.split("\n"))]


@given(st.lists(ANY, min_size=2, max_size=6))
@settings(max_examples=60)
def test_a_text_alone_has_the_same_rows_as_in_a_batch(texts):
    together = table_of_lines(texts)
    alone = table_of_lines(texts[-1:])
    mine = together.doc == len(texts) - 1
    for name in ("start", "end", "letters", "digits", "mass", "last", "shape", "key"):
        assert np.array_equal(getattr(together, name)[mine], getattr(alone, name)), name


def test_counts_by_class():
    (row,) = [table_of_lines(["นํ้า 12, Ab。 “x”"])]
    assert (row.letters[0], row.marks[0], row.digits[0], row.upper[0], row.enders[0]) == (5, 2, 2, 1, 1)
    assert row.scripts[0][Class.THAI] == 2


def test_the_last_telling_character_skips_quotes_and_spaces():
    last = table_of_lines(["He left.” ", "(จบ)", "Menu", "多少？", ""]).last.tolist()
    assert last == [Class.ENDER, Class.THAI, Class.LATIN, Class.ENDER, Class.NEWLINE]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Comments (12)", "comments 3"),
        ("ความคิดเห็น 12 รายการ", "ความคิดเห็น (๓) รายการ"),
        ("— Read more »", "read more"),
    ],
)
def test_shapes_are_blind_to_case_punctuation_and_numbers(one, other):
    assert table_of_lines([one]).shape[0] == table_of_lines([other]).shape[0] == shape_hashes([one])[0] != 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("เขากล่าว  ว่า “ดี”", 'เขากล่าวว่า "ดี"', True),
        ("a  b", "a b", True),
        ("ปี ๒๕๖๗", "ปี 2567", True),
        ("a\u00adb", "ab", True),
        ("5 ล้าน", "9 ล้าน", False),
        ("1 2", "12", False),
        ("ที่", "ที", False),
        ("to day", "today", False),
        ("1,234", "1.234", False),
    ],
)
def test_keys_fold_layout_and_keep_numbers_names_and_marks(one, other, same):
    keys = table_of_lines([one, other]).key
    assert (keys[0].tobytes() == keys[1].tobytes()) is same
