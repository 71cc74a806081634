"""Language packs: their examples are run, and their phrases are fit to be looked up."""

import unicodedata
from collections import Counter

import pytest

from corpuskit.rules.contained import contained
from corpuskit.rules.language_packs import FIELDS, KINDS, RULE_NAMES, packs, spellings, whole_lines
from corpuskit.rules.phrases import may_open, rules_of, signals, value_of
from corpuskit.text.lines import shape_hashes, table_of_lines

PACKS = packs()
EXAMPLES = [(pack.language, example) for pack in PACKS for example in pack.examples]

#: Scripts that write a word with two letters or one.
DENSE = frozenset({"ja", "ko", "zh-Hans", "zh-Hant"})


def told(line: str) -> dict[str, str]:
    """What the packs say of a line that stands alone, by the word that examples use for it."""
    found = signals(table_of_lines([line]), [line])
    columns = {"drop": found.strong, "weak": found.weak, "section": found.section}
    rules = {word: RULE_NAMES[column[0]] for word, column in columns.items() if column[0]}
    return rules | ({"field": FIELDS[found.label[0]]} if found.label[0] else {})


@pytest.mark.parametrize(("language", "example"), EXAMPLES, ids=[f"{language}-{e['line']}" for language, e in EXAMPLES])
def test_example_is_read_as_the_pack_says(language, example):
    found = told(example["line"])
    if example.get("keep"):
        assert found.keys() <= {"field"}
        return
    wanted = {word: example[word] for word in ("drop", "weak", "section", "field") if word in example}
    assert wanted
    assert wanted.items() <= found.items()
    if "value" in example:
        assert value_of(example["line"]) == (example["field"], example["value"])


def test_a_quick_look_misses_no_label():
    labels = [phrase for pack in PACKS for phrase in pack.phrases if phrase.kind == "labels"]
    lines = [f"{before}{phrase.text.rstrip('…:： ')}: x" for phrase in labels for before in ("", "— ", "[")]
    found = [(line, *value) for line in lines if (value := value_of(line))]
    assert len(found) > len(labels)
    assert [line for line, field, _ in found if not may_open(field, line)] == []
    assert not may_open("author", "Yesterday it rained")
    assert not may_open("author", "— !")


#: Numbers as pages print them: grouped, in thousands, in the digits of many scripts.
COUNTERS = (
    *("Viewed 12,345 times", "Viewed 1.2K times", "เข้าชม ๑๒,๓๔๕", "เข้าชม 1.2 หมื่น", "១២ មតិយោបល់", "ແບ່ງປັນ ໑໒"),
    *("١٢٬٣٤٥ مشاهدة", "١٢ ألف مشاهدة", "१२ हज़ार टिप्पणियाँ", "မှတ်ချက် ၁၂", "12,3 тыс. просмотров"),
)


@pytest.mark.parametrize("line", COUNTERS)
def test_numbers_are_read_in_all_digits_and_multiples(line):
    assert told(line).keys() & {"drop", "weak"}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_pack_has_examples_of_both_sorts(pack):
    kept = sum("keep" in example for example in pack.examples)
    assert kept >= 4
    assert len(pack.examples) - kept >= 6


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_rules_and_fields_are_known(pack):
    known = {kind: FIELDS if kind == "labels" else RULE_NAMES for kind in KINDS}
    assert [phrase for phrase in pack.phrases if phrase.name not in known[phrase.kind]] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_shape_tells_enough(pack):
    least = {"lines": 3, "sections": 3, "weak": 1}
    whole = [phrase for phrase in pack.phrases if phrase.kind in least]
    letters = {phrase: sum(c.isalpha() for c in phrase.text) for phrase in whole}
    weight = 2 if pack.language in DENSE else 1
    assert [str(phrase) for phrase in whole if letters[phrase] * weight < least[phrase.kind]] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_no_phrase_stands_twice(pack):
    count = Counter((phrase.kind, phrase.text.casefold()) for phrase in pack.phrases)
    assert [phrase for phrase, times in count.items() if times > 1] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_no_phrase_is_both_proof_and_evidence(pack):
    lines, phrases = zip(*whole_lines(pack, pack.phrases), strict=True)
    spelled = list(zip(phrases, shape_hashes(lines).tolist(), strict=True))
    weak = {form for phrase, form in spelled if phrase.kind == "weak"}
    assert sorted({phrase.text for phrase, form in spelled if phrase.kind == "lines" and form and form in weak}) == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_beginnings_are_longer_than_a_syllable(pack):
    kinds = ("prefixes", "weak_prefixes", "contains")
    assert [str(phrase) for phrase in pack.phrases if phrase.kind in kinds and len(phrase.text.strip()) < 2] == []


def test_a_pack_may_lack_phrases_of_a_kind():
    assert list(whole_lines(PACKS[0], [])) == []


def test_texts_are_spelled_together_and_keep_their_places():
    composed, decomposed = (unicodedata.normalize(form, "Σχόλια") for form in ("NFC", "NFD"))
    assert list(spellings("el", [composed, "x"])) == [(composed, 0), (decomposed, 0), ("Σχολια", 0), ("x", 1)]


def test_an_entry_of_a_menu_is_known_as_a_line_is():
    short = [phrase.text.replace("{n}", "3").replace("{#}", "3") for pack in packs() for phrase in pack.phrases]
    entries = sorted({text for text in short if len(text) <= 40} | {"Boats", "©", "© Ⅳ", "© 2019", "12", "…", "ⅳ"})
    found = signals(table_of_lines(entries), entries)
    codes = [s or w or h for s, w, h in zip(found.strong, found.weak, found.section, strict=True)]
    assert rules_of(entries) == [RULE_NAMES[code] for code in codes]
    assert rules_of([]) == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.language)
def test_words_are_found_wherever_they_stand(pack):
    texts = [phrase.text for phrase in pack.phrases if phrase.kind == "contains"]
    dressed = [f"x {text.upper()} y" for text in texts] + [text.replace(" ", " \u00a0") + "." for text in texts]
    lines = ["A line of its own", *texts, "", *dressed]
    assert {place for place, _ in contained().find(lines)} == {place for place, line in enumerate(lines[1:], 1) if line}
    assert all(list(contained().find([text])) for text in texts)


def test_words_are_told_in_the_order_in_which_they_stand():
    lines = ["", "See our Cookie Policy. All rights reserved by us", "no such words"]
    assert [(place, phrase.text) for place, phrase in contained().find(lines)] == [
        (1, "cookie policy"),
        (1, "all rights reserved"),
    ]
