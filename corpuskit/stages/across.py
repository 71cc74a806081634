"""The stages that look across the corpus, as a build's own process knows them: their tasks, and what names the steps.

What does the work (``recur``, ``twins``, ``near``, ``clusters``) takes long to load: see :mod:`corpuskit.stages.chain`.
"""

from __future__ import annotations

from typing import NamedTuple

from corpuskit.stages.partitions import Partition
from corpuskit.store import store_at
from corpuskit.store.steps import Step, name_of
from corpuskit.versions import code_digest


class RecurTask(NamedTuple):
    """A partition to settle: the finished read steps in order, and the range of shapes."""

    home: str
    reads: tuple[Step, ...]
    part: Partition


class TwinTask(NamedTuple):
    """A partition to settle: the finished read and judge steps in order, and the range of keys."""

    home: str
    reads: tuple[Step, ...]
    judged: tuple[Step, ...]
    part: Partition


class NearTask(NamedTuple):
    """A range of bands to look through: the finished judge steps in order."""

    home: str
    judged: tuple[Step, ...]
    part: Partition


class ClusterTask(NamedTuple):
    """The corpus: judge steps in order, the settled claims and the links of near copies."""

    home: str
    judged: tuple[Step, ...]
    twins: tuple[Step, ...]
    near: tuple[Step, ...]


def settle_shapes(task: RecurTask) -> Step:
    """Count the shapes of a partition; returns the finished step."""
    from corpuskit.stages.recur import settle

    return store_at(task.home).finish("recur", recur_name(task), lambda draft: settle(draft, task))


def recur_name(task: RecurTask) -> str:
    """The name of the step."""
    return name_of("recur", code_digest(), task.part, *(step.name for step in task.reads))


def settle_claims(task: TwinTask) -> Step:
    """Settle the claims of a partition; returns the finished step."""
    from corpuskit.stages.twins import settle

    return store_at(task.home).finish("twins", twins_name(task), lambda draft: settle(draft, task))


def twins_name(task: TwinTask) -> str:
    """The name of the step."""
    return name_of("twins", code_digest(), task.part, *(step.name for step in task.judged))


def link_near(task: NearTask) -> Step:
    """Link the documents that share a band of the partition; returns the finished step."""
    from corpuskit.stages.near import link

    return store_at(task.home).finish("near", near_name(task), lambda draft: link(draft, task))


def near_name(task: NearTask) -> str:
    """The name of the step."""
    return name_of("near", code_digest(), task.part, *(step.name for step in task.judged))


def find_clusters(task: ClusterTask) -> Step:
    """Name the cluster of each document; returns the finished step. Takes 40 bytes a document."""
    from corpuskit.stages.clusters import find

    return store_at(task.home).finish("clusters", clusters_name(task), lambda draft: find(draft, task))


def clusters_name(task: ClusterTask) -> str:
    """The name of the step."""
    return name_of("clusters", code_digest(), *(step.name for step in (*task.judged, *task.twins, *task.near)))
