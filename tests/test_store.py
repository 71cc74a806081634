"""What a step wrote is read back as it was, by readers quicker than the writers' own."""

import json

import numpy as np
import pytest

from corpuskit.stages.near import BAND
from corpuskit.stages.shapes import SHAPES, SITES
from corpuskit.stages.twins import CLAIM, LOST
from corpuskit.store.npy import LONGEST, header_of
from corpuskit.store.steps import Step, Store


@pytest.mark.parametrize("dtype", [CLAIM, LOST, SHAPES, SITES, BAND, np.dtype("u1"), np.dtype("<i8")], ids=str)
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_rows_come_back(tmp_path, dtype, size):
    rows = np.frombuffer(bytes(range(256)) * (size * dtype.itemsize // 256 + 1), dtype, size)
    step = Step("stage", "name")
    tmp_path.joinpath(*step).mkdir(parents=True)
    path = tmp_path.joinpath(*step, "rows.npy")
    np.save(path, rows)
    head = header_of(path.read_bytes()[:LONGEST])
    assert (head.size, head.dtype) == (size, dtype)
    assert Store(tmp_path).rows(step, "rows.npy") == size
    read = Store(tmp_path).array(step, "rows.npy")
    assert len(read) == size
    assert read[:].tobytes() == rows.tobytes()
    assert read[size // 2 :].tolist() == rows[size // 2 :].tolist()


def test_what_is_no_array_of_one_dimension_is_refused(tmp_path):
    np.save(tmp_path / "two.npy", np.zeros((2, 3)))
    for data in ((tmp_path / "two.npy").read_bytes(), b"", b"PK\x03\x04"):
        with pytest.raises(ValueError, match="one dimension"):
            header_of(data)


@pytest.mark.parametrize("value", ["a\udcff.txt", {"\u0e01": [1, 2.5, None]}, []], ids=["half a pair", "thai", "empty"])
def test_json_comes_back_and_so_does_half_a_surrogate_pair(tmp_path, value):
    """A message may quote a file name that is no Unicode."""
    step = Store(tmp_path).finish("stage", "name", lambda draft: (draft / "a.json").write_text(json.dumps(value)))
    assert Store(tmp_path).json(step, "a.json") == value


def test_json_that_is_none_is_an_error(tmp_path):
    step = Store(tmp_path).finish("stage", "name", lambda draft: (draft / "a.json").write_text('{"a": '))
    with pytest.raises(ValueError, match="line 1"):
        Store(tmp_path).json(step, "a.json")
