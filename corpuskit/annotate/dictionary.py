"""pythainlp's dictionary as its tokenizer asks it: loaded in a fifth of the time, in half of the memory."""

from __future__ import annotations

import os

from corpuskit.precomputed import precomputed


class Dictionary:
    """Words, found by how they begin. pythainlp's own is a tree with an object for each letter."""

    def __init__(self, beginnings: dict[str, bool]) -> None:
        self._beginnings = beginnings

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """The words that begin at the code point ``start`` of the text, the shortest first."""
        found: list[str] = []
        known = self._beginnings
        for end in range(start + 1, len(text) + 1):
            beginning = text[start:end]
            is_word = known.get(beginning)
            if is_word:
                found.append(beginning)
            elif is_word is None:
                break
        return found


def thai_dictionary() -> Dictionary:
    """The words that pythainlp's tokenizer knows by default."""
    return Dictionary(_beginnings())


@precomputed
def _beginnings() -> dict[str, bool]:
    """All beginnings of the words, and whether each is a word itself."""
    without_home()
    from pythainlp.corpus import thai_words

    words = {word.strip() for word in thai_words()} - {""}
    return {word[:end]: word[:end] in words for word in sorted(words) for end in range(1, len(word) + 1)}


def without_home() -> None:
    """Let pythainlp keep nothing: else its import makes a folder in the user's home, and dies where there is none."""
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
