"""Lines that recur on some pages of a site: those that sign its texts or announce them go, headings stay."""

import pytest

from corpuskit.recipe import recipe_from

SIGNATURE = "Press office of the river authority"
JINGLE = "You are listening to the river hour"
HEADING = "What the river authority may decide"
SUBJECTS = ("ferry", "bridge", "harbour", "weir", "lighthouse", "towpath", "lock", "quay")


def page(number: int) -> str:
    """A page of its own words, announced and signed like the others; the years differ."""
    subject = SUBJECTS[number]
    return (
        f"The {subject} reopens\n\nPlay video\n{JINGLE}\n"
        f"The {subject} had been closed for {number + 3} weeks, and the keeper says that nobody "
        f"had told the neighbours of the {subject}.\n"
        f"The {subject} in figures of {1990 + number}\n{HEADING}\n"
        f"On the {subject} the authority may decide alone, but its {subject} committee "
        "has met every month since spring.\n"
        f"{SIGNATURE}\n{number + 3} May {2001 + number}\n\nComments (0)\n"
    )


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    import pyarrow.parquet as pq

    from corpuskit.pipeline import build

    folder = tmp_path_factory.mktemp("pages")
    for number in range(len(SUBJECTS)):
        (folder / f"{number}.txt").write_text(page(number), "utf-8")
    for number in range(30):
        (folder / f"other-{number}.txt").write_text(f"Note {number}\n\nThe gauge stood at {number} feet.\n", "utf-8")
    release = build([folder], recipe_from({"name": "t", "version": "1.0.0"}), folder.parent / "out").path
    rows = pq.read_table(sorted((release / "data").glob("*.parquet"))).to_pylist()
    return {row["source_path"]: row["text"] for row in rows}


@pytest.mark.parametrize("number", range(len(SUBJECTS)))
def test_the_line_that_announces_a_text_and_the_desk_above_its_date_go(texts, number):
    text = texts[f"{number}.txt"]
    assert JINGLE not in text
    assert SIGNATURE not in text


@pytest.mark.parametrize("number", range(len(SUBJECTS)))
def test_a_heading_between_paragraphs_and_figures_stay(texts, number):
    lines = texts[f"{number}.txt"].splitlines()
    assert HEADING in lines
    assert f"The {SUBJECTS[number]} in figures of {1990 + number}" in lines
