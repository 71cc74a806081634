"""Fixtures that several test modules share."""

from pathlib import Path

import pytest

from corpuskit.pipeline import build
from corpuskit.recipe import Recipe

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the repository's seeds; tests copy it before they change anything."""
    out = tmp_path_factory.mktemp("built")
    return build([SEEDS], Recipe(name="seeds", version="1.0.0", license="cc-by-4.0"), out, workers=1).path
