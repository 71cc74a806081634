"""Splits: each document stands in the split of its cluster, and no copies stand in different clusters."""

from __future__ import annotations

from array import array
from typing import Final

import numpy as np

from corpuskit.recipe import Recipe
from corpuskit.release.splits import split_of
from corpuskit.stages.clusters import SHARED_MAX
from corpuskit.verbs.validate.documents import Found, Keys, hash_of
from corpuskit.verbs.validate.report import Findings

CHECK: Final = "splits"
#: A document without a row has no cluster that could be compared.
NONE: Final = 0


class Clusters:
    """Collects clusters and duplicates, 32 bytes for each document and 60 for each duplicate; then compares them."""

    def __init__(self, findings: Findings, recipe: Recipe) -> None:
        self.findings, self.split = findings, recipe.split
        self.ids, self.twins = bytearray(), bytearray()
        self.cluster, self.loser, self.start, self.row = array("Q"), array("q"), array("q"), array("q")

    def see(self, found: Found) -> None:
        """Check the split of one document, and note what it lost to others."""
        if found.row:
            self._check(found, found.row.cluster)
        if not self.split:
            return
        named = found.row.cluster if found.row else None
        self.ids += hash_of(found.id)
        self.cluster.append(np.frombuffer(hash_of(named), "<u8")[0])
        for number, span in enumerate(found.spans, found.first):
            if span.twin_id is not None and span.rule == "duplicate":
                self.twins += hash_of(span.twin_id)
                self.loser.append(len(self.cluster) - 1)
                self.start.append(span.twin_start or 0)
                self.row.append(number)

    def _check(self, found: Found, cluster: str | None) -> None:
        where = f"document {found.id}"
        due = split_of(cluster, self.split) if self.split and cluster else "train"
        if bool(self.split) != (cluster is not None):
            problem = "has no cluster, and the recipe makes splits" if self.split else "has a cluster without splits"
            self.findings.add(CHECK, where, problem)
        elif cluster and cluster > found.id:
            self.findings.add(CHECK, where, f"cluster {cluster} is not named by the least id in it")
        if found.split != due:
            self.findings.add(CHECK, where, f"stands in {found.split}, its cluster belongs to {due}")

    def check(self) -> None:
        """Two published documents that share a paragraph have the same cluster, unless many share it."""
        if not len(self.row):
            return
        clusters, losers = np.array(self.cluster), np.array(self.loser)
        ids, twins = (np.frombuffer(bytes(found), "<u8").reshape(-1, 2) for found in (self.ids, self.twins))
        keepers = Keys(ids).find(twins)
        _, paragraph = np.unique(np.column_stack((keepers, np.array(self.start))), axis=0, return_inverse=True)
        pairs = np.unique(np.column_stack((paragraph, losers)), axis=0)
        few = np.bincount(pairs[:, 0])[paragraph] < SHARED_MAX
        apart = few & (keepers >= 0) & (clusters[losers] != clusters[keepers])
        apart &= (clusters[losers] != NONE) & (clusters[keepers] != NONE)
        for claim in np.flatnonzero(apart).tolist():
            self.findings.add(CHECK, f"removed row {self.row[claim]}", "names a twin of another cluster")
