"""Dialogs that lie over a page: consent to cookies, mostly. Long prose that is no part of any text."""

from __future__ import annotations

from typing import Any, Final

#: What makers of consent dialogs call them, in ``id`` and ``class``.
CONSENT: Final = (
    "onetrust", "CybotCookiebot", "cookiebot", "cookie-consent", "cookieconsent", "cookie-banner", "cookie-notice",
    "cookie-law", "cookie-popup", "cookie-modal", "didomi", "usercentrics", "iubenda", "borlabs", "cmplz", "qc-cmp2",
    "truste", "klaro", "gdpr-",
)  # fmt: skip
_NAMED: Final = " or ".join(f"contains(@id, '{name}') or contains(@class, '{name}')" for name in CONSENT)
#: ``body`` itself is marked while a dialog is open.
_DIALOGS: Final = (
    "//body//*[self::div or self::section or self::aside or self::dialog or self::form]"
    f"[@role='dialog' or @role='alertdialog' or @aria-modal='true' or {_NAMED}]"
)
#: Share of the page's letters above which what looks like a dialog is the page.
MOST: Final = 0.5


def without_dialogs(tree: Any) -> Any:
    """The tree, its dialogs taken out; one that holds most of the page's letters stays."""
    whole = len(tree.text_content())
    for node in tree.xpath(_DIALOGS):
        if node.getparent() is not None and len(node.text_content()) < MOST * whole:
            node.drop_tree()
    return tree
