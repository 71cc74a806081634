"""The rules, in the order in which they run. A new rule is one function and one line here."""

from __future__ import annotations

from typing import Final

from corpuskit.annotate.bylines import bylines
from corpuskit.annotate.captions import marked_captions
from corpuskit.annotate.publication import publication_dates
from corpuskit.annotate.sourcelines import publisher_lines, source_lines
from corpuskit.annotate.titles import titles
from corpuskit.rules.findings import LineRule
from corpuskit.rules.markup import image_placeholders, link_lists
from corpuskit.rules.menus import menu_lines
from corpuskit.rules.modelled import modelled_lines
from corpuskit.rules.portal import ordinary_words, phrase_lines, tail_blocks
from corpuskit.rules.templates import site_templates

RULES: Final[tuple[LineRule, ...]] = (
    titles, image_placeholders, marked_captions, link_lists, source_lines, publisher_lines, publication_dates, bylines,
    phrase_lines, menu_lines, site_templates, ordinary_words, tail_blocks, modelled_lines,
)  # fmt: skip
