"""Facts about a text that the text itself shows: dates, language, words, flags of quality."""
