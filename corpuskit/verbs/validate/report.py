"""What ``validate`` says: failures, each with its check, and the report that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from corpuskit.display import show

#: Failures of one check that are listed one by one; the others are counted.
SHOWN: Final = 10
#: Longest quotation of a release's own text in a failure, in code points.
QUOTED: Final = 60


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that failed: its name, where in the release, and what is wrong there. Safe to print."""

    check: str
    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: ``failures`` (none: the release holds), its id, the verdict of a rebuild, and what was looked at.

    ``release_id`` is the sha256 of ``SHA256SUMS``, empty when that file is missing.
    ``verdict`` is ``None`` unless a rebuild was asked for. ``checked`` counts files, bytes,
    documents, characters (code points of the sources), spans and twins. ``signer`` is ``None``
    unless allowed signers were named and one of them has signed.
    """

    failures: tuple[Failure, ...]
    release_id: str
    verdict: str | None
    checked: Mapping[str, int]
    signer: str | None = None

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return not self.failures


class Unusable(Exception):
    """A file that the checks behind it cannot read; its failure is all there is to say."""

    def __init__(self, check: str, where: str, problem: str) -> None:
        super().__init__(f"{check}: {where}: {problem}")
        self.failure = (check, where, problem)


class Findings:
    """Failures as they are found: of each check the first :data:`SHOWN`, and how many more."""

    def __init__(self) -> None:
        self._found: list[Failure] = []
        self._count: Counter[str] = Counter()

    def add(self, check: str, where: str, problem: str) -> None:
        """Note a failure; ``where`` and ``problem`` may quote untrusted text."""
        self._count[check] += 1
        if self._count[check] <= SHOWN:
            self._found.append(Failure(check, show(where), show(problem)))

    def of(self, check: str) -> int:
        """How many failures of ``check`` were found."""
        return self._count[check]

    def failures(self) -> tuple[Failure, ...]:
        """What was found, in order; a last line for each check that found more than it lists."""
        more = [
            Failure(check, "and more", f"{count - SHOWN:,} further failures of this check")
            for check, count in self._count.items()
            if count > SHOWN
        ]
        return (*self._found, *more)


def quoted(value: object) -> str:
    """A value of the release for a message: short, in quotes when it is text."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= QUOTED else text[:QUOTED] + "…"
