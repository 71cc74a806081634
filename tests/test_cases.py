"""Cases: one marked page per file. Strip the marks: the input; drop the marked spans: the output.

wild: noise that must go. negative: looks like noise and must stay. known: what we get wrong today.
"""

import re
from pathlib import Path

import pytest

from corpuskit.model import Document, parse_marked
from corpuskit.stages.alone import clean_text

CASES = Path(__file__).parent / "cases"


def read_case(path: Path) -> tuple[dict[str, str], Document]:
    head, _, body = path.read_bytes().decode("utf-8").partition("\n---\n")
    said = dict(re.findall(r"^# (\w+): (.+)$", head, re.MULTILINE))
    return said, parse_marked(body)


def plain(text: str) -> list[str]:
    """The lines of a text that show something: how many blank lines stand between them is layout."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def files(kind: str) -> list[Path]:
    return sorted((CASES / kind).glob("*.txt"))


@pytest.mark.parametrize("path", files("wild"), ids=lambda p: p.stem)
def test_noise_goes_and_nothing_else(path):
    said, wanted = read_case(path)
    found, notes = clean_text(wanted.text)
    assert plain(found.clean) == plain(wanted.clean)
    assert {field: notes[field] for field in said} == said


@pytest.mark.parametrize("path", files("negative"), ids=lambda p: p.stem)
def test_content_that_looks_like_noise_stays(path):
    _, wanted = read_case(path)
    found, _ = clean_text(wanted.text)
    assert plain(found.clean) == plain(wanted.text)


@pytest.mark.parametrize("path", files("known"), ids=lambda p: p.stem)
@pytest.mark.xfail(strict=True, reason="known: we get this wrong today")
def test_known_failures(path):
    _, wanted = read_case(path)
    found, _ = clean_text(wanted.text)
    assert plain(found.clean) == plain(wanted.clean)
