"""The dataset card: every number is the data's, nothing of strangers can act in it, and nothing in it is left open."""

import hashlib
import json
import random
import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from hostile import HOSTILE, PROSE, hostile_release, release_of
from markdown_it import MarkdownIt

from corpuskit.display import show
from corpuskit.errors import RecipeError
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.release.markdown import CELL, fenced, json_lines, markdown
from corpuskit.verbs.validate import validate

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def small(folder: Path, records: list[dict], **values) -> Path:
    """A release with paragraphs."""
    return release_of(folder, records, **{"output": {"paragraphs": True}} | values)


def resum(release: Path) -> None:
    paths = sorted(p for p in release.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(release).as_posix()}\n" for p in paths]
    (release / "SHA256SUMS").write_text("".join(lines))


def card_of(release: Path) -> str:
    return (release / "README.md").read_text("utf-8")


def header_of(text: str) -> dict:
    return yaml.safe_load(re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)[1])


def body_of(text: str) -> str:
    return re.sub(r"\A---\n.*?\n---\n", "", text, count=1, flags=re.DOTALL)


def headings(text: str) -> list[str]:
    tokens = MARKDOWN.parse(body_of(text))
    return [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]


def table(text: str, head: str) -> dict[str, list[str]]:
    """First cell → the others, of the table with this first line."""
    lines = body_of(text).split("\n")
    at = lines.index(head) + 2
    end = next(i for i in range(at, len(lines)) if not lines[i])
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[at:end]]
    return {row[0]: row[1:] for row in cells}


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """Records of several licences, hosts and folders, a page, and a source that cannot be read."""
    folder = tmp_path_factory.mktemp("card")
    records = [
        {
            "id": i, "text": f"Day {i}\n\n{PROSE} {i * 'again '}here.\nLeave a comment", "publisher": f"Post {i % 2}",
            "url": f"https://{'north' if i % 3 else 'www.south'}.example.org/{i}", "date": f"2021-03-0{i}",
            **({"license": "cc0-1.0"} if i > 4 else {}),
        }
        for i in range(1, 8)
    ]  # fmt: skip
    for name, text in {"b/page.txt": f"{PROSE} and longer.\n", "top.txt": f"{PROSE} at the top.\n"}.items():
        (folder / "sources" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "sources" / name).write_text(text)
    (folder / "sources" / "noise.bin").write_bytes(b"\0")
    return small(folder, records, license="cc-by-4.0", repo_id="somchai/posts", contact="posts@example.org")


def test_the_numbers_are_those_of_the_data(release):
    """Counted here in plain Python, from the files alone."""
    text = card_of(release)
    rows = pq.read_table(release / "data").to_pylist()
    ledger = pq.read_table(release / "removed").to_pylist()
    counts = table(text, "| what | count |")
    assert counts["documents published"] == [str(len(rows))]
    assert counts["characters published"] == [f"{sum(len(r['text']) for r in rows):,}"]
    assert counts["sources or records that could not be read"] == ["1"]
    dates = sorted(row["date"] for row in rows if row["date"])
    assert (counts["earliest date"], counts["latest date"]) == ([str(dates[0])], [str(dates[-1])])
    licences = Counter(row["license"] for row in rows)
    assert {k: int(v[0]) for k, v in table(text, "| licence | documents | characters |").items()} == licences
    hosts = table(text, "| host | documents | characters |")
    assert {host: int(n) for host, (n, _) in hosts.items()} == {
        "north.example.org": 5, "south.example.org": 2, "(no address)": 2,
    }  # fmt: skip
    folders = table(text, "| folder | documents | characters | files | documents read |")
    assert {f: (n[0], n[2], n[3]) for f, n in folders.items()} == {
        "a/": ("7", "1", "7"), "b/": ("1", "1", "1"), "(none)": ("1", "1", "1"),
    }  # fmt: skip
    rules = Counter(row["rule"] for row in ledger)
    told = {
        line.split("`")[1]: line for line in text.split("\n") if re.match(r"\| \w+ \| `[\w-]+` \| .* \| .* \|$", line)
    }
    for rule, spans in rules.items():
        size = sum((row["end"] or 0) - (row["start"] or 0) for row in ledger if row["rule"] == rule)
        assert told[rule].endswith(f"| {spans:,} | {size:,} |")
    nulls = table(text, "| column | type | meaning | null when | nulls |")
    for name in rows[0]:
        assert nulls[f"`{name}`"][-1] == str(sum(row[name] is None for row in rows)), name


def test_every_number_in_it_is_checked(release):
    """Another digit anywhere, behind right sums, is a failure of the card: of each number, one is tried."""
    path = release / "README.md"
    sound = path.read_text("utf-8")
    found = list(re.finditer(r"\d+", sound))
    chance = random.Random(5)
    try:
        for match in chance.sample(found, 25):
            other = str((int(match[0][-1]) + 1) % 10)
            path.write_text(sound[: match.end() - 1] + other + sound[match.end() :], "utf-8")
            resum(release)
            checks = {f.check for f in validate(release).failures}
            assert checks == {"card"}, sound[match.start() - 40 : match.end() + 20]
    finally:
        path.write_text(sound, "utf-8")
        resum(release)
    assert validate(release).failures == ()


def test_the_sections_stand_in_their_order(release):
    assert headings(card_of(release)) == [
        "posts", "Load", "Counts", "One document", "Columns of `default`", "Columns of `removed`",
        "Columns of `paragraphs`", "How it was made", "Quality flags", "Sources and licences", "Known limits",
        "Verify and rebuild", "Citation",
    ]  # fmt: skip


def test_each_config_has_its_loader_for_the_hub_and_for_the_folder(release):
    text = card_of(release)
    for config in ('"removed", ', '"paragraphs", ', ""):
        assert f'load_dataset("somchai/posts", {config}revision="v1.0.0", split="train")' in text
        assert f'load_dataset("posts-1.0.0", {config}split="train")' in text


def test_the_instance_is_the_first_row(release):
    row = pq.read_table(release / "data").to_pylist()[0]
    shown = json.loads(card_of(release).split("```json\n")[1].split("\n```")[0])
    assert shown == row | {"date": str(row["date"]) if row["date"] else None}


def test_what_the_recipe_does_not_say_is_left_out(tmp_path):
    text = card_of(small(tmp_path, [{"id": 1, "text": PROSE}], output={"report": False}))
    for word in ("None", "nan", "TODO", "More Information", "USER", "report.html", "write to", "author =", "year =",
                 "homepage", "license:", "repo", "Quality flags\n\n\n", "earliest"):  # fmt: skip
        assert word not in text, word
    assert "there is no ledger" in text
    assert "\n\n\n" not in text


def test_what_the_recipe_says_is_there(tmp_path):
    said = {"authors": ["Somchai D.", "Anong P."], "released": "2026-11-22", "homepage": "https://posts.example.org/"}
    text = card_of(small(tmp_path, [{"id": 1, "text": PROSE}], pretty_name="Posts of the canal", **said))
    assert "Version **1.0.0** of 2026-11-22, built with" in text
    entry = text.split("```bibtex\n")[1].split("\n```")[0]
    assert "  author = {Somchai D. and Anong P.},\n  year = {2026},\n  version = {1.0.0}," in entry
    assert "  url = {https://posts.example.org/}," in entry
    described = json.loads((tmp_path / "out/posts-1.0.0/croissant.json").read_text("utf-8"))
    assert [person["name"] for person in described["creator"]] == said["authors"]
    assert described["datePublished"] == "2026-11-22"


@pytest.mark.parametrize("day", ["22-11-2026", "2026-13-01", "20261122", "today"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(RecipeError, match="released"):
        Recipe(released=day)


def test_what_only_describes_leaves_finished_work_as_it_is():
    assert Recipe(description="another", authors=("A",), released="2026-11-22").digest() == Recipe().digest()
    assert Recipe(license="mit").digest() != Recipe().digest()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    return hostile_release(tmp_path_factory.mktemp("hostile"), output={"paragraphs": True})


def test_hostile_texts_stay_texts(hostile):
    text = card_of(hostile)
    assert validate(hostile).failures == ()
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]", text
    )
    tokens = MARKDOWN.parse(body_of(text))
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inner]}
    assert not kinds & {"html_block", "html_inline", "image", "hr", "blockquote_open", "ordered_list_open"}, kinds
    assert {c.attrs["href"] for c in inner if c.type == "link_open"} == {
        "removed/train-00000-of-00002.parquet", "report.html",
    }  # fmt: skip
    assert {token.info for token in tokens if token.type == "fence"} == {"python", "json", "sh", "bibtex"}
    assert headings(text)[1:] == headings(text.replace("x" * 80, ""))[1:]
    assert len(headings(text)) == 13
    assert all(len(line) < 1500 for line in body_of(text).split("\n")[1:] if line.startswith("|"))


def test_tables_keep_their_cells(hostile):
    """A cell that ended early would shift the numbers behind it, or lose them."""
    lines = body_of(card_of(hostile)).split("\n")
    at = lines.index("| licence | documents | characters |")
    rows = MARKDOWN.parse("\n".join(lines[at : lines.index("", at)]))
    cells = [rows[i + 1] for i, token in enumerate(rows) if token.type in ("td_open", "th_open")]
    shown = ["".join(child.content for child in cell.children) for cell in cells]
    licences = Counter(row["license"] for row in pq.read_table(hostile / "data").to_pylist())
    expected = {show(" ".join(cut(name).split())): f"{count:,}" for name, count in licences.items()}
    told = dict(zip(shown[3::3], shown[4::3], strict=True))
    assert len(told) == 21
    assert told.items() - expected.items() == {("2 others", "2")}


def cut(text: str) -> str:
    return text if len(text) <= CELL else text[:CELL] + "…"


def test_hostile_texts_cannot_change_the_header(hostile):
    header = header_of(card_of(hostile))
    assert header["tags"] == ["corpuskit"]
    assert header["pretty_name"] == "Posts --- tags: [stolen] --- # Taken <script>alert(1)</script>"
    assert (header["license"], header["license_name"]) == ("other", "cc --- license: mit")
    assert [c["config_name"] for c in header["configs"]] == ["default", "removed", "paragraphs"]
    assert header.keys() == {
        "pretty_name", "language", "license", "license_name", "size_categories", "task_categories", "multilinguality",
        "source_datasets", "annotations_creators", "language_creators", "tags", "configs", "dataset_info",
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_a_line_means_itself(text):
    shown = MARKDOWN.parse(markdown(text))
    assert [token.type for token in shown] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in shown[1].children} <= {"text", "text_special"}


@pytest.mark.parametrize("text", HOSTILE)
def test_json_in_a_fence_reads_back(text):
    lines = list(fenced("json", json_lines({"value": text, text: [text]})))
    (token,) = MARKDOWN.parse("\n".join(lines))
    assert token.type == "fence"
    assert json.loads(token.content) == {"value": text, text: [text]}


def test_a_release_with_splits_loads_them_together(tmp_path):
    words = PROSE.split()
    records = [{"id": i, "text": " ".join(f"{word}{i}" for word in words)} for i in range(12)]
    release = small(tmp_path, records, split={"validation": 0.5})
    assert len(list((release / "data").iterdir())) == 2
    text = card_of(release)
    assert 'documents = load_dataset("posts-1.0.0")  # splits: train, validation\n' in text
    counts = table(text, "| what | count |")
    assert sum(int(counts[f"… in the split `{name}`"][0]) for name in ("train", "validation")) == 12


def test_the_changelog_is_quoted_in_its_first_entry(release, tmp_path):
    from corpuskit.release.card import card

    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    recipe = recipe_from(manifest["recipe"])
    (release / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [1.0.0]\n\n- Added 9\n\n### Tool\n\n- x\n\n## [0.9.0]\n\n- old\n"
    )
    try:
        text = card(release, recipe, manifest)
    finally:
        (release / "CHANGELOG.md").unlink()
    section = text.partition("\n## Changes\n")[2].partition("\n## Citation")[0]
    assert section == "\n### [1.0.0]\n\n- Added 9\n\n#### Tool\n\n- x\n\nAll entries: [CHANGELOG.md](CHANGELOG.md).\n"
