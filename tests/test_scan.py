"""The compiled look at the code points finds what numpy finds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpuskit.rules.repair.suspects import _tables
from corpuskit.text import scan
from corpuskit.text.characters import code_points

compiled = pytest.mark.skipif(scan._scan is None, reason="installed without a compiler: numpy does the work")
WAYS = pytest.mark.parametrize("way", [pytest.param("compiled", marks=compiled), "numpy"])

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
#: What the look tells apart, and the edges of its tables.
TELLING = (
    "aB0๑٣ ฀เก่ກ漢か한،.。|«»()“\"'\t\r\xa0\u200b\u2028\ufeff\x00"
    "\U0001ffff\U00020000\U0003fffd\U00040000\U000e0001\U000e0100\U0010ffff"
)
LINES = st.lists(st.text(st.one_of(st.sampled_from(TELLING), st.characters(exclude_characters="\n"))), min_size=1)


def both(text: str) -> tuple[scan.Scan, scan.Scan]:
    points = code_points(text)
    ends = np.flatnonzero(points == 0x0A)
    return scan._compiled(scan._scan, points, ends), scan._by_numpy(points, ends)


def assert_equal(text: str) -> None:
    compiled, plain = both(text)
    for name, one, other in zip(scan.Scan._fields, compiled, plain, strict=True):
        assert one.dtype == other.dtype, name
        assert np.array_equal(one, other), name


@compiled
@settings(deadline=None)  # the first example makes tables
@given(LINES)
@example([""])
@example(["", "", " ", "a" * 240, "1" * 241, "12 " * 80])
def test_both_ways_see_the_same_in_a_text(lines):
    assert_equal("\n".join([*lines, ""]))


@compiled
def test_both_ways_see_the_same_in_every_code_point():
    points = [chr(code) for code in range(0x110000) if code != 0x0A]
    random.Random(0).shuffle(points)
    assert_equal("".join(f"{''.join(points[i : i + 100])}\n" for i in range(0, len(points), 100)))


@compiled
def test_both_ways_see_the_same_in_no_text():
    assert_equal("")


@compiled
@settings(deadline=None)
@given(st.text(st.one_of(st.sampled_from("กํ้าเแÃ©\xa0\xad\r\u0301e"), st.characters())))
def test_both_ways_flag_the_same_neighbours(text):
    points = code_points(text + "\n")
    kinds, pairs = _tables()
    kind = kinds.take(points, mode="clip").astype(int)
    assert np.array_equal(scan.neighbours(points, kinds, pairs), pairs[(kind[:-1] << 8) | kind[1:]])


@WAYS
@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 1), ("utf-16-le", 2)])
@pytest.mark.parametrize(
    ("text", "held"),
    [("", False), ("กข\n\nabc", False), ("a\tb", True), ("ก\x1fข", True), ("\x00", True), ("Āก\x7f", False)],
)
def test_control_characters_are_seen(monkeypatch, way, encoding, width, text, held):
    if way == "numpy":
        monkeypatch.setattr(scan, "_scan", None)
    assert scan.has_controls(text.encode(encoding), width) is held


@WAYS
@pytest.mark.parametrize("lines", [[], [""], ["", "", ""], ["กข", "", "a\U0010ffff"]])
def test_stretches_are_cut(monkeypatch, way, lines):
    if way == "numpy":
        monkeypatch.setattr(scan, "_scan", None)
    points = code_points("".join(f"{line}\n" for line in lines))
    assert scan.stretches(points, np.flatnonzero(points == 0x0A)) == [line.encode("utf-32-le") for line in lines]


@compiled
@pytest.mark.parametrize("ends", [[3], [2, 1], [-1]])
def test_stretches_that_do_not_fit_are_refused(ends):
    with pytest.raises(ValueError, match="do not fit"):
        scan.stretches(code_points("ab\n"), np.array(ends, np.int64))


@compiled
@pytest.mark.parametrize("ends", [[], [0], [4], [2, 1], [9]])
def test_ends_that_do_not_fit_are_refused(ends):
    points = code_points("ab\n")
    with pytest.raises(ValueError, match="do not fit"):
        scan._compiled(scan._scan, points, np.array(ends, np.int64))


def test_a_module_compiled_from_older_sources_is_left_alone():
    stale = "import sys, types; sys.modules['corpuskit.text._scan'] = types.ModuleType('_scan')"
    check = "from corpuskit.text import scan; assert scan._scan is None"
    subprocess.run([sys.executable, "-c", f"{stale}; {check}"], check=True, cwd=ROOT)


#: Makes the compiled module as absent as where it was never compiled.
ABSENT = "import sys\nsys.modules['corpuskit.text._scan'] = None\n"


@compiled
def test_a_build_without_the_compiled_module_gives_the_same_bytes(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(ABSENT)
    sums = []
    for name, path in (("compiled", ""), ("plain", str(site))):
        command = [
            sys.executable,
            "-m",
            "corpuskit",
            "build",
            SEEDS,
            "--name",
            "t",
            "--version",
            "1.0.0",
            "--out",
            name,
        ]
        env = os.environ | {"PYTHONPATH": os.pathsep.join([path, str(ROOT)])}
        subprocess.run([*command, "--quiet"], cwd=tmp_path, env=env, check=True)
        sums.append((tmp_path / name / "t-1.0.0" / "SHA256SUMS").read_text())
    assert sums[0] == sums[1]
