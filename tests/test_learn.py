"""``learn``: templates of sites as TOML, and what a recipe that pins them does."""

import random
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit.cli import run
from corpuskit.errors import RecipeError
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
from corpuskit.recipe.file import read_recipe
from corpuskit.verbs.learn import learn

THINGS = ("สะพานไม้", "เรือข้ามฟาก", "ตลาดเช้า", "หอนาฬิกา", "ห้องสมุด", "สวนมะพร้าว", "โรงสีเก่า", "ท่าน้ำ")
DOINGS = ("เปิดให้คนเดิน", "ถูกซ่อมใหม่", "ย้ายไปฝั่งโน้น", "ทาสีฟ้าทั้งหลัง", "ปิดในวันฝนตก", "ได้รับบริจาคหนังสือ")
#: Site → its machinery: (head, tail, what stands behind each title).
SITES = {
    "river.example.org": ("หนังสือพิมพ์ริมน้ำฉบับ {n}", "กองบรรณาธิการริมน้ำ ตึก {n} ถนนท่าเรือ", " – ริมน้ำรายวัน"),
    "hill.example.net": ("Hilltop weekly sheet {n}", "Set in our own lead type by the hill press", " - The Hill"),
    "plain.example.com": ("Tin giấy đồng bằng", "Tòa soạn đồng bằng tầng {n}", " · Đồng Bằng"),
}


def sentence(rng: random.Random) -> str:
    things = [(rng.choice(THINGS), rng.choice(THINGS), rng.randrange(9999), rng.choice(DOINGS)) for _ in range(4)]
    return " ".join(f"{one}ที่{other}หลังที่ {number} {done}" for one, other, number, done in things)


def page(site: str, n: int) -> str:
    """A page of a site: every paragraph of it is of this page alone."""
    rng = random.Random(f"{site}{n}")
    head, tail, affix = SITES[site]
    title = f"{rng.choice(THINGS)}กับ{rng.choice(THINGS)} {'กขคงจฉชซฌญ'[n % 10]}{affix}"
    body = "\n".join(sentence(rng) for _ in range(4))
    return f"{title}\n\n{head.format(n=n)}\nrow {n}\n{body}\n{tail.format(n=n)}\nhttps://www.{site}/{n}\n"


def write(folder: Path, pages: int = 7, sites=tuple(SITES)) -> Path:
    for site in sites:
        (folder / site).mkdir(parents=True)
        for n in range(pages):
            (folder / site / f"{n}.txt").write_text(page(site, n), "utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def learned(corpus) -> str:
    return learn([corpus]).toml()


def pinned(folder: Path, templates: str, **clean):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "templates.toml").write_text(templates, "utf-8")
    said = "".join(f"{key} = {value}\n" for key, value in clean.items())
    (folder / "corpus.toml").write_text(
        f"name = 't'\nversion = '1.0.0'\n[clean]\ntemplates = 'templates.toml'\n{said}", "utf-8"
    )
    return read_recipe(folder / "corpus.toml")


def tables(release: Path, *columns: str) -> dict[str, tuple]:
    rows = pq.read_table(release / "data").to_pylist()
    return {row["source_path"]: tuple(row[c] for c in columns) for row in rows}


def test_every_site_has_its_templates_with_evidence(learned):
    found = tomllib.loads(learned)["templates"]
    assert {t["site"] for t in found} == set(SITES)
    for site, (head, tail, affix) in SITES.items():
        by_zone = {(t["zone"], t["line"]): t for t in found if t["site"] == site}
        assert by_zone["head", head.format(n=0)]["pages"] == 7
        assert by_zone["tail", tail.format(n=0)]["share"] == 1.0
        assert by_zone["title-tail", affix]["pages"] == 7
    many = next(t for t in found if t["line"] == SITES["river.example.org"][0].format(n=0))
    assert many["samples"] == [SITES["river.example.org"][0].format(n=n) for n in range(3)]


def test_what_one_page_alone_has_is_never_a_template(learned, corpus):
    lines = [t["line"] for t in tomllib.loads(learned)["templates"]]
    for path in corpus.rglob("*.txt"):
        own = [line for line in path.read_text("utf-8").splitlines() if len(line) > 80]
        assert len(own) == 4
        assert not any(line in lines for line in own)


def test_it_is_the_same_however_it_is_made(learned, corpus, tmp_path):
    small = recipe_from({"output": {"shard_bytes": 4096}})
    assert learn([corpus], small, workers=2).toml() == learned
    assert learn([write(tmp_path / "again")]).toml() == learned


def test_a_pinned_corpus_is_the_corpus(learned, corpus, tmp_path):
    """On the corpus that taught them, pinned templates take what learnt ones take."""
    columns = ("text", "title", "flags")
    free = build([corpus], recipe_from({"name": "t", "version": "1.0.0"}), tmp_path / "free", workers=1).path
    bound = build([corpus], pinned(tmp_path, learned), tmp_path / "bound", workers=1).path
    assert tables(free, *columns) == tables(bound, *columns)


def test_a_page_alone_loses_what_its_site_pins_and_nothing_else(learned, tmp_path):
    source = write(tmp_path / "in", pages=1)
    recipe = pinned(tmp_path, learned)
    for site, (text, title) in zip(sorted(SITES), _texts(source, recipe, tmp_path), strict=True):
        head, tail, affix = SITES[site]
        body = [line for line in page(site, 0).splitlines() if len(line) > 80]
        assert all(line in text for line in body)
        assert head.format(n=0) not in text
        assert tail.format(n=0) not in text
        assert not title.endswith(affix)


def _texts(source: Path, recipe, tmp_path: Path) -> list[tuple]:
    built = build([source], recipe, tmp_path / "out", workers=1).path
    return [row for _, row in sorted(tables(built, "text", "title").items())]


def test_templates_hold_on_their_own_site_and_in_their_zone(tmp_path):
    source = write(tmp_path / "in", pages=1, sites=("hill.example.net", "river.example.org"))
    line = SITES["hill.example.net"][1]
    other = source / "river.example.org" / "0.txt"
    other.write_text(other.read_text("utf-8").replace("กองบรรณาธิการ", f"{line}\nกองบรรณาธิการ"), "utf-8")

    def holds(number: int, zone: str) -> list[bool]:
        table = f"[[templates]]\nsite = 'hill.example.net'\nline = '{line}'\nzone = '{zone}'\n"
        recipe = pinned(tmp_path / str(number), table)
        return [line in text for text, _ in _texts(source, recipe, tmp_path / str(number))]

    assert holds(1, "tail") == holds(2, "any") == [False, True]
    assert holds(3, "head") == holds(4, "body") == holds(5, "title-tail") == [True, True]


def test_pinned_templates_stand_in_the_recipe_itself(learned, tmp_path):
    recipe = pinned(tmp_path, learned)
    (tmp_path / "templates.toml").unlink()
    assert recipe_from(recipe.effective()) == recipe
    one = pinned(tmp_path / "b", "[[templates]]\nsite = 'a'\nline = 'b'\npages = 3\n")
    same = pinned(tmp_path / "b", "[[templates]]\nsite = 'a'\nline = 'b'\npages = 9\nshare = 0.5\nsamples = []\n")
    other = pinned(tmp_path / "b", "[[templates]]\nsite = 'a'\nline = 'c'\n")
    assert one.digest() == same.digest() != other.digest()


@pytest.mark.parametrize(
    ("templates", "message"),
    [
        ("[[templates]]\nline = 'b'\n", "which site"),
        ("[[templates]]\nsite = 'a'\nline = ' '\n", "one line of text"),
        ("[[templates]]\nsite = 'a'\nline = 'b'\nzone = 'foot'\n", "zone: use one of"),
        ("[[templates]]\nsite = 'a'\nline = 'b'\nlines = 'foot'\n", "unknown key 'lines'"),
        ("templates = 3\n", "must be tables"),
        ("name = 'x'\n", "only"),
        ("[", "not valid TOML"),
    ],
)
def test_a_bad_file_of_templates_is_refused(tmp_path, templates, message):
    with pytest.raises(RecipeError, match="template") as error:
        pinned(tmp_path, templates)
    assert message in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    (tmp_path / "corpus.toml").write_text("[clean]\ntemplates = 'none.toml'\n")
    with pytest.raises(RecipeError, match=r"no templates at .*none\.toml"):
        read_recipe(tmp_path / "corpus.toml")


def test_pages_that_keep_all_of_their_prose_are_flagged_and_listed(tmp_path):
    """Pages that say the same but for a line: no template, whatever their number."""
    rng = random.Random(5)
    text = "\n".join(sentence(rng) for _ in range(3))
    for n in range(6):
        (tmp_path / "in" / "site").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "site" / f"{n}.txt").write_text(f"{text}\n{THINGS[n]} ของเรา\n", "utf-8")
    found = learn([tmp_path / "in"])
    assert found.guarded == (("/site", 6),)
    assert "/site: 6 pages" in found.toml()
    recipe = recipe_from({"name": "t", "version": "1.0.0", "dedup": {"paragraphs": False}})
    built = build([tmp_path / "in"], recipe, tmp_path / "out", workers=1).path
    assert all("template-guard" in flags for (flags,) in tables(built, "flags").values())


def test_the_command_prints_toml_or_writes_a_new_file(corpus, learned, tmp_path, capsys):
    assert run(["learn", str(corpus), "--workers", "1", "--quiet"]) == 0
    assert capsys.readouterr().out == learned
    out = str(tmp_path / "templates.toml")
    assert run(["learn", str(corpus), "--workers", "1", "--quiet", "--out", out]) == 0
    assert capsys.readouterr().out == out + "\n"
    assert Path(out).read_text("utf-8") == learned
    assert run(["learn", str(corpus), "--out", out]) == 2
    assert "may hold a review" in capsys.readouterr().err


def test_text_that_toml_cannot_hold_is_escaped(tmp_path):
    rng = random.Random(7)
    odd = 'He said "\\o/" \u202eback\u202c \x7f now'
    for n in range(4):
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a" / f"{n}.txt").write_text(f"{sentence(rng)}\n{sentence(rng)}\nzz\n{odd}\n", "utf-8")
    found = tomllib.loads(learn([tmp_path / "a"]).toml())["templates"]
    assert any("\\o/" in template["line"] for template in found)
