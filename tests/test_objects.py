"""Sources, work folder and releases in an object store: a real S3 server on loopback (``tests/s3/server.py``)."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest

pytest.importorskip("s3fs", reason="needs corpuskit[s3]")
pytest.importorskip("moto.server", reason="needs moto[server]")

import test_pipeline
from test_pipeline import contents, write_corpus

from corpuskit.cli import run
from corpuskit.errors import OutputError, ReleaseError, VersionExists
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.recipe.file import read_recipe
from corpuskit.sources.listing import list_sources
from corpuskit.store import places
from corpuskit.store.objectstore import RemoteArray
from corpuskit.store.places import Folder
from corpuskit.verbs.plan import plan
from corpuskit.verbs.validate import validate
from corpuskit.verbs.withdraw import withdraw

SHARD = 65536
SCRIPT = test_pipeline.SCRIPT.replace("4096", str(SHARD)).replace(".path", ".place")
#: Which object of a build is the manifest, from the last one on: two follow for the record, and two for the outcome.
MANIFEST = -5
KEY, SECRET = "AKIA0THAT1SHOWS", "a0secret1key2that3shows"


def small() -> Recipe:
    """A recipe that cuts the corpus into a few shards: every step costs requests."""
    return test_pipeline.small(output={"shard_bytes": SHARD})


@pytest.fixture(scope="module")
def server():
    command = [sys.executable, "-W", "ignore", str(Path(__file__).parent / "s3" / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        assert address, "the server did not start"
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {
                "AWS_ENDPOINT_URL": address,
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_DEFAULT_REGION": "us-east-1",
            }.items():
                patch.setenv(name, value)
            places.client.cache_clear()
            yield address
        places.client.cache_clear()
        process.stdin.close()


@pytest.fixture
def bucket(server, request):
    """The address of a new bucket."""
    name = "b-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    places.client().mkdir(f"s3://{name}")
    return f"s3://{name}"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), pages=9)


@pytest.fixture(scope="module")
def fresh(corpus, tmp_path_factory) -> dict[str, bytes]:
    """The files of the release that a build on a disk makes."""
    return contents(build([corpus], small(), tmp_path_factory.mktemp("fresh"), workers=1).path)


@pytest.fixture
def source(corpus, bucket) -> str:
    """The corpus in a store."""
    return upload(corpus, f"{bucket}/crawl")


def upload(folder: Path, url: str) -> str:
    Folder(url).put({p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()})
    return url


def objects(url: str) -> dict[str, bytes]:
    return {name: Folder(url).read(name) for name in Folder(url).sizes()}


def fault(server: str, **how) -> None:
    """Make the server fail (see its docstring); without arguments, let it work again."""
    query = "&".join(f"{key}={value}" for key, value in how.items())
    urlopen(Request(f"{server}/_fault?{query}", method="PUT")).close()


def count(server: str) -> dict[str, int]:
    with urlopen(f"{server}/_count") as answer:
        return json.load(answer)


def start(source: str, out: str, home: Path, workers: int = 1) -> subprocess.Popen:
    """A build in a process of its own, on a machine of its own as far as it can tell."""
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT, source, out, str(workers)]
    env = os.environ | {"TMPDIR": str(home)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=env, start_new_session=True, text=True, **pipes)


def test_sources_and_release_in_a_store_give_the_bytes_of_a_disk(source, fresh, bucket, tmp_path):
    built = build([source], small(), f"{bucket}/releases", workers=1)
    assert built.place == f"{bucket}/releases/t-1.0.0"
    assert objects(built.place) == fresh
    report = validate(built.place, [source], workers=1)
    assert not report.failures
    assert report.verdict == "same bytes"
    assert not list(tmp_path.glob("corpuskit-*/*/*")), "nothing of it stays on this machine"


def test_a_takedown_reaches_releases_and_steps_in_a_store(source, bucket, tmp_path):
    (tmp_path / "corpus.toml").write_text(
        f'name = "t"\nversion = "1.0.0"\n[output]\nshard_bytes = {SHARD}\n[split]\ntest = 0.2\n'
    )
    recipe, out = tmp_path / "corpus.toml", f"{bucket}/releases"
    build([source], read_recipe(recipe), out, workers=1)
    done = withdraw([("file", "p0/000.txt")], "ticket 7", recipe, out)
    assert (done.releases, done.documents, done.version) == ((f"{out}/t-1.0.0",), 1, "2.0.0")
    again = build([source], replace(read_recipe(recipe), version="2.0.0"), out, workers=1)
    assert not validate(again.place).failures
    steps = objects(f"{out}/.corpuskit-work/t")
    assert any(b"p0/005.txt" in data for data in steps.values()), "else the test sees nothing"
    assert not [name for name, data in steps.items() if b"p0/000.txt" in data]


def test_a_rebuild_in_a_store_does_no_step_again(source, fresh, bucket, server):
    first = build([source], small(), f"{bucket}/releases", workers=1)
    fault(server)
    again = build([source], small(), f"{bucket}/releases", workers=2)
    assert (count(server).get("PUT", 0), count(server).get("GET in crawl", 0)) == (0, 0)
    assert (first.existed, again.existed) == (False, True)
    assert objects(again.place) == fresh


def test_a_rebuild_fetches_only_what_was_written_since(corpus, source, bucket, server, tmp_path):
    """Known by tag and time: also what has the same size as before, and never more than its shard."""
    build([source], small(), f"{bucket}/releases", workers=1)
    name, *_ = (p.relative_to(corpus).as_posix() for p in sorted(corpus.rglob("*.txt")))
    ours = tmp_path / "ours"
    shutil.copytree(corpus, ours)
    text = (ours / name).read_bytes()
    (ours / name).write_bytes(text[:-3] + b"end")
    time.sleep(1)  # the clock of a store may tell seconds
    Folder(source).put({name: ours / name})
    fault(server)
    again = build([source], replace(small(), version="1.1.0"), f"{bucket}/releases", workers=1)
    fetched = count(server)["GET in crawl"]
    assert 1 <= fetched < len(list(corpus.rglob("*"))) / 4
    whole = build([ours], replace(small(), version="1.1.0"), tmp_path / "out", workers=1).path
    assert objects(again.place) == contents(whole)


LISTED = ("a.txt", "a/b.txt", "a/b/c.html", "a-b.txt", "z.jsonl.gz", ".hid/x.txt", "d/n.bin", "ก/ข.txt", "e/[x].txt")


@pytest.mark.parametrize(
    "given",
    [[""], ["a"], ["a.txt"], ["a.txt", "ก"], ["*.txt"], ["**/*.txt"], ["*/b*"], ["[ae]*"], ["e/[x].txt"], ["a", "a*"]],
)
def test_a_store_is_listed_as_a_disk_is(bucket, tmp_path, given):
    for name in (*LISTED, *(f"old/{name}" for name in ("manifest.json", "SHA256SUMS", "data/x.parquet"))):
        (tmp_path / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "s" / name).write_text(name, "utf-8")
    upload(tmp_path / "s", bucket)
    there = list_sources([f"{bucket}/{name}".rstrip("/") for name in given])
    here = list_sources([str(tmp_path / "s" / name) for name in given])
    assert [(f.name, f.size) for f in there.files] == [(f.name, f.size) for f in here.files]
    assert there.unreadable == here.unreadable
    assert there.files


def test_the_output_inside_a_source_is_no_source(source, fresh, bucket):
    Folder(f"{source}/out/.corpuskit-work/t").create("x.txt", b"text")
    assert objects(build([source], small(), f"{source}/out", workers=1).place) == fresh


def test_a_plan_for_a_store_tells_what_is_to_do_and_writes_nothing(source, bucket):
    before = Folder(bucket).sizes()
    assert not plan([source], small(), f"{bucket}/out", workers=1).nothing
    assert Folder(bucket).sizes() == before
    build([source], small(), f"{bucket}/out", workers=1)
    assert plan([source], small(), f"{bucket}/out", workers=1).nothing


@pytest.fixture(scope="module")
def puts(server, corpus) -> int:
    """How many objects a whole build writes."""
    places.client().mkdir("s3://counted")
    source = upload(corpus, "s3://counted/crawl")
    fault(server)
    build([source], small(), "s3://counted/out", workers=1)
    return count(server)["PUT"]


@pytest.mark.parametrize("at", [1, 9, -7, MANIFEST, MANIFEST + 1])
def test_a_build_killed_at_any_request_leaves_a_whole_release_or_none_and_goes_on(
    source, fresh, bucket, server, puts, tmp_path, at
):
    out = f"{bucket}/out"
    process = start(source, out, tmp_path / "far")
    fault(server, method="PUT", at=at if at > 0 else puts + 1 + at, kill=process.pid)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    if at == MANIFEST + 1:
        assert objects(f"{out}/t-1.0.0") == fresh
    else:
        with pytest.raises(ReleaseError, match="manifest"):
            validate(f"{out}/t-1.0.0")
    fault(server)
    assert objects(build([source], small(), out, workers=1).place) == fresh
    assert {name.partition("/")[0] for name in Folder(out).sizes()} == {".corpuskit-work", "t-1.0.0"}
    assert not [name for name in Folder(out).sizes() if name.endswith(".claim")]


@pytest.mark.slow
@pytest.mark.parametrize("same", [True, False])
def test_two_machines_that_build_one_version_never_mix(source, fresh, bucket, tmp_path, same):
    runs = [
        start(place, f"{bucket}/out", tmp_path / str(i))
        for i, place in enumerate((source, source if same else f"{source}/p0"))
    ]
    told = [run.communicate()[1] for run in runs]
    done = [run.returncode == 0 for run in runs]
    assert any(done), told
    assert same or not all(done)
    assert not validate(f"{bucket}/out/t-1.0.0").failures
    for text, fine in zip(told, done, strict=True):
        assert fine or re.search("OutputError|VersionExists", text), text


def test_a_published_version_never_changes(source, bucket):
    built = build([f"{source}/p0"], small(), f"{bucket}/out", workers=1)
    before = objects(built.place)
    with pytest.raises(VersionExists, match="never changes"):
        build([f"{source}/p1"], small(), f"{bucket}/out", workers=1)
    assert objects(built.place) == before


def test_two_builds_never_mix_their_files(source, bucket):
    """One that was cut while it published keeps others with other content out."""
    claim = ".corpuskit-work/t-1.0.0.claim"
    assert Folder(f"{bucket}/out").create(claim, b"the id of another release")
    with pytest.raises(OutputError, match=rf"delete {bucket}/out/{claim}"):
        build([f"{source}/p0"], small(), f"{bucket}/out", workers=1)
    assert not Folder(f"{bucket}/out/t-1.0.0").sizes()


def test_validate_sees_what_is_wrong_in_a_store(source, bucket):
    place = build([f"{source}/p0"], small(), f"{bucket}/out", workers=1).place
    Folder(place).create("stray.txt", b"x")
    Folder(place).delete(["README.md"])
    assert {(f.where, f.problem.partition(":")[0]) for f in validate(place).failures} == {
        ("stray.txt", "stray"),
        ("README.md", "missing"),
    }
    Folder(place).create("../up.txt", b"x")
    with pytest.raises(ReleaseError, match=r"\.\./up\.txt"):
        validate(place)


LOADER = """
import json, sys
from datasets import load_dataset
import pyarrow.dataset as ds, s3fs
place = sys.argv[1]
fs = s3fs.S3FileSystem()
manifest = json.loads(fs.cat(place + "/manifest.json"))
files = [f"{place}/{f['path']}" for f in manifest["configs"]["default"]["files"]]
loaded = load_dataset("parquet", data_files=files, split="train", storage_options={"anon": False})
arrow = ds.dataset([f.removeprefix("s3://") for f in files], filesystem=fs).to_table()
assert loaded["text"][:] == arrow.column("text").to_pylist()
print(len(loaded), manifest["counts"]["published"])
"""


def test_others_load_a_release_from_a_store(source, bucket, tmp_path):
    place = build([f"{source}/p0"], small(), f"{bucket}/out", workers=1).place
    env = os.environ | {"HF_HOME": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", LOADER, place]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded, published = map(int, done.stdout.split())
    assert loaded == published > 0


FAULTS = {
    "denied": ({"code": 403, "error": "AccessDenied"}, "the store denies access"),
    "failing": ({"code": 500, "error": "InternalError"}, r"the store failed \(InternalError\)"),
}


@pytest.mark.parametrize(("method", "code"), [("GET", 4), ("PUT", 7)])
@pytest.mark.parametrize("kind", FAULTS)
def test_a_store_that_fails_is_one_clear_line(server, source, tmp_path, capsys, monkeypatch, kind, method, code):
    monkeypatch.setattr(places.client(), "retries", 1)
    answer, words = FAULTS[kind]
    fault(server, method=method, at=1, **answer)
    out = str(tmp_path) if method == "GET" else f"{source}/out"
    assert (
        run(["build", source, "--name", "t", "--version", "1.0.0", "--out", out, "--workers", "1", "--quiet"]) == code
    )
    fault(server)
    told = capsys.readouterr()
    assert re.fullmatch(rf"Error: cannot [a-z]+ {source}\S*: {words}.*\n", told.err)
    assert SECRET not in told.err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["build", "s3://no-such-bucket/x"], 4, "there is no such bucket"),
        (["build", "BUCKET/nothing"], 4, "no such source"),
        (["build", "s3://key:word@bucket/x"], 2, "without credentials in it"),
        (["build", "s3://"], 2, "a place is a path or s3://"),
        (["build", "s3://b*/x"], 2, "a place is a path or s3://"),
        (["build", "gs://bucket/x"], 2, "a place is a path or s3://"),
        (["build", "BUCKET/x", "tests"], 4, "not in both"),
        (["build", "seeds", "--out", "s3://no-such-bucket/x"], 7, "there is no such bucket"),
        (["build", "seeds", "--out", "hdfs://x"], 2, "a place is a path or s3://"),
        (["validate", "BUCKET/nothing"], 8, "no release"),
        (["validate", "s3://no-such-bucket/x"], 8, "there is no such bucket"),
        (["index", "--out", "BUCKET"], 2, "copy the release"),
        (["explain", "x", "--release", "BUCKET"], 2, "copy the release"),
        (["publish", "BUCKET", "--repo-id", "a/b"], 2, "copy the release"),
        (["diff", "seeds", "BUCKET"], 2, "copy the release"),
        (["archive", "BUCKET"], 2, "copy the release"),
        (["sign", "BUCKET", "--key", "k"], 2, "copy the release"),
        (["withdraw", "--url", "https://a.example/", "--out", "BUCKET"], 2, "copy the release"),
    ],
)
def test_a_wrong_address_is_one_clear_line(bucket, capsys, args, code, words):
    named = ["--name", "n", "--version", "1.0.0", "--quiet"] if args[0] == "build" else []
    assert run([arg.replace("BUCKET", bucket) for arg in args] + named) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.count("\n") == 1
    assert "word" not in told.err


def test_no_secret_reaches_the_release_the_work_or_the_words(source, bucket, tmp_path):
    process = start(source, f"{bucket}/out", tmp_path / "far", workers=2)
    told = "".join(process.communicate())
    assert process.returncode == 0, told
    kept = b"".join(objects(f"{bucket}/out").values())
    for secret in (SECRET, KEY):
        assert secret not in told
        assert secret.encode() not in kept


@pytest.mark.parametrize("rows", [0, 1, 100, 5000])
def test_the_rows_of_an_array_are_read_in_part(bucket, tmp_path, rows):
    array = np.zeros(rows, [("a", "<u8"), ("b", "<i4")])
    array["a"] = np.arange(rows)
    np.save(tmp_path / "x.npy", array)
    upload(tmp_path, bucket)
    there = RemoteArray(Folder(bucket), "x.npy")
    assert len(there) == rows
    for part in (slice(None), slice(0, 1), slice(rows // 2, rows), slice(rows, None), slice(90, 4000), slice(3, 2)):
        assert there[part].tolist() == array[part].tolist()
