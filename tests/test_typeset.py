"""Texts that somebody set as plain text or Markdown: what tells them, and what stays of them."""

import textwrap

import numpy as np
import pyarrow.parquet as pq
import pytest

from corpuskit.pipeline import build
from corpuskit.recipe import recipe_from
from corpuskit.stages.alone import clean_text
from corpuskit.text.lines import table_of_lines
from corpuskit.text.typeset import typeset_texts
from corpuskit.text.wrapped import sizes_of, unwrapped

README = """\
---
title: knot
section: 7
---

# knot

A small tool that ties two files together, so that nobody has to remember which of them was the older one.

## Table of Contents

- [Install](#install)
- [Use](#use)
- [License](#license)

## Use

- `knot a b` ties them.
- `knot -u a` unties the first.

See [the manual][man] for more.

## License

MIT

## See also

* [rope](https://example.org/rope)
* [sail](https://example.org/sail)
* [oar](https://example.org/oar)

[Documentation/man.txt]: Documentation/man.txt
[home]: https://example.org/
"""

RELEASES = "# Changelog\n\n" + "\n".join(
    f"""\
## [1.{n}.0](https://example.org/compare/v1.{n - 1}.0...v1.{n}.0) (2024-05-{n:02})


### Features

* tie {word} files ([#{n}](https://example.org/issues/{n})) ([abc{n}234](https://example.org/commit/abc{n}234))


### Bug Fixes

* do not untie {word} of them ([#{n + 40}](https://example.org/issues/{n + 40}))

"""
    for n, word in zip(range(19, 8, -1), "old new two wet dry red big few all no more".split(), strict=True)
)

CHANGES = "\n".join(
    f"""\
knot (1.{n}-1) unstable; urgency=low

  * New upstream release.
  * Refresh patches.
    Closes: #{7000 + n}
  [ Ines Holm ]
  * Add {word}.

 -- Jon Berg <jon@example.org>  Mon, {n} Jul 2024 10:0{n}:00 +0200
"""
    for n, word in zip(range(9, 1, -1), "tests docs colours ropes sails oars lamps anchors".split(), strict=True)
)

MANUAL = """\
KNOT(1)                      General Commands Manual                     KNOT(1)

NAME
       knot - tie two files

SYNOPSIS
       knot [-u] file [file]

OPTIONS
       -u     untie

       -help
              show this

NOTES
       Share no rope.

AUTHOR
       Ines Holm

COPYRIGHT
       Copyright 2019-2024 The Knot Authors.

Knot 1.2                           May 2024                              KNOT(1)
"""

LICENCE = (
    textwrap.fill(
        "Copyright (c) 2019 Ines Holm and those who helped her to tie things together over the years. All rights "
        "are hers, but for those that are given away below, to whoever asks for them in good weather.",
        72,
    )
    + "\n\nCopyright (c) 2021 Jon Berg\n\nLicense:\n\n"
    + "\n\n".join(
        textwrap.fill(text, 72)
        for text in (
            "Whoever has a copy of this rope may use it, lend it and cut it, as long as both ends of it keep this "
            "notice, and as long as nobody says that it was the rope which let the boat go in the storm.",
            "The rope comes as it is. Neither the one who made it nor those who sold it on promise that it holds, "
            "and none of them pays for the boat, the pier or the lamp that went with them into the harbour.",
        )
    )
    + "\n"
)

LETTER = """\
บ้านริมคลอง

คุณแม่ที่รัก

    ลูกมาถึงเมื่อวานตอนเย็น ฝนตกหนักจนเรือต้องจอดรอใต้สะพาน
    ห้องที่เช่าเล็กแต่สะอาด มีหน้าต่างบานเดียวมองเห็นตลาด
    ลูกสบายดี อย่าเป็นห่วง

ติดต่อ
หน้าแรก

น้อย
"""

BADGES = """\
<!-- the mark of the yard -->
<p align="center">
  <img src="knot.svg">
</p>

[![tests](https://example.org/tests.svg)](https://example.org/tests)

""" + README.split("---\n")[2].lstrip()

SET = {
    "readme": README,
    "releases": RELEASES,
    "changes": CHANGES,
    "manual": MANUAL,
    "licence": LICENCE,
    "letter": LETTER,
}

MENU = "Home\nNews\nSport\n\n"
PARAGRAPH = "The harbour master kept two notebooks, one for the ships that came in and one for those only expected."
SCRAPED = {
    "text": MENU + "The notebooks\n\n" + PARAGRAPH + "\n\nShare\nComments (0)",
    "markdown": "* [Home](/)\n  * [News](/news)\n  * [Sport](/sport)\n  1. [Boats](/boats)\n\n# The notebooks\n\n"
    + PARAGRAPH
    + "\n\n## Related\n\n### [Another](/another)\n\n### Share",
    "article": f"# The notebooks\n\n{PARAGRAPH}\n\n## In winter\n\n{PARAGRAPH}\n\n## Related articles\n\nShare",
    "code": f"{PARAGRAPH}\n\n```python\nif late:\n    wait()\n    wait()\n    wait()\n```\n\nShare",
    "chinese": "\n".join(["　　船来了。", "　　船走了。", "　　灯还亮着。", "首页"]),
    "empty": "",
}


def is_typeset(text: str) -> bool:
    lines, printed = table_of_lines([text]), text.split("\n")
    sizes = sizes_of(lines, printed)
    lines, texts, printed = unwrapped(lines, [text], printed, sizes)
    return bool(typeset_texts(lines, sizes, texts, printed, np.ones(len(lines), bool))[0])


@pytest.mark.parametrize("text", SET.values(), ids=SET)
def test_texts_that_somebody_set(text):
    assert is_typeset(text)


@pytest.mark.parametrize("text", SCRAPED.values(), ids=SCRAPED)
def test_pages_are_not_set(text):
    assert not is_typeset(text)


def test_indents_of_lines_that_do_not_count_tell_nothing():
    lines, printed = table_of_lines([LETTER]), LETTER.split("\n")
    none = np.zeros(len(lines), bool)
    assert not typeset_texts(lines, sizes_of(lines, printed), [LETTER], printed, none).any()


def test_a_readme_may_open_with_badges():
    assert is_typeset(BADGES)


@pytest.mark.parametrize("profile", ["careful", "strict"])
@pytest.mark.parametrize("text", SET.values(), ids=SET)
def test_what_somebody_set_stays(text, profile):
    found, _ = clean_text(text, recipe_from({"clean": {"profile": profile}}))
    assert found.clean == text.strip("\n")


def released(tmp_path, texts: dict[str, str]) -> dict[str, str]:
    (tmp_path / "in").mkdir()
    for name, text in texts.items():
        (tmp_path / "in" / name).write_text(text, "utf-8")
    path = build([tmp_path / "in"], recipe_from({"name": "t", "version": "1.0.0"}), tmp_path / "out", workers=1).path
    return {row["source_path"]: row["text"] for row in pq.read_table(path / "data").to_pylist()}


WORDS = "rope sail oar lamp anchor bell mast hull keel deck".split()
FOOTER = "____________________\nboats mailing list\nboats@example.org"


def test_a_footer_on_all_mails_goes(tmp_path):
    told = (
        "On Sunday I have seen the {0} of the old boat, and more like it, in the shed behind the quay; who wants the "
        "{0} may have it, and who does not want the {0} may leave it where it is until the spring, or until I know "
        "of somebody who has a use for such a {0}."
    )
    mails = {f"{word}.txt": f"{textwrap.fill(told.format(word), 72)}\n\n{word.title()}\n\n{FOOTER}" for word in WORDS}
    kept = released(tmp_path, mails)
    assert all(FOOTER.split("\n")[1] not in text and "On Sunday" in text for text in kept.values())


def test_headings_that_all_manuals_have_stay(tmp_path):
    manual = "NAME\n       {0} - tie it\n\nSYNOPSIS\n       {0} FILE\n\nNOTES\n       Ask the {0}.\n"
    manuals = {f"{word}.txt": manual.format(word) for word in WORDS}
    assert released(tmp_path, manuals) == {name: text.strip("\n") for name, text in manuals.items()}


def test_a_line_of_tags_below_a_picture_is_no_caption():
    found, _ = clean_text(f"{PARAGRAPH}\n\n![The quay](quay.jpg)\n</a>\n\n{PARAGRAPH.replace('two', 'three')}")
    assert "</a>" in found.clean
    assert "caption" not in {edit.rule for edit in found.edits}
