"""``diff``: what became of a release in the next one, the version that asks for, and the changelog that says so."""

import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpuskit
from corpuskit.cli import run
from corpuskit.cli.comparison import document_lines, lines
from corpuskit.errors import RecipeError, ReleaseError, SourceError, VersionExists
from corpuskit.model import Document, Edit
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
from corpuskit.recipe.file import read_recipe
from corpuskit.recipe.withdrawals import item_digest
from corpuskit.release import changelog
from corpuskit.release.semver import following, precedence
from corpuskit.verbs.diff import diff
from corpuskit.verbs.diff.entry import entry
from corpuskit.verbs.diff.opened import opened
from corpuskit.verbs.diff.spans import compare_ledgers
from corpuskit.verbs.diff.texts import aligned, diff_document, joined, stretches
from corpuskit.verbs.validate import validate

PAGES = {
    "a.txt": "ตลาดนัดวันเสาร์\n\nชาวสวนพายเรือออกจากคลองตั้งแต่ก่อนฟ้าสาง เพื่อเอาผักที่เก็บเมื่อคืนมาวางขายให้ทันคนเดินตลาดเช้า\n",
    "b.txt": "สะพานไม้\n\nสะพานเก่าข้ามคลองถูกรื้อเมื่อปีก่อน ชาวบ้านสองฝั่งจึงช่วยกันลงแรงสร้างใหม่ด้วยไม้ที่เหลือจากบ้านหลังเดิม\n",
    "c.txt": "โรงเรียนริมน้ำ\n\nครูคนเดียวของโรงเรียนพายเรือรับเด็กทุกเช้า และเล่านิทานให้ฟังตลอดทางจนกว่าจะถึงท่าหน้าเสาธง\n",
}
ADDED = "เตาถ่าน\n\nช่างปั้นเตาคนสุดท้ายของตำบลสอนหลานสาวให้รู้จักดินเหนียวดี ๆ ด้วยการให้ปั้นเล่นก่อนเข้านอนทุกคืน\n"
RECORDS = {
    "r1": "บันทึกแรกเล่าถึงวันที่น้ำขึ้นสูงที่สุดในรอบสี่สิบปี ทุกบ้านย้ายของขึ้นชั้นบนโดยไม่มีใครบ่นสักคำเดียว",
    "r2": "บันทึกที่สองจดชื่อปลาที่เด็ก ๆ จับได้ในนาหลังน้ำลด พร้อมน้ำหนักที่ชั่งด้วยตาชั่งเก่าของคุณยายข้างบ้าน",
    "r3": "บันทึกที่สามพูดถึงเสียงกบร้องก่อนฝนมา และวิธีนับวันของคนทำนาที่ไม่เคยดูปฏิทินบนฝาบ้านเลยสักครั้ง",
}
NEW_RECORD = "บันทึกใหม่เพิ่งพบในกล่องไม้ใต้เตียง เขียนด้วยดินสอจนอ่านแทบไม่ออก แต่ยังเห็นวันที่และชื่อของผู้เขียนชัด"


def write(folder, pages, records=()):
    """The corpus as exactly these pages and records."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in pages.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    if records:
        rows = [json.dumps({"id": key, "text": text, "title": f"T {key}"}) for key, text in records]
        (folder / "records.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def released(folder, version, out, **recipe):
    return build([folder], recipe_from({"name": "canal", "version": version, **recipe}), out, workers=1).path


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """A corpus that grows, is corrected, and loses: four versions, each by the real build."""
    root = tmp_path_factory.mktemp("versions")
    pages, records = dict(PAGES), list(RECORDS.items())
    made = {}

    def publish(version):
        made[version] = released(write(root / "corpus", pages, records), version, root / "dist")

    publish("1.0.0")
    pages["d.txt"] = ADDED
    records.insert(0, ("r4", NEW_RECORD))  # the lines of all others move
    publish("1.1.0")
    pages["b.txt"] = pages["b.txt"].replace("สองฝั่ง", "ทั้งสองฝั่ง")
    publish("1.1.1")
    pages.pop("c.txt")
    pages["e.txt"] = pages.pop("a.txt")
    records.remove(("r2", RECORDS["r2"]))
    publish("2.0.0")
    return made


def ids(release):
    table = pq.read_table(release / "data", columns=["id", "source_path", "text"]).to_pylist()
    return {(row["source_path"], row["text"][:30]): row["id"] for row in table}


def test_ids_stay_the_same_from_version_to_version(versions):
    """Whatever is added, corrected or removed around it, a document keeps its id."""
    known = {}
    for release in versions.values():
        for what, key in ids(release).items():
            assert known.setdefault(what, key) == key
    assert len(set(known.values())) == len(known) == 9  # one more than there are texts: a.txt became e.txt


@pytest.mark.parametrize(
    ("old", "new", "level", "version", "counts"),
    [
        ("1.0.0", "1.1.0", "minor", "1.1.0", {"added": 2, "kept": 6}),
        ("1.1.0", "1.1.1", "patch", "1.1.1", {"changed": 1, "kept": 7}),
        ("1.0.0", "1.1.1", "minor", "1.1.0", {"added": 2, "changed": 1, "kept": 5}),
        ("1.1.1", "2.0.0", "major", "2.0.0", {"removed": 2, "renamed": 1, "kept": 5}),
        ("1.0.0", "2.0.0", "major", "2.0.0", {"added": 2, "changed": 1, "removed": 2, "renamed": 1, "kept": 2}),
        ("1.1.0", "1.0.0", "major", "2.0.0", {"removed": 2, "kept": 6}),
    ],
)
def test_each_pair_of_versions_is_told_apart_and_asks_for_its_number(versions, old, new, level, version, counts):
    found = diff(versions[old], versions[new])
    kinds = ("added", "removed", "changed", "renamed")
    told = {kind: len(found.of(kind)) for kind in kinds} | {"kept": found.kept}
    assert {kind: count for kind, count in told.items() if count} == counts
    assert (found.proposal.level, found.proposal.version) == (level, version)
    assert found.proposal.enough == (precedence(new) >= precedence(version))


def test_a_change_names_the_document_the_fields_and_the_reason(versions):
    changed = diff(versions["1.1.0"], versions["1.1.1"]).of("changed")
    assert [(change.source_path, change.fields[0]) for change in changed] == [("b.txt", "text")]
    assert "n_chars" not in changed[0].fields  # it follows from the text
    assert changed[0].reason == "text"
    last = diff(versions["1.1.1"], versions["2.0.0"])
    gone = {(change.source_path, change.reason) for change in last.of("removed")}
    assert gone == {("c.txt", "its source is gone"), ("records.jsonl", "its record is gone from the source")}
    [renamed] = last.of("renamed")
    assert (renamed.source_path, renamed.why, renamed.old_id) == (
        "e.txt",
        "a.txt",
        ids(versions["1.0.0"])[_first("a.txt")],
    )
    first = diff(versions["1.0.0"], versions["1.1.0"])
    assert [(change.source_path, change.reason) for change in first.of("added")] == [
        ("d.txt", "a new source"),
        ("records.jsonl", "a new record"),
    ]
    assert first.fields == {"source_where": 3, "source_sha256": 3}  # lines moved, and no document changed


def _first(name):
    return name, PAGES[name][:30]


def test_versions_that_hold_the_same_are_the_same(versions, tmp_path):
    corpus = write(tmp_path / "corpus", PAGES, list(RECORDS.items()))
    found = diff(versions["1.0.0"], released(corpus, "1.0.1", tmp_path))
    assert found.same
    assert (found.proposal.level, found.proposal.reasons, found.kept) == ("none", (), 6)
    assert "the same content" in shown(found)
    assert diff(versions["1.0.0"], versions["1.0.0"]).same


def shown(found):
    return click.unstyle("\n".join(lines(found)))


LONG = "ผู้เฒ่าเล่าว่าเมื่อก่อนเรือสำเภาจอดได้ถึงหน้าวัด ตอนนี้เหลือเพียงหลักไม้ผุ ๆ ที่นกกระยางใช้เป็นที่พักทุกเย็น"


@pytest.fixture(scope="module")
def reasons(tmp_path_factory):
    """Documents that go for every reason that there is, and come back the other way round."""
    root = tmp_path_factory.mktemp("reasons")
    all_here = {
        "a.txt": f"หลักไม้หน้าวัด\n\n{LONG}\n\nความคิดเห็น (0)\n",
        "emptied.txt": PAGES["a.txt"],
        "filtered.txt": PAGES["b.txt"],
        "twin.txt": PAGES["c.txt"],
        "unread.txt": ADDED,
    }
    before = released(write(root / "corpus", all_here), "1.0.0", root)
    now = all_here | {
        "emptied.txt": "ที่มา: https://canal.example.org/1\n",
        "filtered.txt": "\n".join(["คลองนี้ยาวมาก", "น้ำใสดี"] * 8),
        "twin.txt": all_here["a.txt"],
        "unread.txt": b"\x00\x01",
    }
    after = released(write(root / "corpus", now), "2.0.0", root, filter={"flags": ["duplicate-lines"]})
    return before, after


def test_why_a_document_is_gone_comes_from_the_new_ledger(reasons):
    found = diff(*reasons)
    told = {change.source_path: (change.reason, change.why) for change in found.of("removed")}
    assert told["emptied.txt"] == ("nothing of it is left", "source")
    assert told["filtered.txt"][0] == "now filtered"
    assert told["filtered.txt"][1].startswith("duplicate-lines: ")
    assert told["twin.txt"] == ("now a duplicate", "same document as a.txt")
    assert told["unread.txt"][0] == "now unreadable"
    assert [unread.source_path for unread in found.now_unreadable] == ["unread.txt"]
    assert [setting.what for setting in found.recipe] == ["filter.flags"]


def test_why_a_document_is_new_comes_from_the_old_one(reasons):
    found = diff(*reversed(reasons))
    told = {change.source_path: change.reason for change in found.of("added")}
    assert told == {
        "emptied.txt": "nothing of it was left",
        "filtered.txt": "was filtered",
        "twin.txt": "was a duplicate",
        "unread.txt": "was unreadable",
    }
    assert [unread.source_path for unread in found.now_readable] == ["unread.txt"]
    assert found.proposal.level == "minor"


def test_a_withdrawn_document_is_told_of_and_not_named(versions, tmp_path):
    corpus = write(tmp_path / "corpus", PAGES, list(RECORDS.items()))
    key = ids(versions["1.0.0"])[_first("c.txt")]
    withdrawn = [{"items": [item_digest("id", key)], "paragraphs": []}]
    found = diff(versions["1.0.0"], released(corpus, "2.0.0", tmp_path, withdrawn=withdrawn))
    assert [(change.id, change.reason) for change in found.of("removed")] == [(key, "withdrawn")]
    assert [(s.what, s.old, s.new) for s in found.recipe] == [("withdrawn", "[]", "1")]
    text = entry(found)
    assert re.search(r"#### Removed\n\n- 1 document, \d+ characters: withdrawn\n", text)
    assert not any(name in text for name in (key, "c.txt", item_digest("id", key)))
    [gone] = diff_document(versions["1.0.0"], tmp_path / "canal-2.0.0", "c.txt")
    assert (gone.reason, {s.sign for s in gone.stretches}) == ("withdrawn", {"-"})


SITE = "เว็บท่าคลองบางหลวง"


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """The same sources under three recipes: a rule of one's own, under another name, and with built-in rules off."""
    root = tmp_path_factory.mktemp("rules")
    pages = {name: f"{SITE}\n\n{text}\nความคิดเห็น (0)\n\nแชร์ข่าวนี้\n" for name, text in PAGES.items()}
    corpus = write(root / "corpus", pages)

    def rule(name):
        return {"rules": [{"name": name, "pattern": SITE}]}

    return (
        released(corpus, "1.0.0", root, **rule("mine")),
        released(corpus, "1.0.1", root, **rule("site-line")),
        released(
            corpus,
            "1.0.2",
            root,
            **rule("site-line"),
            clean={"disable": ["comments", "tail-block", "template", "line-model"]},
        ),
    )


def test_what_moves_from_one_rule_to_another_is_counted(rules):
    found = diff(rules[0], rules[1])
    assert not found.documents
    [move] = found.moves
    assert (move.rule, move.to, move.spans) == ("mine", "site-line", 3)
    assert {rule.rule: rule.spans for rule in found.rules} == {"mine": (3, 0), "site-line": (0, 3)}
    assert (found.proposal.level, found.proposal.reasons[0]) == ("patch", "the ledger changed")


def test_spans_that_no_rule_takes_any_more_are_counted(rules):
    found = diff(rules[1], rules[2])
    [comments] = [rule for rule in found.rules if rule.rule == "comments"]
    assert (comments.spans, comments.removed, comments.added) == ((3, 0), 3, 0)
    assert {change.fields[0] for change in found.of("changed")} == {"text"}


@pytest.mark.parametrize("part", [1, 2, 5])
def test_a_ledger_in_parts_is_the_ledger(versions, rules, reasons, part):
    for old, new in ((versions["1.0.0"], versions["2.0.0"]), rules[:2], rules[1:], reasons):
        pair = opened(old), opened(new)
        assert compare_ledgers(*pair, part=part) == compare_ledgers(*pair)


def test_a_span_that_occurs_twice_is_counted_twice(tmp_path):
    counters = "\nความคิดเห็น (0)\n"
    old = released(write(tmp_path / "c", {"a.txt": PAGES["a.txt"] + 3 * counters}), "1.0.0", tmp_path)
    new = released(write(tmp_path / "c", {"a.txt": PAGES["a.txt"] + 4 * counters}), "1.0.1", tmp_path)
    found = diff(old, new)
    assert [change.reason for change in found.of("changed")] == ["only what was removed"]
    [change] = found.rules
    assert (change.rule, change.spans, change.added, change.removed) == ("comments", (3, 4), 1, 0)


def test_the_text_of_a_document_shows_what_the_source_changed(versions):
    [found] = diff_document(versions["1.1.0"], versions["1.1.1"], "b.txt")
    assert [(s.sign, s.text, s.rule) for s in found.stretches if s.sign != "="] == [("+", "ทั้ง", "")]
    text = click.unstyle("\n".join(document_lines([found])))
    assert "ชาวบ้าน⟦+(source)|ทั้ง⟧สองฝั่ง" in text
    assert "… 2 lines the same" in text
    assert "สะพานไม้" not in text


def test_the_text_of_a_document_names_the_rule_behind_a_change(rules):
    [found] = diff_document(rules[1], rules[2], "a.txt")
    [came] = [s for s in found.stretches if s.sign != "="]
    assert (came.sign, came.text.strip(), came.rule) == ("+", "ความคิดเห็น (0)", "comments")
    assert "phrase" in came.why
    [back] = diff_document(rules[2], rules[1], "a.txt")
    text = click.unstyle("\n".join(document_lines([back])))
    assert "\n⟦-comments|ความคิดเห็น (0)⟧\n" in text
    assert text.endswith("\n-  comments  th phrase '{n} ความคิดเห็น'")
    assert [(s.sign, s.rule) for s in back.stretches if s.sign != "="] == [("-", "comments")]


def test_the_text_of_a_document_that_is_gone_says_why(versions, reasons):
    [gone] = diff_document(versions["1.1.1"], versions["2.0.0"], "c.txt")
    assert gone.reason == "its source is gone"
    assert {s.sign for s in gone.stretches} == {"-"}
    [twin] = diff_document(*reasons, "twin.txt")
    assert twin.reason == "now a duplicate: same document as a.txt"
    with pytest.raises(SourceError, match=r"nowhere\.txt"):
        diff_document(*reasons, "nowhere.txt")


@st.composite
def edited(draw, text):
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    new, rule = st.sampled_from(("", "", "ก", "long\n")), st.sampled_from(("one", "two"))
    return Document(text, tuple(Edit(a, b, draw(rule), draw(new), "why") for a, b in pairs))


@settings(deadline=None)
@given(st.data(), st.text("กข\nab "), st.text("กข\nab "), st.booleans())
def test_stretches_make_both_texts(data, one, other, same_source):
    """What is equal and what went is the old text; what is equal and what came is the new one."""
    old = data.draw(edited(one))
    new = data.draw(edited(one if same_source else other))
    found = list(joined(stretches(old, new)))
    assert "".join(s.text for s in found if s.sign in "=-") == old.clean
    assert "".join(s.text for s in found if s.sign in "=+") == new.clean
    if same_source:
        assert all(s.rule for s in found if s.sign != "=")
    if old == new:
        assert {s.sign for s in found} <= {"="}


@settings(deadline=None)
@given(st.text("กข\nab "), st.text("กข\nab "))
def test_alignment_covers_both_texts_and_is_true(old, new):
    a = b = 0
    for start, end, there, there_end, equal in aligned(old, new):
        assert (start, there) == (a, b)
        assert not equal or old[start:end] == new[there:there_end]
        a, b = end, there_end
    assert (a, b) == (len(old), len(new))


def test_lines_that_share_only_chance_letters_are_other_lines():
    found = [b for b in aligned("เรือแจวลำเก่าจอดอยู่\n", "ดอกบัวบานรับตะวันเช้า\n") if b[4] and b[1] > b[0]]
    assert [(b[0], b[1]) for b in found] == [(20, 21)]  # the line's end


def test_a_huge_changed_line_is_compared_in_no_time():
    line = "".join(chr(0x0E01 + i * i % 46) for i in range(400_000))
    assert len(list(aligned(f"x{line}y", f"z{line[::-1]}w"))) < 10
    [_, went, _] = [b for b in aligned(line, f"{line[:200_000]}!{line[200_000:]}") if b[1] > b[0] or b[3] > b[2]]
    assert went[:4] == (200_000, 200_000, 200_000, 200_001)


def without_column(release, folder, name):
    shutil.copytree(release, folder)
    for path in (folder / "data").glob("*.parquet"):
        pq.write_table(pq.read_table(path, partitioning=None).drop_columns([name]), path)
    return folder


def test_another_schema_is_major(versions, tmp_path):
    other = without_column(versions["1.1.0"], tmp_path / "canal", "publisher")
    found = diff(versions["1.0.0"], other)
    assert [(s.what, s.old, s.new) for s in found.schema] == [("default.publisher", "string", "")]
    assert (found.proposal.level, found.proposal.reasons) == ("major", ("the schema changed: default.publisher",))
    with pytest.raises(ReleaseError, match="no column text"):
        diff(versions["1.0.0"], without_column(versions["1.0.0"], tmp_path / "textless", "text"))


def test_a_new_config_is_minor_and_one_that_goes_is_major(versions, tmp_path):
    corpus = write(tmp_path / "corpus", PAGES, list(RECORDS.items()))
    more = released(corpus, "1.1.0", tmp_path, output={"paragraphs": True})
    assert diff(versions["1.0.0"], more).proposal.level == "minor"
    assert diff(more, versions["1.0.0"]).proposal.level == "major"


def test_a_document_in_another_split_is_major(tmp_path):
    """Who trained on it must not meet it again in a test set, unless the number says so."""
    corpus = write(tmp_path / "corpus", PAGES, list(RECORDS.items()))
    old, new = (
        released(corpus, version, tmp_path, split={"test": share})
        for version, share in (("1.0.0", 0.2), ("1.1.0", 0.8))
    )
    found = diff(old, new)
    moved = len({*_in_split(new, "test")} - {*_in_split(old, "test")})
    assert 0 < moved == found.fields["split"] == len(found.of("changed"))
    assert {change.reason for change in found.of("changed")} == {"another split"}
    assert (found.proposal.level, "in another split" in found.proposal.reasons[0]) == ("major", True)
    assert diff(new, new).same


def _in_split(release, split):
    return [
        row["id"]
        for path in (release / "data").glob(f"{split}-*.parquet")
        for row in pq.read_table(path, columns=["id"], partitioning=None).to_pylist()
    ]


@pytest.mark.parametrize("damage", ["{}", "[]", '{"name":"a","version":"1.0.0","counts":{},"rules":{"x":1}}'])
def test_a_damaged_release_is_one_error(versions, tmp_path, damage):
    broken = tmp_path / "broken"
    shutil.copytree(versions["1.0.0"], broken)
    (broken / "manifest.json").write_text(damage)
    with pytest.raises(ReleaseError, match="manifest"):
        diff(versions["1.0.0"], broken)
    with pytest.raises(ReleaseError, match="no release"):
        diff(tmp_path, broken)


@pytest.mark.parametrize(
    ("version", "level", "least"),
    [
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
        ("0.2.3", "major", "0.3.0"),
        ("1.3.0-rc.1", "major", "1.3.0"),
        ("1.2.3", "none", "1.2.3"),
    ],
)
def test_the_least_version_that_may_follow(version, level, least):
    assert following(version, level) == least


# the changelog -------------------------------------------------------------------------------------------------------

WRITTEN = f"""{changelog.HEAD}
## [Unreleased]

- Plans.

## [1.0.0] - 2026-01-02

- First release, told by a person.

[1.1.0]: https://canal.example.org/compare
[1.0.0]: https://canal.example.org/first
"""


def test_an_entry_goes_where_it_belongs_and_nothing_else_changes():
    text = changelog.with_entry(WRITTEN, "1.1.0", "- counted\n", "2026-11-22")
    assert text.index("[Unreleased]") < text.index("## [1.1.0] - 2026-11-22") < text.index("## [1.0.0]")
    assert text.replace(f"## [1.1.0] - 2026-11-22\n\n{changelog.BEGIN}\n- counted\n{changelog.END}\n\n", "") == WRITTEN
    assert changelog.with_entry(text, "1.1.0", "- counted\n") == text


def test_an_entry_is_counted_again_and_what_a_person_wrote_stays():
    text = changelog.with_entry(WRITTEN, "1.0.0", "- counted 1\\2\n")
    assert "- First release, told by a person." in text
    again = changelog.with_entry(text, "1.0.0", "- counted twice\n", "2026-01-03")
    assert "## [1.0.0] - 2026-01-03\n" in again
    assert ("counted 1" in text, "counted 1" in again, again.count("counted twice")) == (True, False, 1)
    assert "- First release, told by a person." in again
    assert "https://canal.example.org/first" in again


def test_a_new_changelog_has_a_head():
    text = changelog.with_entry("", "0.1.0", "- counted\n")
    assert text.startswith("# Changelog\n")
    assert changelog.has_entry(text, "0.1.0")
    assert not changelog.has_entry(text, "0.1.1")


def test_a_release_tells_of_itself_and_what_came_before():
    text = changelog.with_entry(changelog.with_entry(WRITTEN, "1.1.0", "- b\n"), "1.10.0", "- c\n")
    assert changelog.up_to(text, "1.0.0") == WRITTEN.replace("## [Unreleased]\n\n- Plans.\n\n", "").replace(
        "[1.1.0]: https://canal.example.org/compare\n", ""
    )
    told = changelog.up_to(text, "1.2.0")
    assert ("[1.1.0]" in told, "[1.10.0]" in told, "Unreleased" in told) == (True, False, False)
    assert changelog.up_to(told, "1.2.0") == told


def test_an_entry_counts_and_names_no_document(versions, rules):
    text = entry(diff(versions["1.1.1"], versions["2.0.0"]))
    assert "#### Removed" in text
    assert "2 documents, " in text
    assert "1 document under another id" in text
    assert not any(name in text for name in (*PAGES, "records.jsonl", *ids(versions["1.1.1"]).values()))
    text = entry(diff(*rules[:2]))
    assert "- 3 spans (" in text
    assert "moved from rule `mine` to `site-line`" in text
    assert "### Tool\n\n- Recipe: rules: changed" in text


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """The command in this process, in a folder of its own: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def called(*args):
        code = run([*map(str, args), *(["--workers", "1"] if args[0] == "build" else [])])
        return code, *capsys.readouterr()

    return called


def test_a_candidate_the_changelog_and_the_release_that_carries_it(call, tmp_path):
    """The way of docs/versions.md: build a candidate, diff it, build the release; the old one stays what it was."""
    write(tmp_path / "pages", PAGES)
    recipe = 'name = "canal"\nversion = "{}"\nsources = ["pages"]\n'
    Path("corpus.toml").write_text(recipe.format("1.0.0"))
    assert call("build")[0] == 0
    first = Path("dist/canal-1.0.0/SHA256SUMS").read_bytes()

    (tmp_path / "pages" / "d.txt").write_text(ADDED, "utf-8")
    assert call("build", "--version", "1.1.0-rc.1")[0] == 0
    code, out, err = call("diff", "dist/canal-1.0.0", "dist/canal-1.1.0-rc.1", "--changelog", "--date", "2026-11-22")
    assert (code, "MINOR: 1 document added. After 1.0.0: 1.1.0" in out) == (0, True)
    assert "CHANGELOG.md" in err
    assert 'changelog = "CHANGELOG.md"' in err
    text = Path("CHANGELOG.md").read_text("utf-8")
    assert "## [1.1.0] - 2026-11-22" in text

    Path("corpus.toml").write_text(recipe.format("1.1.0") + 'changelog = "CHANGELOG.md"\n')
    code, _, err = call("build")
    assert (code, "note: the changelog" in err) == (0, False)
    assert Path("dist/canal-1.1.0/CHANGELOG.md").read_text("utf-8") == text
    assert validate("dist/canal-1.1.0", ["pages"], workers=1).verdict == "same bytes"
    assert call("diff", "dist/canal-1.1.0-rc.1", "dist/canal-1.1.0", "--check")[0] == 0

    # the file grows, and the version that exists is still the same bytes; the next one says that it is not told of
    Path("CHANGELOG.md").write_text(changelog.with_entry(text, "1.2.0", "- later\n"))
    assert "existed" in call("build")[2]
    (tmp_path / "pages" / "f.txt").write_text(f"ท้ายสุด\n\n{LONG}\n", "utf-8")
    assert "no entry for 1.3.0" in call("build", "--version", "1.3.0")[2]
    assert "[1.2.0]" in Path("dist/canal-1.3.0/CHANGELOG.md").read_text("utf-8")
    assert Path("dist/canal-1.0.0/SHA256SUMS").read_bytes() == first


def test_an_entry_that_is_rewritten_does_not_change_a_release(tmp_path):
    pages = write(tmp_path / "pages", PAGES)
    text = changelog.with_entry("", "1.0.0", "- one\n")
    release = released(pages, "1.0.0", tmp_path / "dist", changelog=text)
    before = (release / "CHANGELOG.md").read_bytes()
    with pytest.raises(VersionExists):
        released(pages, "1.0.0", tmp_path / "dist", changelog=changelog.with_entry(text, "1.0.0", "- other\n"))
    assert (release / "CHANGELOG.md").read_bytes() == before


def test_validate_finds_an_entry_of_a_later_version(tmp_path):
    text = changelog.with_entry("", "1.0.0", "- one\n")
    release = released(write(tmp_path / "pages", PAGES), "1.0.0", tmp_path / "dist", changelog=text)
    assert validate(release).ok
    (release / "CHANGELOG.md").write_text(changelog.with_entry(text, "1.1.0", "- later\n"))
    assert {failure.check for failure in validate(release).failures} == {"sums"} | {"changelog"}


def test_a_changelog_is_empty_before_its_first_entry_and_one_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "corpus.toml").write_text('name = "n"\nchangelog = "CHANGES.md"\n')
    assert read_recipe(tmp_path / "corpus.toml").changelog == ""
    (tmp_path / "CHANGES.md").write_bytes(b"\xff")
    with pytest.raises(RecipeError, match=r"CHANGES\.md"):
        read_recipe(tmp_path / "corpus.toml")


# the command ---------------------------------------------------------------------------------------------------------


def test_diff_answers_in_json_and_with_a_code(call, versions):
    code, out, err = call("diff", versions["1.1.1"], versions["2.0.0"], "--json", "--check")
    told = json.loads(out)
    assert (code, err, told["same"], told["proposal"]["version"]) == (0, "", False, "2.0.0")
    assert told == json.loads(json.dumps(asdict(diff(versions["1.1.1"], versions["2.0.0"])))) | {"same": False}
    assert call("diff", versions["1.1.0"], versions["1.0.0"])[0] == 0
    code, out, _ = call("diff", versions["1.1.0"], versions["1.0.0"], "--check")
    assert (code, "1.0.0 is too small: use 2.0.0 or higher" in out) == (1, True)
    code, out, _ = call("diff", versions["1.1.0"], versions["1.1.1"], "--document", "b.txt", "--json")
    [document] = json.loads(out)["documents"]
    assert [s["text"] for s in document["stretches"] if s["sign"] == "+"] == ["ทั้ง"]


@pytest.mark.parametrize(
    "args",
    [
        ("--document", "b.txt", "--changelog"),
        ("--changelog", "--date", "yesterday"),
        ("--date", "2026-01-01"),
    ],
)
def test_a_wrong_call_of_diff_is_one_line_and_2(call, versions, args):
    code, out, err = call("diff", versions["1.0.0"], versions["1.1.0"], *args)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_nothing_of_a_release_can_act_on_a_terminal_or_in_markdown(tmp_path):
    pages = {"a.txt": PAGES["a.txt"], "b\x1b[2J\u202e.txt": PAGES["b.txt"], "<b>`.txt": b"\x00\x01"}
    old = released(write(tmp_path / "c", {"a.txt": PAGES["a.txt"]}), "1.0.0", tmp_path)
    new = released(write(tmp_path / "c", pages), "1.1.0", tmp_path, description="<script>\x1b[2J`\n## [9.9.9]")
    found = diff(old, new)
    text = "\n".join([*lines(found), *document_lines(diff_document(old, new, found.of("added")[0].id))])
    plain = re.sub(r"\x1b\[[0-9]{1,2}m", "", text)
    assert "\\u001B[2J" in plain
    assert not {"\x1b", "\u202e"} & set(plain)
    text = entry(found)
    assert not any(act in text for act in ("<script>", "\x1b", "\n## "))


def test_diff_is_public():
    assert corpuskit.diff is diff
