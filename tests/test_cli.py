"""The command line: stdout is the result, stderr is talk, every error is one line with its exit code."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest

from corpuskit import __version__, errors
from corpuskit.cli import cli, run
from corpuskit.filenames import WORK
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.recipe.file import read_recipe
from corpuskit.recipe.scaffold import corpus_toml, init
from corpuskit.verbs.validate import validate

ROOT = Path(__file__).parents[1]
PAGE = "คนเลี้ยงควายในหมู่บ้านรวมกลุ่มกันทำปุ๋ยหมักมาสี่ปีแล้ว ปุ๋ยที่ได้ขายให้สวนผลไม้ข้างเคียงในราคาที่ทุกคนพอใจ"
OTHER = "ปีนี้ฝนมาเร็ว กองปุ๋ยจึงต้องคลุมผ้าใบไว้ทั้งวัน แต่กลิ่นดินหลังฝนก็ทำให้คนทำงานยิ้มออกได้เสมอแม้จะเหนื่อย"


def corpuskit(*args, **options):
    """The command in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | options.pop("env", {})
    command = [sys.executable, "-m", "corpuskit", *args]
    return subprocess.run(command, capture_output=True, env=env, check=False, timeout=120, **options)


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """The command in this process, in a folder of its own: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def called(*args):
        code = run([*args, "--workers", "1"] if args[:1] == ("build",) else args)
        return code, *capsys.readouterr()

    return called


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(f"ปุ๋ยหมักบ้านควาย\n\n{PAGE}\n", "utf-8")
    (folder / "b.txt").write_text(f"\ufeff{OTHER}\n\n{PAGE}\n", "utf-8")
    (folder / "c.txt").write_bytes(b"\xff\xfe\xff")
    return folder


def one_error(err):
    """The last line of stderr is the error, and no traceback came before it."""
    lines = err.splitlines()
    assert lines[-1].startswith("Error: ")
    assert "Traceback" not in err
    assert not any(line.startswith("Error: ") for line in lines[:-1])
    return lines[-1]


def test_build_prints_its_path_and_nothing_else(pages):
    done = corpuskit("build", "pages", "--name", "buffalo", "--version", "1.0.0", cwd=pages.parent)
    assert (done.returncode, done.stdout) == (0, b"dist/buffalo-1.0.0\n")
    talk = done.stderr.decode()
    assert "2 documents" in talk
    assert "not read: c.txt: " in talk
    assert "duplicate" in talk
    assert "\x1b" not in talk  # no terminal, no colours
    again = corpuskit("build", "pages", "--name", "buffalo", "--version", "1.0.0", "--quiet", cwd=pages.parent)
    assert (again.returncode, again.stdout, again.stderr) == (0, b"dist/buffalo-1.0.0\n", b"")


def test_build_can_answer_in_json(call, pages):
    args = ("build", "pages", "--name", "n", "--version", "1.0.0", "--out", "deep/er", "--json")
    code, out, _ = call(*args)
    told = json.loads(out)
    assert (code, out.count("\n"), told["path"]) == (0, 1, "deep/er/n-1.0.0")
    sums = Path(told["path"], "SHA256SUMS").read_bytes()
    assert told["release_id"] == hashlib.sha256(sums).hexdigest()
    manifest = json.loads(Path(told["path"], "manifest.json").read_text("utf-8"))
    assert (told["counts"], told["rules"]) == (manifest["counts"], manifest["rules"])
    assert (told["quarantined"], told["existed"]) == (1, False)
    assert json.loads(call(*args)[1])["existed"]


def test_sources_and_names_come_from_the_recipe(call, pages):
    """Paths of a recipe are relative to its folder; the command line goes before it."""
    (pages.parent / "sub [1]").mkdir()
    pages.rename(pages.parent / "sub [1]" / "pages")
    recipe = pages.parent / "sub [1]" / "corpus.toml"
    recipe.write_text('name = "of-recipe"\nversion = "1.0.0"\nsources = ["pages/[ab].txt"]\n')
    assert call("build", "--recipe", str(recipe))[:2] == (0, "dist/of-recipe-1.0.0\n")
    assert call("build", "--recipe", str(recipe), "--name", "mine", "--version", "2.0.0", "--profile", "strict")[0] == 0
    manifest = json.loads(Path("dist/mine-2.0.0/manifest.json").read_text("utf-8"))
    assert (manifest["recipe"]["clean"]["profile"], manifest["sources"]["files"]) == ("strict", 2)


def test_the_recipe_of_the_folder_is_read_only_without_sources(call, pages):
    Path("corpus.toml").write_text('name = "here"\nversion = "1.0.0"\nsources = ["pages"]\nlicense = "cc0-1.0"\n')
    assert call("build")[:2] == (0, "dist/here-1.0.0\n")
    code, out, err = call("build", "pages", "--name", "given", "--version", "1.0.0")
    assert (code, out) == (0, "dist/given-1.0.0\n")
    assert "corpus.toml is not read" in err
    assert json.loads(Path("dist/given-1.0.0/manifest.json").read_text("utf-8"))["recipe"]["license"] == ""


BAD_CALLS = {
    "no command of this name": ("nonsense",),
    "no recipe, no source": ("build",),
    "no name": ("build", "pages"),
    "a bad version": ("build", "pages", "--name", "n", "--version", "one"),
    "a bad name": ("build", "pages", "--name", "../n", "--version", "1.0.0"),
    "a name that would act": ("build", "pages", "--name", "n\x1b[2J\n", "--version", "1.0.0"),
    "an unknown option": ("build", "pages", "--nmae", "n"),
    "an unknown profile": ("build", "pages", "--name", "n", "--version", "1.0.0", "--profile", "reckless"),
    "an out that would break the line": ("build", "pages", "--name", "n", "--version", "1.0.0", "--out", "a\nb"),
    "an out that is no text": ("build", "pages", "--name", "n", "--version", "1.0.0", "--out", "a\udcff"),
    "nothing to explain": ("explain",),
    "no such rule": ("explain", "--rule", "coments"),
    "two releases": ("validate", "a", "b"),
    "an index of nothing": ("index",),
}


@pytest.mark.parametrize("args", BAD_CALLS.values(), ids=BAD_CALLS)
def test_a_wrong_call_is_one_line_and_2(call, pages, args):
    code, out, err = call(*args)
    assert (code, out) == (2, "")
    assert one_error(err).isprintable()
    assert not Path("dist").exists()


BAD_RECIPES = (
    "name = [",
    "nmae = 'n'",
    "name = 3",
    "clean = 1",
    "name = 'a b'",
    "\x00",
    "sources=" + "[" * 3000,
    "",
    "\xff",
    "sources = ['pages']\nlicense = '\\u0000'".replace("'", '"'),
    'changelog = "a\\u0000b"',
    'withdrawn = "a\\u0000b"',
    'withdrawn = "pages"',
    '[clean]\ntemplates = "\\u0000"',
    "a = " + "9" * 5000,
    "version = '1๑.0.0'",
    "version = '1.0.0-01'",
    f"version = '1.0.0-{'a' * 200}'",
    "[limits]\ndocument_bytes = 0",
    f"[limits]\ndocument_bytes = {1 << 70}",
    "[limits]\nexpansion = -1",
    "[clean]\ntemplate_share = nan",
    "[clean]\ntemplate_share = inf",
    "[clean]\ntemplate_guard = -1.0",
    "[clean]\ntemplate_pages = 0",
    "[clean]\ndisable = ['coments']",
    "[clean]\ndisable = ['mojibake']",
    "[dedup]\nmin_mass = -1",
    f"[output]\nshard_bytes = {1 << 70}",
)


@pytest.mark.parametrize("toml", BAD_RECIPES)
def test_a_bad_recipe_is_one_line_and_2(call, toml):
    Path("corpus.toml").write_bytes(toml.encode("latin-1" if toml == "\xff" else "utf-8"))
    Path("pages").mkdir()
    code, out, err = call("build")
    assert (code, out) == (2, "")
    assert one_error(err).isprintable()


def test_a_recipe_may_begin_with_a_byte_order_mark(call, pages):
    Path("corpus.toml").write_text(
        '\ufeffname = "n"\r\nversion = "1.0.0"\r\nsources = ["pages"]\r\n', "utf-8", newline=""
    )
    assert call("build")[:2] == (0, "dist/n-1.0.0\n")


def test_each_error_has_its_code(call, pages, tmp_path):
    base = ("--name", "n", "--version", "1.0.0")
    (tmp_path / "a file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.txt").write_text("\n\n")
    assert call("build", "nowhere", *base)[0] == errors.SourceError.exit_code
    assert call("build", "no*where\x1b[31m\udcff", *base)[0] == errors.SourceError.exit_code
    assert call("build", "blank.txt", *base)[0] == errors.NothingToPublish.exit_code
    assert call("build", "empty", *base)[0] == errors.NothingToPublish.exit_code
    assert call("build", "pages", *base, "--out", "a file")[0] == errors.OutputError.exit_code
    assert call("build", "pages", *base)[0] == 0
    (pages / "d.txt").write_text(OTHER + PAGE, "utf-8")
    code, out, err = call("build", "pages", *base)
    assert (code, out) == (errors.VersionExists.exit_code, "")
    assert "--version" in one_error(err)
    assert call("explain", "nowhere.txt", "--release", "dist/n-1.0.0")[0] == errors.SourceError.exit_code
    assert call("explain", "a.txt", "--release", "pages")[0] == errors.ReleaseError.exit_code
    assert call("validate", "nowhere")[0] == errors.ReleaseError.exit_code
    assert call("rules", "--release", "pages")[0] == errors.ReleaseError.exit_code
    assert call("init", "a file/inside")[0] == errors.OutputError.exit_code


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_output_error(call, pages, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    code, _, err = call("build", "pages", "--name", "n", "--version", "1.0.0", "--out", "locked/dist")
    assert code == errors.OutputError.exit_code
    assert "locked" in one_error(err)


def test_an_unforeseen_error_is_one_line(call, monkeypatch):
    def broken(release):
        raise KeyError("an\x1b[2J\nunforeseen")

    monkeypatch.setattr("corpuskit.rulebook.rules", broken)
    code, _, err = call("rules")
    assert code == 70
    assert "internal: KeyError" in one_error(err)
    assert len(err.splitlines()) == 1
    monkeypatch.setenv("CORPUSKIT_DEBUG", "1")
    with pytest.raises(KeyError):
        call("rules")


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("can't start new thread"),
        ImportError("libarrow.so: failed to map segment from shared object"),
        MemoryError(),
    ],
)
def test_a_want_of_memory_is_no_defect(call, monkeypatch, error):
    def broken(release):
        raise error

    monkeypatch.setattr("corpuskit.rulebook.rules", broken)
    code, _, err = call("rules")
    assert code == errors.CorpuskitError.exit_code
    assert "out of memory" in one_error(err)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_stops_a_build_cleanly(tmp_path, name, workers):
    """One line, 128 + the signal, no half release; the next build ends as if nothing had been."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(60):
        (pages / f"{i}.txt").write_text("\n".join(f"{OTHER} {i} {n} {PAGE}" for n in range(300)), "utf-8")
    args = ("build", "pages", "--name", "n", "--version", "1.0.0", "--workers", workers)
    command = [sys.executable, "-m", "corpuskit", *args]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (tmp_path / "dist" / WORK / "n").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (128 + getattr(signal, name), b"")
    assert name in one_error(err.decode())
    assert [p.name for p in (tmp_path / "dist").iterdir()] == [WORK]
    assert not list((tmp_path / "dist" / WORK).rglob(".release.*"))


DYING = """
import os, signal, sys, time
from corpuskit import __main__, cli

class Gone:
    def __del__(self):  # what is raised here, Python drops
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)

def run(args):
    Gone()
    time.sleep(20)
    return 0

cli.run = run
__main__.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_signal_that_comes_while_an_object_dies_stops_a_build_too():
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", DYING], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 128 + signal.SIGTERM
    assert "SIGTERM" in one_error(done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_leaves_is_no_error(tmp_path):
    read, write = os.pipe()
    os.close(read)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "corpuskit", "rules"]
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, env=env, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(pages, closed):
    command = f"{sys.executable} -m corpuskit build pages --name n --version 1.0.0 --workers 1 {closed}"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", command], cwd=pages.parent, capture_output=True, env=env, check=False)
    assert (done.returncode, done.stdout) == (0, b"" if ">&-" in closed.split() else b"dist/n-1.0.0\n")
    assert validate(pages.parent / "dist/n-1.0.0").ok


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize(
    "make", [os.remove, lambda path: (os.remove(path), os.mkfifo(path)), lambda path: (os.remove(path), os.mkdir(path))]
)
def test_a_release_without_its_data_is_told(call, pages, make):
    """A pipe in the place of a file would be waited for."""
    for version in ("1.0.0", "1.1.0"):
        call("build", "pages", "--name", "n", "--version", version)
    (data,) = Path("dist/n-1.1.0/data").iterdir()
    make(data)
    for args in (("diff", "dist/n-1.0.0"), ("explain", "a.txt", "--release")):
        code, out, err = call(*args, "dist/n-1.1.0")
        assert (code, out) == (errors.ReleaseError.exit_code, "")
        one_error(err)


@pytest.mark.parametrize("manifest", ["[" * 100_000, "1", '{"name": 1, "version": 1, "counts": 1, "rules": 1}'])
def test_a_damaged_manifest_is_one_line(call, pages, manifest):
    call("build", "pages", "--name", "n", "--version", "1.0.0")
    Path("dist/n-1.0.0/manifest.json").write_text(manifest)
    for args in (("rules", "--release"), ("explain", "--rule", "bom", "--release"), ("archive",)):
        code, out, err = call(*args, "dist/n-1.0.0")
        assert (code, out) == (errors.ReleaseError.exit_code, "")
        one_error(err)


@pytest.mark.parametrize(
    "said", [{"version": None}, {"version": "1"}, {"name": 5}, {"counts": []}, {"version": "9" * 5000 + ".0.0"}]
)
def test_a_manifest_that_names_no_release_is_one_line(call, pages, said):
    for version in ("1.0.0", "1.1.0"):
        call("build", "pages", "--name", "n", "--version", version)
    Path("corpus.toml").write_text('name = "n"\nversion = "2.0.0"\nsources = ["pages"]\n')
    manifest = Path("dist/n-1.1.0/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | said))
    calls = [("diff", "dist/n-1.0.0", "dist/n-1.1.0"), ("index",), ("rules", "--release", "dist/n-1.1.0")]
    calls += [("withdraw", "--file", "a.txt", "--reason", "r")] if "version" in said else []
    for args in calls:
        code, out, err = call(*args)
        assert (code, out) == (errors.ReleaseError.exit_code, ""), args
        assert len(one_error(err)) < 500


def test_the_summary_counts_splits_which_may_miss_their_shares(call, pages):
    """All pages are copies of one: they go to one split."""
    for n in range(4):
        (pages / f"copy{n}.txt").write_text(f"{OTHER} {OTHER}\n\n{PAGE} {n}\n", "utf-8")
    (Path("corpus.toml")).write_text('name = "n"\nversion = "1.0.0"\nsources = ["pages"]\n[split]\ntest = 0.99\n')
    code, out, err = call("build")
    assert code == 0
    (told,) = [line for line in err.splitlines() if line.startswith("splits ")]
    counts = {path.name.split("-")[0]: pq.read_metadata(path).num_rows for path in Path(out.strip(), "data").iterdir()}
    assert told.split(maxsplit=1)[1] == ", ".join(
        f"{split} {rows}" for split, rows in sorted(counts.items(), reverse=True)
    )
    assert "test" in counts


def test_what_is_withdrawn_is_no_source(call, pages):
    Path("corpus.toml").write_text('name = "n"\nversion = "1.0.0"\nsources = ["pages/a.txt"]\n')
    Path("withdrawn.toml").write_text('[[withdrawn]]\nfile = "a.txt"\nreason = "r"\n')
    code, _, err = call("build", "--quiet")
    assert code == errors.NothingToPublish.exit_code
    assert "nothing to publish: 0 sources that are not withdrawn" in one_error(err)


def test_a_folder_that_is_gone_is_told(tmp_path):
    call = f"exec {sys.executable} -m corpuskit build a --name n"
    gone = f"cd {tmp_path} && mkdir gone && cd gone && rmdir ../gone && {call}"
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", gone], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (7, "")
    assert done.stderr == "Error: the current folder is gone: change to one that exists\n"


@pytest.mark.parametrize("args", [("build", "pages", "--name", "n", "--version", "1.0.0"), ("learn", "pages")])
def test_an_empty_out_is_no_folder(call, pages, args):
    """A shell variable that is not set."""
    code, _, err = call(*args, "--out", "")
    assert (code, err) == (2, "Error: --out is empty: name a folder (. for this one)\n")


def test_learn_looks_for_its_folder_before_it_works(call, pages):
    code, _, err = call("learn", "pages", "--out", "no/such/file.toml")
    assert (code, err) == (2, "Error: --out no/such/file.toml: there is no folder no/such\n")


def test_a_poor_locale_is_no_error(pages):
    """What the encoding of stdout lacks is printed as an escape."""
    done = corpuskit("explain", "pages/a.txt", cwd=pages.parent, env={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert b"\\u0e1b" in done.stdout


def test_explain_shows_edits_reasons_and_twins(call, pages):
    call("build", "pages", "--name", "n", "--version", "1.0.0")
    code, out, _ = call("explain", "b.txt", "--release", "dist/n-1.0.0")
    assert code == 0
    assert f"⟦bom|\\uFEFF⟧{OTHER}" in out
    assert "⟦duplicate|" in out
    assert f"kept: a.txt:{len('ปุ๋ยหมักบ้านควาย') + 2}" in out
    assert "0:1" in out
    told = json.loads(call("explain", "b.txt", "--release", "dist/n-1.0.0", "--json")[1])
    assert told["documents"][0]["source_text"] == (pages / "b.txt").read_text("utf-8")
    assert told["documents"][0]["text"] == OTHER


def test_explain_tries_a_file_without_a_release(call, pages):
    code, out, _ = call("explain", "pages/b.txt")
    assert code == 0
    assert "⟦bom|" in out
    assert not Path("dist").exists()


def test_explain_shows_the_page_of_a_rule(call, pages):
    code, out, _ = call("explain", "--rule", "placeholder")
    assert code == 0
    assert "⟦placeholder|" in out
    call("build", "pages", "--name", "n", "--version", "1.0.0")
    assert "In dist/n-1.0.0: 1 spans, 1 characters." in call("explain", "--rule", "bom", "--release", "dist/n-1.0.0")[1]
    told = json.loads(call("explain", "--rule", "bom", "--release", "dist/n-1.0.0", "--json")[1])
    assert (told["name"], told["spans"]) == ("bom", 1)


def test_rules_lists_and_counts(call, pages):
    call("build", "pages", "--name", "n", "--version", "1.0.0")
    plain, counted = call("rules")[1].splitlines(), call("rules", "--release", "dist/n-1.0.0")[1].splitlines()
    assert len(plain) == len(counted)
    assert plain[0].split()[:2] == ["rule", "kind"]
    told = json.loads(call("rules", "--release", "dist/n-1.0.0", "--json")[1])["rules"]
    assert {rule["name"]: rule["characters"] for rule in told}["bom"] == 1


def test_validate_says_yes_and_no(call, pages):
    call("build", "pages", "--name", "n", "--version", "1.0.0")
    code, out, err = call("validate", "dist/n-1.0.0", "--rebuild", "pages")
    assert (code, out) == (0, "")
    assert "valid: dist/n-1.0.0" in err
    card = Path("dist/n-1.0.0/README.md")
    card.write_bytes(card.read_bytes() + b"\n")
    code, out, _ = call("validate", "dist/n-1.0.0")
    assert code == 1
    assert "README.md" in out.splitlines()[0]
    code, out, _ = call("validate", "dist/n-1.0.0", "--json")
    told = json.loads(out)
    assert (code, told["valid"]) == (1, False)
    assert told["failures"][0]["where"] == "README.md"


def test_init_begins_a_corpus_that_builds(call):
    code, out, _ = call("init", "ตลาด new")
    folder = Path("ตลาด new")
    assert (code, len(out.splitlines())) == (0, 3)
    assert all((Path.cwd() / line).is_file() for line in out.splitlines())
    code, out, _ = call("build", "--recipe", f"{folder}/corpus.toml")
    assert (code, out) == (0, "dist/new-0.1.0\n")
    assert json.loads(Path("dist/new-0.1.0/manifest.json").read_text("utf-8"))["counts"]["published"] == 1


def test_init_overwrites_nothing(call):
    Path("corpus.toml").write_text("mine")
    Path("seeds").mkdir()
    code, out, err = call("init")
    assert (code, out) == (0, ".gitignore\n")
    assert "corpus.toml" in err
    assert Path("corpus.toml").read_text() == "mine"
    assert list(Path("seeds").iterdir()) == []
    assert call("init")[:2] == (0, "")


def test_the_commented_recipe_is_the_default_recipe(tmp_path):
    """Every key stands there, and every comment shows its default."""
    lines = corpus_toml("n").splitlines()
    bare = [line.removeprefix("# ") for line in lines]
    keys = [line for line in bare if line.partition(" = ")[0].isidentifier() and " = " in line]
    heads = [line for line in lines if line.startswith("[")]
    assert len(keys) + len(heads) == _keys(Recipe())
    every = "\n".join(line for line in bare if line in keys or line in heads)
    chosen = {"name": "n", "version": "0.1.0", "sources": ["seeds"]}
    assert recipe_from(tomllib.loads(every)) == recipe_from(chosen)
    init(tmp_path / "n")
    assert read_recipe(tmp_path / "n" / "corpus.toml") == recipe_from(chosen)


def _keys(table):
    values = [getattr(table, name) for name in table.__dataclass_fields__]
    return sum(1 + (_keys(value) if hasattr(value, "__dataclass_fields__") else 0) for value in values)


def test_index_is_written_and_checked(call, pages):
    Path("corpus.toml").write_text('name = "n"\nversion = "1.0.0"\nsources = ["pages"]\n')
    call("build")
    assert call("index", "--check")[:2] == (1, "")
    assert call("index")[:2] == (0, "INDEX.md\n")
    assert call("index", "--check")[:2] == (0, "INDEX.md\n")
    Path("INDEX.md").write_text("old")
    code, _, err = call("index", "--check")
    assert code == 1
    assert "stale" in one_error(err)


def test_every_command_is_documented():
    """Each command has a line for the list, a page, and a help text for each of its options."""
    assert {"build", "validate", "explain", "rules", "init", "index"} <= set(cli.commands)
    for name, command in cli.commands.items():
        assert command.help, name
        assert command.short_help, name
        for parameter in command.params:
            assert isinstance(parameter, click.Argument) or parameter.help, f"{name} {parameter.name}"


def test_help_and_version_answer(call):
    for args in [("--help",), ("-h",), *((name, "--help") for name in cli.commands)]:
        code, out, err = call(*args) if args[0] != "build" else (run(list(args)), "Usage: ", "")
        assert (code, err) == (0, "")
        assert out.startswith("Usage: ")
    assert call("--version")[1].strip().endswith(__version__)
    code, out, err = call()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: ")


def test_help_loads_nothing_heavy():
    """``--help`` answers in a blink: what is slow to load stays out."""
    code = "import sys, corpuskit.__main__, corpuskit.cli; print(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    loaded = done.stdout.split()
    assert not {"pyarrow", "numpy", "rich", "datasets", "trafilatura", "ftfy", "lxml", "yaml"} & set(loaded)


def test_the_process_of_a_build_itself_loads_nothing_heavy(tmp_path):
    """All work is done by workers, which are forked from a process that has it in memory already."""
    (tmp_path / "a.txt").write_text("A page of a few words.\n")
    args = ["build", "a.txt", "--name", "x", "--version", "1.0.0", "--quiet"]
    code = f"import sys; from corpuskit.cli import run; code = run({args}); print(*sys.modules); sys.exit(code)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=env, check=True)
    assert done.stdout.startswith("dist/x-1.0.0\n")
    assert not {"pyarrow", "numpy", "re2", "ftfy", "lxml", "yaml"} & set(done.stdout.split())
