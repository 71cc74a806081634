"""The one idea: edits tile the text, the first decision stands, kept + removed == source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import BRACKETS, Document, Edit, parse_marked, settle

TEXT = st.text(alphabet="กข้ำa1 \n|[ຂ", max_size=40)


@st.composite
def edited(draw):
    """A text and any edits over it, overlapping or not, in any order."""
    text = draw(st.text(alphabet="กข้ำa1 \nຂ", min_size=1, max_size=40))
    spans = draw(
        st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 8), st.sampled_from(["", "x", "ยา"])))
    )
    return text, [Edit(a, min(len(text), a + n), f"rule-{i}", new) for i, (a, n, new) in enumerate(spans)]


@given(edited())
def test_pieces_tile_the_text(case):
    text, edits = case
    document = Document(text).with_edits(edits)
    assert "".join(piece.text for piece in document.pieces()) == text


@given(edited())
def test_kept_and_removed_are_the_source(case):
    text, edits = case
    document = Document(text).with_edits(edits)
    removed = sum(edit.end - edit.start for edit in document.edits)
    kept = sum(len(piece.text) for piece in document.pieces() if piece.edit is None)
    assert kept + removed == len(text)
    assert document.clean == "".join(piece.kept for piece in document.pieces())


@given(edited(), edited())
def test_the_first_decision_stands(case, more):
    text, edits = case
    first = Document(text).with_edits(edits)
    later = [edit for edit in more[1] if edit.end <= len(text)]
    both = first.with_edits(later)
    assert set(first.edits) <= set(both.edits)


@given(edited())
def test_a_removal_fills_the_gaps_between_earlier_decisions(case):
    text, edits = case
    document = Document(text).with_edits([*edits, Edit(0, len(text), "all")])
    assert all(piece.edit is not None for piece in document.pieces())


def test_a_replacement_is_taken_whole_or_not_at_all():
    first = (Edit(2, 4, "a"),)
    assert settle(first, [Edit(3, 6, "b", "new")]) == first
    assert settle(first, [Edit(4, 6, "b", "new")]) == (*first, Edit(4, 6, "b", "new"))


@given(edited())
def test_the_marked_form_reads_back(case):
    text, edits = case
    document = Document(text).with_edits(edits)
    back = parse_marked(document.marked)
    assert (back.text, back.clean) == (document.text, document.clean)
    assert [(e.start, e.end, e.rule) for e in back.edits] == [(e.start, e.end, e.rule) for e in document.edits]


def test_other_brackets_when_the_text_holds_the_first():
    document = Document("a⟦b c", (Edit(3, 5, "rule"),))
    assert document.marked == "a⟦b⦃rule| c⦄"
    assert parse_marked(document.marked, BRACKETS[1]).clean == "a⟦b"


@pytest.mark.parametrize(
    "edits", [(Edit(0, 3, "a"), Edit(2, 4, "b")), (Edit(2, 4, "a"), Edit(0, 1, "b")), (Edit(0, 9, "a"),)]
)
def test_edits_that_overlap_or_leave_the_text_are_refused(edits):
    with pytest.raises(ValueError, match="edit"):
        Document("abcd", edits)


@pytest.mark.parametrize(("start", "end", "rule"), [(1, 1, "r"), (3, 2, "r"), (-1, 2, "r"), (0, 1, "")])
def test_an_edit_covers_something_and_names_its_rule(start, end, rule):
    with pytest.raises(ValueError, match="edit"):
        Edit(start, end, rule)


def test_a_document_of_many_repairs_is_settled_in_a_moment():
    """A megabyte of decomposed letters has an edit for each: comparing all with all would take hours."""
    count = 200_000
    removal = Edit(0, 3 * count, "share")
    repairs = [Edit(3 * i, 3 * i + 2, "nfc", "x") for i in range(count)]
    settled = settle(repairs, [removal])
    assert len(settled) == 2 * count
    assert settle((), repairs) == tuple(repairs)
    assert Document("e\u0301 " * count, settled).clean == "x" * count
