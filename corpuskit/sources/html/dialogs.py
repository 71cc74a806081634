"""Dialogs that lie over a page: consent to cookies, mostly. Long prose that is no part of any text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

#: What makers of consent dialogs call them, in ``id`` and ``class``.
CONSENT: Final = (
    "onetrust", "CybotCookiebot", "cookiebot", "cookie-consent", "cookieconsent", "cookie-banner", "cookie-notice",
    "cookie-law", "cookie-popup", "cookie-modal", "didomi", "usercentrics", "iubenda", "borlabs", "cmplz", "qc-cmp2",
    "truste", "klaro", "gdpr-",
)  # fmt: skip
#: The roles of boxes that are dialogs.
_DIALOGS: Final = ("dialog", "alertdialog")
#: What a dialog is made of; ``body`` itself is marked while one is open.
_BOXES: Final = ("div", "section", "aside", "dialog", "form")
#: Share of the page's letters above which what looks like a dialog is the page.
MOST: Final = 0.5


def without_dialogs(tree: Any) -> Any:
    """The tree, its dialogs taken out; one that holds most of the page's letters stays."""
    if boxes := [box for box in tree.iter(*_BOXES) if _is_dialog(box)]:
        whole = len(tree.text_content())
        for node in boxes:
            if node.getparent() is not None and len(node.text_content()) < MOST * whole:
                node.drop_tree()
    return tree


def _is_dialog(box: Any) -> bool:
    """Whether a box is one by its role, or by a name that makers of consent dialogs give it."""
    names = box.keys()  # to ask for one that is not there takes as long
    return (
        ("class" in names and _asks(box.get("class")))
        or ("id" in names and _asks(box.get("id")))
        or ("role" in names and box.get("role") in _DIALOGS)
        or ("aria-modal" in names and box.get("aria-modal") == "true")
    )


@lru_cache(maxsize=1 << 13)
def _asks(name: str) -> bool:
    """Whether a box of this name asks for consent; remembered, for the pages of a site have the same ones."""
    return any(map(name.__contains__, CONSENT))
