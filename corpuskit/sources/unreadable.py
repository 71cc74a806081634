"""What cannot be read: raised or yielded by readers, a row of the ledger in a release."""

from __future__ import annotations

from corpuskit.display import show


class Unreadable(Exception):
    """A source, or a record in it, that cannot be read.

    ``reason`` says what is wrong and what to do, ``where`` the place in the file
    ("line 12"), empty for the whole file. What they quote of a source is made safe to print.
    """

    def __init__(self, reason: str, where: str = "") -> None:
        reason, where = show(reason), show(where)
        super().__init__(f"{where}: {reason}" if where else reason)
        self.reason = reason
        self.where = where
