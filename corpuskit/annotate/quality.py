"""Quality flags: what a reader of the corpus may want to know of a document before using it.

A flag is never a reason for a drop, unless the recipe says so (``[filter] flags``). What is
measured is what stays of a document. Nothing here depends on white space between words or on
terminal punctuation where a script has none: on 400 good Thai pages the usual English rules
(lines end in punctuation, words between spaces, English stop words) hit 82 to 95 %.

Sources of thresholds: FineWeb2 (``configs/tha_Thai.yml``), Mangosteen (its Common Crawl mix), Sailor
(sailcraft), Gopher (appendix A1); tried on Thai government pages before they were taken over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpuskit.annotate.words import words_of
from corpuskit.text.characters import LETTERS, Class, classes_of, code_points
from corpuskit.text.lines import Lines, table_of_lines
from corpuskit.text.segment import PROSE_MASS, SENTENCE_MASS

Mask = NDArray[np.bool_]
Sizes = NDArray[np.int64]
#: Flag → its evidence, in words.
Flags = dict[str, str]

#: What each flag says; the card and the documentation print these.
MEANING: Final = {
    "ambiguous-date": "the date could be read in two orders of day and month",
    "duplicate-lines": "more than 30 % of its lines repeat an earlier line of the document",
    "ellipsis-lines": "more than 30 % of its lines end in an ellipsis: teasers",
    "few-alpha-words": "less than 70 % of its words hold a letter (only where words are counted)",
    "few-stop-words": "less than two of the commonest words of its language (only where words are counted)",
    "low-script-share": "less than half of its letters belong to the script of its language",
    "many-newlines": "more than three lines for ten words: a list (without spaces, only where words are counted)",
    "mostly-removed": "more than 90 % of its characters were removed",
    "no-prose": "no line is long enough for a sentence",
    "repeated-phrases": "phrases of two to ten words repeat too often (only where words are counted)",
    "short": "less than about thirty words",
    "symbols": "more than one symbol or stray punctuation mark for ten letters and digits",
    "template-guard": "more than half of its prose looked like templates of its site, and all of it was kept",
    "word-length": "its words have less than 2 or more than 10 characters on average (only where words are counted)",
}
#: Mass of thirty words of five letters: Sailor's floor for Thai. Short posts are legitimate, so that this is only said.
SHORT_MASS: Final = 150
#: Share of repeated lines. Mangosteen .30; FineWeb2 has .349 for Thai and Gopher .30.
DUPLICATE_LINES: Final = 0.30
#: Fewer repeats than this are a heading or a name that comes twice.
DUPLICATES_MIN: Final = 3
#: Share of lines that end in an ellipsis: .3 in Gopher, FineWeb2 and Mangosteen.
ELLIPSIS_LINES: Final = 0.3
ELLIPSES: Final = ("…", "...", "。。。")
#: What may stand behind an ellipsis at the end of a line, and the last signs (``Lines.last``) of lines that end so.
_CLOSERS: Final = " \t\"'”’)]»」』"
_ENDS: Final = (Class.ENDER, Class.BAR, Class.PUNCTUATION)
#: Lines that a page must have before a share of them says anything.
LINES_MIN: Final = 4
#: Gopher's ratio is of signs to words (.1); of characters, Sailor allows .4 with spaces and digits among them.
SYMBOLS: Final = 0.1
#: Thai letters among letters: .5 in Mangosteen. Another script's share means the same for its languages.
SCRIPT_SHARE: Final = 0.5
#: New lines to a word: .3 in FineWeb's pipeline; .153 for Thai in FineWeb2, words by newmm.
NEWLINES: Final = 0.3
MOSTLY: Final = 0.9
#: Mean length of a word in code points: 2 to 10 in FineWeb2's Thai, 3 to 10 in Gopher.
WORD_LENGTH: Final = (2, 10)
#: FineWeb2's .9 for Thai drops 122 of 400 good pages, which are full of numbers, Gopher's .8 drops 16.
ALPHA_WORDS: Final = 0.7
#: FineWeb2's list for Thai, Gopher's for English; both ask for two.
STOP_WORDS: Final = {
    "th": frozenset(("ใน", "ที่", "และ", "ของ", "เป็น", "มี", "การ", "ได้")),
    "en": frozenset(("the", "be", "to", "of", "and", "that", "have", "with")),
}
STOP_WORDS_MIN: Final = 2
#: Share of characters in the commonest phrase of n words (FineWeb2's Thai, rounded) and in repeats of any (the same).
TOP_PHRASE: Final = {2: 0.22, 3: 0.20, 4: 0.16}
REPEATED_PHRASES: Final = {5: 0.185, 6: 0.168, 7: 0.152, 8: 0.137, 9: 0.124, 10: 0.111}
#: Fewer words than this have no statistics.
WORDS_MIN: Final = 50
#: The script that a language is written in, as far as one class of characters says it.
SCRIPT_OF: Final[Mapping[str, tuple[Class, ...]]] = {
    "th": (Class.THAI,), "lo": (Class.LAO,), "km": (Class.KHMER,), "my": (Class.BURMESE,), "el": (Class.GREEK,),
    "he": (Class.HEBREW,), "zh": (Class.HAN,), "ja": (Class.HAN, Class.KANA), "ko": (Class.HANGUL, Class.HAN),
}  # fmt: skip
#: Languages in which 5/7/2024 is read in both orders; the others write the day first, or the year.
BOTH_ORDERS: Final = ("en", "fil", "und")
_AMBIGUOUS: Final = '"date": "dateline (ambiguous)"'


@dataclass(frozen=True)
class Kept:
    """What stays of a batch of documents: ``texts`` (empty: nothing) of ``chars`` code points, of ``sizes`` before.

    ``lines`` are the lines of the documents and ``living`` those that stay; documents that lost
    parts of lines as well are ``changed``, and measured anew. ``notes`` has the columns of ``stages.notes.NOTES``.
    """

    texts: pa.StringArray
    chars: Sizes
    sizes: Sizes
    lines: Lines
    living: Mask
    notes: pa.RecordBatch
    changed: Sequence[int] = ()

    @cached_property
    def anew(self) -> Lines:
        """The lines of what stays of the ``changed`` documents."""
        return table_of_lines(self.texts.take(pa.array(self.changed)).to_pylist())

    def paragraphs(self) -> Sizes:
        """How many lines of each document stay and show something."""
        counts = np.bincount(self.lines.doc[self.living], minlength=len(self.texts))
        if self.changed:
            counts[self.changed] = np.bincount(self.anew.doc[~self.anew.blank], minlength=len(self.changed))
        return counts


class Quality(NamedTuple):
    """The flags of a document, and its number of words: ``None`` if nobody counted."""

    flags: Flags
    words: int | None = None


def qualities(kept: Kept, count_words: bool) -> list[Quality]:
    """Measure each document of a batch; one of which nothing stays has no flags."""
    languages = kept.notes.column("language").to_pylist()
    found = _by_lines(kept.texts, kept.lines, kept.living, languages)
    if kept.changed:
        texts, lines = kept.texts.take(pa.array(kept.changed)), kept.anew
        again = _by_lines(texts, lines, ~lines.blank, [languages[i] for i in kept.changed])
        for i, flags in zip(kept.changed, again, strict=True):
            found[i] = flags
    _add_noted(found, kept, languages)
    measured = [Quality(flags if size else {}) for flags, size in zip(found, kept.chars.tolist(), strict=True)]
    if not count_words:
        return measured
    return [_counted(*known) for known in zip(measured, kept.texts, languages, strict=True)]


def _add_noted(found: Sequence[Flags], kept: Kept, languages: Sequence[str]) -> None:
    """What needs no lines: what the notes say, and how much went."""
    ambiguous = pc.fill_null(pc.match_substring(kept.notes.column("came_from"), _AMBIGUOUS), False)
    for i in np.flatnonzero(ambiguous).tolist():
        if languages[i].split("-")[0] in BOTH_ORDERS:
            found[i]["ambiguous-date"] = "the date can be read in two orders"
    for i in np.flatnonzero(kept.chars < (1 - MOSTLY) * kept.sizes).tolist():
        found[i]["mostly-removed"] = f"{1 - kept.chars[i] / kept.sizes[i]:.2f} of its characters were removed"
    own = kept.notes.column("flags")
    for i in np.flatnonzero(pc.fill_null(pc.list_value_length(own), 0)).tolist():  # of the recipe's own rules
        found[i] |= {flag: "set by a rule of the recipe" for flag in own[i].as_py() if flag not in found[i]}


def _counted(quality: Quality, shown: pa.StringScalar, language: str) -> Quality:
    text = shown.as_py()
    words = words_of(text, language) if text else None
    if words is None:
        return quality
    return Quality(quality.flags | word_flags(words, language, text.count("\n") + 1), len(words))


def _by_lines(texts: pa.StringArray, lines: Lines, living: Mask, languages: Sequence[str]) -> list[Flags]:
    found: list[Flags] = [{} for _ in texts]
    rows = np.flatnonzero(living)
    doc = lines.doc[rows]

    def total(column: Any) -> NDArray[np.float64]:
        return np.bincount(doc, column, len(texts)).astype(np.float64)

    def mark(flag: str, docs: Mask, values: NDArray[Any], evidence: str) -> None:
        for i in np.flatnonzero(docs).tolist():
            found[i][flag] = evidence.format(values[i])

    mass, letters, unspaced = (total(getattr(lines, name)[rows]) for name in ("mass", "letters", "unspaced"))
    count = np.bincount(doc, minlength=len(texts))
    mark("short", mass < SHORT_MASS, mass, "{:.0f} letters")
    sentence = SENTENCE_MASS + (PROSE_MASS - SENTENCE_MASS) * (
        (lines.last[rows] != Class.ENDER) & (lines.unspaced[rows] * 2 <= lines.letters[rows])
    )
    mark("no-prose", total(lines.mass[rows] >= sentence) == 0, count, "{} lines, none of them prose")
    repeats = _repeats(lines, rows, len(texts))
    share = repeats / np.maximum(count, 1)
    mark("duplicate-lines", (share > DUPLICATE_LINES) & (repeats >= DUPLICATES_MIN), share, "{:.2f} of lines repeat")
    signs = total(lines.bars[rows] + lines.others[rows]) / np.maximum(total((lines.mass + lines.digits)[rows]), 1)
    mark("symbols", (signs > SYMBOLS) & (mass >= SHORT_MASS), signs, "{:.2f} signs for a letter or digit")
    spaced = (unspaced <= letters * 0.1) & (count >= LINES_MIN)
    newlines = (count - 1) / np.maximum(count + total(lines.spaces[rows]), 1)
    mark("many-newlines", spaced & (newlines > NEWLINES), newlines, "{:.2f} line ends for a word")
    teasers = total(np.isin(lines.last[rows], _ENDS)) > ELLIPSIS_LINES * count
    for i in np.flatnonzero((count >= LINES_MIN) & teasers).tolist():
        ends = sum(line.rstrip(_CLOSERS).endswith(ELLIPSES) for line in texts[i].as_py().split("\n"))
        if ends / count[i] > ELLIPSIS_LINES:
            found[i]["ellipsis-lines"] = f"{ends / count[i]:.2f} of its lines end in an ellipsis"
    for i, script in _in_other_scripts(texts, lines.scripts, languages, letters):
        found[i]["low-script-share"] = f"{script:.2f} of its letters are in the script of {languages[i]}"
    return found


def _repeats(lines: Lines, rows: NDArray[np.int64], docs: int) -> NDArray[np.int64]:
    """Lines of each document that equal an earlier one of it; lines without letters do not count."""
    rows = rows[lines.letters[rows] > 0]
    if not len(rows):
        return np.zeros(docs, np.int64)
    keys = np.ascontiguousarray(lines.key).view(np.uint64)[::2][rows]
    order = np.lexsort((keys, lines.doc[rows]))
    keys, doc = keys[order], lines.doc[rows][order]
    again = (keys[1:] == keys[:-1]) & (doc[1:] == doc[:-1])
    return np.bincount(doc[1:][again], minlength=docs)


def _in_other_scripts(
    texts: pa.StringArray, scripts: NDArray[np.int32], languages: Sequence[str], letters: NDArray[np.float64]
) -> Iterator[tuple[int, float]]:
    """Documents with too few letters in the script of their language, and its share of their letters.

    ``scripts`` counts what was removed too; only where that could make the difference is what stays counted.
    """
    script_of = {language: list(SCRIPT_OF.get(language.split("-")[0], ())) for language in set(languages)}
    own = np.zeros(len(languages), np.int64)
    for language, script in script_of.items():
        mine = [i for i, other in enumerate(languages) if other == language]
        own[mine] = scripts[mine][:, script].sum(1)
    surely = own - (scripts[:, list(LETTERS)].sum(1) - letters)
    for i in np.flatnonzero((letters > 0) & (surely < SCRIPT_SHARE * letters)).tolist():
        if script := script_of[languages[i]]:
            kept = np.bincount(classes_of(code_points(texts[i].as_py())), minlength=len(Class))
            share = int(kept[script].sum()) / max(int(kept[list(LETTERS)].sum()), 1)
            if share < SCRIPT_SHARE:
                yield i, share


def word_flags(words: Sequence[str], language: str, paragraphs: int) -> Flags:
    """The flags that need words; none for a text with too few of them."""
    if len(words) < WORDS_MIN:
        return {}
    found: Flags = {}
    characters = sum(map(len, words))
    mean, (least, most) = characters / len(words), WORD_LENGTH
    if not least <= mean <= most:
        found["word-length"] = f"{mean:.1f} characters in a word"
    alpha = sum(any(map(str.isalpha, word)) for word in words) / len(words)
    if alpha < ALPHA_WORDS:
        found["few-alpha-words"] = f"{alpha:.2f} of its words hold a letter"
    stop = STOP_WORDS.get(language.split("-")[0])
    if stop and sum(word.lower() in stop for word in words) < STOP_WORDS_MIN:
        found["few-stop-words"] = f"fewer than {STOP_WORDS_MIN} of the commonest words of {language}"
    if paragraphs >= LINES_MIN and (paragraphs - 1) / len(words) > NEWLINES:
        found["many-newlines"] = f"{(paragraphs - 1) / len(words):.2f} line ends for a word"
    shares = [(n, limit, _top(words, n) / characters) for n, limit in TOP_PHRASE.items()]
    shares += [(n, limit, _again(words, n) / characters) for n, limit in REPEATED_PHRASES.items()]
    for n, limit, share in shares:
        if share > limit:
            found.setdefault("repeated-phrases", f"{share:.2f} of its characters in repeated phrases of {n} words")
    return found


def _top(words: Sequence[str], n: int) -> int:
    """Characters in the copies of the commonest phrase of ``n`` words; 0 if none comes twice."""
    phrases = Counter(zip(*(words[i:] for i in range(n)), strict=False))
    phrase, count = max(phrases.items(), key=lambda found: (found[1], sum(map(len, found[0]))), default=((), 0))
    return count * sum(map(len, phrase)) if count > 1 else 0


def _again(words: Sequence[str], n: int) -> int:
    """Characters in phrases of ``n`` words that stood in the text before, none counted twice."""
    seen: set[tuple[str, ...]] = set()
    at = characters = 0
    while at + n <= len(words):
        phrase = tuple(words[at : at + n])
        if phrase in seen:
            characters += sum(map(len, phrase))
            at += n
        else:
            seen.add(phrase)
            at += 1
    return characters
