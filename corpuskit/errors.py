"""The exception tree. Each leaf carries the exit code of the command line.

::

    CorpuskitError            (3)
    ├── UsageError            (2)  the call is wrong: recipe, name, version, option
    │   └── RecipeError
    ├── SourceError           (4)  a source named by the user does not exist or cannot be listed
    ├── NothingToPublish      (5)  every source was empty, unreadable or removed
    ├── VersionExists         (6)  this version is already published with other content
    ├── OutputError           (7)  the disk is full, the folder is read-only, a write failed
    ├── ReleaseError          (8)  a release that cannot be read at all
    ├── EngineError           (9)  a worker or a cluster failed for good
    └── PublishError         (10)  the Hub refused, or its content differs afterwards

What cannot be read *inside* a source is no error: it becomes a row of the ledger, ``unreadable``.
This module imports nothing of corpuskit.
"""

from __future__ import annotations


class CorpuskitError(Exception):
    """Something the user can act on. The message says what, where, and what to do."""

    exit_code = 3


class UsageError(CorpuskitError):
    """The call is wrong."""

    exit_code = 2


class RecipeError(UsageError):
    """``corpus.toml`` or an option holds a value that corpuskit does not accept."""


class SourceError(CorpuskitError):
    """A source named by the user does not exist or cannot be listed."""

    exit_code = 4


class NothingToPublish(CorpuskitError):
    """No document is left to publish."""

    exit_code = 5


class VersionExists(CorpuskitError):
    """This version is already published with other content; a published version never changes."""

    exit_code = 6


class OutputError(CorpuskitError):
    """Writing failed: disk full, read-only folder, failing device."""

    exit_code = 7


class ReleaseError(CorpuskitError):
    """The folder is no release, or one too damaged to read."""

    exit_code = 8


class EngineError(CorpuskitError):
    """A worker or a cluster failed for good."""

    exit_code = 9


class PublishError(CorpuskitError):
    """The Hub refused the release, or holds something else than was sent."""

    exit_code = 10
