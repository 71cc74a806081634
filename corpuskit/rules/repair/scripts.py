"""The letters of Thai, Lao and Khmer that the rules for marks speak of, and the pairs of them that no one means.

Classes of letters are bodies of regular-expression classes (``\\u0e01-\\u0e2e``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a script of Thai's kind."""

    rule: str
    consonants: str
    vowels: str  # marks above and below that are no tones; no consonant has two of a kind
    movable: str  # those of them that are written before a tone
    tones: str
    silent: str  # the mark of a letter that is not read, which stands last as a tone does
    ring: str  # the first half of SARA AM
    aa: str  # the second half
    am: str
    e: str
    ae: str

    @property
    def confused(self) -> tuple[tuple[str, str], ...]:
        """Neighbours (first, second) one of which stands in all that is respelt."""
        last = self.tones + self.silent
        return (
            (last + self.am, self.vowels + last),
            (self.ring, self.tones + self.aa),
            (self.vowels, self.vowels),
            (self.e, self.e),
        )


THAI: Final = Letters(
    rule="thai-marks", consonants="\u0e01-\u0e2e", vowels="\u0e31\u0e34-\u0e3a\u0e47\u0e4d\u0e4e",
    movable="\u0e31\u0e34-\u0e39", tones="\u0e48-\u0e4b", silent="\u0e4c",
    ring="\u0e4d", aa="\u0e32", am="\u0e33", e="\u0e40", ae="\u0e41",
)  # fmt: skip
#: U+0EBC is a letter below the line; the ring is also a vowel of its own, written before the tone (ຕໍ່).
LAO: Final = Letters(
    rule="lao-marks", consonants="\u0e81-\u0eae\u0ebc\u0edc-\u0edf", vowels="\u0eb1\u0eb4-\u0eb9\u0ebb\u0ecd",
    movable="\u0eb1\u0eb4-\u0eb9\u0ebb\u0ecd", tones="\u0ec8-\u0ecb", silent="\u0ecc",
    ring="\u0ecd", aa="\u0eb2", am="\u0eb3", e="\u0ec0", ae="\u0ec1",
)  # fmt: skip

#: Khmer signs that take no room of their own: a second one of the same kind is not seen.
KHMER_SIGNS: Final = "".join(map(chr, [*range(0x17B7, 0x17BE), 0x17C6, *range(0x17C9, 0x17D3), 0x17DD]))
#: The halves of a Khmer vowel that stands around its consonant, typed one by one (joined as in SIL's khnormal).
KHMER_HALVES: Final = {"\u17c1\u17b6": "\u17c4", "\u17c1\u17b8": "\u17be"}

#: Neighbours (first, second) one of which stands in every text that the rules for marks change.
CONFUSED: Final = (
    *THAI.confused,
    *LAO.confused,
    *((sign, sign) for sign in KHMER_SIGNS),
    ("\u17c1", "\u17b6\u17b8"),
)

#: Glyph variants of Thai fonts in private use (Windows U+F700.., Mac U+F884..), as HarfBuzz's Thai shaper has them.
THAI_GLYPHS: Final = {
    **{chr(code): letter for code, letter in enumerate("ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", 0xF700)},
    **{chr(code): letter for code, letter in enumerate("ัิีึื็่่่้้้๊๊๊๋๋๋์์์ํญฺุูฐ", 0xF884)},
}
