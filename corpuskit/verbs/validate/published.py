"""Published texts read as lines: paragraphs counted anew, and nothing in them that a rule would have taken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Final

import numpy as np

from corpuskit.model import Edit
from corpuskit.recipe import Recipe
from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.rules.markup import FILE_NAME, TRIGGERS, without_links
from corpuskit.rules.phrases import signals
from corpuskit.text.lines import Lines, split_lines, table_of_lines
from corpuskit.text.segment import SENTENCE_MASS, Zone, shape_of
from corpuskit.verbs.validate.documents import Found, rebuilt
from corpuskit.verbs.validate.report import Findings, quoted

#: Characters that every build takes out, whatever its recipe.
NEVER: Final = {"\ufeff": "a byte order mark", "\r": "a carriage return"}
#: Signs of fenced code, in which a placeholder is an example.
FENCES: Final = ("```", "~~~")
#: Code points of text to a batch: one table of lines.
BATCH: Final = 1_000_000


class PublishedTexts:
    """Checks the published texts in batches.

    ``by_rules``: run the rules of the recipe over suspicious ones too, which only the code
    that built the release can do.
    """

    def __init__(self, findings: Findings, recipe: Recipe, by_rules: bool) -> None:
        self.findings, self.recipe, self.by_rules = findings, recipe, by_rules
        self.waiting: list[Found] = []
        self.size = 0

    def see(self, found: Found, sound: bool) -> None:
        """Take one document; only where its spans fit its text (``sound``) can the rules be run over it."""
        if found.row is None:
            return
        _check_characters(found, self.findings)
        if not sound:
            return
        self.waiting.append(found)
        self.size += len(found.row.text)
        if self.size >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Check what waits."""
        rows = [found.row for found in self.waiting if found.row]
        lines = table_of_lines([row.text for row in rows])
        shown = np.bincount(lines.doc[~lines.blank], minlength=len(rows))
        for row, count in zip(rows, shown.tolist(), strict=True):
            if row.n_paragraphs != count:
                problem = f"{count} lines of text that show something, n_paragraphs says {row.n_paragraphs}"
                self.findings.add("accounted", f"document {row.id}", problem)
            if not count:
                self.findings.add("leaks", f"document {row.id}", "shows nothing, and is published")
        if self.by_rules:
            self._check_placeholders()
            self._check_last_lines(lines)
        self.waiting, self.size = [], 0

    def _check_placeholders(self) -> None:
        """Placeholders of images, wherever they stand; a file name alone on a line may be text after all."""
        for found in self.waiting:
            text = text_of(found)
            if TRIGGERS.search(text) and not _fenced(found):
                for edit in self._taken(found):
                    start, end = _line_around(text, edit)
                    line = text[start:end]
                    if edit.rule == "placeholder" and not FILE_NAME.fullmatch(line.strip()):
                        self._leak(found, start, end, edit)

    def _check_last_lines(self, lines: Lines) -> None:
        """The last line of a page that ends in machinery of portals, by the phrases of the packs."""
        living = np.flatnonzero(~lines.blank)
        last = living[np.append(np.flatnonzero(np.diff(lines.doc[living])), len(living) - 1)] if len(living) else living
        docs = [self.waiting[i] for i in lines.doc[last].tolist()]
        places = list(zip(docs, lines.start[last].tolist(), lines.end[last].tolist(), strict=True))
        ends = [without_links(text_of(found)[start:end]) for found, start, end in places]
        strong = signals(table_of_lines(ends), ends).strong
        suspects = [(*places[i], RULE_NAMES[strong[i]]) for i in np.flatnonzero(strong).tolist()]
        in_tail = _in_tail([text_of(found)[:end] for found, _, end, _ in suspects])
        for found, start, end, rule in compress(suspects, in_tail):
            for edit in self._taken(found) if not _prose_behind(found, end) else ():
                if edit.rule == rule and edit.start <= start < edit.end:
                    self._leak(found, start, end, edit)

    def _taken(self, found: Found) -> tuple[Edit, ...]:
        """What the rules would take out of the published text."""
        from corpuskit.stages.alone import clean_text

        return clean_text(text_of(found), self.recipe)[0].edits

    def _leak(self, found: Found, start: int, end: int, edit: Edit) -> None:
        """Report a line that ``edit`` would take, if it stands in the source as it stands here."""
        if _untouched(found, start, end):
            line = quoted(text_of(found)[start:end])
            why = f"rule {edit.rule} takes such a line ({edit.why})"
            self.findings.add("leaks", f"document {found.id}", f"{line} at character {start}: {why}")


def text_of(found: Found) -> str:
    """The published text of a document; empty for one that went whole."""
    return found.row.text if found.row else ""


def _check_characters(found: Found, findings: Findings) -> None:
    text, where = text_of(found), f"document {found.id}"
    for character, name in NEVER.items():
        if character in text:
            findings.add("leaks", where, f"{name} at character {text.index(character)}")
    for span in found.spans:
        if span.replacement.count("\ufffd") > span.text.count("\ufffd"):
            findings.add("leaks", where, f"the repair of {span.start}:{span.end} writes U+FFFD, which says nothing")


def _line_around(text: str, edit: Edit) -> tuple[int, int]:
    """The line in which an edit shows something: where it starts and ends."""
    taken = text[edit.start : edit.end]
    at = edit.start + len(taken) - len(taken.lstrip())
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, end if end >= 0 else len(text)


def _untouched(found: Found, start: int, end: int) -> bool:
    """Whether the published line stands in the source as it stands here: edits beside it took whole lines."""
    text = text_of(found)
    for span, (left, right) in zip(found.spans, rebuilt(text, found.spans)[1], strict=True):
        before = right <= start and (right < start or span.text[-1] in "\r\n")
        behind = left >= end and (left > end or span.text[0] in "\r\n")
        if not before and not behind:
            return False
    return True


def _fenced(found: Found) -> bool:
    """Whether fenced code stood in the source of a document."""
    return any(fence in text for text in (text_of(found), *(span.text for span in found.spans)) for fence in FENCES)


def _in_tail(texts: Sequence[str]) -> list[bool]:
    """Whether the last line of each text stands behind all its prose."""
    shown = [without_links(text) for text in texts]
    lines = table_of_lines(shown)
    known = signals(lines, split_lines(shown))
    zone = shape_of(lines, known.machinery, known.words).zone
    last = np.searchsorted(lines.doc, np.arange(len(texts)), side="right") - 1
    in_tail: list[bool] = (zone[last] == Zone.TAIL).tolist()
    return in_tail


def _prose_behind(found: Found, end: int) -> bool:
    """Whether prose was removed behind this place of the text: the line before it stood in the body of its page."""
    stretches = rebuilt(text_of(found), found.spans)[1]
    behind = [span.text for span, (at, _) in zip(found.spans, stretches, strict=True) if at >= end]
    return bool(behind) and bool((table_of_lines(behind).mass >= SENTENCE_MASS).any())
