"""Tables kept on disk: read back as they were made, made anew whenever anything they follow from is another."""

import importlib.util
import sys
from pathlib import Path

import pytest

from corpuskit import precomputed

SOURCE = """
from corpuskit.precomputed import precomputed
made = []
@precomputed
def squares():
    made.append(1)
    return {n: n * n for n in range(4)}
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Import the module above as a new process would; gives the table, and whether it was made."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "tables.py").write_text(SOURCE, "utf-8")

    def started():
        spec = importlib.util.spec_from_file_location("tables", tmp_path / "tables.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert module.squares() is module.squares()
        return module.squares(), bool(module.made)

    return started


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*.pickle*"))


TABLE = {0: 0, 1: 1, 2: 4, 3: 9}


def test_the_second_start_reads(start, tmp_path):
    assert start() == (TABLE, True)
    assert [path.name for path in kept(tmp_path)] == [f"tables.{sys.implementation.cache_tag}.squares.pickle"]
    assert start() == (TABLE, False)


def test_other_code_or_libraries_make_it_anew(start, monkeypatch):
    start()
    monkeypatch.setattr(precomputed, "_key", lambda: b"another version")
    assert start() == (TABLE, True)
    assert start() == (TABLE, False)


@pytest.mark.parametrize("damage", ["cut short", "empty", "a byte is another"])
def test_a_damaged_file_is_made_anew(start, tmp_path, damage):
    start()
    [path] = kept(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(
        {"cut short": whole[:-1], "empty": b"", "a byte is another": whole[:40] + b"!" + whole[41:]}[damage]
    )
    assert start() == (TABLE, True)
    assert path.read_bytes() == whole


def test_nothing_is_written_where_python_writes_nothing(start, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert start() == (TABLE, True)
    assert kept(tmp_path) == []


def test_a_disk_that_refuses_costs_nothing_else(start, tmp_path):
    (tmp_path / "__pycache__").write_text("a file, where the folder should be", "utf-8")
    assert start() == (TABLE, True)


def test_a_prefix_of_its_own(start, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "elsewhere"))
    start()
    assert kept(tmp_path) == []
    assert start() == (TABLE, False)
