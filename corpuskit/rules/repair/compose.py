"""Edits on edits: a later repair reads what earlier ones made, the ledger still speaks of the source.

Every step of the chain yields edits over the text it was given. :func:`compose`
carries them back to the source, so no step knows about the others, and no two
texts are ever compared as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpuskit.model import Edit


def applied(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with the sorted, disjoint ``edits`` done."""
    out, at = [], 0
    for edit in edits:
        out += [text[at : edit.start], edit.new]
        at = edit.end
    out.append(text[at:])
    return "".join(out)


def trimmed(text: str, edit: Edit) -> Edit | None:
    """``edit`` over ``text`` without what its ends share with the old text; ``None`` if it changes nothing.

    At least one code point stays covered: an edit cannot stand between two characters.
    """
    if not edit.new:
        return edit
    old, new = text[edit.start : edit.end], edit.new
    if old == new:
        return None
    head = _shared(old, new, len(old) - 1)
    tail = _shared(old[:head:-1], new[head:][::-1], len(old) - head - 1)
    if not head and not tail:
        return edit
    return Edit(edit.start + head, edit.end - tail, edit.rule, new[head : len(new) - tail], edit.why)


def _shared(a: str, b: str, limit: int) -> int:
    """Length of the common prefix, at most ``limit``."""
    size = min(len(a), len(b), limit)
    return next((i for i in range(size) if a[i] != b[i]), size)


class _Placed(NamedTuple):
    """An edit, and the stretch of the changed text that it made (first list) or claims (later list)."""

    start: int
    late: bool
    end: int
    edit: Edit

    @property
    def growth(self) -> int:
        """Code points by which an edit of the first list moves what follows."""
        return 0 if self.late else len(self.edit.new) - (self.edit.end - self.edit.start)


def compose(first: Sequence[Edit], then: Sequence[Edit], changed: str) -> list[Edit]:
    """One list of edits over the source that does ``first``, and then ``then`` to its result ``changed``.

    A later edit that reaches into an earlier replacement becomes one edit with it, under the earlier rule's name.
    """
    if not first or not then:
        return [*first, *then]
    out: list[Edit] = []
    shift = 0
    placed = [*_placed(first), *(_Placed(edit.start, True, edit.end, edit) for edit in then)]
    for group in _overlapping(sorted(placed, key=lambda item: item[:3])):
        out.append(_over_source(group, shift, changed))
        shift += sum(item.growth for item in group)
    return out


def _placed(edits: Sequence[Edit]) -> list[_Placed]:
    """The edits of the first list where their replacements stand in the changed text."""
    out, shift = [], 0
    for edit in edits:
        item = _Placed(edit.start + shift, False, edit.start + shift + len(edit.new), edit)
        out.append(item)
        shift += item.growth
    return out


def _overlapping(items: list[_Placed]) -> list[list[_Placed]]:
    """The sorted items in groups; those of a group overlap in the changed text.

    A removal left nothing there: it joins a later edit only from strictly inside.
    """
    groups: list[list[_Placed]] = []
    end = 0
    for item in items:
        if groups and item.start < end:
            groups[-1].append(item)
        else:
            groups.append([item])
        end = max(end, item.end)
    return groups


def _over_source(group: list[_Placed], shift: int, changed: str) -> Edit:
    """One edit of the source for a group; ``shift`` is how far the changed text is ahead where the group begins."""
    low, high = group[0].start, max(item.end for item in group)
    early = [item.edit for item in group if not item.late]
    if len(group) == 1 and early:
        return early[0]
    late = [Edit(e.start - low, e.end - low, e.rule, e.new) for _, is_late, _, e in group if is_late]
    whys = dict.fromkeys(item.edit.why for item in sorted(group, key=lambda item: item.late))
    end = high - shift - sum(item.growth for item in group)
    rule = (early or [group[0].edit])[0].rule
    return Edit(low - shift, end, rule, applied(changed[low:high], late), "; ".join(filter(None, whys)))
