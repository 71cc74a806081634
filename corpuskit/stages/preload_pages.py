"""Imported once by the fork server of a build of many HTML pages: workers start with what reads them in memory, too."""

import gc

from corpuskit.sources.html import read_html
from corpuskit.stages import preload

__all__ = ["preload"]

# of a short page the extractor asks all that it knows: lists of words that cost a worker more than a dozen of pages
read_html(b"<html><head><title>A page</title></head><body><p>A page of a few words, read before all others.</p></body>")
gc.freeze()
