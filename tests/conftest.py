"""Fixtures that several test modules share."""

import signal
from pathlib import Path

import pytest

from corpuskit.pipeline import build
from corpuskit.recipe import Recipe

SEEDS = Path(__file__).parents[1] / "seeds"

# A shell without job control starts what runs behind its back deaf to Ctrl-C, and children inherit that: a build would
# do as it is told, ignore the signal that a test sends it, and end well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the repository's seeds; tests copy it before they change anything."""
    out = tmp_path_factory.mktemp("built")
    return build([SEEDS], Recipe(name="seeds", version="1.0.0", license="cc-by-4.0"), out, workers=1).path
