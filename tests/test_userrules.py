"""Rules of a recipe's own, and rules of other packages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuskit import versions
from corpuskit.errors import RecipeError
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
from corpuskit.recipe.file import read_recipe
from corpuskit.stages.alone import clean_text
from corpuskit.verbs.validate.facts import Manifest
from corpuskit.verbs.validate.rebuild import rebuilt_verdict
from corpuskit.verbs.validate.report import Findings

ROOT = Path(__file__).parents[1]
PROSE = "เรือข้ามฟากลำเก่าออกจากท่าทุกเช้าตั้งแต่ปี 2505 และคนขายขนมยังจำเสียงระฆังของมันได้ดี " * 2
PAGE = f"แนะนำจากกอง บ.ก.\n{PROSE}\nรหัส A-17 อยู่ในเรื่อง แนะนำจากกอง บ.ก. ของวันนี้\n{PROSE}\nแนะนำจากกอง บ.ก.\nhttps://www.river.example.org/7"


def recipe(*rules: dict, **more):
    return recipe_from({"name": "t", "version": "1.0.0", "rules": list(rules), **more})


def cleaned(text: str, *rules: dict) -> str:
    return clean_text(text, recipe(*rules))[0].clean


def taken(text: str, *rules: dict) -> list[tuple[str, str]]:
    names = {rule["name"] for rule in rules}
    document = clean_text(text, recipe(*rules))[0]
    return [(e.rule, text[e.start : e.end].strip()) for e in document.edits if e.rule in names]


DESK = {"name": "desk", "pattern": r"^แนะนำจากกอง"}


def test_a_line_that_matches_goes_whole():
    assert taken(PAGE, DESK) == [("desk", "แนะนำจากกอง บ.ก.")] * 2


def test_without_rules_nothing_of_it_goes():
    assert "แนะนำจากกอง" in cleaned(PAGE)


@pytest.mark.parametrize(
    ("zone", "count"), [("head", 1), ("tail", 1), ("body", 0), (["head", "tail"], 2), ("any", 2), (["body", "tail"], 1)]
)
def test_a_rule_holds_in_its_zones(zone, count):
    assert len(taken(PAGE, DESK | {"zone": zone})) == count


@pytest.mark.parametrize(
    ("hosts", "holds"),
    [
        (["river.example.org"], True),
        (["WWW.river.example.org"], True),
        (["a", "river.example.org"], True),
        (["other.example.org"], False),
    ],
)
def test_a_rule_holds_on_its_hosts(hosts, holds):
    assert bool(taken(PAGE, DESK | {"hosts": hosts})) == holds


def test_a_rule_holds_in_its_folders(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "a.txt").write_text(f"{folder} แนะนำ\n{PROSE}{folder}\n", "utf-8")
    rule = {"name": "desk", "pattern": "แนะนำ", "hosts": ["one"]}
    built = build([tmp_path / "in"], recipe(rule), tmp_path / "out", workers=1)
    rows = pq.read_table(built.path / "removed").to_pylist()
    assert [r["source_path"] for r in rows if r["rule"] == "desk"] == ["one/a.txt"]


def test_a_span_goes_and_its_line_stays():
    rule = {"name": "code", "pattern": r"รหัส [A-Z]-\d+ ", "span": True}
    assert taken(PAGE, rule) == [("code", "รหัส A-17")]
    assert "\nอยู่ในเรื่อง แนะนำจากกอง บ.ก. ของวันนี้\n" in cleaned(PAGE, rule)


def test_a_span_that_is_all_of_a_line_takes_the_line():
    assert "\n\n" not in cleaned(f"{PROSE}\nab ab\n{PROSE}", {"name": "ab", "pattern": "ab ab", "span": True})


def test_spans_count_code_points_behind_every_kind_of_character():
    text = f"ก😀é กํา xx{PROSE} yy 😀 zz ก\n{PROSE} zz"
    rule = {"name": "zz", "pattern": " zz", "span": True}
    assert cleaned(text, rule) == clean_text(text)[0].clean.replace(" zz", "")


def test_no_match_leaves_its_line():
    rule = {"name": "ab", "pattern": r"a\s+b|a[^x]b|(?s)a.b"}
    assert cleaned(f"{PROSE} a\nb {PROSE}", rule) == cleaned(f"{PROSE} a\nb {PROSE}")
    assert taken(f"{PROSE}\na b\n{PROSE}", rule) == [("ab", "a b")]


def test_rules_run_in_order_and_the_first_stands():
    one, two = {"name": "one", "pattern": "แนะนำ", "zone": "head"}, {"name": "two", "pattern": "^แนะนำ"}
    assert [rule for rule, _ in taken(PAGE, one, two)] == ["one", "two"]
    assert [rule for rule, _ in taken(PAGE, two, one)] == ["two", "two"]


def test_a_rule_can_be_disabled():
    off = recipe(DESK, clean={"disable": ["desk"]})
    assert "แนะนำจากกอง บ.ก.\n" in clean_text(PAGE, off)[0].clean


def test_examples_hold():
    recipe(DESK | {"drop": ["แนะนำจากกอง บ.ก."], "keep": ["เขาแนะนำจากกองหนังสือ"]})


BAD = {
    "no name": ({"pattern": "x"}, "name it"),
    "a name with a space": ({"name": "a b", "pattern": "x"}, "name it"),
    "a built-in name": ({"name": "template", "pattern": "x"}, "'template': a built-in"),
    "no pattern": ({"name": "a"}, "matches an empty line"),
    "a bad pattern": ({"name": "a", "pattern": "(x"}, "'a': pattern '(x': missing )"),
    "two bad brackets": ({"name": "a", "pattern": "x)(y"}, "unexpected )"),
    "a look-ahead": ({"name": "a", "pattern": "x(?=y)"}, "invalid perl operator"),
    "ends of a text": ({"name": "a", "pattern": r"\Ax"}, "use ^ and $"),
    "half a surrogate": ({"name": "a", "pattern": "x\ud800"}, "surrogate"),
    "a zone that is none": ({"name": "a", "pattern": "x", "zone": "top"}, "head, body, tail"),
    "no zone": ({"name": "a", "pattern": "x", "zone": []}, "head, body, tail"),
    "an unknown key": ({"name": "a", "pattern": "x", "action": "drop"}, "unknown key 'action'"),
    "a wrong type": ({"name": "a", "pattern": "x", "span": "yes"}, "span must be bool"),
    "no table": ("x", "rules must be tables"),
    "an empty host": ({"name": "a", "pattern": "x", "hosts": [" "]}, "hosts"),
    "a line that it must drop": ({"name": "a", "pattern": "^x", "drop": ["yx"]}, "'a': it must drop 'yx'"),
    "a line that it must keep": ({"name": "a", "pattern": "x", "keep": ["yx"]}, "'a': it must keep 'yx'"),
}


@pytest.mark.parametrize(("rule", "message"), BAD.values(), ids=BAD)
def test_a_bad_rule_is_refused(rule, message):
    with pytest.raises(RecipeError) as error:
        recipe(rule)
    assert message in str(error.value)


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(RecipeError, match="more than one is called desk"):
        recipe(DESK, DESK)


def test_rules_come_from_the_file_enter_the_digest_and_the_manifest(tmp_path):
    (tmp_path / "corpus.toml").write_text(
        "name = 't'\nversion = '1.0.0'\n[[rules]]\nname = 'desk'\npattern = '^แนะนำ'\nzone = 'head'\n", "utf-8"
    )
    read = read_recipe(tmp_path / "corpus.toml")
    assert read.rules[0].zone == ("head",)
    assert read.digest() != recipe().digest()
    (tmp_path / "in.txt").write_text(PAGE, "utf-8")
    release = build([tmp_path / "in.txt"], read, tmp_path / "out", workers=1).path
    assert Manifest(release).recipe == read
    assert rebuilt_verdict(release, [str(tmp_path / "in.txt")], 1, Findings()) == "same bytes"


PLUGIN = """
from corpuskit.rules.findings import Drop

def shout(batch):
    for row in batch.rows(batch.lines.upper > 4):
        yield Drop(row, "shout", "capitals")
"""
SCRIPT = """
import json, sys
from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
if __name__ == "__main__":
    recipe = recipe_from({"name": "t", "version": sys.argv[3], "clean": {"plugins": ["shout"]}})
    path = build([sys.argv[1]], recipe, sys.argv[2], workers=2).path
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    print(json.dumps([manifest["rules"].get("shout"), manifest["versions"].get("plugin shout")]))
"""


def install(site: Path, version: str, code: str = PLUGIN) -> None:
    """A distribution as an installer would leave it, without the compiled module of an older one (of this second, perhaps)."""
    shutil.rmtree(site / "__pycache__", ignore_errors=True)
    for old in site.glob("*.dist-info"):
        (old / "METADATA").unlink()
        (old / "entry_points.txt").unlink()
        old.rmdir()
    info = site / f"corpuskit_loud-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: corpuskit-loud\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[corpuskit.rules]\nshout = loud:shout\n")
    (site / "loud.py").write_text(code)


def run_plugin(tmp_path: Path, version: str) -> str:
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path / "site")])}
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "in.txt"), str(tmp_path / "out"), version]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()


def test_a_rule_of_another_package_runs_and_is_named(tmp_path):
    (tmp_path / "run.py").write_text(SCRIPT)
    (tmp_path / "in.txt").write_text(f"Title\n\n{PROSE}\nWATCH THIS SPACE\n{PROSE}\nLOUD\nafter\n", "utf-8")
    install(tmp_path / "site", "1.0")
    assert run_plugin(tmp_path, "1.0.0") == '[{"spans": 1, "characters": 17}, "corpuskit-loud 1.0"]'
    install(tmp_path / "site", "1.1", PLUGIN.replace("> 4", "> 3"))
    assert run_plugin(tmp_path, "1.0.1") == '[{"spans": 2, "characters": 22}, "corpuskit-loud 1.1"]'


def test_a_plugin_that_is_not_installed_is_told_before_any_work(tmp_path):
    (tmp_path / "in.txt").write_text(PAGE, "utf-8")
    with pytest.raises(RecipeError, match="no package brings the rule 'nobody'"):
        build([tmp_path / "in.txt"], recipe(clean={"plugins": ["nobody"]}), tmp_path / "out", workers=1)
    assert versions.plugin_versions(()) == {}
