"""corpuskit: from scraped pages to a citable dataset, with every removed character accounted for.

The verbs of the command line, as functions of the same names::

    from corpuskit import Recipe, build, validate

    built = build(["pages"], Recipe(name="news", version="1.0.0"), "dist")
    assert not validate(built.path).failures

They are loaded when they are first used, so that ``import corpuskit`` costs nothing.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from corpuskit.diff import diff as diff
    from corpuskit.explain import explain as explain
    from corpuskit.index import index as index
    from corpuskit.learn import learn as learn
    from corpuskit.model import Document as Document
    from corpuskit.model import Edit as Edit
    from corpuskit.model import parse_marked as parse_marked
    from corpuskit.pipeline import build as build
    from corpuskit.plan import plan as plan
    from corpuskit.publish import publish as publish
    from corpuskit.recipe import Recipe as Recipe
    from corpuskit.recipe.file import read_recipe as read_recipe
    from corpuskit.recipe.scaffold import init as init
    from corpuskit.release.archive import archive as archive
    from corpuskit.release.signature import sign as sign
    from corpuskit.stages.alone import clean_text as clean_text
    from corpuskit.validate import validate as validate
    from corpuskit.withdraw import withdraw as withdraw

#: Public name → the module that defines it.
_PUBLIC = {
    "Document": "corpuskit.model",
    "Edit": "corpuskit.model",
    "Recipe": "corpuskit.recipe",
    "archive": "corpuskit.release.archive",
    "build": "corpuskit.pipeline",
    "clean_text": "corpuskit.stages.alone",
    "diff": "corpuskit.diff",
    "explain": "corpuskit.explain",
    "index": "corpuskit.index",
    "init": "corpuskit.recipe.scaffold",
    "learn": "corpuskit.learn",
    "parse_marked": "corpuskit.model",
    "plan": "corpuskit.plan",
    "publish": "corpuskit.publish",
    "read_recipe": "corpuskit.recipe.file",
    "sign": "corpuskit.release.signature",
    "validate": "corpuskit.validate",
    "withdraw": "corpuskit.withdraw",
}
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'corpuskit' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


class _Package(ModuleType):
    """A package whose verbs stay functions: loading the module of the same name does not hide them."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
