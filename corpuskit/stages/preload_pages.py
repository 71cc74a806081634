"""Imported once by the fork server of a build of many HTML pages: workers start with what reads them in memory, too."""

import gc

from corpuskit.sources.html import read_html
from corpuskit.stages import preload

__all__ = ["preload"]

# for a short page the extractor tries all its ways: the lists of words of one cost as much as two pages, once a process
read_html(b"<html><head><title>A page</title></head><body><p>A page of a few words, read before all others.</p></body>")
gc.freeze()
