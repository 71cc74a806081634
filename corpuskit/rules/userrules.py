"""The recipe's own rules: lines, or stretches of lines, that a pattern of ``corpus.toml`` takes out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corpuskit.annotate.sites import meant_sites
from corpuskit.recipe.patterns import any_of, compiled
from corpuskit.recipe.tables import UserRule
from corpuskit.rules.findings import Batch, Cut, Drop, Finding
from corpuskit.text.segment import Zone


def user_rules(batch: Batch) -> Iterator[Finding]:
    """The rules of the recipe (``[[rules]]``), in its order, under their own names.

    A document is looked through once for all patterns together; only what matches is
    looked at line by line.
    """
    rules = batch.recipe.rules
    if not rules:
        return
    patterns = any_of(tuple(rule.pattern for rule in rules))
    sites = [{site for host in rule.hosts for site in meant_sites(host)} for rule in rules]
    for doc, text in enumerate(batch.texts):
        data = text.encode("utf-8", "surrogatepass")
        for place in sorted(patterns.Match(data) or ()):  # None: no pattern matches
            if not sites[place] or int(batch.sites[doc]) in sites[place]:
                yield from _findings(batch, doc, data, rules[place])


def _findings(batch: Batch, doc: int, data: bytes, rule: UserRule) -> Iterator[Finding]:
    """What one rule takes of one document."""
    why = f"matches {rule.pattern}"
    for row, start, end in _matches(batch, doc, data, rule.pattern):
        if not batch.open[row] or not _holds(rule, Zone(batch.shape.zone[row])):
            continue
        line, at = batch.line(row), int(batch.lines.start[row])
        if not rule.span or not (line[: start - at] + line[end - at :]).strip():
            yield Drop(row, rule.name, why)
        elif start < end:
            yield Cut(doc, start, end, rule.name, "", why)


def _matches(batch: Batch, doc: int, data: bytes, pattern: str) -> Iterator[tuple[int, int, int]]:
    """The row and the stretch, in code points of the document, of each match."""
    first, past = int(batch.first[doc]), int(batch.past[doc])
    starts = batch.lines.start[first:past]
    seen = points = 0
    for match in compiled(pattern).finditer(data):
        start = points + _length(data[seen : match.start()])
        seen, points = match.end(), start + _length(match.group())
        yield first + int(np.searchsorted(starts, start, side="right")) - 1, start, points


def _length(data: bytes) -> int:
    """Code points in UTF-8."""
    return len(data.decode("utf-8", "surrogatepass"))


def _holds(rule: UserRule, zone: Zone) -> bool:
    return "any" in rule.zone or zone.name.lower() in rule.zone
