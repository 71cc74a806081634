"""The files that tell what the manifest says in other words, written again and compared: card, Croissant, report."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from corpuskit.filenames import CARD, CHANGELOG, CROISSANT, REPORT
from corpuskit.recipe import Recipe
from corpuskit.release.card import card, front_matter
from corpuskit.release.changelog import up_to
from corpuskit.release.croissant import croissant
from corpuskit.release.report import report
from corpuskit.verbs.validate.facts import Json, Manifest, differences, text_file, text_of
from corpuskit.verbs.validate.report import Findings, Unusable, quoted
from corpuskit.verbs.validate.tables import Config, guarded

HEADER: Final = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)
#: Size in code points, and brackets, of a card's YAML header up to which it is parsed: a build writes a hundredth.
#: Beyond, the time of a YAML parser grows with the square of either.
HEADER_MAX: Final = 1 << 18
BRACKETS_MAX: Final = 200


def check_pages(release: Path, manifest: Manifest, made: Json, default: Config, findings: Findings) -> None:
    """Compare each file with what its code writes from ``made``, the manifest written again.

    A release that other code built is held to the YAML of its card alone. The report is
    made from the data files too, so that it is compared when those are sound.
    """
    recipe = manifest.recipe
    sound = not findings.failures()
    _guard(_check_header, release, recipe, made, findings)
    if manifest.same_code:
        if not findings.of("card"):
            _guard(_check_card, release, recipe, made, default, findings)
        _guard(_compare, release, CROISSANT, text_of(croissant(recipe, made)), findings)
        if (release / CHANGELOG).exists():
            _guard(_check_changelog, release, recipe, findings)
    if not recipe.output.report and (release / REPORT).exists():
        findings.add("structure", REPORT, "stray: the recipe asks for none")
    elif recipe.output.report and sound and manifest.same_code:
        _guard(_compare, release, REPORT, report(release, recipe, made), findings)


def _guard(check: Callable[..., None], *values: Any) -> None:
    """Run a check; a file that it cannot read is a failure and no end of the others."""
    try:
        check(*values)
    except Unusable as error:
        values[-1].add(*error.failure)


def _check_card(release: Path, recipe: Recipe, made: Json, default: Config, findings: Findings) -> None:
    with guarded(default.names[0]):
        due = card(release, recipe, made)
    _compare(release, CARD, due, findings)


def _check_header(release: Path, recipe: Recipe, made: Json, findings: Findings) -> None:
    """The card's YAML pins what the data files hold."""
    found = list(differences(_header(release), front_matter(recipe, made)))
    for path, said, true in found:
        findings.add("card", f"{CARD}: {'.'.join(path)}", f"{quoted(said)}, found {quoted(true)}")


def _check_changelog(release: Path, recipe: Recipe, findings: Findings) -> None:
    """No entry of a later version: what people wrote in the others is theirs."""
    _compare(release, CHANGELOG, up_to(text_file(release, CHANGELOG, "changelog"), recipe.version), findings)


def _header(release: Path) -> Any:
    import yaml

    text = text_file(release, CARD, "card")
    block = HEADER.match(text)
    if not block:
        raise Unusable("card", CARD, "no YAML between '---' lines")
    header = block[1]
    try:
        sane = len(header) <= HEADER_MAX and header.count("[") + header.count("{") <= BRACKETS_MAX
        return yaml.safe_load(header) if sane else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unusable("card", CARD, f"its header is no YAML: {' '.join(str(error).split())}") from None


def _compare(release: Path, name: str, due: str, findings: Findings) -> None:
    check = name.partition(".")[0].lower() if name != CARD else "card"
    text = text_file(release, name, check)
    if text != due:
        pairs = zip([*text.split("\n"), None], [*due.split("\n"), None], strict=False)
        number, (there, right) = next((i, pair) for i, pair in enumerate(pairs, 1) if pair[0] != pair[1])
        findings.add(check, f"{name}: line {number}", f"{quoted(there)}, the data says {quoted(right)}")
