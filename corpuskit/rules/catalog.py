"""The rules, in the order in which they run. A new rule is one function and one line here."""

from __future__ import annotations

from typing import Final

from corpuskit.recipe import Recipe
from corpuskit.rules.findings import LineRule
from corpuskit.rules.linkrows import link_rows
from corpuskit.rules.markup import fenced_code, image_placeholders, link_lists, link_titles
from corpuskit.rules.menus import menu_lines
from corpuskit.rules.metadata.bylines import bylines
from corpuskit.rules.metadata.captions import marked_captions
from corpuskit.rules.metadata.publication import publication_dates
from corpuskit.rules.metadata.sourcelines import publisher_lines, source_lines
from corpuskit.rules.metadata.titles import titles
from corpuskit.rules.modelled import modelled_lines
from corpuskit.rules.plugins import plugins
from corpuskit.rules.portal import ordinary_words, phrase_lines, tail_blocks
from corpuskit.rules.templates import site_templates
from corpuskit.rules.userrules import user_rules

RULES: Final[tuple[LineRule, ...]] = (
    image_placeholders, link_titles, user_rules, fenced_code, marked_captions, link_lists, source_lines,
    publisher_lines, publication_dates, bylines, phrase_lines, menu_lines, link_rows, ordinary_words, titles,
    site_templates, tail_blocks, modelled_lines,
)  # fmt: skip


def rules_of(recipe: Recipe) -> tuple[LineRule, ...]:
    """All rules that a build with this recipe runs: the built-in ones, then those of other packages that it lists."""
    return (*RULES, *plugins(recipe.clean.plugins))
