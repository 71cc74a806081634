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
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import hf_xet
import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.filenames import FOLDERS
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe
from corpuskit.recipe.tables import Output
from corpuskit.release.parquet import CDC, OPTIONS, SCHEMAS

HERE = Path(__file__).parent
#: How Parquet is cut into pages: never by content, as releases are, and finer. Sizes in bytes before compression.
WRITINGS = {
    "none": False,
    "256 KiB to 1 MiB, as released": CDC,
    "64 to 256 KiB": {"min_chunk_size": 65536, "max_chunk_size": 262144, "norm_level": 0},
}
#: When the pretended token ends, in seconds since 1970.
ENDLESS = 4_000_000_000
LEVEL = Output().compression_level

Pages = dict[str, bytes]


def appended(pages: Pages, chosen: list[str], spare: list[bytes]) -> Pages:
    return pages | {f"zz-new/{i:05}.txt": page for i, page in enumerate(spare)}


def inserted(pages: Pages, chosen: list[str], spare: list[bytes]) -> Pages:
    return pages | {f"{name}-new.txt": page for name, page in zip(chosen, spare, strict=True)}


def edited(pages: Pages, chosen: list[str], spare: list[bytes]) -> Pages:
    return pages | {name: pages[name].replace(b" ", " ใหม่ ".encode(), 1) for name in chosen}


def removed(pages: Pages, chosen: list[str], spare: list[bytes]) -> Pages:
    return {name: page for name, page in pages.items() if name not in chosen}


#: What changes, and in one page of how many.
CHANGES = (
    ("more pages, sorted last", appended, 100),
    ("more pages, among the others", inserted, 1000),
    ("a word added", edited, 100),
    ("a word added", edited, 1000),
    ("pages removed", removed, 1000),
)


def read(folder: Path, count: int) -> Pages:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())[:count]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def release(pages: Pages, number: str, out: Path) -> Path:
    folder = out / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(page)
    return build([folder], Recipe(name="bench", version=number), out, workers=2).path


def rewritten(made: Path, folder: Path, cdc: object) -> list[Path]:
    """The Parquet files of a release, written again; with the release's own CDC they are the same bytes."""
    written = []
    for config, name in FOLDERS.items():
        for path in sorted((made / name).glob("*.parquet")):
            target = folder / name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            rewrite(path, target, SCHEMAS[config], cdc)
            if cdc is CDC and target.read_bytes() != path.read_bytes():
                raise SystemExit(f"{path} was written in another way than this bench writes")
            written.append(target)
    return written


def rewrite(path: Path, target: Path, schema: pa.Schema, cdc: object) -> None:
    file = pq.ParquetFile(path)
    options = OPTIONS | {"use_content_defined_chunking": cdc}
    with pq.ParquetWriter(target, schema, compression_level=LEVEL, **options) as writer:
        for group in range(file.num_row_groups):
            columns = file.read_row_group(group).combine_chunks().columns
            table = pa.Table.from_arrays(columns, schema=schema)  # without the ids that a reader gives to fields
            writer.write_table(table, row_group_size=table.num_rows)
        if cdc:
            writer.add_key_value_metadata({"content_defined_chunking": json.dumps(cdc)})


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


def row(what: str, first: Path, second: Path, out: Path, writing: str) -> str:
    shutil.rmtree(out / "upload", ignore_errors=True)
    old, new = (rewritten(made, out / "upload" / made.name, WRITINGS[writing]) for made in (first, second))
    known = {path.read_bytes() for path in old}
    upload(old, out / "upload" / "store")
    sent = upload(new, out / "upload" / "store")
    whole, other = size(new), size(path for path in new if path.read_bytes() not in known)
    told = (f"{count / 1e6:.2f}" for count in (whole, other, sent))
    return f"| {what} | {writing} | {' | '.join(told)} | {100 * sent / whole:.1f} % |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--out", type=Path, default=HERE / "out")
    args = parser.parse_args()
    out = (args.out / "reupload").absolute()
    shutil.rmtree(out, ignore_errors=True)
    pages = read(args.folder, args.pages + args.pages // 100)
    spare = [pages.pop(name) for name in list(pages)[args.pages :]]
    first = release(pages, "1.0.0", out)
    print(f"{len(pages):,} pages, {sum(map(len, pages.values())) / 1e6:.1f} MB; hf_xet {version('hf_xet')}\n")
    print("| change | CDC | MB of Parquet | in files that changed | MB uploaded | share |")
    print("|---|---|---:|---:|---:|---:|")
    for number, (what, change, share) in enumerate(CHANGES, 1):
        chosen = list(pages)[::share]
        second = release(change(pages, chosen, spare[: len(chosen)]), f"1.{number}.0", out)
        for writing in WRITINGS:
            print(row(f"{what}: {100 / share:g} %", first, second, out, writing), flush=True)
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
