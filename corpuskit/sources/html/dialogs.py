"""Dialogs that lie over a page: consent to cookies, mostly. Long prose that is no part of any text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

#: What makers of consent dialogs call them, in ``id`` and ``class``.
CONSENT: Final = (
    "onetrust", "CybotCookiebot", "cookiebot", "cookie-consent", "cookieconsent", "cookie-banner", "cookie-notice",
    "cookie-law", "cookie-popup", "cookie-modal", "didomi", "usercentrics", "iubenda", "borlabs", "cmplz", "qc-cmp2",
    "truste", "klaro", "gdpr-",
)  # fmt: skip
_CONSENT: Final = re.compile("|".join(map(re.escape, CONSENT)))
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
    role, modal, names = box.get("role"), box.get("aria-modal"), f"{box.get('id')} {box.get('class')}"
    return role in _DIALOGS or modal == "true" or _asks(names)


@lru_cache(maxsize=1 << 12)
def _asks(names: str) -> bool:
    """Whether a box of these names asks for consent; remembered, for the pages of a site have the same ones."""
    return _CONSENT.search(names) is not None
