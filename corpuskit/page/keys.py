"""The keys of lines: their letters and digits, by which a line is found in a text that lays it out otherwise."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.precomputed import precomputed
from corpuskit.text.characters import TABLE, code_points

_SAID: Final = re.compile(r"[^\W_]+")
#: What is not that in ASCII: bytes are dropped eight times as quickly.
_ASCII_NOT_SAID: Final = bytes(code for code in range(128) if not chr(code).isalnum())
#: In the table of keys: no single code point.
_OTHER: Final = 0xFFFFFFFF


def squeezed(text: str) -> str:
    """The letters and digits of a text, in lower case: a key to tell two lines alike."""
    if text.isascii():
        return text.encode().translate(None, _ASCII_NOT_SAID).lower().decode()
    return "".join(_SAID.findall(text.casefold()))


def squeezed_lines(text: str) -> str:
    """Each line of a text :func:`squeezed`, all at once, which is several times as quick."""
    keys = _key_table().take(code_points(text), mode="clip")
    if len(keys) and keys.max() == _OTHER:
        folded = text.casefold()
        return squeezed_lines(folded) if folded != text else "\n".join(map(squeezed, text.split("\n")))
    return keys[keys > 0].tobytes().decode("utf-32-le")


@precomputed
def _key_table() -> NDArray[np.uint32]:
    """What each code point is in a key: 0 for nothing, :data:`_OTHER` for several ("ß") and all behind the table."""
    keys = ["\n" if code == ord("\n") else squeezed(chr(code)) for code in range(TABLE)]
    return np.array([*(_OTHER if len(key) > 1 else ord(key or "\0") for key in keys), _OTHER], np.uint32)
