"""The Ray engine: the same ordered map, over the machines of a cluster."""

from __future__ import annotations

import os
import platform
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from corpuskit.engine.processes import EXPENDABLE, Died
from corpuskit.errors import EngineError, UsageError
from corpuskit.versions import code_digest, optional, versions

In = TypeVar("In")
Out = TypeVar("Out")
#: Tasks begun for each CPU of the cluster, so that none waits while the oldest task is slow.
AHEAD: Final = 4
#: How often a task is begun again when its worker or machine dies.
RETRIES: Final = 3
#: Bytes of shared memory for what travels between processes: names, of which a few MB are many.
NAMES: Final = 100 * 1024 * 1024


class Ray:
    """The cluster that the caller has joined, or that of ``RAY_ADDRESS``; without either ``workers`` processes here."""

    def __init__(self, workers: int) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a build tells nobody
        try:
            import ray
        except ImportError:
            raise UsageError("--engine ray needs another package: pip install 'corpuskit[ray]'") from None
        self.ray: Any = ray
        self.joined = not ray.is_initialized()
        if self.joined:
            self._join(workers)
        self._refuse_mixture()

    def _join(self, workers: int) -> None:
        own = {"address": "local", "num_cpus": workers, "include_dashboard": False, "object_store_memory": NAMES}
        try:
            self.ray.init(**{} if os.environ.get("RAY_ADDRESS") else own, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise EngineError(f"cannot join the Ray cluster (RAY_ADDRESS, RAY_AUTH_MODE): {error}") from None

    def map(self, fn: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out | Died]:
        """See :class:`~corpuskit.engine.engines.Engine`."""
        task, begun = self.ray.remote(max_retries=RETRIES)(expendably), deque[Any]()
        for item in items:
            begun.append(task.remote(fn, item))
            if len(begun) >= AHEAD * self.ray.cluster_resources().get("CPU", 1):
                yield self._result(begun.popleft())
        while begun:
            yield self._result(begun.popleft())

    def _result(self, begun: Any) -> Any:
        from ray.exceptions import RayError, RayTaskError

        try:
            return self.ray.get(begun)
        except RayTaskError as error:
            if isinstance(error.cause, MemoryError):
                return Died("out of memory")
            raise error.cause from None
        except RayError as error:  # its worker or machine died, again and again
            return Died(type(error).__name__)

    def everywhere(self, fn: Callable[..., Out], *args: object) -> list[Out]:
        """See :class:`~corpuskit.engine.engines.Engine`."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On

        nodes = [node["NodeID"] for node in self.ray.nodes() if node["Alive"]]
        task = self.ray.remote(num_cpus=0)(fn)
        return [self._result(task.options(scheduling_strategy=On(node, soft=False)).remote(*args)) for node in nodes]

    def _refuse_mixture(self) -> None:
        """Machines with other code or other libraries would mix other bytes into the release."""
        if len(set(self.everywhere(made_by))) > 1:
            raise EngineError("the machines of the cluster differ in corpuskit, Python or libraries: install the same")

    def rest(self) -> None:
        """See :class:`~corpuskit.engine.engines.Engine`: the cluster sees to its memory."""

    def close(self) -> None:
        """Leave the cluster, if this build joined it; one of this build alone ends."""
        if self.joined:
            self.ray.shutdown()


def expendably(fn: Callable[[In], Out], item: In) -> Out:
    """``fn(item)`` in a worker of the cluster, which the last guard may end."""
    EXPENDABLE.set(True)
    return fn(item)


def made_by() -> str:
    """What decides bytes on this machine."""
    return f"{code_digest()} {versions(optional())} {platform.python_version()} {platform.machine()}"
