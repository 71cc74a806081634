"""The names of the built-in rules: all that can stand in the column ``rule`` of a ledger, each with what it does."""

from __future__ import annotations

from typing import Final

#: Name of a rule → what it does, by kind, in the order in which a build comes to the kinds.
BOOK: Final[dict[str, dict[str, str]]] = {
    "source": {
        "unreadable": "A source, or a record in it, that could not be read; nothing of it is published.",
    },
    "repair": {
        "bom": "The byte order mark at the start of a file.",
        "carriage-return": "Line ends of Windows and old Macs, as one newline.",
        "control-character": "Control characters, terminal escapes, and other kinds of line ends.",
        "khmer-marks": "Khmer marks in one order and number.",
        "lao-marks": "Lao marks in one order and number.",
        "mojibake": "Text decoded with the wrong encoding, restored.",
        "nfc": "Characters in their canonical composition (Unicode NFC).",
        "soft-hyphen": "Hints for hyphenation, which nobody sees.",
        "thai-marks": "Thai marks in one order and number; SARA AM and SARA AE in one piece.",
        "zero-width": "Zero-width spaces and joiners where the script has no use for them.",
    },
    "metadata": {
        "byline": "A line that names the author.",
        "caption": "A caption that its page marks, moved to captions.",
        "credit": "A line that credits a photographer or an agency.",
        "dateline": "A line that says when the page was published, moved to date.",
        "publisher": "A line that is only the site's domain, moved to publisher.",
        "source": "A line that names the page's source, moved to source_url.",
    },
    "machinery": {
        "advertisement": "Advertisements and their labels.",
        "app": "Calls to install an app.",
        "attachment": "Lists of attached files and download buttons.",
        "back-to-top": "Links to the top of the page.",
        "breadcrumb": "The path to the page within its site.",
        "comments": "Comment counters, comment forms, and calls to comment.",
        "contact": "Addresses, telephone numbers and calls to write to the site.",
        "cookies": "Cookie notices and consent buttons.",
        "copyright": "Copyright, terms and privacy lines.",
        "follow": "Calls to follow the site elsewhere.",
        "language-switch": "Switches to other languages.",
        "line-model": "A line that the line model takes for machinery by form and place, in any language.",
        "link-list": "Lists of links in Markdown: menus, other pages.",
        "link-title": "The title of a link that runs over several lines.",
        "login": "Prompts to log in or register.",
        "navigation": "Menu words.",
        "newsletter": "Calls to subscribe, newsletters, feeds.",
        "no-data": "Empty states: no data, nothing found.",
        "pagination": "Next, previous, page numbers.",
        "placeholder": "What an extractor left where a picture stood.",
        "print": "Buttons to print, save or resize the text.",
        "rating": "Ratings of the page and questions whether it helped.",
        "read-more": "Links to the rest of a page or to more of the same.",
        "related": "Headings of related stories, and the headlines under them.",
        "search": "Search boxes and their hints.",
        "share": "Buttons to share or recommend the page.",
        "skip-link": "Links for screen readers to skip the menu.",
        "tags": "Lists of tags and keywords.",
        "tail-block": "Short lines behind the machinery at the end of a page.",
        "template": "A line that a site repeats on its pages; all copies go, the first too.",
        "video-player": "What a video player or script says when it does not run.",
        "views": "Counters of views, readers and reading time.",
    },
    "duplicate": {
        "duplicate": "A paragraph that an earlier document has; the first copy stays.",
        "duplicate-document": "A document that an earlier one equals; the first copy stays.",
    },
    "filter": {
        "filtered": "A document with a quality flag that the recipe filters; it goes whole.",
        "withdrawn": "A copy of a paragraph that was withdrawn with its copies, blacked out.",
    },
    "layout": {
        "layout": "White space at the edges of a document.",
    },
}
