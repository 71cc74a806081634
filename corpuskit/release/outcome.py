"""The outcome of a build, kept in the store: the same build again finds it, and its release, and has nothing to do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Final, NamedTuple

from corpuskit.recipe import Recipe
from corpuskit.release.totals import Totals
from corpuskit.rules.plugins import plugin_digests
from corpuskit.sources.listing import UnreadableFile
from corpuskit.store.steps import Step, Store, name_of
from corpuskit.versions import code_digest, optional, versions

FILE: Final = "outcome.json"


class Outcome(NamedTuple):
    """What a release holds, and the finished steps that it was made from."""

    totals: Totals
    used: frozenset[Step]


def outcome_of(recipe: Recipe, unreadable: Sequence[UnreadableFile], reads: Sequence[Step]) -> Step:
    """The step for the outcome of a build: named after all that decides a byte of the release.

    What the sources hold is in the names of the read steps.
    """
    told = json.dumps([recipe.effective(), recipe.changelog, unreadable])
    plugins = plugin_digests(recipe.clean.plugins)
    made_from = (code_digest(), versions(optional()), plugins, told, *(step.name for step in reads))
    return Step("outcome", name_of("outcome", *made_from))


def keep_outcome(store: Store, step: Step, totals: Totals, used: Iterable[Step]) -> None:
    """Keep the outcome of a build whose release stands in its place."""
    values = {field.name: getattr(totals, field.name) for field in fields(totals)}
    text = json.dumps([values | {"sums": totals.sums.decode()}, sorted(used)])
    store.finish(*step, lambda draft: (draft / FILE).write_text(text, "utf-8"))


def kept_outcome(store: Store, step: Step) -> Outcome | None:
    """The outcome that was kept, if one was."""
    if not store.has(step):
        return None
    values, used = store.json(step, FILE)
    counters = {name: Counter(values[name]) for name in ("languages", "counts", "flags")}
    return Outcome(Totals(**values | counters | {"sums": values["sums"].encode()}), frozenset(map(Step._make, used)))
