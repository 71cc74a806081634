"""Which lines of a page a text holds."""

from hypothesis import given
from hypothesis import strategies as st

from corpuskit.page.keys import squeezed
from corpuskit.page.lines import Line
from corpuskit.page.shown import Shown


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
