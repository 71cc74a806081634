"""Semantic Versioning of data: which version comes first, and which is the least that may follow a change.

MAJOR: schema, ids or meaning changed, or documents went. MINOR: documents were added. PATCH: corrections.
"""

from __future__ import annotations

from typing import Literal

#: How far a change goes.
Level = Literal["none", "patch", "minor", "major"]
Precedence = tuple[list[int], bool, list[tuple[bool, int, str]]]


def precedence(version: str) -> Precedence:
    """A key that sorts versions: a pre-release comes before its release, numbers before words."""
    core, _, early = version.partition("-")
    parts = early.split(".") if early else []
    words = [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
    return [int(n) for n in core.split(".") if n.isdecimal()], not early, words


def final(version: str) -> str:
    """The release that a version is, or is a candidate of: ``1.1.0`` for ``1.1.0-rc.2``."""
    return version.partition("-")[0]


def following(version: str, level: Level) -> str:
    """The least version that may follow ``version`` after a change of ``level``.

    A candidate promises nothing: its release may follow whatever changed. Nor does 0.y.z (SemVer 2.0.0, 4), where a
    major change counts y up, as npm and Cargo read it.
    """
    if level == "none":
        return version
    if version != final(version):
        return final(version)
    major, minor, patch = (int(n) for n in version.split("."))
    if level == "patch":
        return f"{major}.{minor}.{patch + 1}"
    return f"{major}.{minor + 1}.0" if level == "minor" or not major else f"{major + 1}.0.0"
