"""Texts as tables: code points and their encodings, lines, paragraphs that a hard wrap tore, zones of a page."""
