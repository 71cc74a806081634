"""``init``: the first files of a corpus. What exists is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpuskit.filenames import RECIPE
from corpuskit.recipe import Recipe
from corpuskit.recipe.tomltext import toml

#: What each key of the recipe decides, by its place in ``corpus.toml``; keys and defaults come from the dataclasses.
ABOUT: Final = {
    "name": "The name of the dataset: 1-64 of A-Z a-z 0-9 . _ -",
    "version": "MAJOR.MINOR.PATCH. A published version never changes: count up before you build again.",
    "sources": "Files, folders and globs, relative to this file.",
    "license": "The licence of documents that do not bring their own, as the Hugging Face Hub spells it: cc-by-4.0",
    "pretty_name": "The title of the dataset card.",
    "description": "The first paragraph of the dataset card.",
    "homepage": "Where the corpus lives.",
    "citation": "How to cite it, as BibTeX; without it the card makes an entry of name, authors and version.",
    "authors": "Who made the corpus, for the citation.",
    "contact": "Where to write to have a text taken out: an address for the dataset card.",
    "released": "The day of this version, YYYY-MM-DD, for the dataset card. No build looks at the clock.",
    "repo_id": "USER/NAME on the Hugging Face Hub, for the lines of the card that load this version from there.",
    "changelog": "A changelog beside this file: a release carries its entries, up to the release's own version.",
    "rules": "Rules of your own, each a table [[rules]] at the end of this file: name, pattern (RE2, looked for in "
    "each line), span (only the match goes), zone (head, body, tail), hosts, and lines that test it: drop, keep.",
    "withdrawn": "The file of 'corpuskit withdraw'. A withdrawn.toml beside this one is read in any case; a build that "
    "cannot find one that is named here stops.",
    "columns": "Names of the columns in JSONL, CSV and Parquet sources; a.b reaches into the struct a.",
    "columns.text": "Plain text …",
    "columns.html": "… or the HTML of a page, where there is no text.",
    "columns.id": "The record's own id: the document's id is made from it, so that it must never change.",
    "clean": "What is taken out of a text. Every removal is a row of the release's ledger.",
    "clean.profile": "careful: only what is certain. strict: also what is very likely.",
    "clean.disable": "Rules that stay off, by name: 'corpuskit rules' lists them.",
    "clean.template_pages": "A line is a template when so many pages of its site show it …",
    "clean.template_share": "… and this share of them.",
    "clean.template_guard": "A page that would lose more than this share of its prose to templates keeps it all.",
    "clean.templates": "A reviewed file of 'corpuskit learn': its templates hold however small the corpus.",
    "clean.plugins": "Rules of other packages, by the names that they have in the entry points 'corpuskit.rules'.",
    "dedup": "Duplicates across documents: the first copy stays.",
    "dedup.paragraphs": "Paragraphs that an earlier document has.",
    "dedup.documents": "Documents that an earlier one equals.",
    "dedup.min_mass": "The shortest paragraph that is compared, in letters.",
    "filter": "Documents that are left out whole. Each is a row of the ledger, with the flag and what was measured.",
    "filter.flags": "Flags that lead to it, for example duplicate-lines; the card of a release counts them all.",
    "split": "Splits, in whole clusters of copies and near copies; what has no share is train.",
    "split.validation": "The share of documents that is held out to tune on: 0.01",
    "split.test": "The share of documents that is held out to test on: 0.01",
    "output": "How the release is written.",
    "output.paragraphs": "Also write the config 'paragraphs': one row for each paragraph that stays.",
    "output.report": "Also write report.html: what went in and out, and documents before and after.",
    "output.words": "Also count words (a minute for 40 MB of Thai), and set the flags that need them.",
    "output.language_model": "'lid.176': the model of corpuskit[langid] tells languages that share a script apart.",
    "output.shard_bytes": "So many bytes of sources make one data file.",
    "output.compression_level": "Of zstd, 1 to 19.",
    "limits": "Caps against hostile input; what exceeds one is listed as unreadable, never cut.",
    "limits.document_bytes": "The largest document.",
    "limits.expansion": "How many times its size a compressed file may grow.",
}
#: The version of a corpus that was never built.
VERSION: Final = "0.1.0"

SAMPLE: Final = """\
ตลาดเช้าริมคลองกลับมาเปิดท่าเรืออีกครั้ง

วันที่ 12 มกราคม 2567

![](morning-market.jpg)

ชาวบ้านริมคลองช่วยกันซ่อมท่าเรือไม้ของตลาดเช้าจนเสร็จเมื่อสัปดาห์ที่แล้ว หลังจากน้ำท่วมใหญ่เมื่อสองปีก่อนทำให้เสาหักไปหลายต้น \
แม่ค้าที่เคยย้ายไปขายบนสะพานจึงกลับมาพายเรือขายขนมและผักเหมือนเดิม

ป้าสมใจซึ่งขายข้าวเหนียวปิ้งมากว่าสามสิบปีเล่าว่า ลูกค้าประจำมารอตั้งแต่ตีห้า เพราะคิดถึงบรรยากาศของเรือที่จอดเรียงกันใต้ต้นจามจุรี \
ท่าใหม่กว้างกว่าเดิมเล็กน้อยและมีราวจับสำหรับผู้สูงอายุ

ที่มา: https://canal-market.example.org/news/12
แชร์ข่าวนี้
ความคิดเห็น (0)
"""


class Scaffold(NamedTuple):
    """What ``init`` wrote, and what it found and left alone."""

    written: list[Path]
    kept: list[Path]


def init(folder: str | Path = ".") -> Scaffold:
    """Write ``corpus.toml``, ``seeds/`` with a page to try, and ``.gitignore`` into ``folder``.

    Nothing is overwritten.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    done = Scaffold([], [])
    _write(folder / RECIPE, corpus_toml(_name(folder)), done)
    if (folder / "seeds").exists():
        done.kept.append(folder / "seeds")
    else:
        (folder / "seeds").mkdir()
        _write(folder / "seeds" / "morning-market.txt", SAMPLE, done)
    _write(folder / ".gitignore", "# Releases are built, not committed.\n/dist/\n", done)
    return done


def corpus_toml(name: str) -> str:
    """A ``corpus.toml`` with every key of the recipe: name, version and sources set, the others as comments."""
    chosen = {"name": name, "version": VERSION, "sources": ("seeds",)}
    return "\n".join(
        [
            "# The recipe of this corpus: every choice that decides the bytes of a release.",
            "# A line that is a comment shows the default. Build with: corpuskit build",
            "",
            *_keys(Recipe(), "", chosen),
        ]
    )


def _keys(table: Any, prefix: str, chosen: dict[str, Any]) -> Iterator[str]:
    values = {f.name: getattr(table, f.name) for f in fields(table)}
    for key, value in values.items():
        if not is_dataclass(value):
            if about := ABOUT.get(prefix + key):
                yield f"# {about}"
            yield f"{key} = {toml(chosen[key])}" if key in chosen else f"# {key} = {toml(value)}"
    yield ""
    for key, value in values.items():
        if is_dataclass(value):
            yield f"# {ABOUT[key]}" if key in ABOUT else f"# {key}"
            yield f"[{key}]"
            yield from _keys(value, f"{key}.", {})


def _name(folder: Path) -> str:
    """The name of the folder as the name of a dataset."""
    name = re.sub("[^A-Za-z0-9._-]+", "-", folder.resolve().name).strip("-._")[:64]
    return name or "corpus"


def _write(path: Path, text: str, done: Scaffold) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        done.kept.append(path)
    else:
        done.written.append(path)
