"""Splits: copies and near copies stay together, whatever the workers; a stranger can check it."""

import json
import random
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from corpuskit.errors import RecipeError
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.recipe.tables import Split
from corpuskit.release.splits import SPLITS, split_of
from corpuskit.stages.clusters import components
from corpuskit.stages.near import ALIKE, traits_of
from corpuskit.text.lines import table_of_lines
from corpuskit.verbs.explain import explain
from corpuskit.verbs.validate import validate

SYLLABLES = ("ba", "len", "tor", "mi", "sha", "ku", "vel", "ron", "pi", "das", "hem", "lo", "gar", "ti", "nus", "fe")
NOTICE = (
    "This page was written for a test of splits, and nobody should look for any meaning in the words that it holds."
)


def recipe(**values) -> Recipe:
    split = {"validation": 0.2, "test": 0.2}
    made = {"name": "t", "version": "1.0.0", "split": split, "output": {"shard_bytes": 4096, "paragraphs": True}}
    made["clean"] = {"disable": ["template"]}  # the notice shall be one that many share
    return recipe_from(made | values)


def sentence(chance: random.Random, words: int = 24) -> str:
    made = ["".join(chance.choice(SYLLABLES) for _ in range(chance.randrange(2, 4))) for _ in range(words)]
    return " ".join(made).capitalize() + "."


def edited(text: str, chance: random.Random) -> str:
    """A near copy: in every other paragraph one word is another."""
    paragraphs = [paragraph.split(" ") for paragraph in text.split("\n\n")]
    for words in paragraphs[::2]:
        words[chance.randrange(1, len(words) - 1)] = "altered"
    return "\n\n".join(" ".join(words) for words in paragraphs)


def write_corpus(folder: Path, families: int = 60) -> Path:
    """Families of pages: two near copies, two that share a paragraph, two of one paragraph, one alone with a notice."""
    chance = random.Random(11)
    for i in range(families):
        text = "\n\n".join(sentence(chance) for _ in range(4))
        shares = "\n\n".join([sentence(chance), text.split("\n\n")[2], sentence(chance)])
        short = sentence(chance, 60)
        pages = (
            {"a": text, "z": edited(text, chance)},
            {"a": text, "m": shares},
            {"s": short, "t": edited(short, chance)},
            {"a": f"{text}\n\n{NOTICE}"},
        )[i % 4]
        for kind, page in pages.items():
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{i:03}.txt").write_text(page, "utf-8")
    shutil.copy(folder / "a" / "003.txt", folder / "z" / "copy.txt")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def release(corpus, tmp_path_factory) -> Path:
    return build([corpus], recipe(), tmp_path_factory.mktemp("out"), workers=1).path


def rows(release: Path, config: str = "data", split: str = "*") -> list[dict]:
    return [
        row for path in sorted((release / config).glob(f"{split}-*")) for row in pq.ParquetFile(path).read().to_pylist()
    ]


def placed(release: Path) -> dict[str, tuple[str, str]]:
    """The split and the cluster of each published page."""
    return {row["source_path"]: (split, row["cluster"]) for split in SPLITS for row in rows(release, split=split)}


def contents(release: Path) -> dict[str, bytes]:
    return {p.relative_to(release).as_posix(): p.read_bytes() for p in sorted(release.rglob("*")) if p.is_file()}


def test_copies_and_near_copies_stay_together(release):
    found = placed(release)
    kinds = {0: "az", 1: "am", 2: "st"}
    together = [(f"{a}/{i:03}.txt", f"{b}/{i:03}.txt") for i in range(60) if i % 4 < 3 for a, b in [kinds[i % 4]]]
    assert [pair for pair in together if found[pair[0]] != found[pair[1]]] == []
    assert {split for split, _ in found.values()} == set(SPLITS), "else the test sees nothing"


def test_strangers_and_a_common_notice_make_no_cluster(release):
    sizes = Counter(cluster for _, cluster in placed(release).values())
    assert set(sizes.values()) == {1, 2}


def test_each_document_has_the_split_of_its_cluster_and_paragraphs_follow(release):
    split = recipe().split
    for name, (there, cluster) in placed(release).items():
        assert there == split_of(cluster, split), name
    for there in SPLITS:
        ids = {row["id"] for row in rows(release, split=there)}
        assert {row["id"] for row in rows(release, "paragraphs", there)} == ids
    assert {path.name.partition("-")[0] for path in (release / "removed").iterdir()} == {"train"}


def test_a_release_with_splits_is_valid_and_can_be_rebuilt(release, corpus):
    report = validate(release, [str(corpus)], workers=1)
    assert report.failures == ()
    assert report.verdict == "same bytes"


def test_two_workers_give_the_same_bytes(corpus, release, tmp_path):
    assert contents(build([corpus], recipe(), tmp_path, workers=2).path) == contents(release)


def test_the_size_of_shards_changes_no_split(corpus, release, tmp_path):
    other = recipe(output={"shard_bytes": 1 << 20})
    assert placed(build([corpus], other, tmp_path, workers=1).path) == placed(release)


def test_one_more_document_moves_no_other(corpus, release, tmp_path):
    shutil.copytree(corpus, tmp_path / "corpus")
    (tmp_path / "corpus" / "a" / "0000.txt").write_text(sentence(random.Random(5), 60), "utf-8")
    build([corpus], recipe(), tmp_path / "out", workers=1)
    again = build([tmp_path / "corpus"], recipe(version="1.1.0"), tmp_path / "out", workers=1)
    found = placed(again.path)
    assert found.pop("a/0000.txt")
    assert found == placed(release)
    assert contents(again.path) == contents(
        build([tmp_path / "corpus"], recipe(version="1.1.0"), tmp_path / "new").path
    )


def test_the_card_names_each_split_with_its_count(release):
    header = yaml.safe_load((release / "README.md").read_text("utf-8").split("---\n")[1])
    files, info = header["configs"][0]["data_files"], header["dataset_info"][0]["splits"]
    assert files == [{"split": split, "path": f"data/{split}-*.parquet"} for split in SPLITS]
    assert {i["name"]: i["num_examples"] for i in info} == {s: len(rows(release, split=s)) for s in SPLITS}


def test_load_dataset_gives_the_splits(release, tmp_path):
    from datasets import load_dataset

    for config in ("default", "paragraphs"):
        loaded = load_dataset(str(release), config, cache_dir=str(tmp_path))
        assert list(loaded) == list(SPLITS)
    assert loaded["test"].num_rows == len(rows(release, "paragraphs", "test"))
    assert list(load_dataset(str(release), "removed", cache_dir=str(tmp_path))) == ["train"]


def test_a_split_without_documents_is_left_out(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.txt").write_text(sentence(random.Random(1)), "utf-8")
    made = build([tmp_path / "in"], recipe(), tmp_path / "out", workers=1).path
    (path,) = (made / "data").iterdir()
    assert path.name in {f"{split}-00000-of-00001.parquet" for split in SPLITS}
    assert validate(made).failures == ()


def test_without_shares_there_are_no_splits_and_no_clusters(corpus, tmp_path):
    made = build([corpus], recipe(split={}), tmp_path, workers=1).path
    assert {split for split, _ in placed(made).values()} == {"train"}
    assert {cluster for _, cluster in placed(made).values()} == {None}
    assert not (tmp_path / ".corpuskit-work" / "t" / "clusters").exists()


def test_explain_finds_documents_of_every_split(release):
    for name, (split, _) in list(placed(release).items())[::15]:
        (trace,) = explain(name, release).documents
        assert trace.published, (name, split)


def resum(release: Path) -> None:
    import hashlib

    names = sorted(
        p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file() and p.name != "SHA256SUMS"
    )
    sums = [f"{hashlib.sha256((release / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (release / "SHA256SUMS").write_text("".join(sums))


def problems(release: Path) -> list[str]:
    resum(release)
    failures = validate(release).failures
    assert not [failure for failure in failures if failure.check == "schema"], failures
    return [failure.problem for failure in failures if failure.check == "splits"]


def test_validate_finds_documents_in_the_wrong_split(release, tmp_path):
    shutil.copytree(release, tmp_path / "t")
    a, b = (min((tmp_path / "t" / "data").glob(f"{split}-*")) for split in ("test", "validation"))
    tables = [pq.ParquetFile(path).read() for path in (a, b)]
    for path, table in zip((b, a), tables, strict=True):
        pq.write_table(table, path)
    assert "stands in validation, its cluster belongs to test" in problems(tmp_path / "t")


def test_validate_finds_copies_in_different_clusters(release, tmp_path):
    shutil.copytree(release, tmp_path / "t")
    found = placed(release)
    name = next(f"m/{i:03}.txt" for i in range(1, 60, 4) if found[f"m/{i:03}.txt"][0] == "train")
    path = next(
        p
        for p in (tmp_path / "t" / "data").glob("train-*")
        if name in pq.ParquetFile(p).read()["source_path"].to_pylist()
    )
    table = pq.ParquetFile(path).read()
    changed = table.to_pylist()
    row = next(row for row in changed if row["source_path"] == name)
    names = (f"{n:016x}" for n in range(100))
    row["cluster"] = next(name for name in names if split_of(name, recipe().split) == "train")
    pq.write_table(table.from_pylist(changed, table.schema), path)
    assert problems(tmp_path / "t") == ["names a twin of another cluster"]


def test_shares_that_make_no_sense_are_refused():
    for split in ({"test": 1.0}, {"validation": -0.1}, {"validation": 0.5, "test": 0.5}, {"train": 0.9}):
        with pytest.raises(RecipeError):
            recipe(split=split)


def test_shares_are_kept_and_another_validation_leaves_test_alone():
    names = [f"{n:016x}" for n in range(20_000)]
    small, large = Split(validation=0.01, test=0.05), Split(validation=0.3, test=0.05)
    counts = Counter(split_of(name, small) for name in names)
    assert abs(counts["test"] / 20_000 - 0.05) < 0.005
    assert abs(counts["validation"] / 20_000 - 0.01) < 0.003
    assert [split_of(n, small) == "test" for n in names] == [split_of(n, large) == "test" for n in names]


def linked(a: str, b: str) -> bool:
    lines = table_of_lines([a, b])
    bands, signatures = traits_of([a, b], lines, np.ones(len(lines), bool))
    first, second = (set(bands["band"][bands["doc"] == doc].tolist()) for doc in (0, 1))
    a_bins, b_bins = signatures.view(np.uint8).reshape(2, -1)
    return bool(first & second) and int((a_bins == b_bins).sum()) >= ALIKE


def test_near_copies_are_linked_and_strangers_are_not():
    chance = random.Random(3)
    texts = [sentence(chance, 60) for _ in range(60)]
    assert sum(linked(text, edited(text, chance)) for text in texts) == 60
    assert sum(linked(a, b) for a, b in pairwise(texts)) == 0
    assert not linked("A few words only.", "A few words only."), "too short to say anything"


def test_thai_is_compared_too_and_white_space_does_not_matter():
    text = "ตลาดเช้าริมคลองกลับมาเปิดท่าเรืออีกครั้งหลังชาวบ้านช่วยกันซ่อมเสาและราวจับจนเสร็จเมื่อสัปดาห์ที่แล้ว ลูกค้าประจำมารอตั้งแต่ตีห้า"
    assert linked(text, text.replace("ตีห้า", "หกโมง").replace(" ", "\n\n"))
    assert not linked(text, "รถไฟขบวนพิเศษจะออกจากสถานีในเมืองทุกวันเสาร์ตลอดฤดูหนาวเพื่อพานักท่องเที่ยวขึ้นไปชมทะเลหมอกบนดอยสูง")


def test_components_of_a_long_chain_and_of_random_edges():
    chance = np.random.default_rng(2)
    order = chance.permutation(5_000)
    assert set(components(5_000, order[:-1], order[1:]).tolist()) == {0}
    a, b = chance.integers(0, 3_000, (2, 1_400))
    parent = list(range(3_000))

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        low, high = sorted((root(i), root(j)))
        parent[high] = low
    assert components(3_000, a, b).tolist() == [root(n) for n in range(3_000)]


def test_the_manifest_counts_the_splits_by_their_files(release):
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    names = [file["path"] for file in manifest["configs"]["default"]["files"]]
    assert names == sorted(names, key=lambda name: SPLITS.index(name[5:].partition("-")[0]))
    assert manifest["recipe"]["split"] == {"validation": 0.2, "test": 0.2}
