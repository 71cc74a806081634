"""Dialogs that lie over a page: consent to cookies, mostly. Long prose that is no part of any text."""

from __future__ import annotations

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
    if boxes := _dialogs(tree):
        whole = len(tree.text_content())
        for node in boxes:
            if node.getparent() is not None and len(node.text_content()) < MOST * whole:
                node.drop_tree()
    return tree


def _dialogs(tree: Any) -> list[Any]:
    """The boxes that are dialogs by their role, or by a name that makers of consent dialogs give them."""
    known = [(box, box.keys()) for box in tree.iter(*_BOXES)]  # asking for what is not there costs as much
    called = [(box, box.get(key)) for box, keys in known for key in ("class", "id") if key in keys]
    names = "\n".join([name for _, name in called])
    words = [word for word in CONSENT if word in names]  # on most pages, none
    asking = {box for box, name in called if any(word in name for word in words)} if words else set()
    return [
        box
        for box, keys in known
        if ("role" in keys and box.get("role") in _DIALOGS)
        or ("aria-modal" in keys and box.get("aria-modal") == "true")
        or box in asking
    ]
