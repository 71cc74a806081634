"""The release: Parquet files, card, manifest, sums, written as publishing.md measured."""
