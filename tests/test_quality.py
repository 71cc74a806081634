"""Quality on labelled real pages: pinned floors, never lowered. Skips without ../shared."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT / "bench"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="needs the labelled pages of ../shared/data"),
]

#: Set and figure → the worst value that passes, for each profile. A floor for what should be high …
FLOORS = {
    "careful": {
        ("text", "macroF1"): 0.874,
        ("text", "boiler_removed_lines"): 0.877,
        ("md", "macroF1"): 0.874,
        ("html", "F"): 0.893,
        ("html", "title"): 0.88,
        ("html", "date"): 0.90,
        ("html", "author"): 0.80,
        ("html", "url"): 0.79,
        ("thaigov", "boiler_removed_lines"): 0.98,
        ("thaigov", "url"): 0.999,
        ("thaigov", "title_clean"): 0.995,
        ("thaigov", "date"): 0.998,
        ("thaigov", "epoch_date_refused"): 1.0,
        ("ledger", "span_exact"): 1.0,
    },
    "strict": {
        ("text", "macroF1"): 0.91,
        ("md", "macroF1"): 0.908,
        ("thaigov", "boiler_removed_lines"): 0.98,
        ("html", "F"): 0.898,
    },
}
#: … and a ceiling for what should be low.
CEILINGS = {
    "careful": {
        ("text", "content_lost"): 0.003,
        ("md", "content_lost"): 0.0025,
        ("md", "img_left"): 0.0002,
        ("html", "date_wrong"): 0.03,
        ("thaigov", "content_lost"): 0.0004,
        ("thaigov", "date_wrong"): 0.0005,
        ("ledger", "letters_unaccounted"): 0,
        ("ledger", "no_rule"): 0,
    },
    "strict": {
        ("text", "content_lost"): 0.013,
        ("md", "content_lost"): 0.0075,
        ("thaigov", "content_lost"): 0.002,
    },
}
#: Figures of the five real pages, the same in both profiles.
SEEDS = {"leaks": "0/35", "lost": "0/105", "meta": "15/15"}


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    import quality

    return quality.unpack(SHARED, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session", params=["careful", "strict"])
def measured(request, data, tmp_path_factory):
    """All figures of one profile, printed as a table."""
    import quality

    found = quality.figures(SHARED, data, tmp_path_factory.mktemp("releases"), request.param)
    print(f"\nprofile {request.param}")
    for name, values in found.items():
        print(f"  {name:8}", "  ".join(f"{figure} {value}" for figure, value in values.items()))
    return request.param, found


def test_no_figure_is_worse_than_pinned(measured):
    profile, found = measured
    low = {key: found[key[0]][key[1]] for key, floor in FLOORS[profile].items() if found[key[0]][key[1]] < floor}
    high = {key: found[key[0]][key[1]] for key, top in CEILINGS[profile].items() if found[key[0]][key[1]] > top}
    assert not low
    assert not high


def test_the_five_real_pages_lose_nothing_and_leak_nothing(measured):
    _, found = measured
    assert found["seeds"] == SEEDS
