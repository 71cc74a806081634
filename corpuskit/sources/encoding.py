"""Bytes of a page → text: what the bytes prove, then what the page declares, then what the letters say.

Strict UTF-8 proves itself. A declared charset counts as browsers read it (``iso-8859-1``
means windows-1252). For undeclared pages every likely encoding is tried, and the one whose
letters look most like words wins; nothing is guessed from a byte count or a process's history.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from corpuskit.sources.text import marked
from corpuskit.sources.unreadable import Unreadable
from corpuskit.text.charsets import looks_wrong, most_likely

#: Bytes in which a page may declare its charset; browsers look at 1,024, old pages put it later.
HEAD: Final = 4096
#: Damaged characters that a page may hold, per 1,000 that are not ASCII, and still be what it declares.
FAULTY: Final = 20
#: … and in UTF-8, whose letters prove themselves: text of another encoding does not read as UTF-8 by chance.
FAULTY_UTF8: Final = 100

_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w:.+-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.+-]+)""",
    re.IGNORECASE,
)
#: ISO-2022-JP writes Japanese in seven bits between escapes, which are UTF-8 too.
_JAPANESE_MAIL: Final = re.compile(rb"\x1b\$[@B]")
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

#: What a declared name means where that differs from Python's reading of it (WHATWG Encoding, "names and labels").
_MEANS: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-7": "cp1252",
}  # fmt: skip
#: Ways of writing text in ASCII: a page that names one declares nothing.
_NO_CHARSETS: Final = ("idna", "punycode", "unicode-escape", "raw-unicode-escape")
_ALIASES: Final = {
    "windows-874": "cp874", "tis620": "cp874", "x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949", "windows-949": "cp949", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "utf8": "utf-8",
    "unicode": "utf-8",
    "x-mac-cyrillic": "mac_cyrillic", "iso-8859-8-i": "iso8859-8", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
}  # fmt: skip


def decode_page(data: bytes, charset: str = "") -> str:
    """The text of a page, without a byte order mark; ``charset`` is what its server said.

    Damaged characters in a page of known encoding become U+FFFD, so that they can be seen.
    Raises :class:`Unreadable` where no encoding fits.
    """
    wide = marked(data) or _without_mark(data)
    if wide:
        return _strict_or_raise(data, wide)
    text = _strict(data, "iso2022_jp" if _JAPANESE_MAIL.search(data) else "utf-8")
    if text is None:
        text = _legacy(data, charset)
    return text.removeprefix("\ufeff")


def declared_charset(data: bytes) -> str | None:
    """The encoding that a page declares, under Python's name; ``None`` for none or an unknown one."""
    match = _DECLARED.search(data, 0, HEAD)
    if not match:
        return None
    return _python_name((match[1] or match[2]).decode("ascii", "replace"))


def named_charset(name: str) -> str | None:
    """The encoding that a server says, ``None`` for none, an unknown one, or the one that servers say of any page."""
    found = _python_name(name) if name else None
    return None if found == "cp1252" else found


def _python_name(name: str) -> str | None:
    """Python's name for what a page means by a name; Python also has codecs that are no charsets."""
    name = name.lower()
    try:
        python = codecs.lookup(_ALIASES.get(name, name)).name
        b"a".decode(python)  # fails for transforms of bytes, such as hex
    except (LookupError, UnicodeError):
        return None
    return None if python in _NO_CHARSETS else _MEANS.get(python, python)


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without a mark: markup is ASCII, so every other byte of a page's beginning is zero."""
    head = data[:512]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 3 < len(head) or min(even, odd) * 8 > len(head):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _legacy(data: bytes, charset: str) -> str:
    """Text of a page that is not strict UTF-8; what the server says goes before what the page says."""
    declared = named_charset(charset) or declared_charset(data)
    for name in filter(None, (declared, declared_charset(data), "utf-8")):
        text = _nearly(data, name)
        if text is not None and not looks_wrong(data, name):
            return text
    found = most_likely(data)
    if found is None and declared and (text := _strict(data, declared)) is not None:
        return text
    if found is None:
        said = f"declares {declared}, which does not fit" if declared else "declares no charset"
        raise Unreadable(f"no encoding fits: the page {said}; convert it to UTF-8, or remove it if it is no text")
    return data.decode(found)


def _nearly(data: bytes, name: str) -> str | None:
    """The text in encoding ``name`` when it fits, up to :data:`FAULTY` damaged characters."""
    text = _strict(data, name)
    if text is not None:
        return text
    if name == "utf-8" and not _MULTIBYTE.search(data):
        return None
    text = data.decode(name, "replace")
    faulty, allowed = text.count("\ufffd"), FAULTY_UTF8 if name == "utf-8" else FAULTY
    return text if faulty * 1000 <= allowed * max(_foreign(text), 50) else None


def _foreign(text: str) -> int:
    """Characters that are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _strict_or_raise(data: bytes, name: str) -> str:
    text = _strict(data, name)
    if text is None:
        raise Unreadable(f"damaged {name.upper()}: the bytes do not decode; save the page again, as UTF-8")
    return text.removeprefix("\ufeff")
