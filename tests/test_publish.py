"""Publishing for real: huggingface_hub and datasets against a Hub on the loopback interface (tests/hub)."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.recipe.tables import Output
from corpuskit.release.signature import sign

ROOT = Path(__file__).parents[1]
TOKEN = "hf_" + "loopback" * 4
HELD = {".gitattributes"}
FIRST = ("th/r*.txt", "th/salt-field.txt")


class Hub:
    """The server process."""

    def __init__(self, storage):
        self.storage = storage
        command = [sys.executable, ROOT / "tests/hub/server.py", TOKEN, storage]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data), timeout=20) as answer:
            return json.load(answer)

    def fail(self, path, how, method="POST", **more):
        """The next request that matches fails: a status, 'stall', 'corrupt' or 'push' (somebody commits first)."""
        self.ask("/_fault", {"method": method, "path": path, "how": how, **more})

    def push(self, repo, **files):
        return self.ask(f"/_push/{repo}", {name.replace("__", "."): text for name, text in files.items()})["commit"]

    def files(self, repo, revision="main"):
        tree = self.ask(f"/api/datasets/{repo}/tree/{revision}?recursive=true")
        return {f["path"]: f for f in tree if f["type"] == "file"}

    def tags(self, repo):
        return {t["name"]: t["targetCommit"] for t in self.ask(f"/api/datasets/{repo}/refs")["tags"]}

    def commits(self, repo):
        return [(c["id"], c["title"]) for c in self.ask(f"/api/datasets/{repo}/commits/main")]

    def asked(self, method, part):
        return sum(1 for m, path in self.ask("/_log") if m == method and part in path)

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Client:
    """A process that holds the real libraries."""

    def __init__(self, hub, folder, **environment):
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "stderr.txt"
        env = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
        env |= {"HF_ENDPOINT": hub.url, "HF_HOME": str(folder), "HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": "1"}
        env |= {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"} | environment
        command = [sys.executable, ROOT / "tests/hub/client.py"]
        pipe = subprocess.PIPE
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=log, text=True)

    def send(self, do, **arguments):
        order = {k: str(v) if isinstance(v, Path) else v for k, v in arguments.items()}
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()

    def __call__(self, do, **arguments):
        self.send(do, **arguments)
        answer = self.process.stdout.readline()
        assert answer, self.log.read_text()
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    server = Hub(tmp_path_factory.mktemp("xet"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def client(hub, tmp_path_factory):
    made = Client(hub, tmp_path_factory.mktemp("hf"))
    yield made
    made.close()


def made(folder, version, *sources):
    recipe = Recipe(name="river-pages", version=version, license="cc0-1.0", output=Output(paragraphs=True))
    return build([ROOT / "seeds" / s for s in sources], recipe, folder, workers=1).path


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return made(tmp_path_factory.mktemp("first"), "1.0.0", *FIRST)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    return made(tmp_path_factory.mktemp("second"), "1.1.0", *FIRST, "vi/cho-noi.txt")


@pytest.fixture(scope="module")
def other_first(tmp_path_factory):
    return made(tmp_path_factory.mktemp("other"), "1.0.0", "th/r*.txt")


def names(release):
    return sorted(p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file())


def rows(release, folder):
    return [row for p in sorted((release / folder).glob("*.parquet")) for row in pq.read_table(p).to_pylist()]


def plain(value):
    return json.loads(json.dumps(value, default=str))


def test_a_release_is_one_commit_and_a_tag_last(hub, client, first):
    done = client("publish", release=first, repo_id="somchai/one")
    assert sorted(done["uploaded"]) == names(first), done
    assert (done["deleted"], done["unchanged"], done["tag"]) == ([], [], "v1.0.0")
    assert hub.tags("somchai/one") == {"v1.0.0": done["commit"]}
    assert [title for _, title in hub.commits("somchai/one")] == ["Release 1.0.0", "initial commit"]
    assert hub.files("somchai/one").keys() == {*names(first), *HELD}
    assert done["address"] == "hf://datasets/somchai/one@v1.0.0"


def test_a_published_release_loads_by_tag_by_main_and_streaming(hub, client, first, second):
    client("publish", release=first, repo_id="somchai/loaded")
    configs = json.loads((first / "manifest.json").read_text("utf-8"))["configs"]
    assert configs.keys() == {"default", "removed", "paragraphs"}
    folder = {"default": "data"}
    for config in configs:
        expected = plain(rows(first, folder.get(config, config)))
        for streaming in (False, True):
            by_tag = client("load", repo_id="somchai/loaded", config=config, revision="v1.0.0", streaming=streaming)
            assert by_tag.get("rows") == expected, by_tag
    client("publish", release=second, repo_id="somchai/loaded")
    for config in configs:
        expected = plain(rows(second, folder.get(config, config)))
        for streaming in (False, True):
            by_main = client("load", repo_id="somchai/loaded", config=config, streaming=streaming)
            assert by_main.get("rows") == expected, by_main
    by_tag = client("load", repo_id="somchai/loaded", config="default", revision="v1.0.0")
    assert by_tag["rows"] == plain(rows(first, "data"))
    ids = client("read_parquet", address="hf://datasets/somchai/loaded@v1.0.0/data/train-00000-of-00001.parquet")
    assert ids["ids"] == [row["id"] for row in rows(first, "data")]


def test_a_snapshot_of_the_tag_is_the_release_byte_for_byte(client, first):
    client("publish", release=first, repo_id="somchai/snapshot")
    got = client("snapshot", repo_id="somchai/snapshot", revision="v1.0.0")
    expected = {name: hashlib.sha256((first / name).read_bytes()).hexdigest() for name in names(first)}
    assert {name: got[name] for name in got.keys() - HELD} == expected


def test_an_unknown_tag_is_named_by_the_loader(client, first):
    client("publish", release=first, repo_id="somchai/tags")
    assert "v9" in client("load", repo_id="somchai/tags", config="default", revision="v9")["error"]


def test_repeating_changes_nothing(hub, client, first):
    done = client("publish", release=first, repo_id="somchai/twice")
    commits = hub.commits("somchai/twice")
    again = client("publish", release=first, repo_id="somchai/twice")
    assert (again["uploaded"], again["deleted"], again["commit"]) == ([], [], done["commit"])
    assert sorted(again["unchanged"]) == names(first)
    assert hub.commits("somchai/twice") == commits


def test_a_second_version_sends_what_differs_and_deletes_what_is_left_over(hub, client, first, second):
    old = client("publish", release=first, repo_id="somchai/next")
    hub.push("somchai/next", **{"notes__txt": "left over", "old/part.csv": "a,b"})
    done = client("publish", release=second, repo_id="somchai/next")
    assert done["deleted"] == ["notes.txt", "old/part.csv"]
    assert hub.files("somchai/next").keys() == {*names(second), *HELD}
    assert hub.tags("somchai/next") == {"v1.0.0": old["commit"], "v1.1.0": done["commit"]}
    assert hub.files("somchai/next", "v1.0.0").keys() == {*names(first), *HELD}


def test_a_published_version_never_changes(hub, client, first, other_first):
    client("publish", release=first, repo_id="somchai/fixed")
    commits = hub.commits("somchai/fixed")
    refused = client("publish", release=other_first, repo_id="somchai/fixed")
    assert (refused["kind"], refused["code"]) == ("PublishError", 10)
    assert "v1.0.0 with other content" in refused["error"]
    assert "next --version" in refused["error"]
    assert hub.commits("somchai/fixed") == commits


def test_a_run_killed_between_commit_and_tag_is_resumed(hub, client, first, tmp_path):
    hub.fail("/somchai/cut/tag/", "stall")
    cut = Client(hub, tmp_path)
    cut.send("publish", release=first, repo_id="somchai/cut")
    deadline = time.monotonic() + 60
    while not hub.asked("POST", "/somchai/cut/tag/") and time.monotonic() < deadline:
        time.sleep(0.05)
    cut.process.kill()
    cut.close()
    assert len(hub.commits("somchai/cut")) == 2
    assert hub.tags("somchai/cut") == {}
    puts = hub.asked("PUT", "/_lfs/somchai/cut")
    done = client("publish", release=first, repo_id="somchai/cut")
    assert (done["uploaded"], sorted(done["unchanged"])) == ([], names(first))
    assert hub.asked("PUT", "/_lfs/somchai/cut") == puts
    assert hub.tags("somchai/cut") == {"v1.0.0": hub.commits("somchai/cut")[0][0]}


@pytest.mark.parametrize("step", ["repos/create", "REPO/preupload", "REPO.git/info/lfs", "REPO/commit", "REPO/tag"])
def test_a_fault_at_any_step_is_a_clean_error_and_the_next_run_ends_well(hub, client, first, step):
    repo = f"somchai/no-{step.split('/')[-1]}"
    hub.fail(step.replace("REPO", repo), 507)
    failed = client("publish", release=first, repo_id=repo)
    assert failed["kind"] == "Refused", failed
    assert "What to do" in failed["error"]
    assert "told to fail" in failed["error"]
    done = client("publish", release=first, repo_id=repo)
    assert hub.tags(repo) == {"v1.0.0": done["commit"]}
    assert hub.files(repo).keys() == {*names(first), *HELD}


def test_a_stale_parent_is_compared_again_once(hub, client, first):
    hub.push("somchai/race", notes__txt="first")
    hub.fail("/somchai/race/commit/", "push", repo="somchai/race", files={"rival.txt": "came first"})
    done = client("publish", release=first, repo_id="somchai/race")
    assert any("comparing again" in said for said in done["said"])
    assert done["deleted"] == ["notes.txt", "rival.txt"]
    assert hub.files("somchai/race").keys() == {*names(first), *HELD}


def test_a_parent_that_stays_stale_is_an_error(hub, client, first):
    for turn in range(2):
        hub.fail("/somchai/crowd/commit/", "push", repo="somchai/crowd", files={"rival.txt": str(turn)})
    failed = client("publish", release=first, repo_id="somchai/crowd")
    assert "A commit has happened since" in failed["error"]
    assert "run the same command again" in failed["error"]
    assert hub.tags("somchai/crowd") == {}


def test_content_that_differs_afterwards_is_not_tagged(hub, client, first):
    hub.fail("/somchai/spoilt/commit/", "corrupt")
    failed = client("publish", release=first, repo_id="somchai/spoilt")
    assert "holds other content than was sent (manifest.json)" in failed["error"]
    assert hub.tags("somchai/spoilt") == {}
    assert client("publish", release=first, repo_id="somchai/spoilt")["uploaded"] == ["manifest.json"]


def test_a_gitignore_in_the_repository_hides_nothing(hub, client, first):
    hub.push("somchai/ignoring", __gitignore="*.json\n*.parquet\n")
    done = client("publish", release=first, repo_id="somchai/ignoring")
    assert sorted(done["uploaded"]) == names(first), done
    assert hub.files("somchai/ignoring").keys() == {*names(first), *HELD}


@pytest.mark.parametrize("token", ["hf_" + "wrong" * 7, "secret-without-prefix", "hf_two\nlines", "hf_ไทย"])
def test_a_bad_token_is_refused_and_not_shown(client, first, token):
    failed = client("publish", release=first, repo_id="somchai/closed", token=token)
    assert token not in json.dumps(failed, ensure_ascii=False)
    assert "token" in failed["error"]
    assert "Traceback" not in client.log.read_text()


def test_no_token_is_shown_or_written_anywhere(hub, client, first):
    hub.fail("/somchai/leaky/commit/", 400, message=f"bad request by {TOKEN}")
    failed = client("publish", release=first, repo_id="somchai/leaky")
    assert "bad request by hf_…" in failed["error"]
    assert TOKEN not in json.dumps(failed)
    assert TOKEN not in client.log.read_text()
    assert not any(TOKEN.encode() in path.read_bytes() for path in first.rglob("*") if path.is_file())


def test_secrets_of_the_environment_stay_out_of_a_release(first, tmp_path, monkeypatch):
    for name in ("HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.setenv(name, TOKEN)
    again = made(tmp_path, "1.0.0", *FIRST)
    assert (again / "SHA256SUMS").read_bytes() == (first / "SHA256SUMS").read_bytes()


@pytest.mark.skipif(importlib.util.find_spec("hf_xet") is None, reason="hf_xet is not installed")
def test_publishing_through_xet_as_the_real_hub_asks_for(hub, first, tmp_path):
    xet = Client(hub, tmp_path, HF_HUB_DISABLE_XET="0")
    done = xet("publish", release=first, repo_id="somchai/xet")
    xet.close()
    assert sorted(done.get("uploaded", ())) == names(first), done
    assert hub.tags("somchai/xet") == {"v1.0.0": done["commit"]}
    assert not hub.asked("POST", "/somchai/xet.git/info/lfs")
    assert any(path.is_file() for path in hub.storage.rglob("*"))


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed")
def test_a_signature_travels_with_the_release_and_may_come_later(hub, client, tmp_path):
    release = made(tmp_path, "1.0.0", *FIRST)
    client("publish", release=release, repo_id="somchai/late")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    sign(release, tmp_path / "key")
    assert "SHA256SUMS.sig" in client("publish", release=release, repo_id="somchai/signed").get("uploaded", ())
    late = client("publish", release=release, repo_id="somchai/late")
    assert (late["uploaded"], hub.files("somchai/late").keys()) == ([], hub.files("somchai/late", "v1.0.0").keys())


def test_a_dry_run_changes_nothing(hub, client, first, second):
    planned = client("publish", release=first, repo_id="somchai/dry", dry_run=True)
    assert sorted(planned["uploaded"]) == names(first)
    assert planned["commit"] == ""
    client("publish", release=first, repo_id="somchai/dry")
    hub.push("somchai/dry", notes__txt="left over")
    before = (hub.commits("somchai/dry"), hub.tags("somchai/dry"))
    planned = client("publish", release=second, repo_id="somchai/dry", dry_run=True)
    assert planned["deleted"] == ["notes.txt"]
    assert "README.md" in planned["uploaded"]
    assert (hub.commits("somchai/dry"), hub.tags("somchai/dry")) == before


def test_a_private_release_is_not_sent_to_a_public_repository(hub, client, first):
    done = client("publish", release=first, repo_id="somchai/secret", private=True)
    assert done.get("tag") == "v1.0.0", done
    assert client("publish", release=first, repo_id="somchai/secret")["uploaded"] == []
    hub.push("somchai/open", notes__txt="public")
    assert "everybody can read it" in client("publish", release=first, repo_id="somchai/open", private=True)["error"]


def test_what_is_no_valid_release_is_not_sent(hub, client, first, tmp_path):
    copy = tmp_path / "damaged"
    for name in names(first):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((first / name).read_bytes())
    (copy / "sources.parquet").write_bytes(b"nothing")
    failed = client("publish", release=copy, repo_id="somchai/damaged")
    assert (failed["kind"], "sources.parquet" in failed["error"]) == ("PublishError", True), failed
    assert client("publish", release=tmp_path, repo_id="somchai/damaged")["kind"] == "ReleaseError"
    assert not hub.asked("POST", "/somchai/damaged/")


@pytest.mark.parametrize("repo_id", ["river-pages", "a/b/c", "a/../b", "/x", "a/b c", "somchai/"])
def test_a_repository_is_named_user_and_name(client, first, repo_id):
    failed = client("publish", release=first, repo_id=repo_id)
    assert (failed["kind"], failed["code"]) == ("UsageError", 2)


def test_the_recipe_may_name_the_repository(hub, client, tmp_path):
    recipe = Recipe(name="river-pages", version="1.0.0", repo_id="somchai/of-recipe")
    release = build([ROOT / "seeds" / "lo"], recipe, tmp_path, workers=1).path
    assert client("publish", release=release, repo_id="")["address"] == "hf://datasets/somchai/of-recipe@v1.0.0"
    done = client("publish", release=release, repo_id="somchai/elsewhere")
    assert (done["tag"], done["said"][0]) == (
        "v1.0.0",
        "note: the card of this release loads it from somchai/of-recipe",
    )


def test_without_a_hub_the_error_says_so(hub, first, tmp_path):
    class Gone:
        url = "http://127.0.0.1:9"

    alone = Client(Gone, tmp_path)
    failed = alone("publish", release=first, repo_id="somchai/away")
    alone.close()
    assert (failed["kind"], failed["code"]) == ("Refused", 10), failed
    assert "HF_ENDPOINT" in failed["error"]
