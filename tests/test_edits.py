"""Edits in columns make of many documents what :class:`~corpuskit.model.Document` makes of each."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.annotate.quality import _CLOSERS, _ENDS, ELLIPSES
from corpuskit.model import Document, Edit, settle
from corpuskit.stages.batches import REPAIRS
from corpuskit.stages.codepoints import CodePoints
from corpuskit.stages.edited import emptied, in_source, shows, without_documents
from corpuskit.stages.edits import of_objects
from corpuskit.stages.splice import spliced, without_blank
from corpuskit.text.lines import table_of_lines

#: One to four bytes each.
SIGNS = "a \né\u00a0กู€\u2028中😀"


@st.composite
def documents(draw):
    new = st.text(SIGNS, max_size=2)
    text = draw(st.text(SIGNS, min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return Document(text, tuple(Edit(a, b, draw(st.sampled_from(["x", "y"])), draw(new), "why") for a, b in spans))


def table(found):
    return of_objects({i: document.edits for i, document in enumerate(found)})


@settings(deadline=None)
@given(st.lists(documents(), max_size=5), st.integers(0, 2))
def test_what_stays_and_what_is_taken_out(found, skipped):
    texts = pa.array([document.text for document in found], pa.string())[skipped:]
    found = found[skipped:]
    points, edits = CodePoints(texts), table(found)
    assert points.sizes.tolist() == [len(document.text) for document in found]
    made = spliced(points, edits.checked(points.sizes))
    assert made.texts.to_pylist() == [document.clean for document in found]
    assert made.chars.tolist() == [len(document.clean) for document in found]
    assert made.removed.to_pylist() == [p.text for document in found for p in document.pieces() if p.edit]
    assert list(edits.objects().values()) == [list(document.edits) for document in found if document.edits]
    shown = without_blank(made)
    assert shown.texts.to_pylist() == ["" if text.isspace() else text for text in made.texts.to_pylist()]
    assert shown.chars.tolist() == [len(text) for text in shown.texts.to_pylist()]


@settings(deadline=None)
@given(st.data())
def test_edits_over_a_view_are_edits_of_its_source(data):
    """What lies in no repair stands where it stood, and the two together leave what the edits leave of the view."""
    repaired = data.draw(st.lists(documents(), min_size=1, max_size=4))
    repairs = [
        [{"start": e.start, "end": e.end, "rule": e.rule, "new": e.new, "why": e.why} for e in document.edits]
        for document in repaired
    ]
    over = []
    for document in repaired:
        lines, at = [], 0
        for piece in document.pieces():  # edits begin and end where pieces do: in no replacement
            size = len(piece.kept)
            if size and data.draw(st.booleans()):
                lines.append(Edit(at, at + size, "line", "", ""))
            at += size
        over.append(Document(document.clean, tuple(lines)))
    edits = in_source(table(over), pa.array(repairs, REPAIRS))
    made = spliced(CodePoints(pa.array([document.text for document in repaired])), edits)
    assert made.texts.to_pylist() == [document.clean for document in over]


def test_documents_that_go_whole():
    found = [Document("กขค", (Edit(0, 1, "x"),)), Document("abc", (Edit(1, 2, "x"),))]
    edits = without_documents(table(found), {1: Edit(0, 3, "filtered", "", "short")})
    assert edits.objects() == {0: list(found[0].edits), 1: [Edit(0, 3, "filtered", "", "short")]}


@pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(1, 2), (0, 1)], [(2, 5)], [(1, 1)]])
def test_edits_that_overlap_or_stand_outside_are_refused(spans):
    edits = of_objects({0: [Edit(0, 1, "x") for _ in spans]})
    start, end = np.array(spans).T
    with pytest.raises(ValueError, match="edit"):
        edits._replace(start=start, end=end).checked(np.array([4]))


@pytest.mark.parametrize("closer", ["", *_CLOSERS])
@pytest.mark.parametrize("sign", ELLIPSES)
def test_a_line_that_ends_in_an_ellipsis_has_such_a_last_sign(sign, closer):
    """The flag for teasers looks at the texts of such documents only."""
    assert table_of_lines([f"Who came to the fair{sign}{closer}"]).last[0] in _ENDS


def test_a_document_of_which_cuts_leave_white_space_goes_whole():
    texts = ["กข \u200b\nค", "กข -\nค"]
    edits = of_objects({i: [Edit(0, 2, "x", "", "why"), Edit(4, 6, "y", "\n", "")] for i in range(2)})
    points = CodePoints(pa.array(texts))
    bare = [i for i, text in enumerate(spliced(points, edits).texts.to_pylist()) if not shows(text)]
    assert bare == [0]
    after = emptied(edits, bare, points.sizes)
    assert spliced(points, after).texts.to_pylist() == ["", " -\n"]
    assert [(e.start, e.end, e.rule) for e in after.objects()[0]] == [(0, 2, "x"), (2, 4, "layout"), (4, 6, "y")]
    assert after.objects()[1] == edits.objects()[1]


def test_settled_edits_come_back():
    edits = settle([Edit(2, 4, "x")], [Edit(0, 3, "y"), Edit(5, 6, "z", "new", "why")])
    assert of_objects({0: edits}).objects() == {0: list(edits)}
