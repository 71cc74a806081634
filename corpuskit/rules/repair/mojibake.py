"""Text decoded with the wrong encoding, restored line by line.

First Thai that went through 8-bit code pages: ftfy does not know this damage, and
takes its letters apart beyond repair. Then ftfy, held to its encoding repair: no
entities, quotes, width or ligatures. A line is restored whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from corpuskit.model import Edit
from corpuskit.rules.repair.compose import trimmed
from corpuskit.rules.repair.suspects import Care, restorable, suspected
from corpuskit.text.charsets import looks_wrong, surely

#: The line as it was meant, or None where the bytes say otherwise.
Decode = Callable[[str], str | None]


def _byte_of(codec: str) -> dict[int, str]:
    """Translation to Latin-1 characters that stand for the bytes of ``codec``; undefined bytes pass through."""
    shown = {bytes([code]).decode(codec, "ignore"): chr(code) for code in range(0x80, 0x100)}
    return {ord(letter): byte for letter, byte in shown.items() if letter}


_BYTES_1252: Final = _byte_of("cp1252")
_BYTES_874: Final = _byte_of("cp874")

#: A Thai consonant or vowel and another Thai letter, as their TIS-620 bytes look in Latin-1.
_THAI_AS_LATIN: Final = re.compile("[\xa1-\xda][\xa1-\xda\xdf-\xfb]")
#: UTF-8 bytes as they look in Windows-874: of Thai and Lao letters (E0 B8 to BB), Khmer (E1 9E, E1 9F) and Burmese ones
#: (E1 80, E1 81), quotes and dashes (E2 80), NBSP (C2 A0).
_UTF8_AS_THAI: Final = re.compile("เ[ธนบป]|แ[€\x81\x9e\x9f]|โ€|ย\xa0")
#: Three accented letters or signs in a row: hardly any Western word has them.
_ACCENTED: Final = re.compile("[\x80-\xff\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{3}")
_ACCENTED_WORD: Final = re.compile(rf"\S*{_ACCENTED.pattern}\S*")
#: Words with them that a text needs to be doubted, and kinds of such letters.
PROOF: Final = 8
KINDS: Final = 10
#: A Latin letter glued to another script's: in Western words that are read as Chinese every letter is.
_BESIDE_LATIN: Final = re.compile(r"[A-Za-z](?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[A-Za-z]")
_GAP: Final = re.compile("([^!-~]+)")

_LETTER: Final = re.compile("[\u0e01-\u0e5b]")
_NEIGHBOUR: Final = re.compile("[\u0e01-\u0edf\u1000-\u109f\u1780-\u17ff]")
_MARK: Final = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_MARK_ON_BASE: Final = re.compile(
    "(?<=[\u0e01-\u0e2e])[\u0e31\u0e34-\u0e3a\u0e47\u0e4d\u0e4e]"
    "|(?<=[\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47\u0e4d])[\u0e48-\u0e4c]"
)
_LEAD: Final = re.compile("[\u0e40-\u0e44]")
_LEAD_ON_BASE: Final = re.compile("[\u0e40-\u0e44][\u0e01-\u0e2e]")
#: The 160 commonest pairs of neighbours inside Thai words (53 % of all pairs in 12,000 pages of Thai news).
_COMMON: Final = frozenset(
    re.findall(
        "..",
        "ารการะี่องที่าานปร้ากรายแลละ่อรัางามับ้อัน่งด้นา่วในื่ราตรมาากวัใหนกเปังนทินงกรร"
        "รมือวาะเห้ควงเ้น็นัดครขอมีติียภารวไดสาักงาเพกับาริาคัฐป็าชอนพืจัเทู้ทยบรพรทรหนนต"
        "หารีาวั้วงนเอยต่ชาวยว่้งอกข้ิดเก่มะทนีงคกลผูวมไทร้รกร่อบทาสรำเกิะกยกลัชนทันัิจเร"
        "อมรืน้รงวนเนจารอนวมเมก่นเสดยลาาลโดงสพิยารณาทมนส่ะชี้กษหลรเงทงหยนนออานคสำนสัตพัหม",
    )
)


def thai_read_as_latin(text: str) -> Iterator[Edit]:
    """Thai bytes (TIS-620, Windows-874) read as Latin-1 or Windows-1252: ``⟦mojibake|¡ÒÃ→การ⟧``.

    Most bytes are some Thai letter, so the words decide. Where one line proves the damage,
    short lines of the text (a headline, a name) need only be spelt as Thai.
    """
    lines = _decoded(text, _THAI_AS_LATIN, _from_latin)
    if any(plausible_thai(new) for _, _, new in lines):
        for start, line, new in lines:
            if plausible_thai(new) or _spelt(new):
                yield from _differences(start, line, new, "Thai (TIS-620) read as Windows-1252")


def utf8_read_as_thai(text: str) -> Iterator[Edit]:
    r"""UTF-8 read as Windows-874: ``⟦mojibake|เธ\x81เธฒเธฃ→การ⟧``.

    Hardly any Thai is UTF-8 in its bytes: a line that is needs only four letters, or a quote, as proof for the text.
    """
    lines = _decoded(text, _UTF8_AS_THAI, _from_thai)
    if any("โ€" in line or len(_NEIGHBOUR.findall(new)) >= 4 for _, line, new in lines):
        for start, line, new in lines:
            yield from _differences(start, line, new, "UTF-8 read as Windows-874")


def bytes_read_as_western(text: str) -> Iterator[Edit]:
    """Letters of other scripts read as Latin-1 or Windows-1252, where the whole text proves it: ``Ðûáàêè`` is Рыбаки.

    The proof is that of undeclared pages: in one encoding the bytes are common letters, read as Western ones they
    make no words of any language.
    """
    lines = [(start, line) for start, line in _lines_at(text, (m.start() for m in _ACCENTED.finditer(text)))]
    encoding = _encoding_behind("\n".join(line for _, line in lines)) if lines else None
    if encoding:
        for start, line in lines:
            if (new := _from_latin(line, encoding)) is not None:
                yield from _differences(start, line, new, f"{encoding} read as Windows-1252")


def _encoding_behind(text: str) -> str | None:
    """The encoding of another script that the bytes behind a Western text are surely in."""
    signs = "".join(_ACCENTED.findall(text))
    # a table of letters holds each of them once, an ornament few of them
    if (len(signs) < 2 * len(set(signs)) and len(_ACCENTED_WORD.findall(text)) < PROOF) or len(set(signs)) < KINDS:
        return None
    try:
        data = text.translate(_BYTES_1252).encode("latin-1")
    except UnicodeError:
        return None
    found = surely(data)
    if found in (None, "cp874", "cp932") or not looks_wrong(data, "cp1252"):
        return None
    meant = data.decode(found, "ignore")
    return found if 5 * len(_BESIDE_LATIN.findall(meant)) <= len(meant) else None


def utf8_read_as_other(text: str) -> Iterator[Edit]:
    """What ftfy restores, most of it UTF-8 read as a Western code page: ``caf⟦mojibake|Ã©→é⟧``."""
    lines = _lines_at(text, suspected(text, Care.FTFY))
    for start, line in (found for found in lines if restorable(found[1])):
        fixed, plan = fixed_by_ftfy(line)
        if fixed != line:
            yield from _differences(start, line, fixed, f"ftfy: {plan}")


def fixed_by_ftfy(line: str) -> tuple[str, str]:
    """The line after ftfy's encoding repair alone, and the steps it took in words.

    What is UTF-8 only in parts is left to another round: what one step uncovers may be bytes of an older encoding,
    a few of which happen to be UTF-8. Where the parts taken leave most of the damage, none is taken: they were.
    """
    from ftfy.badness import badness

    fixed, steps = _ftfy(line, parts=False)
    if fixed == line:
        fixed, steps = _ftfy(line, parts=True)
        if 2 * badness(fixed) > badness(line):
            return line, ""
    return fixed, steps


def _ftfy(line: str, *, parts: bool) -> tuple[str, str]:
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        decode_inconsistent_utf8=parts,
        fix_c1_controls=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
    )
    text, steps = ftfy.fix_and_explain(line, config)
    return text, ", ".join(" ".join(step) for step in steps or ())


def plausible_thai(text: str) -> bool:
    """Whether this reads as Thai: enough of its neighbouring letters are common pairs, and not always the same ones.

    At 6 kinds of pairs and one to five letters, 11,859 of 11,872 lines of Thai news with 20 letters or more are
    known (12,652 of 12,805 with 8 or more), and 5 of 37,188 foreign lines in 22 other code pages taken for Thai.
    """
    pairs = [pair for pair in map("".join, pairwise(text)) if pair in _COMMON]
    return len(set(pairs)) >= 6 and 5 * len(pairs) >= len(_LETTER.findall(text))


def _spelt(text: str) -> bool:
    """Whether two letters or more are spelt as Thai: marks stand on a consonant, lead vowels before one."""
    marks, leads = len(_MARK.findall(text)), len(_LEAD.findall(text))
    in_place = len(_MARK_ON_BASE.findall(text)) == marks and len(_LEAD_ON_BASE.findall(text)) == leads
    return in_place and len(_LETTER.findall(text)) >= 2


def _decoded(text: str, trigger: re.Pattern[str], decode: Decode) -> list[tuple[int, str, str]]:
    """Start, text and meant text of the lines that hold the trigger and can be decoded."""
    lines = _lines_at(text, (m.start() for m in trigger.finditer(text)))
    return [(start, line, new) for start, line in lines if (new := decode(line))]


def _from_latin(line: str, encoding: str = "cp874") -> str | None:
    """The bytes behind a Windows-1252 or Latin-1 line, read as those of another encoding."""
    try:
        return line.translate(_BYTES_1252).encode("latin-1").decode(encoding)
    except UnicodeError:
        return None


def _from_thai(line: str) -> str | None:
    """The bytes behind a Windows-874 line, read as UTF-8."""
    try:
        return line.translate(_BYTES_874).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _lines_at(text: str, offsets: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Start and text of each line that holds one of the ascending ``offsets``."""
    end = -1
    for offset in offsets:
        if offset > end:
            start = text.rfind("\n", 0, offset) + 1
            end = text.find("\n", offset)
            end = len(text) if end < 0 else end
            yield start, text[start:end]


def _differences(at: int, line: str, new: str, why: str) -> Iterator[Edit]:
    """Edits that turn the ``line`` at offset ``at`` into ``new``.

    Visible ASCII survives every confusion of code pages, so what stands between it in both answers gap by gap.
    (A space does not: ftfy takes it for the lost half of a letter.) Otherwise one edit spans the line.
    """
    old, restored = _GAP.split(line), _GAP.split(new)
    if old[::2] != restored[::2]:
        old, restored = ["", line], ["", new]
    for i in range(0, len(old) - 1, 2):
        at += len(old[i])
        edit = trimmed(old[i + 1], Edit(0, len(old[i + 1]), "mojibake", restored[i + 1], why))
        if edit:
            yield Edit(at + edit.start, at + edit.end, edit.rule, edit.new, why)
        at += len(old[i + 1])
