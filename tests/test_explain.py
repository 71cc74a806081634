"""``explain`` and the rulebook: a document comes back whole from a release alone, and every rule has a page."""

import ast
import json
import re
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpuskit
from corpuskit import rulebook
from corpuskit.cli import console
from corpuskit.errors import NothingToPublish, ReleaseError, SourceError, UsageError
from corpuskit.model import Document, Edit, Twin
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.release.reading import restored
from corpuskit.rules.catalog import RULES
from corpuskit.rules.language_packs import RULE_NAMES
from corpuskit.verbs.explain import Explanation, Trace, document_of, explain
from corpuskit.verbs.trial import explain_source

SEEDS = Path(__file__).parents[1] / "seeds"
SHARED = "ชาวประมงเก่าเล่าว่าเมื่อก่อนปลาทูเข้ามาถึงปากอ่าวในคืนเดือนมืด ทุกบ้านจึงจุดตะเกียงรอกันทั้งคืนจนฟ้าสาง"
OWN = "ปีนี้น้ำลงช้ากว่าทุกปี เรือเล็กจึงต้องรอที่ปากคลองจนบ่าย แล้วค่อยพายเข้าฝั่งทีละลำเพื่อขายปลาให้ทันตลาดเย็น"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release with a duplicate paragraph, a duplicate document, an unreadable file and a page full of signs."""
    root = tmp_path_factory.mktemp("explained")
    pages = {
        "one/a.txt": f"ปลาทูคืนเดือนมืด\r\n\r\n{SHARED}\r\nความคิดเห็น (0)\r\n",
        "one/b.txt": f"{OWN}\n\n{SHARED}\n",
        "two/a.txt": f"{OWN}\n\n{SHARED}\n",
        "two/signs.txt": f"ป้ายทุกชนิด\n\n{OWN} ⟦ก|ข⟧ ⦃⦄ ⟪⟫ ⧼⧽ \x1b]0;title\x07 \u202eกลับ\n",
        "two/binary.txt": "\x00\x01",
    }
    for name, text in pages.items():
        path = root / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return build([root / "pages"], Recipe(name="fish", version="1.0.0"), root / "out", workers=1).path


def ids(release, config):
    return {row["id"] for row in pq.read_table(release / config).to_pylist() if row["id"]}


def shown(found):
    return click.unstyle("\n".join(console.explanation(found)))


def test_every_document_of_a_release_comes_back_whole(built):
    """The published text and the ledger make the source, character for character."""
    texts = {row["id"]: row["text"] for row in pq.read_table(built / "data").to_pylist()}
    for key in sorted(ids(built, "data") | ids(built, "removed")):
        [trace] = document_of(built, key)
        assert trace.document.clean == texts.get(key, trace.document.clean)
        assert trace.published == (key in texts)
        if trace.basis == "source" and not trace.source_where:
            data = (SEEDS / trace.source_path).read_bytes()
            encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
            assert trace.document.text.removeprefix("\ufeff") == data.decode(encoding).removeprefix("\ufeff")


def test_what_is_shown_is_the_marked_source(built):
    for path in ("th/river-school.txt", "vi/cho-noi.txt"):
        [trace] = document_of(built, path)
        assert "\n".join("".join(line) for line in _lines(trace.document.marked)) in shown(explain(path, built))


def _lines(text):
    """Each line as it is printed: safe."""
    return [["\t".join(console.show(part) for part in line.split("\t"))] for line in text.split("\n")]


def test_the_kept_twin_is_named(release):
    found = explain("one/b.txt", release)
    start = "ปลาทูคืนเดือนมืด\r\n\r\n"
    assert f"kept: one/a.txt:{len(start)}" in shown(found)
    [edit] = [e for e in found.plain()["documents"][0]["edits"] if e["rule"] == "duplicate"]
    assert (edit["twin_path"], edit["twin_start"]) == ("one/a.txt", len(start))
    assert edit["text"].strip() == SHARED


def test_a_document_that_went_whole_is_explained_from_the_ledger_alone(release):
    [trace] = document_of(release, "two/a.txt")
    assert not trace.published
    assert trace.document.text == f"{OWN}\n\n{SHARED}\n"
    assert trace.document.clean == ""
    text = shown(explain("two/a.txt", release))
    assert "not published" in text
    assert "kept: one/b.txt" in text


def test_what_could_not_be_read_is_explained(release):
    found = explain("two/binary.txt", release)
    assert found.documents == []
    assert shown(found).startswith("two/binary.txt: not read: ")


@pytest.mark.parametrize("name", ["two/signs.txt", "signs.txt", "./pages/two/signs.txt", "/anywhere/two/signs.txt"])
def test_a_path_may_be_longer_or_shorter(release, name):
    assert [trace.source_path for trace in explain(name, release).documents] == ["two/signs.txt"]


def test_a_name_that_means_two_sources_is_refused(release):
    with pytest.raises(UsageError, match=r"one/a\.txt, two/a\.txt"):
        explain("a.txt", release)


def test_a_name_that_means_none_is_refused(release):
    with pytest.raises(SourceError, match=r"nowhere\.txt"):
        explain("nowhere.txt", release)


def test_a_page_cannot_act_on_the_terminal(release):
    """Control and direction characters of a page are printed as escapes, and all brackets may occur in it."""
    text = "\n".join(console.explanation(explain("two/signs.txt", release)))
    colours = re.compile(r"\x1b\[[0-9]{1,2}m")
    assert colours.search(text)
    plain = colours.sub("", text)
    assert "\x1b" not in plain
    assert "\u202e" not in plain
    assert "\\u202E" in plain


def test_a_rule_that_the_release_names_cannot_act_either():
    edit = Edit(0, 1, "a\x1b[2J", "", "why\nnot\x07")
    trace = Trace("1", "p\x1b.txt", "", "source", Document("ab", (edit,)), True)
    text = "\n".join(console.explanation(Explanation([trace], [])))
    assert not any(act in text for act in ("\x1b[2J", "\x07", "p\x1b"))


@given(st.text(), st.data())
def test_the_ledger_and_the_text_make_the_document(text, data):
    document = data.draw(edited(text))
    assert restored(document.clean, [row_of(edit, text) for edit in document.edits]) == document


def row_of(edit, text):
    told = {"start": edit.start, "end": edit.end, "text": text[edit.start : edit.end], "replacement": edit.new}
    twin = edit.twin or Twin(None, None)
    return told | {"rule": edit.rule, "why": edit.why, "twin_id": twin.id, "twin_start": twin.start}


@st.composite
def edited(draw, text):
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    new, twin = st.sampled_from(("", "", "ก", "long\n")), st.sampled_from((None, Twin("id", 3)))
    return Document(text, tuple(Edit(a, b, "rule", draw(new), "why", draw(twin)) for a, b in pairs))


@pytest.mark.parametrize(
    "change",
    [
        {"start": 4, "end": 5},  # a gap longer than the text
        {"text": "xyz"},  # more text than the span
        {"replacement": "no"},  # the text does not hold it
        {"start": 3, "end": 3},  # an empty span
        {"rule": ""},
        {"start": None},
    ],
)
def test_a_ledger_that_contradicts_the_text_is_no_document(change):
    row = row_of(Edit(1, 2, "r"), "axb")
    assert restored("ab", [row]).text == "axb"
    with pytest.raises(ReleaseError):
        restored("ab", [row | change])


def test_no_release_is_a_release_error(tmp_path):
    with pytest.raises(ReleaseError, match="no release"):
        document_of(tmp_path, "a.txt")


def test_a_damaged_file_is_a_release_error(release, tmp_path):
    for folder in ("data", "removed"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "train-00000-of-00001.parquet").write_bytes(b"PAR1 is not all of it")
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseError, match="cannot read"):
        document_of(tmp_path, "a.txt")


def test_a_file_is_explained_without_a_release(tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes(f"ปากคลอง\r\n\r\n{OWN}\r\n".encode())
    [trace] = explain_source(path).documents
    assert trace.source_path == "page.txt"
    assert trace.document.text == path.read_bytes().decode()
    assert "carriage-return" in {edit.rule for edit in trace.document.edits}


def test_a_file_of_which_nothing_is_left_is_explained_too(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("ที่มา: https://news.example.org/a\n", "utf-8")
    [trace] = explain_source(path).documents
    assert (trace.published, trace.document.clean) == (False, "")


def test_a_file_that_cannot_be_tried_says_why(tmp_path):
    (tmp_path / "page.pdf").write_bytes(b"%PDF")
    with pytest.raises(NothingToPublish, match="unknown format"):
        explain_source(tmp_path / "page.pdf")


def ledger_names():
    """Every string in the source that is given as the rule of a finding."""
    places = {"Drop": 1, "Cut": 3, "Edit": 2, "by_rule": 0}
    for path in sorted(Path(corpuskit.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = places.get(node.func.id)
                given = [] if place is None else node.args[place : place + 1]
                given += [k.value for k in node.keywords if k.arg == "rule"]
                for choice in given:
                    branches = [choice.body, choice.orelse] if isinstance(choice, ast.IfExp) else [choice]
                    yield from (b.value for b in branches if isinstance(b, ast.Constant) and b.value)


def test_every_name_of_a_ledger_has_a_page(built):
    names = {*RULE_NAMES[1:], *ledger_names(), "unreadable"} | {
        row["rule"] for row in pq.read_table(built / "removed", columns=["rule"]).to_pylist()
    }
    described = {rule.name for rule in rulebook.rules()}
    assert names <= described
    for name in sorted(described):
        assert len(rulebook.describe(name).splitlines()) >= 3


def test_every_rule_function_is_on_a_page():
    """But for those that only note or hold, and the one whose names are in the recipe."""
    makers = {maker.partition(":")[2] for rule in rulebook.rules() for maker in rulebook.makers_of(rule.name)}
    assert {rule.__name__ for rule in RULES} - makers <= {"fenced_code", "titles", "user_rules"}


def test_rules_are_counted_in_a_release(built):
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    counted = {rule.name: (rule.spans, rule.characters) for rule in rulebook.rules(built)}
    assert counted["unreadable"] == (len(manifest["quarantined"]), 0)
    for name, count in manifest["rules"].items():
        assert counted[name] == (count["spans"], count["characters"])


def test_a_rule_of_another_version_is_listed(tmp_path):
    told = {"name": "n", "version": "1.0.0", "counts": {}, "rules": {"of-mine": {"spans": 2, "characters": 9}}}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    [other] = [rule for rule in rulebook.rules(tmp_path) if rule.name == "of-mine"]
    assert (other.kind, other.spans) == ("other", 2)


@pytest.mark.parametrize("content", ["", "[]", "{}", "{", "\xff", "[" * 100_000])
def test_a_damaged_manifest_is_a_release_error(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content, "latin-1")
    with pytest.raises(ReleaseError, match=r"manifest\.json"):
        rulebook.rules(tmp_path)


def test_an_unknown_rule_is_refused_with_a_hint():
    with pytest.raises(UsageError, match="did you mean comments"):
        rulebook.describe("coments")
