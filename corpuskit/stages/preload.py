"""Imported once by the fork server, so that every worker starts with the modules of all stages in memory."""

import gc

import numpy.ma  # pyarrow asks it of every array of numpy's

from corpuskit.annotate.affixes import affixes
from corpuskit.engine import engines
from corpuskit.engine.pandasless import forget_pandas
from corpuskit.rules.forest import model
from corpuskit.rules.metadata.captions import credit_labels
from corpuskit.rules.phrases import signals
from corpuskit.rules.repair import repairs_of
from corpuskit.stages import chain, clusters, datafile, judging, near, read, recur, release, shardreader, twins
from corpuskit.text.lines import table_of_lines
from corpuskit.text.scan import traits
from corpuskit.versions import versions

__all__ = [
    "chain", "clusters", "datafile", "engines", "judging", "near", "numpy", "read", "recur", "release",
    "shardreader", "twins",
]  # fmt: skip

forget_pandas()
# what is built at first use is built here, once, and inherited
for table in (traits, model, credit_labels, versions):
    table()
signals(table_of_lines([""]), [""])
repairs_of([""])
affixes([""])
gc.freeze()  # what is here stays: no worker looks for circles in it
