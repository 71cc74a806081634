"""Imports run down only: a module imports nothing from the layers above it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "corpuskit"
#: From the bottom up; a module may import from its own layer and those below.
LAYERS = (
    (
        "model",
        "errors",
        "display",
        "tomltext",
        "typed",
        "characters",
        "versions",
        "pandasless",
        "patterns",
        "rulenames",
        "processes",
        "addresses",
        "semver",
    ),
    ("withdrawals",),
    ("recipe",),
    ("recipefile", "lines", "places", "store", "objectstore", "engine", "cluster"),
    (
        "segment",
        "typeset", "wrapped",
    ),
    ("sources", "rules", "annotate"),
    ("sharding",),
    ("stages", "release", "rulebook"),
    ("casualties",),
    ("pipeline",),
    ("validate", "explain", "diff", "index", "publish", "learn", "scaffold", "trial", "plan"),
    ("withdraw",),
    ("cli", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
#: Verbs that read a release, and never import what builds one.
READERS = ("explain", "diff", "index", "publish")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0]


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.startswith("corpuskit."):
                yield name.split(".")[1]


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_down(path):
    mine = module_of(path)
    if mine == "__init__":
        return
    above = [name for name in imports(path) if LEVEL[name] > LEVEL[mine]]
    assert not above, f"{mine} imports from above: {above}"


@pytest.mark.parametrize("verb", READERS)
def test_what_reads_releases_never_builds_one(verb):
    files = [path for path in ROOT.rglob("*.py") if module_of(path) == verb]
    assert files
    assert "pipeline" not in {name for path in files for name in imports(path)}


def test_every_module_has_a_layer():
    assert {module_of(p) for p in ROOT.rglob("*.py")} - {"__init__"} == set(LEVEL)
