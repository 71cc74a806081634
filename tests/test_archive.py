"""A release as one file, and its signature: the same release gives the same bytes, wherever it is packed."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from corpuskit.cli import run
from corpuskit.cli.packing import packed
from corpuskit.errors import CorpuskitError, OutputError, ReleaseError, UsageError
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.release.archive import archive
from corpuskit.release.signature import sign, verify_signature
from corpuskit.release.sums import identify, read_sums
from corpuskit.verbs.validate import validate

ROOT = Path(__file__).parents[1]
ENDINGS = (".tar.zst", ".zip")
needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    sources = [ROOT / "seeds/th/r*.txt", ROOT / "seeds/lo"]
    return build(sources, Recipe(name="rain", version="1.0.0"), tmp_path_factory.mktemp("dist"), workers=1).path


@pytest.fixture
def release(built, tmp_path):
    """A copy that a test may damage, under another name: the manifest says what a release is called."""
    return shutil.copytree(built, tmp_path / "copy of it")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(path, folder):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            packed.extractall(folder)
    else:
        data = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 and later
            packed.extractall(folder)
    return folder / "rain-1.0.0"


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_but_the_release_decides_the_bytes(built, release, tmp_path, ending):
    expected = digest(archive(built, tmp_path / f"a{ending}"))
    for i, path in enumerate(sorted(release.rglob("*"), reverse=True)):
        os.utime(path, (1_700_000_000 + i, 1_700_000_000 + 7 * i))
        if path.is_file():
            path.chmod(0o600 + i % 2 * 0o055)
    code = (
        "import os, sys; from pathlib import Path; os.umask(0o077)\n"
        "from corpuskit.release.archive import archive; archive(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    env = {**os.environ, "TZ": "Asia/Bangkok", "LC_ALL": "C", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    target = tmp_path / f"b{ending}"
    subprocess.run([sys.executable, "-c", code, release, target], env=env | {"PYTHONPATH": str(ROOT)}, check=True)
    assert digest(target) == expected


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_comes_out_is_the_release(built, tmp_path, ending):
    out = unpack(archive(built, tmp_path / f"packed{ending}"), tmp_path / "out")
    assert validate(out).failures == ()
    assert {name: digest(out / name) for name in read_sums(out)} == read_sums(built)
    assert identify(out) == identify(built)


def test_members_carry_no_trace_of_who_packed_them(built, tmp_path):
    data = zstandard.ZstdDecompressor().stream_reader(archive(built, tmp_path / "x.tar.zst").read_bytes()).read()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = tar.getmembers()
    assert [m.name for m in members] == sorted(m.name for m in members)
    assert {(m.uid, m.gid, m.uname, m.gname, m.mode, m.mtime) for m in members} == {(0, 0, "", "", 0o644, 315_532_800)}
    with zipfile.ZipFile(archive(built, tmp_path / "x.zip")) as packed:
        told = {(i.date_time, i.create_system, i.external_attr >> 16, i.compress_type) for i in packed.infolist()}
    assert told == {((1980, 1, 1, 0, 0, 0), 3, 0o644, zipfile.ZIP_STORED)}


def test_a_stray_file_stays_outside(built, release, tmp_path):
    (release / "notes.txt").write_text("not of the release")
    assert digest(archive(release, tmp_path / "a.zip")) == digest(archive(built, tmp_path / "b.zip"))


def test_a_damaged_release_is_not_packed(release, tmp_path):
    target = tmp_path / "x.zip"
    target.write_bytes(b"an older archive")
    with (release / "README.md").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ReleaseError, match=r"README\.md differs from its sum"):
        archive(release, target)
    assert target.read_bytes() == b"an older archive"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "link", "gone", "data", "", "data/../README.md"])
def test_sums_that_lead_elsewhere_are_refused(release, tmp_path, name):
    (tmp_path / "secret").write_text("secret")
    (release / "link").symlink_to(tmp_path / "secret")
    with (release / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  {name}\n")
    with pytest.raises(ReleaseError):
        read_sums(release)


@pytest.mark.parametrize("name", ["../evil", "{tmp}/evil", ".", "a/b"])
def test_a_manifest_that_leads_elsewhere_is_refused(release, tmp_path, name):
    """Its sums fit: whoever made it chose the name of the archive, and of the folder in it."""
    manifest = json.loads((release / "manifest.json").read_text("utf-8")) | {"name": name.format(tmp=tmp_path)}
    (release / "manifest.json").write_text(json.dumps(manifest))
    sums = "".join(
        f"{digest(path)}  {path.relative_to(release).as_posix()}\n"
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    )
    (release / "SHA256SUMS").write_text(sums)
    for target in (None, tmp_path / "in"):
        (tmp_path / "in").mkdir(exist_ok=True)
        with pytest.raises(ReleaseError, match=r"manifest\.json is damaged"):
            packed(release, "zip", target)
    assert not [*tmp_path.parent.glob("evil*"), *tmp_path.glob("evil*")]


def test_a_release_may_be_reached_by_a_link(built, tmp_path):
    (tmp_path / "link").symlink_to(built)
    assert read_sums(tmp_path / "link") == read_sums(built)


def test_wrong_targets_are_named(built, release, tmp_path):
    with pytest.raises(UsageError, match=r"\.tar\.zst or \.zip"):
        archive(built, tmp_path / "x.rar")
    with pytest.raises(UsageError, match="outside of the release"):
        archive(release, release / "x.zip")
    with pytest.raises(OutputError, match="cannot write"):
        archive(built, tmp_path / "no such folder" / "x.zip")
    with pytest.raises(ReleaseError, match="is no release"):
        archive(tmp_path / "nothing", tmp_path / "x.zip")


@pytest.fixture
def keys(tmp_path):
    """Two keys, and a file that allows the first to sign for its owner."""
    made = [tmp_path / name for name in ("key", "other")]
    for key in made:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (tmp_path / "allowed").write_text("somchai@example.org " + (tmp_path / "key.pub").read_text())
    return made


@needs_ssh
def test_a_signature_holds_for_its_owner_and_these_sums_alone(release, keys, tmp_path):
    allowed = tmp_path / "allowed"
    before = read_sums(release)
    first = sign(release, keys[0]).read_bytes()
    assert verify_signature(release, allowed, "somchai@example.org")
    assert not verify_signature(release, allowed, "anong@example.org")
    assert sign(release, keys[0]).read_bytes() == first
    assert read_sums(release) == before
    sign(release, keys[1])
    assert not verify_signature(release, allowed, "somchai@example.org")
    (release / "SHA256SUMS.sig").write_bytes(first)
    sums = release / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"0", b"1", 1))
    assert not verify_signature(release, allowed, "somchai@example.org")


@needs_ssh
def test_a_signature_made_for_another_purpose_does_not_count(release, keys, tmp_path):
    sums = release / "SHA256SUMS"
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", keys[0], sums], check=True)
    assert (release / "SHA256SUMS.sig").exists()
    assert not verify_signature(release, tmp_path / "allowed", "somchai@example.org")


@needs_ssh
def test_an_archive_holds_the_signature(release, keys, tmp_path):
    sign(release, keys[0])
    out = unpack(archive(release, tmp_path / "signed.zip"), tmp_path / "out")
    assert verify_signature(out, tmp_path / "allowed", "somchai@example.org")


@needs_ssh
def test_validate_says_who_signed(release, keys, tmp_path):
    found = validate(release, signers=tmp_path / "allowed")
    assert [(f.check, f.where) for f in found.failures] == [("signature", "SHA256SUMS.sig")]
    sign(release, keys[0])
    found = validate(release, signers=tmp_path / "allowed")
    assert (found.failures, found.signer) == ((), "somchai@example.org")
    sign(release, keys[1])
    found = validate(release, signers=tmp_path / "allowed")
    assert (found.signer, found.failures[0].problem.endswith("has signed these sums")) == (None, True)
    assert validate(release).failures == ()


@needs_ssh
def test_errors_of_signing_say_what_to_do(release, keys, tmp_path):
    with pytest.raises(UsageError, match="no key at"):
        sign(release, tmp_path / "none")
    with pytest.raises(UsageError, match="cannot sign with"):
        sign(release, tmp_path / "allowed")
    with pytest.raises(ReleaseError, match="is not signed"):
        verify_signature(release, tmp_path / "allowed", "somchai@example.org")
    with pytest.raises(UsageError, match="no file of allowed signers"):
        verify_signature(release, tmp_path / "none", "somchai@example.org")
    assert not (release / "SHA256SUMS.sig").exists()


def test_without_ssh_keygen_the_error_says_so(release, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "key").write_text("any")
    with pytest.raises(CorpuskitError, match="ssh-keygen is not installed"):
        sign(release, tmp_path / "key")


# the command line


@pytest.fixture
def call(capsys):
    """A command in this process: exit code, stdout, stderr."""
    return lambda *args: (run([str(a) for a in args]), *capsys.readouterr())


BUILD = ("build", ROOT / "seeds/lo", "--name", "rain", "--version", "1.0.0", "--workers", "1", "--out", "dist")


@needs_ssh
def test_a_build_is_signed_and_packed_on_request(call, keys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*BUILD, "--sign", keys[0], "--archive", "zip")
    assert (code, out) == (0, "dist/rain-1.0.0\n"), err
    assert "archive: dist/rain-1.0.0.zip" in err
    assert verify_signature(unpack(Path("dist/rain-1.0.0.zip"), Path("out")), Path("allowed"), "somchai@example.org")
    first = digest(Path("dist/rain-1.0.0.zip"))
    code, out, _ = call(*BUILD, "--sign", keys[0], "--archive", "zip", "--json")
    told = json.loads(out)
    assert (told["archive"], told["signature"]) == ("dist/rain-1.0.0.zip", "dist/rain-1.0.0/SHA256SUMS.sig")
    assert digest(Path(told["archive"])) == first
    code, _, err = call("validate", "dist/rain-1.0.0", "--signers", "allowed")
    assert (code, "signed by somchai@example.org" in err) == (0, True)


def test_a_key_that_is_not_there_is_told_before_the_work(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = call(*BUILD, "--sign", "nowhere")
    assert (code, "no key at nowhere" in err, Path("dist").exists()) == (2, True, False)


def test_a_release_is_packed_where_it_lies_or_elsewhere(call, release, tmp_path, monkeypatch):
    code, out, _ = call("archive", release)
    assert (code, out) == (0, f"{tmp_path}/rain-1.0.0.zip\n")
    (tmp_path / "deposit").mkdir()
    code, out, _ = call("archive", release, "--format", "tar.zst", "--out", tmp_path / "deposit")
    assert (code, out) == (0, f"{tmp_path}/deposit/rain-1.0.0.tar.zst\n")
    monkeypatch.chdir(release)
    assert call("archive", ".")[:2] == (0, f"{tmp_path}/rain-1.0.0.zip\n")
    assert call("archive", release, "--format", "rar")[0] == 2


@needs_ssh
def test_sign_and_validate_by_command(call, release, keys, tmp_path):
    code, out, _ = call("validate", release, "--signers", tmp_path / "allowed")
    assert (code, out.startswith("signature: SHA256SUMS.sig: ")) == (1, True)
    assert call("sign", release, "--key", keys[0])[:2] == (0, f"{release}/SHA256SUMS.sig\n")
    told = json.loads(call("validate", release, "--signers", tmp_path / "allowed", "--json")[1])
    assert (told["valid"], told["signer"]) == (True, "somchai@example.org")


def test_without_ssh_keygen_each_command_says_so(call, release, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("key", "allowed"):
        (tmp_path / name).write_text("any")
    (release / "SHA256SUMS.sig").write_text("any")
    for args in (
        ("sign", release, "--key", tmp_path / "key"),
        ("validate", release, "--signers", tmp_path / "allowed"),
    ):
        code, _, err = call(*args)
        assert (code, "ssh-keygen is not installed" in err) == (3, True)
