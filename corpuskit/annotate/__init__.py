"""Facts about a document that the text itself shows: dates, and what else goes into the columns."""
