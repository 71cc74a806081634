"""A release as others read it: ``load_dataset`` offline, streaming or not, never from a stale cache; ``sha256sum``."""

import json
import os
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hostile import hostile_release

from corpuskit.filenames import FOLDERS
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.release.parquet import SCHEMAS
from corpuskit.verbs.validate import validate

ROOT = Path(__file__).parents[1]
#: Versions of datasets that people have → what to install; the client of the Hub changed its names since.
READERS = {
    "2.21": ("datasets==2.21.0", "huggingface_hub<1"),
    "3.6": ("datasets==3.6.0", "huggingface_hub<1"),
    "5": ("datasets>=5,<6",),
}
#: Loads what it is told to and prints one JSON value for each: rows, features and description, or the error.
LOADER = """
import json, sys
from datasets import __version__, load_dataset
def load(path, config, streaming):
    try:
        data = load_dataset(path, *([config] if config else []), split="train", streaming=streaming)
    except ValueError as error:
        return {"error": str(error)}
    info = data.info
    told = {"datasets": __version__, "features": list(data.features)}
    told |= {"description": info.description, "version": str(info.version)}
    return told | {"rows": [{k: str(v) if k == "date" else v for k, v in row.items()} for row in data]}
print(json.dumps([load(*task) for task in json.loads(sys.argv[1])]))
"""


def load(cache: Path, *tasks: tuple[str, str | None, bool], python: str | Path = sys.executable) -> list[dict]:
    """Load (path, config, streaming) in a process of its own: offline, with this cache and no other."""
    env = os.environ | {"HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    env.pop("HF_DATASETS_CACHE", None)
    command = [python, "-W", "ignore", "-c", LOADER, json.dumps(tasks)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows_of(folder: Path) -> list[dict]:
    rows = [row for path in sorted(folder.iterdir()) for row in pq.read_table(path).to_pylist()]
    return [{k: str(v) if k == "date" else v for k, v in row.items()} for row in rows]


def small(folder: Path, text: str, out: Path) -> Path:
    """A release of one page, always of the same name and version."""
    folder.mkdir()
    (folder / "page.txt").write_text(text, "utf-8")
    return build([folder], recipe_from({"name": "same", "version": "1.0.0"}), out, workers=1).path


def test_every_config_loads_offline_streaming_or_not(built, tmp_path):
    tasks = [(str(built), config, streaming) for config in (None, "removed") for streaming in (False, True)]
    normal, streamed, ledger, ledger_streamed = load(tmp_path, *tasks)
    assert normal == streamed
    assert ledger == ledger_streamed
    assert normal["rows"] == rows_of(built / "data")
    assert ledger["rows"] == rows_of(built / "removed")
    assert normal["features"] == SCHEMAS["default"].names
    assert ledger["features"] == SCHEMAS["removed"].names
    assert normal["description"].startswith("seeds 1.0.0, config default, sha256:")
    assert normal["version"] == "1.0.0"


def test_a_rebuilt_release_of_the_same_name_is_not_served_from_the_cache(tmp_path):
    """The cache key of datasets holds no content (huggingface/datasets #2956): the card has to bring it in."""
    first = small(tmp_path / "one", "The first state of the page.", tmp_path / "out1")
    second = small(tmp_path / "two", "The other state of the page", tmp_path / "out2")
    place = tmp_path / "place" / first.name
    for release, text in ((first, "The first state of the page."), (second, "The other state of the page")):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(release, place)
        (loaded,) = load(tmp_path / "cache", (str(place), None, False))
        assert [row["text"] for row in loaded["rows"]] == [text]


def test_a_corpus_without_removals_has_no_ledger(tmp_path):
    release = small(tmp_path / "one", "One page, of which nothing has to go.", tmp_path / "ออก 1")
    assert validate(release).failures == ()
    assert sorted(p.name for p in release.iterdir() if p.is_dir()) == ["data"]
    assert "removed" not in json.loads((release / "manifest.json").read_text("utf-8"))["configs"]
    documents, ledger = load(tmp_path / "cache", (str(release), None, False), (str(release), "removed", False))
    assert len(documents["rows"]) == 1
    assert "'removed' not found" in ledger["error"]


def test_paragraphs_load(tmp_path):
    (tmp_path / "page.txt").write_text("The first paragraph.\n\nThe second one.\n", "utf-8")
    recipe = recipe_from({"name": "small", "version": "1.0.0-rc.1", "output": {"paragraphs": True}})
    release = build([tmp_path / "page.txt"], recipe, tmp_path / "out", workers=1).path
    assert validate(release).failures == ()
    (loaded,) = load(tmp_path / "cache", (str(release), "paragraphs", False))
    assert [row["text"] for row in loaded["rows"]] == ["The first paragraph.", "The second one."]
    assert loaded["version"] == "1.0.0"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum command here")
def test_sha256sum_checks_a_release_without_corpuskit(built, tmp_path):
    assert subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=built, capture_output=True).returncode == 0
    copy = shutil.copytree(built, tmp_path / "copy")
    (copy / "README.md").write_text("changed")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=copy, capture_output=True).returncode == 1


def test_parquet_has_no_metadata_that_old_readers_refuse(built):
    for path in built.rglob("*.parquet"):
        metadata = pq.ParquetFile(path).metadata
        assert b"huggingface" not in (metadata.metadata or {})
        assert metadata.num_rows > 0


def test_the_manifest_names_no_machine_and_no_time(built):
    manifest = (built / "manifest.json").read_text("utf-8")
    for hint in (str(Path.home()), str(built.parent), os.uname().nodename, "T00:", "tmp"):
        assert hint not in manifest


def test_the_recipe_reads_back_from_the_manifest(built):
    recipe = recipe_from(json.loads((built / "manifest.json").read_text("utf-8"))["recipe"])
    assert recipe == Recipe(name="seeds", version="1.0.0", license="cc-by-4.0")


# the readers that people have


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Version → a Python with that version of datasets: this one, or environments of their own, made side by side."""
    here = metadata.version("datasets")
    made = {version: tmp_path_factory.mktemp("datasets") for version in READERS if not here.startswith(f"{version}.")}
    installs = {version: _install(folder, READERS[version]) for version, folder in made.items()}
    said = {version: install.communicate()[1] for version, install in installs.items()}
    failed = [said[version] for version, install in installs.items() if install.returncode]
    if failed:
        pytest.skip(f"old versions of datasets cannot be installed here: {failed[0].strip().splitlines()[-1]}")
    yield dict.fromkeys(READERS, Path(sys.executable)) | {v: folder / "bin" / "python" for v, folder in made.items()}
    for folder in made.values():
        shutil.rmtree(folder)


def _install(folder: Path, packages: tuple[str, ...]) -> subprocess.Popen[str]:
    venv.create(folder, with_pip=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile", *packages]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def two_configs(tmp_path_factory):
    return hostile_release(tmp_path_factory.mktemp("hostile"))


@pytest.mark.slow
@pytest.mark.parametrize("version", READERS)
def test_datasets_of_every_age_load_every_config(readers, two_configs, tmp_path, version):
    """The released example, and one of hostile texts: each config, streaming or not, gives the rows of its files."""
    tasks = [
        (str(release), config, streaming)
        for release in (ROOT / "dist" / "seeds-1.0.0", two_configs)
        for config in json.loads((release / "manifest.json").read_text("utf-8"))["configs"]
        for streaming in (False, True)
    ]
    assert len(tasks) == 10
    for (path, config, streaming), loaded in zip(tasks, load(tmp_path, *tasks, python=readers[version]), strict=True):
        assert loaded.get("datasets", "").startswith(version), loaded
        folder = Path(path) / FOLDERS[config]
        assert loaded["rows"] == rows_of(folder), (path, config, streaming)
        assert loaded["features"] == pq.read_schema(next(folder.iterdir())).names
