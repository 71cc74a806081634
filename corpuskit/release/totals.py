"""What a release holds, summed over its shards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from corpuskit.filenames import FOLDERS

Json = dict[str, Any]


@dataclass(slots=True)
class Totals:
    """What a release holds, summed over its shards."""

    files: dict[str, list[Json]] = field(default_factory=lambda: {config: [] for config in FOLDERS})
    rules: dict[str, list[int]] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    words: Json = field(default_factory=dict)
    unreadable: list[Json] = field(default_factory=list)
    sources: Json = field(default_factory=dict)
    sums: bytes = b""

    @property
    def documents(self) -> int:
        """Published documents."""
        return self.counts["published"]

    def add(self, stats: Json) -> None:
        """Count one shard."""
        self.languages.update(stats["languages"])
        self.counts.update(stats["counts"])
        self.flags.update(stats["flags"])
        for rule, (spans, chars) in stats["rules"].items():
            before = self.rules.get(rule, [0, 0])
            self.rules[rule] = [before[0] + spans, before[1] + chars]
