"""corpuskit: from scraped pages to a citable dataset, with every removed character accounted for.

The verbs of the command line, as functions of the same names::

    from corpuskit import Recipe, build, validate

    built = build(["pages"], Recipe(name="news", version="1.0.0"), "dist")
    assert not validate(built.path).failures

They are loaded when they are first used, so that ``import corpuskit`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from corpuskit.model import Document as Document
    from corpuskit.model import Edit as Edit
    from corpuskit.model import parse_marked as parse_marked
    from corpuskit.pipeline import build as build
    from corpuskit.recipe import Recipe as Recipe
    from corpuskit.recipe.file import read_recipe as read_recipe
    from corpuskit.recipe.scaffold import init as init
    from corpuskit.release.archive import archive as archive
    from corpuskit.release.signature import sign as sign
    from corpuskit.stages.alone import clean_text as clean_text
    from corpuskit.verbs.diff import diff as diff
    from corpuskit.verbs.explain import explain as explain
    from corpuskit.verbs.index import index as index
    from corpuskit.verbs.learn import learn as learn
    from corpuskit.verbs.plan import plan as plan
    from corpuskit.verbs.publish import publish as publish
    from corpuskit.verbs.validate import validate as validate
    from corpuskit.verbs.withdraw import withdraw as withdraw

#: Public name → the module that defines it.
_PUBLIC = {
    "Document": "corpuskit.model",
    "Edit": "corpuskit.model",
    "Recipe": "corpuskit.recipe",
    "archive": "corpuskit.release.archive",
    "build": "corpuskit.pipeline",
    "clean_text": "corpuskit.stages.alone",
    "diff": "corpuskit.verbs.diff",
    "explain": "corpuskit.verbs.explain",
    "index": "corpuskit.verbs.index",
    "init": "corpuskit.recipe.scaffold",
    "learn": "corpuskit.verbs.learn",
    "parse_marked": "corpuskit.model",
    "plan": "corpuskit.verbs.plan",
    "publish": "corpuskit.verbs.publish",
    "read_recipe": "corpuskit.recipe.file",
    "sign": "corpuskit.release.signature",
    "validate": "corpuskit.verbs.validate",
    "withdraw": "corpuskit.verbs.withdraw",
}
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'corpuskit' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
