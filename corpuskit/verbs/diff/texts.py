"""What became of the text of one document, stretch by stretch, with the rule behind each change.

Both releases hold the whole source of a document, as text and ledger. So the *sources* are aligned, which is no work
when they are equal, and a stretch that both have went or came because one ledger takes it and the other does not: the
rule is known, not guessed. Only where the sources differ is there no rule to name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from corpuskit.errors import SourceError
from corpuskit.model import Document, Edit
from corpuskit.verbs.diff.absence import Place, absences
from corpuskit.verbs.diff.documents import CAME, GONE
from corpuskit.verbs.diff.opened import opened
from corpuskit.verbs.explain import Trace, explain

#: Two stretches are compared by characters (a paragraph of Thai has no spaces) while the product of their lengths is
#: at most this: the time of the comparison can grow with it.
CHARACTERS: Final = 4_000_000
#: Between two changes, fewer equal characters than this are chance.
CHANCE: Final = 4

Block = tuple[int, int, int, int, bool]


class Stretch(NamedTuple):
    """Published text: of both releases (sign ``=``), of the old one (``-``), or of the new one (``+``).

    ``rule`` and ``why`` say what decided where it went or came; without a rule, the source itself changed.
    """

    sign: str
    text: str
    rule: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A document in two releases. ``reason`` says why one of them does not publish it, if so."""

    id: str
    source_path: str
    source_where: str
    reason: str
    stretches: tuple[Stretch, ...]


def diff_document(old: str | Path, new: str | Path, name: str) -> list[TextDifference]:
    """What became of a document, or of all documents of a source, by id or path.

    Raises :class:`SourceError` when neither release holds it.
    """
    before, after = _traces(old, name), _traces(new, name)
    if not before and not after:
        raise SourceError(f"neither release holds {name}: give a path as in their sources.parquet, or a document's id")
    return [_compared(before.get(key), after.get(key), old, new) for key in {**before, **after}]


def _traces(release: str | Path, name: str) -> dict[str, Trace]:
    try:
        return {trace.id: trace for trace in explain(name, release).documents}
    except SourceError:
        return {}


def _compared(before: Trace | None, after: Trace | None, old: str | Path, new: str | Path) -> TextDifference:
    trace = after or before
    assert trace is not None
    place = Place(trace.id, trace.source_path, trace.source_where)
    reason = ""
    if not (after and after.published):
        reason = _reason(new, place, GONE)
    elif not (before and before.published):
        reason = _reason(old, place, CAME)
    nothing = Document("")
    pair = (side.document if side else nothing for side in (before, after))
    return TextDifference(*place, reason, tuple(joined(stretches(*pair))))


def _reason(release: str | Path, place: Place, words: dict[str, str]) -> str:
    [absence] = absences(opened(release), [place])
    return ": ".join(filter(None, (words[absence.kind], absence.why)))


def stretches(old: Document, new: Document) -> Iterator[Stretch]:
    """The published texts of two states of a document, side by side."""
    for a, a_end, b, b_end, equal in aligned(old.text, new.text):
        if equal:
            yield from _decided(old, new, a, a_end, b)
            continue
        for document, start, end, sign in ((old, a, a_end, "-"), (new, b, b_end, "+")):
            yield from (Stretch(sign, _shown(document, part)) for part in _parts(document, start, end))


def joined(found: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches with text, neighbours of one kind as one; what went stands before what came."""
    for equal, group in groupby((stretch for stretch in found if stretch.text), key=lambda s: s.sign == "="):
        near = list(group)
        for sign in "=" if equal else "-+":
            mine = (stretch for stretch in near if stretch.sign == sign)
            for told, same in groupby(mine, key=lambda s: (s.rule, s.why)):
                yield Stretch(sign, "".join(stretch.text for stretch in same), *told)


class _Part(NamedTuple):
    start: int
    end: int
    edit: Edit | None


def _parts(document: Document, start: int, end: int) -> Iterator[_Part]:
    """A range of the source, cut where an edit begins or ends."""
    at = start
    first = bisect_right(document.edits, start, key=lambda edit: edit.end)
    for edit in document.edits[first:]:
        if edit.start >= end:
            break
        if at < edit.start:
            yield _Part(at, edit.start, None)
        yield _Part(max(at, edit.start), min(edit.end, end), edit)
        at = min(edit.end, end)
    if at < end:
        yield _Part(at, end, None)


def _shown(document: Document, part: _Part) -> str:
    """What is published of a part; a replacement stands where its edit begins."""
    if part.edit is None:
        return document.text[part.start : part.end]
    return part.edit.new if part.start == part.edit.start else ""


def _decided(old: Document, new: Document, start: int, end: int, there: int) -> Iterator[Stretch]:
    """A range that both sources have: what the two ledgers make of it."""
    shift = there - start
    mine, theirs = list(_parts(old, start, end)), list(_parts(new, there, end + shift))
    cuts = sorted({part.start for part in mine} | {part.start - shift for part in theirs} | {end})
    i = j = 0
    for a, b in pairwise(cuts):
        i, j = i + (mine[i].end <= a), j + (theirs[j].end - shift <= a)
        was, now = _Part(a, b, mine[i].edit), _Part(a + shift, b + shift, theirs[j].edit)
        before, after = _shown(old, was), _shown(new, now)
        if before == after:
            yield Stretch("=", before)
            continue
        cause = now.edit or was.edit
        told = (cause.rule, cause.why) if cause else ("", "")
        yield Stretch("-", before, *told)
        yield Stretch("+", after, *told)


def aligned(old: str, new: str) -> Iterator[Block]:
    """All of two texts, in order: (start, end) in the old and in the new one, and whether they are equal there.

    They are compared by line, and by character in lines that changed.
    """
    if old == new:
        yield 0, len(old), 0, len(new), True
        return
    mine, theirs = old.splitlines(keepends=True), new.splitlines(keepends=True)
    a = b = 0
    for tag, i, i_end, j, j_end in SequenceMatcher(None, mine, theirs).get_opcodes():
        pairs = [("".join(mine[i:i_end]), "".join(theirs[j:j_end]))]
        if i_end - i == j_end - j:
            pairs = list(zip(mine[i:i_end], theirs[j:j_end], strict=True))
        for before, after in pairs:
            whole = (0, len(before), 0, len(after), tag == "equal")
            for start, end, there, there_end, equal in _characters(before, after) if tag == "replace" else [whole]:
                yield a + start, a + end, b + there, b + there_end, equal
            a, b = a + len(before), b + len(after)


def _characters(old: str, new: str) -> Iterator[Block]:
    """Two changed lines. What they begin and end with is told first: most changes are in one place."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    a, b = len(old) - tail, len(new) - tail
    yield 0, head, 0, head, True
    i, j = head, head
    for block in _matches(old[head:a], new[head:b]):
        yield i, head + block[0], j, head + block[1], False
        i, j = head + block[0] + block[2], head + block[1] + block[2]
        yield i - block[2], i, j - block[2], j, True
    yield i, a, j, b, False
    yield a, len(old), b, len(new), True


def _common(old: str, new: str) -> int:
    """How many characters two texts begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _matches(old: str, new: str) -> list[tuple[int, int, int]]:
    """Equal stretches: where they start in either text, and their length. None where most of the text is another."""
    if len(old) * len(new) > CHARACTERS:
        return []
    found = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    long = [(block.a, block.b, block.size) for block in found if block.size >= CHANCE]
    return long if 2 * sum(size for _, _, size in long) >= min(len(old), len(new)) else []
