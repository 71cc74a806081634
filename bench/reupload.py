"""How many bytes a re-upload to the Hub moves after a small change, with content-defined chunking (CDC) and without.

    python bench/reupload.py FOLDER [--pages 3000] [--out bench/out]

FOLDER: text files, for example ``bulk`` of the evaluation data. Builds a release of the first pages, and one after each
of a few small changes; uploads both through the real hf_xet client into a store of its own in a folder (a ``local://``
endpoint: it cuts, compares and packs as for the Hub, and counts what it would send). Prints one table.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import hf_xet
import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.pipeline import build
from corpuskit.recipe import Output, Recipe
from corpuskit.release.parquet import CDC, FOLDERS, OPTIONS, SCHEMAS

HERE = Path(__file__).parent
#: One page in so many is changed.
SHARE = 100
#: When the pretended token ends, in seconds since 1970.
ENDLESS = 4_000_000_000
LEVEL = Output().compression_level


class Corpus(NamedTuple):
    """The pages of the first release, and pages that it does not have."""

    pages: dict[str, bytes]
    spare: list[bytes]


def last(corpus: Corpus) -> dict[str, bytes]:
    return corpus.pages | {f"zz-new/{i:05}.txt": page for i, page in enumerate(corpus.spare)}


def between(corpus: Corpus) -> dict[str, bytes]:
    names = list(corpus.pages)[::SHARE]
    return corpus.pages | {name.replace(".", "-new."): page for name, page in zip(names, corpus.spare, strict=True)}


def edited(corpus: Corpus) -> dict[str, bytes]:
    names = list(corpus.pages)[::SHARE]
    return corpus.pages | {name: corpus.pages[name].replace(b" ", " ใหม่ ".encode(), 1) for name in names}


def removed(corpus: Corpus) -> dict[str, bytes]:
    gone = set(list(corpus.pages)[::SHARE])
    return {name: page for name, page in corpus.pages.items() if name not in gone}


CHANGES: dict[str, Callable[[Corpus], dict[str, bytes]]] = {
    "1 % more pages, sorted last": last,
    "1 % more pages, among the others": between,
    "a word added in 1 % of the pages": edited,
    "1 % of the pages removed": removed,
}


def read(folder: Path, count: int) -> Corpus:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())[: count + count // SHARE]
    texts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    names = list(texts)
    return Corpus({name: texts[name] for name in names[:count]}, [texts[name] for name in names[count:]])


def release(pages: dict[str, bytes], version: str, out: Path) -> Path:
    folder = out / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(page)
    return build([folder], Recipe(name="bench", version=version), out, workers=2).path


def rewritten(made: Path, folder: Path, cdc: bool) -> list[Path]:
    """The Parquet files of a release, written again with CDC or without; with it they are the same bytes."""
    written = []
    for config, name in FOLDERS.items():
        for path in sorted((made / name).glob("*.parquet")):
            target = folder / name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            rewrite(path, target, SCHEMAS[config], cdc)
            if cdc and target.read_bytes() != path.read_bytes():
                raise SystemExit(f"{path} was written in another way than this bench writes")
            written.append(target)
    return written


def rewrite(path: Path, target: Path, schema: pa.Schema, cdc: bool) -> None:
    file = pq.ParquetFile(path)
    options = OPTIONS | ({} if cdc else {"use_content_defined_chunking": False})
    with pq.ParquetWriter(target, schema, compression_level=LEVEL, **options) as writer:
        for group in range(file.num_row_groups):
            columns = file.read_row_group(group).combine_chunks().columns
            table = pa.Table.from_arrays(columns, schema=schema)  # without the ids that a reader gives to fields
            writer.write_table(table, row_group_size=table.num_rows)
        if cdc:
            writer.add_key_value_metadata({"content_defined_chunking": json.dumps(CDC)})


def upload(files: Iterable[Path], store: Path) -> int:
    """Bytes that the client sends, its own index included."""
    store.mkdir(parents=True, exist_ok=True)
    commit = hf_xet.XetSession().new_upload_commit(
        endpoint=f"local://{store}", token="local", token_expiry_unix_secs=ENDLESS
    )
    for path in files:
        commit.start_upload_file(str(path))
    return int(commit.wait_to_finish().dedup_metrics.total_bytes_uploaded)


def size(files: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in files)


def row(what: str, first: Path, second: Path, out: Path, cdc: bool) -> str:
    shutil.rmtree(out / "upload", ignore_errors=True)
    old, new = (rewritten(made, out / "upload" / made.name, cdc) for made in (first, second))
    known = {path.read_bytes() for path in old}
    upload(old, out / "upload" / "store")
    sent = upload(new, out / "upload" / "store")
    other = size(path for path in new if path.read_bytes() not in known)
    whole = size(new)
    told = (f"{count / 1e6:.2f}" for count in (whole, other, sent))
    return f"| {what} | {'on' if cdc else 'off'} | {' | '.join(told)} | {100 * sent / whole:.1f} % |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--out", type=Path, default=HERE / "out")
    args = parser.parse_args()
    out = (args.out / "reupload").absolute()
    shutil.rmtree(out, ignore_errors=True)
    corpus = read(args.folder, args.pages)
    first = release(corpus.pages, "1.0.0", out)
    print(f"{len(corpus.pages):,} pages, {sum(map(len, corpus.pages.values())) / 1e6:.1f} MB; hf_xet, local store\n")
    print("| change | CDC | MB of Parquet | in files that changed | MB uploaded | share |")
    print("|---|---|---:|---:|---:|---:|")
    for number, (what, change) in enumerate(CHANGES.items(), 1):
        second = release(change(corpus), f"1.{number}.0", out)
        for cdc in (True, False):
            print(row(what, first, second, out, cdc), flush=True)
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
