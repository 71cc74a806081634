"""croissant.json: the release in the words of dataset search; read here by the reference implementation."""

import importlib.util
import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.filenames import FOLDERS
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.recipe.tables import Output
from corpuskit.release.croissant import croissant
from corpuskit.release.parquet import SCHEMAS

ROOT = Path(__file__).parents[1]
RECIPE = Recipe(
    name="market-pages",
    version="1.2.0-rc.1",
    license="cc-by-4.0",
    pretty_name="หน้าเว็บตลาด",
    homepage="https://corpus.example.org/",
    citation="@misc{market, title={Market pages}}",
    output=Output(paragraphs=True),
)
#: Reads every record of every record set, as text.
READER = """
import json, sys
import mlcroissant
dataset = mlcroissant.Dataset(jsonld=sys.argv[1])
plain = lambda v: v.decode() if isinstance(v, bytes) else [plain(x) for x in v] if isinstance(v, list) else v
record = lambda row: {k: plain(v) for k, v in row.items()}
rows = {r.id: [record(row) for row in dataset.records(r.id)] for r in dataset.metadata.record_sets}
print(json.dumps({"errors": sorted(dataset.metadata.ctx.issues.errors), "rows": rows}, default=str))
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release whose ledger has two files: one source cannot be read."""
    folder = tmp_path_factory.mktemp("sources")
    for path in [*(ROOT / "seeds/th").glob("*.txt"), ROOT / "seeds/th/bird-notes.jsonl"]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "picture.bin").write_bytes(b"\0\1\2")
    return build([folder], RECIPE, tmp_path_factory.mktemp("dist"), workers=1).path


@pytest.fixture(scope="module")
def manifest(release):
    return json.loads((release / "manifest.json").read_text("utf-8"))


def test_only_recipe_and_manifest_decide(manifest):
    made = croissant(RECIPE, manifest)
    assert json.dumps(made) == json.dumps(croissant(RECIPE, json.loads(json.dumps(manifest))))
    assert "date" not in " ".join(key.lower() for key in made)
    assert (made["name"], made["version"], made["license"]) == ("หน้าเว็บตลาด", "1.2.0-rc.1", "cc-by-4.0")
    assert made["inLanguage"][0] == "th"


def test_every_column_of_every_config_is_described(manifest):
    made = croissant(RECIPE, manifest)
    told = {r["@id"]: [f["source"]["extract"]["column"] for f in r["field"]] for r in made["recordSet"]}
    assert told == {config: SCHEMAS[config].names for config in manifest["configs"]}
    assert {s["includes"] for s in made["distribution"]} == {f"{FOLDERS[c]}/*.parquet" for c in manifest["configs"]}


def test_a_config_without_rows_has_no_record_set(manifest):
    alone = {**manifest, "configs": {"default": manifest["configs"]["default"]}}
    assert [r["@id"] for r in croissant(RECIPE, alone)["recordSet"]] == ["default"]


def test_what_the_recipe_leaves_out_is_left_out(manifest):
    made = croissant(Recipe(name="x", version="1.0.0"), {**manifest, "languages": {"und-Latn": 3}})
    assert not made.keys() & {"url", "license", "citeAs", "inLanguage", "datePublished"}
    assert all(value for key, value in made.items() if key != "isLiveDataset")


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A Python that has mlcroissant: this one, or one of its own (its requirements are no business of ours)."""
    if importlib.util.find_spec("mlcroissant"):
        yield sys.executable
        return
    folder = tmp_path_factory.mktemp("croissant")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "mlcroissant>=1.1", "pyarrow"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mlcroissant is not installed and cannot be: {done.stderr.strip().splitlines()[-1]}")
    yield python
    shutil.rmtree(folder)


@pytest.mark.slow
def test_the_reference_implementation_reads_every_record(release, manifest, reader):
    path = release / "croissant.json"
    path.write_text(json.dumps(croissant(RECIPE, manifest), ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([reader, "-c", READER, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == []
    for config in manifest["configs"]:
        files = sorted((release / FOLDERS[config]).glob("*.parquet"))
        expected = [row for p in files for row in pq.read_table(p).to_pylist()]
        assert comparable(told["rows"][config], config) == comparable(expected, "")


def comparable(rows, prefix):
    """Rows without the record set's name in their keys; dates as days; in any order (a file set has none)."""
    plain = [
        {k.removeprefix(f"{prefix}/"): str(v)[:10] if k.endswith("/date") or k == "date" else v for k, v in row.items()}
        for row in rows
    ]
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in plain)
