"""The Ray engine: real clusters on this machine, the bytes of the local engine. Installs ray if it is not there."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import test_crash
from test_objects import KEY, SECRET, objects, server, upload
from test_pipeline import contents, small, write_corpus

from corpuskit.pipeline import build
from corpuskit.store import places
from corpuskit.store.places import Folder
from corpuskit.verbs.validate import validate

pytestmark = pytest.mark.slow
__all__ = ["KEY", "SECRET", "server"]

#: The version that these tests are known to pass with.
RAY = "ray==2.60.0"
#: Builds argv[1] into argv[2]; with argv[3] on a cluster of two nodes, each with a TMPDIR of its own there.
DRIVER = """\
import os, sys, tempfile
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
source, out, homes = (*sys.argv[1:], "")[:3]
nodes = []
if homes:
    from ray.cluster_utils import Cluster
    os.environ["RAY_TMPDIR"] = tempfile.mkdtemp()  # short: the paths of sockets are
    cluster = Cluster()
    for name in ("one", "two"):
        os.environ["TMPDIR"] = os.path.join(homes, name)
        os.makedirs(os.environ["TMPDIR"])
        nodes.append(cluster.add_node(num_cpus=1, include_dashboard=False, object_store_memory=80_000_000))
    os.environ["RAY_ADDRESS"] = cluster.address
recipe = recipe_from({"name": "t", "version": "1.0.0", "output": {"shard_bytes": 4096}})
seen = set()
def note(*_):
    for name in ("one", "two") if homes else ():
        seen.update(name for _, _, files in os.walk(os.path.join(homes, name, f"corpuskit-{os.getuid()}")) if files)
print(build([source], recipe, out, workers=2, engine="ray", progress=note).place)
print(*sorted(seen))
if homes:
    cluster.shutdown()
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> str:
    """A Python with ray: this one, or a new environment that also sees the packages of this one."""
    if importlib.util.find_spec("ray"):
        return sys.executable
    home = tmp_path_factory.mktemp("ray")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    inside = next(home.glob("lib/python*/site-packages")) if os.name != "nt" else home / "Lib" / "site-packages"
    (inside / "these.pth").write_text(sysconfig.get_path("purelib"))
    found = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = subprocess.run([found, "-m", "pip", "install", "--quiet", RAY], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot install {RAY}: {done.stderr.strip().splitlines()[-1]}")
    return str(found)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), pages=12)


@pytest.fixture(scope="module")
def fresh(corpus, tmp_path_factory) -> dict[str, bytes]:
    """The files of the release that the local engine makes."""
    return contents(build([corpus], small(), tmp_path_factory.mktemp("fresh"), workers=1).path)


def drive(python: str, *args: object) -> list[str]:
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [python, "-W", "ignore", "-c", DRIVER, *map(str, args)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_cluster_of_this_machine_gives_the_bytes_of_the_local_engine(python, corpus, fresh, tmp_path):
    place, _ = drive(python, corpus, tmp_path)
    assert contents(Path(place)) == fresh


def test_two_machines_that_share_only_a_store_give_the_bytes_of_the_local_engine(
    python, corpus, fresh, server, tmp_path_factory
):
    homes = tmp_path_factory.mktemp("homes")
    places.client().mkdir("s3://cluster")
    place, used = drive(python, upload(corpus, "s3://cluster/crawl"), "s3://cluster/out", homes)
    assert used == "one two", "both machines worked"
    assert objects(place) == fresh
    assert not validate(place).failures
    assert not list(homes.glob("*/corpuskit-*/*/*")), "nothing of it stays on the machines"
    assert not [name for name in Folder("s3://cluster/out").sizes() if name.endswith(".claim")]


GUARDED = """\
import sys
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
recipe = recipe_from({"name": "t", "version": "1.0.0", "clean": {"plugins": ["crash"]}})
print(build([sys.argv[1]], recipe, sys.argv[2], workers=2, engine="ray").place)
"""
HASTE = """\
from corpuskit.engine import processes
processes.LAST_GUARD = 15
"""


def test_an_endless_document_is_ended_on_a_cluster_too(python, tmp_path):
    site = tmp_path / "site"
    test_crash.install_rule(site)
    (site / "crashing.py").write_text(test_crash.LOOP)
    (site / "sitecustomize.py").write_text(HASTE)
    test_crash.write_pages(tmp_path / "pages", {3: "POISON"}, 6)
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), str(site)])}
    command = [python, "-W", "ignore", "-c", GUARDED, str(tmp_path / "pages"), str(tmp_path / "out")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    release = tmp_path / "out" / "t-1.0.0"
    assert test_crash.quarantined(release) == {"03.txt": "the worker process died judging it (signal SIGALRM)"}
