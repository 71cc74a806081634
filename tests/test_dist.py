"""The committed release: rebuilt from seeds/ byte for byte, and named in INDEX.md."""

import json
from pathlib import Path

import pytest

from corpuskit.pipeline import build
from corpuskit.recipe.file import read_recipe
from corpuskit.verbs.index import write_index
from corpuskit.versions import versions

ROOT = Path(__file__).parents[1]
RECIPE = read_recipe(ROOT / "corpus.toml")
COMMITTED = ROOT / "dist" / f"{RECIPE.name}-{RECIPE.version}"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory) -> Path:
    sources = [ROOT / source for source in RECIPE.sources]
    return build(sources, RECIPE, tmp_path_factory.mktemp("dist"), workers=2).path


def manifest(release: Path) -> dict:
    return json.loads((release / "manifest.json").read_text("utf-8"))


def test_the_committed_release_is_rebuilt(rebuilt):
    mine, theirs = manifest(rebuilt), manifest(COMMITTED)
    for config, facts in theirs["configs"].items():
        assert mine["configs"][config]["content_digest"] == facts["content_digest"], config


def test_byte_for_byte_with_the_same_versions(rebuilt):
    if manifest(COMMITTED)["versions"] != versions():
        pytest.skip(f"the release was built with {manifest(COMMITTED)['versions']}, here are {versions()}")
    files = sorted(p.relative_to(COMMITTED) for p in COMMITTED.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(rebuilt) for p in rebuilt.rglob("*") if p.is_file())
    assert [p for p in files if (COMMITTED / p).read_bytes() != (rebuilt / p).read_bytes()] == []


def test_the_index_is_fresh():
    assert write_index(RECIPE, ROOT, ROOT / "dist", check=True)
