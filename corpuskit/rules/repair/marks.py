"""Marks of Thai, Lao and Khmer: one way to write what is seen as one.

These scripts write vowels and tones as marks on a consonant, and keyboards accept
them in any order and number: the text looks right and no search finds it. Only a
cluster of marks on a consonant is ever touched, so letters shown by themselves
(``ไม้เอก ( ่ )``) and the marks of Pali stay. Spaces, digits, ๆ and spelling are
never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from corpuskit.model import Edit
from corpuskit.rules.repair.scripts import KHMER_HALVES, KHMER_SIGNS, LAO, THAI, THAI_GLYPHS, Letters
from corpuskit.rules.repair.suspects import Care, suspected

#: Marks in a cluster that may be a slip of the keyboard (four are more than any word has). Longer ones are drawings,
#: and taking them apart would take time in the square of their length.
LONGEST: Final = 16
#: (pattern, replacement, why) over one cluster of marks.
Respelling = tuple[re.Pattern[str], str, str]


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one script."""

    rule: str
    ae: str
    mark: re.Pattern[str]
    double_e: re.Pattern[str]  # two E, no third one, and a consonant
    cluster: re.Pattern[str]  # all marks on a consonant, with the AA of a SARA AM in two halves
    respellings: tuple[Respelling, ...]  # done in this order, until nothing changes


def _patterns(letters: Letters) -> Patterns:
    """Compile the patterns of a script."""
    tone, last = f"[{letters.tones}]", f"[{letters.tones}{letters.silent}]"
    mark = f"[{letters.vowels}{letters.tones}{letters.silent}{letters.am}]"
    table = (
        (f"({tone}?){letters.ring}({tone}?){letters.aa}", f"\\1\\2{letters.am}", "SARA AM typed in two halves"),
        (f"{letters.am}({tone}+)", f"\\1{letters.am}", "the tone stands before SARA AM"),
        (f"({last})([{letters.movable}](?!{letters.aa}))", r"\2\1", "the vowel mark stands before the tone"),
        (f"([{letters.vowels}{letters.tones}{letters.silent}])\\1+", r"\1", "the same mark twice"),
    )
    return Patterns(
        letters.rule,
        letters.ae,
        re.compile(mark),
        re.compile(f"(?<!{letters.e}){letters.e}{letters.e}(?=[{letters.consonants}])"),
        re.compile(f"(?<=[{letters.consonants}]){mark}{{1,{LONGEST}}}(?!{mark}){letters.aa}?"),
        tuple((re.compile(pattern), new, why) for pattern, new, why in table),
    )


_SCRIPTS: Final = (_patterns(THAI), _patterns(LAO))
_RESPELLINGS: Final = {script.rule: script.respellings for script in _SCRIPTS}
_KHMER: Final = re.compile(f"([{KHMER_SIGNS}])\\1+|{'|'.join(KHMER_HALVES)}")

_PRIVATE: Final = "\uf700-\uf71a\uf884-\uf89e"
_GLYPH: Final = re.compile(
    f"(?<=[\u0e01-\u0e4e])[{_PRIVATE}]+|[\uf700\uf70f\uf89a\uf89e](?=[\u0e01-\u0e4e{_PRIVATE}])[{_PRIVATE}]*"
)


def thai_glyphs(text: str) -> Iterator[Edit]:
    r"""Thai letters that a font kept in private use, beside Thai: ``ขนส⟦thai-marks|\uf70a→่⟧ง``."""
    end = 0
    for at in suspected(text, Care.MARKS):
        m = _GLYPH.match(text, at) if at >= end else None
        if m:
            end = m.end()
            letters = "".join(THAI_GLYPHS[c] for c in m[0])
            yield Edit(m.start(), end, THAI.rule, letters, "glyph variants of a Thai font")


def marks(text: str) -> Iterator[Edit]:
    """Marks as they are written: ``น⟦thai-marks|ํ้า→้ำ⟧``, ``ນ⟦lao-marks|ໍ້າ→້ຳ⟧``, ``ក⟦khmer-marks|េា→ោ⟧``."""
    end = 0
    for at in suspected(text, Care.MARKS):
        edit = _respelt(text, at) if at >= end else None
        if edit:
            end = edit.end
            yield edit


def _respelt(text: str, at: int) -> Edit | None:
    """The edit of what stands around ``at``, if anything there is to be respelt."""
    if m := _KHMER.match(text, at):
        whole = KHMER_HALVES.get(m[0])
        why = "a vowel typed in two halves" if whole else "the same mark twice"
        return Edit(at, m.end(), "khmer-marks", whole or m[0][0], why)
    for script in _SCRIPTS:
        if script.mark.match(text, at):
            return _cluster(text, at, script)
        if m := script.double_e.match(text, at):
            return Edit(at, m.end(), script.rule, script.ae, "AE typed as two E")
    return None


def _cluster(text: str, at: int, script: Patterns) -> Edit | None:
    """The edit of the cluster with the mark at ``at``, if it stands on a consonant and is not as it is written."""
    reach = max(0, at - LONGEST)
    while at > reach and script.mark.match(text, at - 1):
        at -= 1
    m = script.cluster.match(text, at)
    if m is None:
        return None
    new, why = _settled(m[0], script.rule)
    return Edit(at, m.end(), script.rule, new, why) if new != m[0] else None


@lru_cache(maxsize=1 << 12)  # a page spells a word wrong as often as it has it
def _settled(cluster: str, rule: str) -> tuple[str, str]:
    """The cluster respelt until nothing changes, and why.

    It ends: a respelling makes the cluster shorter, or moves a tone towards its end or a SARA AM to it.
    """
    whys: dict[str, None] = {}
    while True:
        before = cluster
        for pattern, new, why in _RESPELLINGS[rule]:
            after = pattern.sub(new, cluster)
            if after != cluster:
                cluster, whys[why] = after, None
        if cluster == before:
            return cluster, "; ".join(whys)
