"""Imported once by the fork server, so that every worker starts with the modules of all stages in memory."""

from corpuskit.characters import class_table, fold_table, unspaced_table
from corpuskit.lines import table_of_lines
from corpuskit.pandasless import forget_pandas
from corpuskit.rules.forest import model
from corpuskit.rules.phrases import signals
from corpuskit.rules.repair import repairs_of
from corpuskit.stages import finish, judge, read, recur, twins

__all__ = ["finish", "judge", "read", "recur", "twins"]

forget_pandas()
# what is built at first use is built here, once, and inherited
for table in (class_table, fold_table, unspaced_table, model):
    table()
signals(table_of_lines([""]), [""])
repairs_of([""])
