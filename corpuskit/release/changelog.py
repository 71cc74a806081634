"""CHANGELOG.md of a dataset, in the form of Keep a Changelog 1.1.0: entries under ``## [VERSION]``, newest first.

A person keeps it beside the recipe. ``diff --changelog`` writes the counted part of an entry between two marks, and
touches nothing else; ``build`` gives a release the entries up to its own version, so that an old version can be built
again, byte for byte, when the file has grown.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from corpuskit.release.semver import precedence

HEAD: Final = """\
# Changelog

All notable changes to this dataset. The format is [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions
follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html): MAJOR when the schema, ids or meaning changed or
documents went, MINOR when documents were added, PATCH for corrections.
"""
#: What is between them is counted, and counted again.
BEGIN: Final = "<!-- counted by 'corpuskit diff --changelog': write above or below -->"
END: Final = "<!-- end of what was counted -->"

_VERSION: Final = r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?"
#: The heading of an entry; one of another kind ("Unreleased") has no version.
_ENTRY: Final = re.compile(rf"^## +\[?(?:({_VERSION})|[^\n]*?)\]?(?: .*)?$", re.MULTILINE)
#: A link definition at the end of the file: ``[1.1.0]: https://…``
_LINK: Final = re.compile(rf"^\[({_VERSION}|Unreleased)\]: .*\n?", re.MULTILINE | re.IGNORECASE)
_COUNTED: Final = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}\n", re.DOTALL)


def up_to(text: str, version: str) -> str:
    """The changelog of a release: what stands before the entries, and the entries of its version and earlier ones."""
    head, entries = _split(text)
    limit = precedence(version)

    def belongs(name: str) -> bool:
        return bool(re.fullmatch(_VERSION, name)) and precedence(name) <= limit

    kept = "".join([head, *(entry for name, entry in entries if belongs(name))])
    return _LINK.sub(lambda link: link[0] if belongs(link[1]) else "", kept).rstrip() + "\n"


def has_entry(text: str, version: str) -> bool:
    """Whether the changelog has an entry for this version."""
    return version in dict(_split(text)[1])


def entry_of(text: str, version: str) -> list[str]:
    """The lines of the entry of a version, without the marks around what was counted; none when it has no entry."""
    entry = dict(_split(text)[1]).get(version, "")
    return [line for line in entry.strip().splitlines() if line not in (BEGIN, END)]


def with_entry(text: str, version: str, counted: str, date: str = "") -> str:
    """The changelog with ``counted`` in the entry of ``version``, a new one if need be; all else stays as it is.

    ``date`` goes into the heading; without it a heading keeps its own.
    """
    head, entries = _split(text or HEAD)
    block = f"{BEGIN}\n{counted.strip()}\n{END}\n"
    if version in dict(entries):
        return head + "".join(_filled(e, version, block, date) if v == version else e for v, e in entries)
    at = next((i for i, (v, _) in enumerate(entries) if v and precedence(v) < precedence(version)), len(entries))
    before, after = ("".join(entry for _, entry in part) for part in (entries[:at], entries[at:]))
    new = f"{_heading(version, date)}\n\n{block}" + ("\n" if after else "")
    return f"{(head + before).rstrip()}\n\n{new}{after}"


def _heading(version: str, date: str) -> str:
    return f"## [{version}]" + (f" - {date}" if date else "")


def _filled(entry: str, version: str, block: str, date: str) -> str:
    heading, _, body = entry.partition("\n")
    if date:
        heading = _heading(version, date)
    if found := _COUNTED.search(body):
        return f"{heading}\n{body[: found.start()]}{block}{body[found.end() :]}"
    return f"{heading}\n\n{block}" + (f"\n{body.lstrip()}" if body.strip() else body)


def _split(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the entries, and each entry with its version, empty for a heading that names none."""
    headings = list(_ENTRY.finditer(text))
    bounds = [*(heading.start() for heading in headings), len(text)]
    entries = [(heading[1] or "", text[a:b]) for heading, (a, b) in zip(headings, pairwise(bounds), strict=True)]
    return text[: bounds[0]], entries
