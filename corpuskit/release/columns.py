"""What each column of a release means, and when it is null: the card, Croissant and docs/release.md say it in words."""

from __future__ import annotations

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """A column in words; ``null`` says when it is null, empty for one that never is."""

    text: str
    null: str = ""

    def __str__(self) -> str:
        return f"{self.text}; null when {self.null}" if self.null else self.text


_UNREADABLE: Final = "the row is an unreadable source"
_ALONE: Final = "the file is one document"
_NO_COPY: Final = "the span is no duplicate"

MEANING: Final = {
    "id": Meaning("stable across versions: hash of the source path and of the record's own id, never of the content"),
    "text": Meaning("the published text"),
    "title": Meaning("title without the site's name", "the page sets none apart"),
    "source_url": Meaning("address that the page or record gives, as printed", "it gives none"),
    "publisher": Meaning("site name, from a domain line or the page's metadata", "unknown"),
    "author": Meaning("byline", "unknown"),
    "date": Meaning(
        "publication date from a dateline or metadata, never the day of the crawl", "the page does not say"
    ),
    "language": Meaning("BCP 47 tag, `und` (`und-Latn` …) when the script leaves it open"),
    "captions": Meaning("marked captions, moved out of the text"),
    "license": Meaning("licence of the record, else of the recipe", "neither says"),
    "source_path": Meaning("file, relative to the source folder"),
    "source_where": Meaning("place of the record in the file", _ALONE),
    "source_sha256": Meaning("sha256 of the file"),
    "basis": Meaning(
        "`source`: offsets count code points of the decoded file; `extracted`: of the text taken from the page"
    ),
    "n_chars": Meaning("code points of `text`"),
    "n_paragraphs": Meaning("lines of `text` that show something"),
    "n_words": Meaning("words: of Thai by pythainlp, of scripts with spaces runs of letters and digits", "not counted"),
    "n_source_chars": Meaning("code points before cleaning"),
    "n_removed_chars": Meaning("`n_source_chars` − `n_chars`"),
    "came_from": Meaning("JSON: field → where its value was found", "no field was found"),
    "flags": Meaning("quality flags; never a reason for a silent drop"),
    "cluster": Meaning("name shared by copies and near copies, which splits do not part", "the recipe makes no splits"),
}
#: Columns that only the other configs have, or that mean something else there.
_ELSEWHERE: Final = {
    "removed": {
        "id": Meaning("id of the document", _UNREADABLE),
        "basis": Meaning(MEANING["basis"].text, _UNREADABLE),
        "start": Meaning("first code point of the span", _UNREADABLE),
        "end": Meaning("code point behind the span", _UNREADABLE),
        "text": Meaning("what stood there", _UNREADABLE),
        "replacement": Meaning("what took the span's place; empty: nothing", _UNREADABLE),
        "rule": Meaning("the rule that decided"),
        "why": Meaning("its evidence"),
        "twin_id": Meaning("id of the document that kept the copy", _NO_COPY),
        "twin_start": Meaning("where the kept copy starts (code points)", _NO_COPY),
        "source_sha256": Meaning("sha256 of the file", _UNREADABLE),
    },
    "paragraphs": {
        "id": Meaning("id of the document"),
        "index": Meaning("number of the paragraph in its document, from 0"),
        "text": Meaning("the paragraph"),
        "start": Meaning("where it starts in `text` of the document (code points)"),
    },
}
#: What each config holds.
CONFIGS: Final = {
    "default": "The published documents, one row each.",
    "removed": "The ledger: one row for each removed or replaced span, and for each unreadable source.",
    "paragraphs": "The published paragraphs, one row each.",
}


def meaning(config: str, column: str) -> Meaning:
    """What a column of a config means."""
    return _ELSEWHERE.get(config, {}).get(column) or MEANING[column]
