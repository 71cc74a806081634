"""The keys by which lines are told alike."""

import pytest

from corpuskit.page.keys import squeezed, squeezed_lines


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
