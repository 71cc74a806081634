"""The report: its numbers, its draw, its bytes; and that nothing in a release is markup."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import FERRIES, RECIPE, document_id, draft_of, ferry, hostile, page_of

from corpuskit.model import Document, Edit
from corpuskit.release.parquet import REMOVED
from corpuskit.release.report import data_block, report
from corpuskit.release.report.draw import DOCUMENTS, Draw
from corpuskit.release.report.figures import folder_of, host_of
from corpuskit.release.report.sample import BYTES, pieces_of
from corpuskit.release.report.tally import Tally
from corpuskit.release.report.texts import dates


def data_of(page):
    return json.loads(re.search(r'<script id="data" type="application/json">([^<]*)</script>', page)[1])


class Elements(HTMLParser):
    """All elements of a page with their attributes, and the text of its sections."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self._open = [], "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_data(self, data):
        if self._open[-1:] not in (["script"], ["style"]):
            self.text += data


# ---- numbers


def test_every_character_is_accounted_for(tmp_path):
    page = page_of(tmp_path, FERRIES)
    told = Elements(page).text
    source = sum(len((d[0] if isinstance(d, tuple) else d).text) for d in FERRIES.values())
    assert f"{source} characters were read" in told
    assert f"{6 + 23 + 2 * (2 + 12)} were taken out, 2 were put in their place" in told
    assert "white space of documents of which" not in told


def test_flow_by_folder_holds_what_went_in_and_what_came_out(tmp_path):
    page = page_of(tmp_path, FERRIES)
    rows = re.findall(r'<th class="path" scope="row">([^<]*)</th>((?:<td class="number">[^<]*</td>)+)', page)
    numbers = {name: [int(n.replace(",", "")) for n in re.findall(r">([\d,]+)<", cells)] for name, cells in rows}
    assert numbers["en/"] == [1, 30 + 23, 24]
    assert numbers["th/"][0] == 2
    assert numbers["th/"][1] - numbers["th/"][2] == 2 * (1 + 12)
    assert "boats.example.org" in numbers


def test_copies_name_the_text_and_the_document_that_stays(tmp_path):
    page = page_of(tmp_path, FERRIES)
    assert "1 copies of 1 texts" in Elements(page).text
    assert f'<a href="#doc={document_id("en/three.txt")}">en/three.txt</a>' in page


def test_unreadable_sources_are_listed(tmp_path):
    lost = [{"path": "a.pdf", "line": "7", "reason": "cut short"}]
    told = Elements(page_of(tmp_path, FERRIES, quarantined=lost)).text
    assert "1 sources, or records in them, could not be read" in told
    assert "cut short" in told


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "ค", None]), st.integers(0, 99)), max_size=40), st.integers(1, 5))
def test_tally_sums_by_key_whatever_the_batches(rows, size):
    tally, told = Tally(["key"], ["n"]), Counter()
    for i in range(0, len(rows), size):
        keys, numbers = zip(*rows[i : i + size], strict=True)
        tally.add(pa.table([pa.array(keys, pa.string()), pa.array(numbers, pa.int64())], ["key", "n"]))
    for key, n in rows:
        told[key] += n
    top = tally.top(2)
    assert dict(tally.top(9).rows) == told
    assert sum(n for _, n in top.rows) + top.rest[0] == sum(told.values())
    assert [n for _, n in top.rows] == sorted(told.values(), reverse=True)[:2]


def test_tally_of_too_many_keys_keeps_the_large_ones_and_the_total():
    tally = Tally(["key"], ["n"], limit=10)
    for i in range(20):
        tally.add(pa.table({"key": ["large", *(f"{i}-{j}" for j in range(5))], "n": [50, 1, 1, 1, 1, 1]}))
    top = tally.top(1)
    assert top.rows == [("large", 1000)]
    assert top.rest == (100,)
    assert not top.exact


@pytest.mark.parametrize(
    ("months", "first", "columns"),
    [
        ({}, None, 0),
        ({2024 * 12 + 1: 3}, ("2024-02", 3), 1),
        ({2020 * 12: 1, 2024 * 12 + 5: 2}, ("2020", 1), 5),
        ({1 * 12: 1, 2024 * 12: 2}, ("0–99", 1), 21),
        ({1 * 12: 1, 9999 * 12: 2}, ("0–499", 1), 20),
    ],
)
def test_dates_are_never_too_many_to_draw(months, first, columns):
    made = dates(months)
    assert len(made) == columns
    assert sum(n for _, n in made) == sum(months.values())
    assert made[:1] == ([first] if first else [])


def test_folders_and_hosts():
    paths = pa.array(["th/a/b.txt", "a.txt", "a.jsonl", "/odd"])
    assert folder_of(paths, pa.array([None, "", "line 1", None])).to_pylist() == ["th/", "", "a.jsonl", "/"]
    urls = ["HTTPS://www.Boats.example:80/x", "http://u:p@h.example?q", "javascript:alert(1)", None, "ftp://h/"]
    assert host_of(pa.array(urls)).to_pylist() == ["boats.example", "h.example", None, None, None]


# ---- the draw


def test_every_rule_of_a_large_release_has_a_document_in_the_sample(tmp_path):
    documents = {f"{i}.txt": Document(f"เที่ยวที่ {i} ออกแล้ว") for i in range(600)}
    documents["599.txt"] = Document("ออกแล้ว\nTags: เรือ", (Edit(8, 18, "tags"),))
    shown = data_of(page_of(tmp_path, documents, rows=70))["documents"]
    assert len(shown) == DOCUMENTS
    assert "599.txt" in {d["path"] for d in shown}
    by_id = sorted(document_id(path) for path in documents)
    assert {d["id"] for d in shown} - {document_id("599.txt")} <= set(by_id[:DOCUMENTS])


def test_a_draw_stays_when_documents_join():
    old, new = [document_id(str(i)) for i in range(300)], [document_id(str(i)) for i in range(320)]
    draws = []
    for ids in (old, new):
        draw = Draw()
        draw.add(pa.array(ids), None)
        draws.append(set(draw.drawn()))
    assert len(draws[0] & draws[1]) >= DOCUMENTS - 20


def test_long_texts_are_bounded_and_what_was_taken_out_stays_in_sight(tmp_path):
    kept = "คลองสายเก่า " * 4000
    documents = {f"{i}.txt": Document(kept + "แชร์", (Edit(len(kept), len(kept) + 4, "share"),)) for i in range(30)}
    page = page_of(tmp_path, documents)
    assert len(page.encode()) < 300_000
    piece, edit = data_of(page)["documents"][0]["pieces"]
    assert piece["t"][1] == len(kept) - 1000
    assert edit["t"] == "แชร์"


def test_texts_together_are_bounded(tmp_path):
    text = "".join(f"น้ำขึ้น{'ก' * 900}" for _ in range(12))
    marks = tuple(Edit(i * 907, i * 907 + 7, "tags", "", "x") for i in range(12))
    page = page_of(tmp_path, {f"{i}.txt": Document(text, marks) for i in range(150)})
    assert "there is no room for their texts" in page
    assert BYTES * 0.9 < len(page.encode()) < BYTES * 1.2


def test_a_document_of_thousands_of_edits_is_cut():
    edits = tuple(Edit(2 * i, 2 * i + 1, "nfc", "ข") for i in range(5000))
    pieces = pieces_of(Document("กา" * 5000, edits), {"nfc": 0})
    assert pieces[-1]["t"][1] == 10_000 - sum(len(p["t"]) for p in pieces[:-1])


def test_a_contradictory_ledger_does_not_break_the_report(tmp_path):
    manifest = draft_of(tmp_path, FERRIES)
    path = tmp_path / manifest["configs"]["removed"]["files"][0]["path"]
    rows = pq.read_table(path).to_pylist()
    rows[0]["end"] += 1
    pq.write_table(pa.Table.from_pylist(rows, REMOVED), path)
    assert len(data_of(report(tmp_path, RECIPE, manifest))["documents"]) == 3


def test_a_release_without_edits_and_one_without_documents(tmp_path):
    assert "Every source could be read." in page_of(tmp_path / "a", {"a.txt": Document("ฝนตก")})
    assert "0 characters were read" in page_of(tmp_path / "b", {}, quarantined=[{"path": "x", "reason": "y"}])


# ---- bytes


def test_the_page_does_not_depend_on_row_groups(tmp_path):
    documents = {f"{i % 3}/{i}.txt": ferry(i) for i in range(40)}
    assert page_of(tmp_path / "a", documents, rows=3) == page_of(tmp_path / "b", documents, rows=1000)


def test_the_page_does_not_depend_on_the_machine(tmp_path):
    manifest = draft_of(tmp_path / "draft", FERRIES)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    code = (
        "import hashlib, json, pathlib; from corpuskit.recipe import Recipe;"
        "from corpuskit.release.report import report;"
        f"at = pathlib.Path({str(tmp_path)!r}); recipe = Recipe(name='trial', version='1.0.0');"
        "page = report(at / 'draft', recipe, json.loads((at / 'manifest.json').read_text('utf-8')));"
        "print(hashlib.sha256(page.encode()).hexdigest())"
    )
    sums = set()
    for seed, zone, locale in (("0", "UTC", "C"), ("7", "Asia/Bangkok", "th_TH.UTF-8")):
        settings = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        run = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, check=True)
        sums.add(run.stdout)
    assert len(sums) == 1


# ---- nothing in a release is markup


def test_hostile_text_is_no_markup(tmp_path):
    page = hostile(tmp_path)
    elements = Elements(page)
    assert [tag for tag, _ in elements.found if tag == "script"] == ["script", "script"]
    assert not {tag for tag, _ in elements.found} & {"img", "iframe", "object", "embed", "base", "b onerror"}
    for tag, attributes in elements.found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        assert attributes.get("href", "#").startswith(("#", "data:,"))
        assert "src" not in attributes


def test_hostile_characters_are_made_visible(tmp_path):
    page = hostile(tmp_path)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", page)
    assert "\\u202Egpj.exe" in page


def test_the_policy_allows_this_script_and_this_style_alone(tmp_path):
    page = hostile(tmp_path)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    style, script = re.search("<style>(.*?)</style>", page, re.S)[1], re.search("<script>(.*?)</script>", page, re.S)[1]
    for name, text in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in re.sub("<(script|main|footer)[^>]*>.*", "", page.replace("http-equiv", ""), flags=re.S)


@given(st.recursive(st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_data_survives_and_cannot_leave_its_element(values):
    block = data_block(values)
    assert json.loads(block) == values
    assert not re.search("[<>&\u2028\u2029\u202e]", block)
