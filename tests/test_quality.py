"""Quality on labelled pages that nobody tuned to: pinned floors, never lowered. Skips without ../shared."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT / "bench"))

pytestmark = pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="needs the labelled pages of ../shared/data")

#: (profile, set, figure) → the worst value that passes. A floor for what should be high …
FLOORS = {}
#: … and a ceiling for what should be low.
CEILINGS = {}


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
