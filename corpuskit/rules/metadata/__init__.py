"""Rules that move what a page says about itself into its columns: title, date, author, source, captions."""
