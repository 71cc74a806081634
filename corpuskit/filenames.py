"""The names of the files and folders that corpuskit writes and looks for."""

from __future__ import annotations

from typing import Final

#: The recipe, where no other is named.
RECIPE: Final = "corpus.toml"
#: The folder of finished steps, inside the output folder: one rename must be able to publish.
WORK: Final = ".corpuskit-work"

#: The folder of each config's data files in a release.
FOLDERS: Final = {"default": "data", "removed": "removed", "paragraphs": "paragraphs"}
MANIFEST: Final = "manifest.json"
SOURCES: Final = "sources.parquet"
CARD: Final = "README.md"
CROISSANT: Final = "croissant.json"
REPORT: Final = "report.html"
CHANGELOG: Final = "CHANGELOG.md"
#: Names every file of a release and its sha256, but for itself and its signature.
SUMS: Final = "SHA256SUMS"
SIGNATURE: Final = "SHA256SUMS.sig"
