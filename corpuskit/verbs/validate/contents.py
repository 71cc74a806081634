"""What the data files hold, in one pass over all documents, and a second one for the twins."""

from __future__ import annotations

from pathlib import Path

from corpuskit.filenames import FOLDERS, SOURCES
from corpuskit.release.write import sources_facts
from corpuskit.verbs.validate.absence import Absence
from corpuskit.verbs.validate.accounts import Accounts
from corpuskit.verbs.validate.clusters import Clusters
from corpuskit.verbs.validate.documents import Index, walk
from corpuskit.verbs.validate.facts import Manifest, totals_of, unreadable_of
from corpuskit.verbs.validate.files import Files
from corpuskit.verbs.validate.origins import Origins
from corpuskit.verbs.validate.pages import check_pages
from corpuskit.verbs.validate.paragraphs import check_paragraphs
from corpuskit.verbs.validate.published import PublishedTexts
from corpuskit.verbs.validate.report import Findings
from corpuskit.verbs.validate.tables import Config, Span
from corpuskit.verbs.validate.twins import Twins


def check_contents(release: Path, files: Files, findings: Findings) -> dict[str, int]:
    """Check everything inside the files of a release; returns how much was looked at.

    Raises :class:`~corpuskit.verbs.validate.report.Unusable` at the first thing that leaves
    nothing to compare with.
    """
    manifest = Manifest(release)
    configs = {config: Config(release, config, files) for config in FOLDERS}
    for config in configs.values():
        config.check_schemas()
    origins = Origins(release)
    accounts = Accounts(findings, manifest.recipe)
    absence = Absence(findings, manifest.bare_recipe)
    texts = PublishedTexts(findings, manifest.bare_recipe, manifest.same_code)
    twins = Twins(findings, manifest.same_code)
    index = Index(configs["default"], configs["removed"])
    clusters = Clusters(findings, manifest.recipe)
    unreadable: list[Span] = []
    for found in walk(configs["default"], configs["removed"], index, unreadable):
        source = accounts.see(found)
        texts.see(found, source is not None)
        absence.see(found, source)
        twins.collect(found)
        clusters.see(found)
    texts.flush()
    clusters.check()
    if len(twins):
        twins.check(walk(configs["default"], configs["removed"], index, []))
    check_paragraphs(configs["paragraphs"], configs["default"], findings)
    origins.check(accounts.origins, findings)
    absence.sources(origins.listed(), unreadable)
    listed = unreadable_of(unreadable, findings)
    sources = sources_facts(origins.files, origins.size, origins.content, files.sha256[SOURCES])
    totals = totals_of(accounts.totals, configs, listed, sources)
    made = manifest.written_again(totals)
    manifest.compare(made, findings)
    check_pages(release, manifest, made, configs["default"], findings)
    counts = totals.counts
    spans = sum(spans for spans, _ in totals.rules.values())
    return {"documents": counts["documents"], "characters": counts["source_chars"], "spans": spans, "twins": len(twins)}
