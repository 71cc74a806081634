"""Labelled pages of our own: what becomes of every line of the seeds, always run.

Labels, one letter for each line: C content, B machinery, ? either.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from corpuskit.verbs.explain import explain

GOLD = Path(__file__).parent / "gold"
SEEDS = Path(__file__).parents[1] / "seeds"

#: Edits that take no line: repairs, a second copy.
NO_LOSS = ("duplicate", "carriage-return", "zero-width", "soft-hyphen")


def labelled() -> list[dict]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(GOLD.glob("*.json"))]


def shown(line: str) -> str:
    return "".join(c for c in line if c.isalnum())


@pytest.fixture(scope="module")
def judged(built) -> Counter[str]:
    """For each page: its lines of each label that stay and that go."""
    found: Counter[str] = Counter()
    for page in labelled():
        source = (SEEDS / page["file"]).read_bytes().decode("utf-8")
        (trace,) = explain(page["file"], built).documents
        gone = bytearray(len(source))
        for edit in trace.document.edits:
            if not edit.new and edit.rule not in NO_LOSS:
                mark = b"\2" if edit.rule == "placeholder" else b"\1"
                gone[edit.start : edit.end] = mark * (edit.end - edit.start)
        at = 0
        for line, label in zip(source.split("\n"), page["labels"], strict=True):
            # the name of a picture within a line of content is none of its words
            letters = [i for i, c in enumerate(line, at) if c.isalnum() and (label == "B" or gone[i] != 2)]
            if letters:
                kept = sum(not gone[i] for i in letters) * 2 > len(letters)
                found[f"{label} {'kept' if kept else 'gone'}"] += 1
                if (label, kept) in (("C", False), ("B", True)):
                    found[f"{page['file']}: {label} {line.strip()[:60]}"] += 1
            at += len(line) + 1
    return found


def test_no_line_of_content_is_lost(judged):
    assert judged["C gone"] == 0, [key for key in judged if ": C " in key]


def test_machinery_goes(judged):
    share = judged["B gone"] / (judged["B gone"] + judged["B kept"])
    assert share >= 0.93, [key for key in judged if ": B " in key]


@pytest.mark.parametrize("page", labelled(), ids=lambda page: page["file"])
def test_metadata(page, built):
    import pyarrow.parquet as pq

    (row,) = [r for r in pq.read_table(built / "data").to_pylist() if r["source_path"] == page["file"]]
    for field, value in page["metadata"].items():
        assert (str(row[field]) if row[field] is not None else None) == value, field
