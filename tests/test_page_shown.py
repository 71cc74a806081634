"""The keys by which lines are told alike, and which lines of a page a text holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.page.keys import squeezed, squeezed_lines
from corpuskit.page.lines import Line
from corpuskit.page.shown import Shown


def test_keys_of_many_lines_are_those_of_each():
    signs = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000 and chr(code) != "\n"]
    lines = [f"A{sign}b" for sign in signs]
    assert squeezed_lines("\n".join(lines)).split("\n") == list(map(squeezed, lines))
    known = lines[:0x1F000]  # below the end of the table: no line is read alone
    assert squeezed_lines("\n".join(known)).split("\n") == list(map(squeezed, known))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("", ""),
        ("Straße 5!", "strasse5"),
        ("İzmir", "izmir"),
        ("\u0587", "\u0565\u0582"),
        ("a\0b_c", "abc"),
        ("𠀀, x", "𠀀x"),
    ],
)
def test_keys_hold_letters_and_digits_in_one_case(line, key):
    assert squeezed(line) == squeezed_lines(line) == key


def test_an_empty_line_has_an_empty_key():
    assert squeezed_lines("One.\n\n— \nßig") == "one\n\n\nssig"


def shown(*texts: str) -> Shown:
    return Shown([Line(text, (), 0.0) for text in texts])


@given(st.lists(st.text("aAbß ก\n", max_size=9), max_size=9), st.text("aAbßกข .\n", max_size=60))
def test_taken_says_what_the_text_holds(texts, text):
    page = shown(*(line.replace("\n", " ") for line in texts))
    whole = squeezed(text)
    assert page.taken(text) == [key in whole for _, key in page.lines]


def test_lines_are_found_wherever_the_text_has_them():
    lines = [f"{n}: โรงสีริมทะเล line {n * 7919}" for n in range(400)]
    page = shown(*lines, "no", lines[0])
    assert page.taken("\n".join(lines[::-1])) == [True] * 400 + [False, True]
    assert page.taken("\n".join(lines[::2])) == [n % 2 == 0 for n in range(400)] + [False, True]
    assert page.taken("") == [False] * 402
    assert shown().taken("x") == []
