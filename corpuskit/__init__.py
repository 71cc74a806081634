"""corpuskit: from scraped pages to a citable dataset, with every removed character accounted for."""

__version__ = "0.1.0"
