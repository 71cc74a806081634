"""Titles that a site prints with its own name, and phrases that a site prints on every page."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.annotate.affixes import affix_hash, affixes
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from

NAMES = ("The bell", "Two boats", "A wet spring", "The long wall", "Salt")
PROSE = (
    "In the year of the {n} floods the ferry ran from the church door, and the ferryman took eggs for his fare.",
    "He kept a list of those who owed him {n} eggs, and after the water fell he forgave them all but the miller.",
)


def pages(folder: Path, first_line: str, last_line: str = "", prose: tuple[str, ...] = PROSE) -> None:
    """Five pages of one site (a folder), all sentences their own."""
    folder.mkdir(parents=True)
    for n, name in enumerate(NAMES):
        body = "\n".join(line.format(n=f"{name.lower()} {n}") for line in prose)
        (folder / f"{n}.txt").write_text(f"{first_line.format(name=name)}\n\n{body}\n{last_line}\n", "utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> dict[str, dict[str, str]]:
    """Folder → path → row of a small corpus."""
    folder = tmp_path_factory.mktemp("titles")
    pages(folder / "pages" / "bar", "{name} | Harbour Notes")
    pages(folder / "pages" / "menu", "Town | Harbour | Hills")
    pages(folder / "pages" / "lone", "{name} | {name} again", "1,204\n88")
    # no line is long enough to be prose: nothing tells the zones of these pages
    verse = ("The {n} is low", "Print this page", "and the reeds are dry", "a heron waits", "for {n}")
    pages(folder / "pages" / "verse", "{name}", "the river is low", verse)
    release = build([folder / "pages"], recipe_from({"name": "t", "version": "1.0.0"}), folder / "out").path
    rows = [row for part in sorted((release / "data").glob("*.parquet")) for row in pq.read_table(part).to_pylist()]
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        site, _, page = row["source_path"].rpartition("/")
        found.setdefault(site.rpartition("/")[2], {})[page] = row
    return found


def test_the_name_of_the_site_behind_a_bar_is_taken_off(published):
    assert {row["title"] for row in published["bar"].values()} == set(NAMES)


@pytest.mark.parametrize("site", ["menu", "lone"])
def test_bars_without_a_site_name_make_no_title(published, site):
    assert {row["title"] for row in published[site].values()} == {None}


def test_a_phrase_on_all_pages_of_a_site_goes_where_nothing_tells_the_zones(published):
    texts = [row["text"] for row in published["verse"].values()]
    assert len(texts) == len(NAMES)
    assert [
        text for text in texts if "Print this page" in text or "and the reeds are dry\na heron waits" not in text
    ] == []


def test_figures_at_the_end_of_all_pages_stay(published):
    assert [row["text"] for row in published["lone"].values() if not row["text"].endswith("\n1,204\n88")] == []


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("ข่าว - สะพาน | เมือง", ["<ข่าว - ", "<ข่าว - สะพาน | ", "> - สะพาน | เมือง", "> | เมือง"]),
        ("The wave of COVID-19", ["<The wave of COVID-"]),
        ("No 5 - the bell", ["> - the bell"]),
        ("𝕋𝕙𝕖 bell  —\u3000- Times", ["<𝕋𝕙𝕖 bell  —\u3000", "<𝕋𝕙𝕖 bell  —\u3000- ", ">  —\u3000- Times", ">- Times"]),
        ("- The bell -", []),
        ("", []),
    ],
)
def test_a_title_may_begin_or_end_with_the_name_of_its_site(title, parts):
    around = affixes(["Two - boats", title, "Two - boats"])
    mine = around.title == 1
    cuts = list(zip(around.cut[mine].tolist(), around.behind[mine].tolist(), strict=True))
    assert [">" + title[cut:] if behind else "<" + title[:cut] for cut, behind in cuts] == parts
    told = [affix_hash(title[cut:] if behind else title[:cut], behind) for cut, behind in cuts]
    assert around.hash[mine].tolist() == told
    assert len({*told, *around.hash[around.title == 0].tolist()}) == len(told) + 2
    assert around.hash[around.title == 0].tolist() == around.hash[around.title == 2].tolist()
