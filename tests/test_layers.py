"""Imports run down only: a module imports nothing from the layers above it, and nothing that imports it."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "corpuskit"
#: From the bottom up; a module or package may import from its own layer and those below.
LAYERS = (
    ("model", "errors", "display", "filenames", "versions", "precomputed", "rulenames"),
    ("recipe", "text"),
    ("store",),
    ("engine",),
    ("annotate",),
    ("rules",),
    ("page",),
    ("sources",),
    ("stages", "release", "rulebook"),
    ("pipeline",),
    ("verbs",),
    ("cli", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
#: Verbs that read a release, and never import what builds one.
READERS = ("explain", "diff", "index", "publish")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


def imports(module: str) -> set[str]:
    """The modules that ``module`` imports, at its top or later, but for its types alone."""
    nodes, found = [ast.parse(MODULES[module].read_text("utf-8"))], set()
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
            found |= {name if name in MODULES else node.module for name in names}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found & MODULES.keys()


def room(module: str) -> str:
    """The module or package of the root that a module stands in."""
    return module.partition(".")[2].partition(".")[0]


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"corpuskit"}))
def test_imports_run_down(module):
    mine = LEVEL[room(module)]
    above = [name for name in imports(module) if room(name) and LEVEL[room(name)] > mine]
    assert not above, f"{module} imports from above: {above}"


def test_no_circles():
    """A late import may save time, and hides no circle."""
    tuple(TopologicalSorter({module: imports(module) for module in MODULES}).static_order())


@pytest.mark.parametrize("verb", READERS)
def test_what_reads_releases_never_builds_one(verb):
    mine = [module for module in MODULES if module.startswith(f"corpuskit.verbs.{verb}")]
    assert mine
    assert "corpuskit.pipeline" not in {name for module in mine for name in imports(module)}


def test_every_module_has_a_layer():
    assert {room(module) for module in MODULES} - {""} == set(LEVEL)


def test_a_build_loads_what_works_in_its_workers_alone():
    """Importing it is most of what a small build costs its own process."""
    told = "import corpuskit.pipeline, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", told], cwd=ROOT.parent, capture_output=True, text=True, check=True)
    works = ("stages.shardreader", "stages.judging", "stages.datafile", "rules.phrases", "release.write")
    assert not {f"corpuskit.{name}" for name in works} & set(loaded.stdout.split())
