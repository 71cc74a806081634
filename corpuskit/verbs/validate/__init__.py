"""``validate``: whether a release is what it says, down to the last bit and the last character.

::

    folder and sums ──► Parquet files ──► documents put together ──► manifest and card
    (every file)        (schema)          (every character, span,    (written again from
                                           twin, leak)                what was found)

Each step needs what the one before it found sound: a file with a wrong sum is named, and
not read further. Memory is bounded by the largest row group, document and, at 150 bytes or
less for each document and duplicate, by their number.

This module reads releases and never builds one, but for ``rebuild``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpuskit.errors import ReleaseError
from corpuskit.filenames import SIGNATURE
from corpuskit.release.shelf import at_hand
from corpuskit.store.places import Sources, places_of
from corpuskit.verbs.validate.files import Files, inspect
from corpuskit.verbs.validate.report import Failure, Findings, Report, Unusable

__all__ = ["Failure", "Report", "validate"]


def validate(
    release: str | Path,
    rebuild: Sources = (),
    *,
    signers: str | Path | None = None,
    workers: int | None = None,
) -> Report:
    """Check a release; with ``rebuild``, build it again from these sources (by ``workers``) and compare.

    The sources are given as they were given to the build: names are relative to them. A release
    in an object store is fetched into a temporary folder first.
    ``signers`` is a file of allowed signers (its lines: IDENTITY KEYTYPE KEY), one of whom must have signed the sums.
    Raises :class:`~corpuskit.errors.ReleaseError` when there is no folder to look at, and
    what a build raises when the rebuild cannot run.
    """
    with at_hand(str(release)) as folder:
        return _validate(folder, places_of(rebuild), signers, workers)


def _validate(release: Path, rebuild: Sequence[str], signers: str | Path | None, workers: int | None) -> Report:
    if not release.is_dir():
        raise ReleaseError(f"no release at {release}: name the folder that holds its SHA256SUMS")
    findings = Findings()
    files = inspect(release, findings)
    checked = {"files": len(files.size), "bytes": sum(files.size.values())}
    verdict = None
    signer = None if signers is None else _signer(release, Path(signers), findings)
    try:
        checked |= _contents(release, files, findings)
        if rebuild:
            from corpuskit.verbs.validate.rebuild import rebuilt_verdict

            verdict = rebuilt_verdict(release, rebuild, workers, findings)
    except Unusable as error:
        findings.add(*error.failure)
    return Report(findings.failures(), files.release_id, verdict, checked, signer)


def _signer(release: Path, signers: Path, findings: Findings) -> str | None:
    """Who signed the release; nobody, or somebody else, is a failure."""
    from corpuskit.release.signature import signer_of

    try:
        signer = signer_of(release, signers)
    except ReleaseError as error:
        findings.add("signature", SIGNATURE, str(error))
        return None
    if signer is None:
        findings.add("signature", SIGNATURE, f"nobody of {signers} has signed these sums")
    return signer


def _contents(release: Path, files: Files, findings: Findings) -> dict[str, int]:
    """Read what the sums call whole, and check it; returns what was looked at."""
    from corpuskit.filenames import FOLDERS, MANIFEST, SOURCES
    from corpuskit.verbs.validate.contents import check_contents

    needed = {MANIFEST, SOURCES, *(name for config in FOLDERS for name in files.of_config(config))}
    if findings.of("structure") or not needed <= files.whole:
        return {}  # each damaged file has its failure; what it holds would only add noise
    return check_contents(release, files, findings)
