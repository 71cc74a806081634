"""Sources, work folder and releases in an object store: a real S3 server on loopback (``tests/s3/server.py``)."""

import hashlib
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("s3fs", reason="needs corpuskit[s3]")
pytest.importorskip("moto.server", reason="needs moto[server]")

from test_pipeline import SCRIPT, contents, corpus, fresh, small, write_corpus  # noqa: F401

from corpuskit import places
from corpuskit.pipeline import build
from corpuskit.places import Folder
from corpuskit.validate import validate

SECRET = "wJalrXUtnFEMIsecret0key1that2shows"


@pytest.fixture(scope="module")
def server():
    command = [sys.executable, "-W", "ignore", str(Path(__file__).parent / "s3" / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        assert address, "the server did not start"
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {
                "AWS_ENDPOINT_URL": address,
                "AWS_ACCESS_KEY_ID": "AKIAshows",
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


def upload(folder: Path, url: str) -> str:
    Folder(url).put({p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()})
    return url


def objects(url: str) -> dict[str, bytes]:
    return {name: Folder(url).read(name) for name in Folder(url).sizes()}


def fault(server: str, **how) -> None:
    query = "&".join(f"{key}={value}" for key, value in how.items())
    urlopen(Request(f"{server}/_fault?{query}", method="PUT")).close()


def test_sources_and_release_in_a_store_give_the_bytes_of_a_disk(corpus, fresh, bucket, tmp_path):
    source = upload(corpus, f"{bucket}/crawl")
    built = build([source], small(), f"{bucket}/releases", workers=1)
    assert built.place == f"{bucket}/releases/t-1.0.0"
    assert objects(built.place) == contents(fresh)
    assert not validate(built.place).failures
    assert contents(build([source], small(), tmp_path / "out", workers=1).path) == contents(fresh)
    assert build([corpus], small(), f"{bucket}/releases", workers=2).existed
