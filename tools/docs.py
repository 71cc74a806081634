"""Write the pages of docs/ that come from the code: recipe.md, rules.md, release.md.

python tools/docs.py [--check]     # --check: exit 1 when a page is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from corpuskit import rulebook
from corpuskit.filenames import FOLDERS
from corpuskit.recipe import Recipe
from corpuskit.recipe.scaffold import ABOUT
from corpuskit.release.columns import meaning
from corpuskit.release.markdown import table
from corpuskit.release.parquet import SCHEMAS

DOCS = Path(__file__).parents[1] / "docs"

RECIPE = """\
# The recipe: `corpus.toml`

Every choice that decides bytes, with its default. `corpuskit init` writes a commented one. What the command line
says goes before the recipe; unknown keys and wrong types are refused. The effective values are in each release's
`manifest.json`.
"""

RULES = """\
# The rules

Every name that can stand in the column `rule` of a ledger. Rules run in the order in which `corpuskit/rules/catalog.py`
lists them; the first decision on a line stands. In the examples, `⟦rule|text⟧` marks what goes.
`corpuskit rules --release dist/NAME-VERSION` counts what each did, `corpuskit explain --rule NAME` shows one page.
"""

RELEASE = """\
# What a release holds

```
NAME-VERSION/
  README.md         the dataset card; its YAML pins configs, features and splits
  data/             config "default": one row for each published document
  removed/          config "removed": the ledger, one row for each span that went or was replaced, and each
                    unreadable source
  paragraphs/       config "paragraphs" ([output] paragraphs = true): one row for each paragraph that stays
  sources.parquet   every file that was read: path, sha256, bytes, records
  manifest.json     what it was made from and what it holds: recipe, versions, counts, digests
  croissant.json    the same in the words of dataset search (Croissant 1.1)
  report.html       what went in and out, and documents before and after ([output] report = false: none)
  CHANGELOG.md      the entries up to this version, when the recipe names a changelog
  SHA256SUMS        the sum of every other file; `sha256sum -c SHA256SUMS` checks it
  SHA256SUMS.sig    an ssh signature of the sums, once somebody has signed them
```

The release id is the sha256 of `SHA256SUMS`. A config without rows is left out: the datasets library cannot load an
empty split. No file holds a time, a host or an absolute path.

## Accounting

For every document, the published text and the ledger give back the source, character by character: walk its rows
in the order of `start`; what lies between them is kept text, a row stands for `text` in the source and for
`replacement` in the release. `corpuskit validate` does that for every document, and compares the sha256 of the
rebuilt text with `source_sha256` where the source is one UTF-8 file.

## Two digests

`sha256` of a file holds for the pyarrow that wrote it. The `content` digest in the manifest does not depend on
Parquet: for each column a sha256 over the lengths and one over the bytes of its values.

## Building it again

`corpuskit validate RELEASE --rebuild SOURCE...` needs the sources and the release alone: the recipe, with its templates
and rules, and the versions are in the manifest. The sources are compared with `sources.parquet` first. The verdict is
one of three:

| verdict | exit code |
|---|---|
| `same bytes` | 0 |
| `same content under another pyarrow 25.0.0 (26.0.1 here)`: the same rows in other bytes | 0 |
| `different: ` and the first source, or config, row, document and column, that differs | 1 |

## One file, and a signature

`corpuskit archive RELEASE` packs it into `NAME-VERSION.zip` (or `--format tar.zst`) for a deposit or a mirror: the same
bytes wherever it is done. `corpuskit sign RELEASE --key ~/.ssh/id_ed25519` writes `SHA256SUMS.sig`; whoever has the
public key in a file of allowed signers checks it, with the sums, by `corpuskit validate RELEASE --signers FILE`, or by
OpenSSH alone:

```sh
ssh-keygen -Y verify -f FILE -I IDENTITY -n corpuskit -s SHA256SUMS.sig < SHA256SUMS
```

`corpuskit build --sign KEY --archive zip` does all three.
"""


def recipe() -> Iterator[str]:
    """The page of the recipe: every key with its default and meaning."""
    yield RECIPE
    yield "| key | default | meaning |\n|---|---|---|"
    yield from rows(Recipe(), "")


def rows(values: Any, prefix: str) -> Iterator[str]:
    """The rows of a table of keys, tables within it below their own row."""
    for field in fields(values):
        value, key = getattr(values, field.name), prefix + field.name
        about = ABOUT.get(key, f"the column {field.name}")
        if is_dataclass(value):
            yield f"| **`[{key}]`** | | {about} |"
            yield from rows(value, f"{key}.")
        else:
            shown = list(value) if isinstance(value, tuple) else value
            yield f"| `{key}` | `{str(shown).lower() if isinstance(value, bool) else repr(shown)}` | {about} |"


def rules() -> Iterator[str]:
    """The pages of all rules."""
    yield RULES
    for rule in rulebook.rules():
        yield f"## `{rule.name}`\n"
        page = rulebook.describe(rule.name).partition("\n\n")[2].strip()
        yield page.replace("::\n\n    ", ":\n\n    ") + "\n"


def release() -> Iterator[str]:
    """The layout of a release and the columns of its configs."""
    yield RELEASE
    for config, schema in SCHEMAS.items():
        yield f"## Columns of `{config}` (`{FOLDERS[config]}/`)\n"
        told = ((f, meaning(config, f.name)) for f in schema)
        rows = ((f"`{f.name}`", str(f.type), what.text, what.null or "never") for f, what in told)
        yield from table(("column", "type", "meaning", "null when"), "llll", rows)
        yield ""


PAGES = {"recipe.md": recipe, "rules.md": rules, "release.md": release}


def main(check: bool) -> int:
    """Write the pages, or with ``check`` say which are stale."""
    stale = []
    for name, page in PAGES.items():
        text = "\n".join(page()).rstrip() + "\n"
        path = DOCS / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    print(f"{'stale' if check else 'written'}: {', '.join(stale) or 'none'}", file=sys.stderr)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
