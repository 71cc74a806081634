"""INDEX.md: what a corpus is made from and what was released of it."""

import pytest

from corpuskit.errors import ReleaseError, UsageError
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.verbs.index import index, releases, write_index

PAGE = "เรือข้ามฟากของตำบลวิ่งวันละสิบสองเที่ยวมาตั้งแต่ปีที่สร้างท่าไม้เสร็จ คนแก่ในหมู่บ้านยังจำวันแรกได้ดี"
OTHER = "ส่วนสะพานใหม่นั้นสร้างมาแล้วสามปียังไม่เสร็จ ชาวบ้านจึงยังรอเรือข้ามฟากกันทุกเช้าเหมือนที่เคยรอมาตลอด"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    root = tmp_path_factory.mktemp("indexed")
    pages = root / "pages"
    pages.mkdir()
    hostile = "<script>alert(1)</script> | [x](javascript:alert(1)) `code` ![](http://a.example/b.png)"
    (pages / "a.txt").write_text(f"{hostile}\n\n{PAGE}\n\nที่มา: https://ferry.example.org/a\n", "utf-8")
    (pages / "b_|_c.txt").write_text(f"{OTHER}\n\n{PAGE}\n", "utf-8")
    (pages / "twin.txt").write_text(f"{OTHER}\n\n{PAGE}\n", "utf-8")
    (pages / "not read.txt").write_bytes(b"\x00")
    for name, version in (("ferry", "1.9.0"), ("ferry", "1.10.0-rc.1"), ("ferry", "1.10.0"), ("other", "0.1.0")):
        build([pages], Recipe(name=name, version=version), root / "dist", workers=1)
    return root / "dist"


def table(text, heading):
    """The rows of the table under a heading."""
    section = text.partition(f"## {heading}")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_releases_are_listed_by_version(out):
    assert [r.manifest["version"] for r in releases(out)] == ["1.9.0", "1.10.0-rc.1", "1.10.0", "0.1.0"]
    rows = table(index(Recipe(name="ferry"), out), "Releases")
    assert [row.split(" | ")[1] for row in rows] == ["1.9.0", "1.10.0-rc.1", "1.10.0"]
    newest = next(r for r in releases(out) if r.manifest["version"] == "1.10.0")
    assert f"`{newest.id[:16]}`" in rows[2]


def test_sources_are_those_of_the_release_that_the_recipe_names(out):
    assert "## Sources of ferry 1.9.0" in index(Recipe(name="ferry", version="1.9.0"), out)
    assert "## Sources of ferry 1.10.0\n" in index(Recipe(name="ferry"), out)
    assert "## Sources of ferry 1.10.0\n" in index(Recipe(name="ferry", version="2.0.0"), out)


def test_every_source_has_a_row(out):
    text = index(Recipe(name="ferry"), out)
    rows = table(text, "Sources")
    assert [row.split(" | ")[1] for row in rows] == ["a.txt", "b\\_\\|\\_c.txt", "twin.txt"]
    assert "<https://ferry.example.org/a>" in rows[0]
    kept, chars, removed = (int(n.replace(",", "")) for n in rows[1].split(" | ")[5:8])
    assert (chars, removed) == (len(f"{OTHER}\n\n{PAGE}\n"), chars - kept)
    assert kept > 0
    assert rows[2].split(" | ")[5] == "0"  # the twin went whole
    assert table(text, "Not read")[0].startswith("| not read.txt | ")


def test_untrusted_text_is_no_markdown(out):
    text = index(Recipe(name="ferry"), out)
    assert "<script" not in text
    assert "![](" not in text
    assert "](" not in text
    columns = {len(row.replace("\\|", "").split("|")) for row in table(text, "Sources")}
    assert columns == {11}


def test_a_stale_index_is_told_from_a_fresh_one(out, tmp_path):
    recipe = Recipe(name="ferry")
    assert not write_index(recipe, tmp_path, out, check=True)
    assert list(tmp_path.iterdir()) == []
    assert not write_index(recipe, tmp_path, out)
    assert write_index(recipe, tmp_path, out)
    assert write_index(recipe, tmp_path, out, check=True)
    path = tmp_path / "INDEX.md"
    path.write_bytes(path.read_bytes() + b"\n")
    assert not write_index(recipe, tmp_path, out, check=True)
    assert [p.name for p in tmp_path.iterdir()] == ["INDEX.md"]


def test_without_a_release_there_is_no_index(tmp_path):
    with pytest.raises(ReleaseError, match="no release of ferry"):
        index(Recipe(name="ferry"), tmp_path)
    with pytest.raises(UsageError, match="name"):
        index(Recipe(), tmp_path)
