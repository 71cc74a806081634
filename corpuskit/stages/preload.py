"""Imported once by the fork server, so that every worker starts with the modules of all stages in memory."""

from corpuskit.characters import class_table, fold_table, unspaced_table
from corpuskit.stages import finish, judge, read, recur, twins

__all__ = ["finish", "judge", "read", "recur", "twins"]

for table in (class_table, fold_table, unspaced_table):
    table()
