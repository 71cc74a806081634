"""Texts as tables: code points, lines, paragraphs that a hard wrap tore, zones of a page."""
