"""Takedowns: what is withdrawn is nowhere, copies are re-elected or go too, and nobody can forget it."""

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.cli import run
from corpuskit.errors import RecipeError, SourceError, UsageError, VersionExists
from corpuskit.filenames import WORK
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.recipe.file import read_recipe
from corpuskit.recipe.tables import Withdrawal
from corpuskit.recipe.withdrawals import item_digest
from corpuskit.sources.record import Record
from corpuskit.stages.withdrawn import Sieve
from corpuskit.verbs.explain import explain
from corpuskit.verbs.validate import validate
from corpuskit.verbs.withdraw import withdraw, withdrawals

RECIPE = """
name = "birds"
version = "1.0.0"

[output]
paragraphs = true
shard_bytes = 4096
"""
#: What no file may hold once its page is withdrawn.
SECRET = "the heron of Mill Lane"
HERON = (
    f"Every morning {SECRET} stands on the third step of the weir and waits for the gate to open, as it has for years."
)
WEIR = (
    "The keeper of the weir says that he would never feed it, but he lifts the gate a little earlier in hard winters."
)
OWN = "A second bird came in spring and stayed for eleven days, until the noise of the fair drove it away again."
OTHER = (
    "Boats of the rowing club pass twice a week, and neither the bird nor the keeper seems to mind them in the least."
)
PLAIN = "Page {n} is about the {n}th house in the lane, its garden, its owner and the colour of the door in {n}."


def page(*paragraphs: str, url: str = "", title: str = "") -> str:
    return "\n\n".join([*filter(None, [title]), *paragraphs, *([f"Source: {url}"] if url else [])]) + "\n"


def write_corpus(folder: Path) -> Path:
    """Pages of which one is a survivor, one its copy, one quotes a paragraph of it, and others have nothing to do."""
    pages = {
        "a/heron-scandal.txt": page(HERON, WEIR, url="https://lane.example.org/heron/1", title="Bird at the weir"),
        "b/copy.txt": page(HERON, WEIR, url="https://copy.example.net/7", title="Bird at the weir"),
        # a copy as duplicates are found: with other line ends, and a soft hyphen in it
        "c/quote.txt": page(OWN, HERON.replace("morn", "morn\u00ad"), OTHER, title="More of the birds").replace(
            "\n", "\r\n"
        ),
        **{f"d/{n:02}.txt": page(PLAIN.format(n=n) * 3, title=f"House {n}") for n in range(30)},
    }
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    records = [
        {"id": "r1", "text": page(OWN.replace("eleven", "nineteen"), OTHER), "url": "https://lane.example.org/r/1"},
        {
            "id": "r2",
            "text": page(WEIR.replace("never", f"always, with {SECRET},")),
            "url": "https://lane.example.org/r/2?a=1",
        },
    ]
    (folder / "records.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """A corpus with its recipe, and its first release in ``dist``."""
    root = tmp_path_factory.mktemp("first")
    (root / "corpus.toml").write_text(RECIPE)
    build([write_corpus(root / "pages")], read_recipe(root / "corpus.toml"), root / "dist", workers=1)
    return root


@pytest.fixture
def corpus(first, tmp_path) -> Path:
    shutil.copytree(first, tmp_path / "corpus")
    return tmp_path / "corpus"


def rebuild(root: Path, version: str = "2.0.0", out: str = "dist") -> Path:
    recipe = root / "corpus.toml"
    recipe.write_text(RECIPE.replace("1.0.0", version))
    return build([root / "pages"], read_recipe(recipe), root / out, workers=1).path


def take(root: Path, *names: tuple[str, str], **options):
    return withdraw(names, "asked for in ticket 7", root / "corpus.toml", root / "dist", **options)


def rows(release: Path, config: str = "data") -> list[dict]:
    return pq.read_table(release / config).to_pylist()


def told(path: Path) -> str:
    """All that a file holds, Parquet unpacked, JSON escapes undone."""
    if path.suffix == ".parquet":
        return json.dumps(pq.ParquetFile(path).read().to_pylist(), default=str, ensure_ascii=False)
    return path.read_bytes().decode("utf-8", "replace")


def holders(folder: Path, *needles: str) -> list[str]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    assert files
    return [p.relative_to(folder).as_posix() for p in files if any(needle in told(p) for needle in needles)]


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def record_of(root: Path) -> dict:
    return next(row for row in rows(root / "dist" / "birds-1.0.0") if row["source_where"] == "line 2")


def source_of(root: Path) -> str:
    return json.loads((root / "pages" / "records.jsonl").read_text("utf-8").splitlines()[1])["text"]


RECORD = {
    "url": lambda root: ("url", "http://LANE.example.org/r/2?a=1&utm_source=mail#top"),
    "id": lambda root: ("id", record_of(root)["id"]),
    "source text": lambda root: ("hash", sha256(source_of(root))),
    "published text": lambda root: ("hash", sha256(record_of(root)["text"]).upper()),
}
FILE = {
    "path": lambda root: ("file", str(root / "pages" / "a" / "heron-scandal.txt")),
    "url": lambda root: ("url", "https://lane.example.org/heron/1/"),
    "hash": lambda root: ("hash", sha256((root / "pages" / "a" / "heron-scandal.txt").read_bytes())),
}


@pytest.mark.parametrize("how", RECORD)
def test_a_record_is_found_by_each_of_its_names(corpus, how):
    done = take(corpus, RECORD[how](corpus))
    assert (done.new[0].ids, done.new[0].files) == ((record_of(corpus)["id"],), ())
    assert (done.releases, done.version) == ((str(corpus / "dist" / "birds-1.0.0"),), "2.0.0")


@pytest.mark.parametrize("how", FILE)
def test_a_file_is_found_by_each_of_its_names(corpus, how):
    done = take(corpus, FILE[how](corpus))
    assert (len(done.new[0].ids), done.new[0].files) == (1, ("a/heron-scandal.txt",))


def sieve(kind: str, value: str) -> Sieve:
    """A sieve that knows this one name and nothing that was looked up for it."""
    return Sieve(Recipe(withdrawn=(Withdrawal((item_digest(kind, value),)),)))


@pytest.mark.parametrize("how", ["url", "source text", "id"])
def test_a_record_is_known_again_by_its_name_alone(first, how):
    known, key = sieve(*RECORD[how](first)), record_of(first)["id"]
    record = Record(source_of(first), "r2", "line 2", fields={"url": "https://lane.example.org/r/2?a=1"})
    assert known.takes(record, key)
    assert not known.takes(Record(source_of(first) + "!", fields={"url": "https://lane.example.org/r/2?a=2"}), "0" * 20)


def test_a_page_is_known_by_the_address_of_its_source_line_and_not_by_its_links(first):
    known = sieve("url", "lane.example.org/heron/1")
    text = (first / "pages" / "a" / "heron-scandal.txt").read_text("utf-8")
    assert known.takes(Record(text), "")
    links = text.replace("heron/1", "heron/2").replace(
        "waits", "(https://lane.example.org/heron/1 has a picture) waits"
    )
    assert not known.takes(Record(links), "")


def test_a_record_that_is_withdrawn_is_nowhere(corpus):
    secret, key = SECRET + ",", record_of(corpus)["id"]  # as the record has it, and nobody else
    assert holders(corpus / "dist", secret), "else the test sees nothing"
    take(corpus, ("id", key))
    release = rebuild(corpus)
    assert holders(release, secret, "example.org/r/2", key) == []
    assert holders(corpus / "dist" / WORK, secret, "example.org/r/2") == []
    assert [row["source_where"] for row in rows(release) if row["source_path"] == "records.jsonl"] == ["line 1"]
    assert validate(release).failures == ()


def test_the_name_of_a_withdrawn_file_goes_and_its_copy_is_published_instead(corpus):
    before = {row["source_path"] for row in rows(corpus / "dist" / "birds-1.0.0")}
    assert "a/heron-scandal.txt" in before
    assert "b/copy.txt" not in before
    take(corpus, FILE["path"](corpus))
    release = rebuild(corpus)
    assert holders(release, "heron-scandal", "example.org/heron") == []
    assert holders(corpus / "dist" / WORK, "heron-scandal", "example.org/heron") == []
    (copy,) = [row for row in rows(release) if row["source_path"] == "b/copy.txt"]
    assert HERON in copy["text"]
    lost = [row for row in rows(release, "removed") if "third step of the weir" in row["text"]]
    assert {row["twin_id"] for row in lost} == {copy["id"]}
    assert json.loads((release / "manifest.json").read_text("utf-8"))["withdrawn"] == 1
    assert validate(release).failures == ()


@pytest.mark.parametrize("name", ["a/heron-scandal.txt", "b/copy.txt"])
def test_copies_go_too_whichever_of_them_is_named(corpus, name):
    done = take(corpus, ("file", name), copies=True)
    assert (len(done.new[0].paragraphs), done.others) == (2, 2)
    release = rebuild(corpus)
    paragraph = HERON[20:70]
    assert holders(release, paragraph, WEIR) == []
    assert holders(corpus / "dist" / WORK, paragraph, WEIR) == []
    left = {row["source_path"]: row["text"] for row in rows(release)}
    assert not {"a/heron-scandal.txt", "b/copy.txt"} & left.keys(), "copies as a whole go whole"
    assert left["c/quote.txt"].split("\n\n") == ["More of the birds", OWN, OTHER]
    (black,) = [row for row in rows(release, "removed") if row["rule"] == "withdrawn"]
    assert black["text"] == "\r\n\r\n" + "█" * (len(HERON) + 1)
    source = (corpus / "pages" / "c" / "quote.txt").read_bytes().decode()
    assert source[black["start"] : black["end"]].replace("\u00ad", "") == "\r\n\r\n" + HERON
    assert validate(release).failures == ()


def test_an_incremental_build_equals_a_fresh_one(corpus):
    take(corpus, ("file", "a/heron-scandal.txt"), copies=True)
    again, fresh = rebuild(corpus), rebuild(corpus, out="fresh")
    assert (again / "SHA256SUMS").read_bytes() == (fresh / "SHA256SUMS").read_bytes()


def test_a_stranger_can_rebuild_with_and_without_the_withdrawn_source(corpus):
    take(corpus, ("id", rows(corpus / "dist" / "birds-1.0.0")[0]["id"]))
    release = rebuild(corpus)
    assert validate(release, [str(corpus / "pages")], workers=1).verdict == "same bytes"
    (corpus / "pages" / "a" / "heron-scandal.txt").unlink()
    assert validate(release, [str(corpus / "pages")], workers=1).verdict == "same bytes"


def test_validate_finds_a_withdrawn_document_in_a_release(corpus):
    release = corpus / "dist" / "birds-1.0.0"
    take(corpus, ("file", "a/heron-scandal.txt"), copies=True)
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    manifest["recipe"]["withdrawn"] = json.loads(
        json.dumps(read_recipe(corpus / "corpus.toml").effective()["withdrawn"])
    )
    manifest["withdrawn"] = 1
    (release / "manifest.json").write_bytes((json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
    names = sorted(
        p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file() and p.name != "SHA256SUMS"
    )
    (release / "SHA256SUMS").write_text("".join(f"{sha256((release / n).read_bytes())}  {n}\n" for n in names))
    found = [f for f in validate(release).failures if f.check == "withdrawn"]
    assert len([f for f in found if "is withdrawn, and is in the release" in f.problem]) == 1
    assert len([f for f in found if "paragraphs that are withdrawn" in f.problem]) == 3
    assert [f.where for f in found if "a source that is withdrawn" in f.problem] == ["a/heron-scandal.txt"]


def test_explain_says_that_it_was_withdrawn_and_not_what_it_was(corpus):
    key = rows(corpus / "dist" / "birds-1.0.0")[0]["id"]
    take(corpus, ("id", key))
    release = rebuild(corpus)
    for name in (key, "pages/a/heron-scandal.txt"):
        with pytest.raises(SourceError, match=r"was withdrawn: .* does not say what it was"):
            explain(name, release)


def test_what_no_release_holds_is_an_error_unless_it_is_yet_to_come(corpus):
    with pytest.raises(SourceError, match=r"nothing has the id 0{20} \(.*birds-1\.0\.0\): .*--unseen"):
        take(corpus, ("id", "0" * 20))
    assert not (corpus / "withdrawn.toml").exists()
    take(corpus, ("url", "https://later.example.org/1"), unseen=True)
    with pytest.raises(SourceError, match="copies can only be told"):
        take(corpus, ("url", "https://later.example.org/2"), unseen=True, copies=True)
    (corpus / "pages" / "later.txt").write_text(
        page(OTHER.replace("twice", "never"), url="https://later.example.org/1")
    )
    release = rebuild(corpus)
    assert holders(release, "later") == []
    assert validate(release, [str(corpus / "pages")], workers=1).ok


def test_nobody_can_forget_it(corpus):
    take(corpus, ("file", "a/heron-scandal.txt"))
    with pytest.raises(VersionExists):
        rebuild(corpus, "1.0.0")
    rebuild(corpus)
    (corpus / "withdrawn.toml").rename(corpus / "lost.toml")
    with pytest.raises(RecipeError, match=r"birds-2\.0\.0 was built without 2 things"):
        rebuild(corpus, "3.0.0")
    (corpus / "corpus.toml").write_text('withdrawn = "gone.toml"\n' + RECIPE)
    with pytest.raises(RecipeError, match=r"no withdrawals at .*gone\.toml"):
        read_recipe(corpus / "corpus.toml")
    (corpus / "corpus.toml").write_text('withdrawn = "lost.toml"\n' + RECIPE)
    assert len(read_recipe(corpus / "corpus.toml").withdrawn) == 1


def test_the_file_is_for_people_and_is_written_once(corpus):
    take(corpus, ("url", "https://lane.example.org/heron/1"))
    text = (corpus / "withdrawn.toml").read_text("utf-8")
    assert 'url = "https://lane.example.org/heron/1"\nreason = "asked for in ticket 7"\n' in text
    assert 'files = ["a/heron-scandal.txt"]' in text
    again = take(corpus, ("url", "http://lane.example.org/heron/1/"))
    assert (again.new, len(again.known)) == ((), 1)
    assert (corpus / "withdrawn.toml").read_text("utf-8") == text
    take(corpus, ("file", "c/quote.txt"))
    assert [(entry.kind, len(entry.ids)) for entry in withdrawals(corpus / "corpus.toml")] == [("url", 1), ("file", 1)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[withdrawn]]\nurl = "https://a.example"\nid = "1"\n', "names one of url, id, file, hash, not url and id"),
        ("[[withdrawn]]\nreason = 'because'\n", "not none"),
        ("[[withdrawn]]\nhash = 'abc'\n", "a sha256 of 64 hex digits"),
        ("[[withdrawn]]\nurls = ['x']\n", "unknown key 'urls'"),
        ("withdrawn = 1\n", "only tables"),
        ("[[withdrawn]\n", "not valid TOML"),
    ],
)
def test_a_file_that_says_something_else_stops_the_build(corpus, text, problem):
    (corpus / "withdrawn.toml").write_text(text)
    with pytest.raises(RecipeError, match=problem):
        read_recipe(corpus / "corpus.toml")


def test_what_a_person_wrote_in_the_file_stays(corpus):
    file = corpus / "withdrawn.toml"
    file.write_text("# Ask the lawyer before you lift one.\n", "utf-8")
    take(corpus, ("file", "b/copy.txt"))
    assert file.read_text("utf-8").startswith("# Ask the lawyer before you lift one.\n\n[[withdrawn]]")


def test_a_file_that_cannot_be_added_to_is_left_as_it_is(corpus):
    file = corpus / "withdrawn.toml"
    text = 'withdrawn = [{file = "later.txt", reason = "not ours"}]\n'
    file.write_text(text, "utf-8")
    with pytest.raises(RecipeError, match=r"nothing can be added at its end: make each entry a table \[\[withdrawn"):
        take(corpus, ("file", "b/copy.txt"))
    assert file.read_text("utf-8") == text


def test_another_dataset_whose_name_begins_alike_remembers_for_itself_alone(corpus):
    gone = Recipe(name="birds-two", version="1.0.0", withdrawn=(Withdrawal(items=("0" * 64,)),))
    build([corpus / "pages"], gone, corpus / "dist", workers=1)
    rebuild(corpus)
    with pytest.raises(RecipeError, match="was built without 1 things"):
        build([corpus / "pages"], Recipe(name="birds-two", version="2.0.0"), corpus / "dist", workers=1)


def test_a_call_without_names_or_reason_is_refused(corpus):
    for names, reason in (([], "x"), ([("url", "https://a.example")], " "), ([("page", "x")], "x")):
        with pytest.raises(UsageError):
            withdraw(names, reason, corpus / "corpus.toml", corpus / "dist")


def command(capsys, *args: str) -> tuple[int, str, str]:
    code = run(["withdraw", *args])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_prints_the_file_and_what_to_do_next(corpus, capsys, monkeypatch):
    monkeypatch.chdir(corpus)
    code, out, err = command(capsys, "--file", "pages/c/quote.txt", "--reason", "ticket 9")
    assert (code, out) == (0, "withdrawn.toml\n")
    assert 'version = "2.0.0"' in err
    assert "then delete dist/birds-1.0.0 and its tag" in err
    assert command(capsys, "--list")[1] == "file c/quote.txt: 1 document: ticket 9\n"
    told = json.loads(command(capsys, "--list", "--json")[1])
    assert [entry["file"] for entry in told["withdrawn"]] == ["c/quote.txt"]
    assert command(capsys, "--url", "https://a.example/1", "--reason", "x")[0] == SourceError.exit_code
    assert command(capsys, "--reason", "x")[0] == UsageError.exit_code
    assert command(capsys, "--list", "--id", "0" * 20)[0] == UsageError.exit_code


def test_what_a_killed_build_left_is_swept(corpus):
    take(corpus, ("file", "a/heron-scandal.txt"), copies=True)
    draft = corpus / "dist" / WORK / "birds" / ".release.99999"
    shutil.copytree(corpus / "dist" / "birds-1.0.0", draft)
    rebuild(corpus)
    assert holders(corpus / "dist" / WORK, HERON[20:70]) == []
