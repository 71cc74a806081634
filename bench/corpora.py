"""Make a corpus of any size out of a folder of texts: the same bytes every time, in the memory of one document.

    python bench/corpora.py FOLDER OUT [--mb 5000] [--shape shards|files|tiny|huge]

The texts of FOLDER are gone through again and again, each time under new names, until OUT holds ``--mb``
megabytes of text. From the second pass on 30 % of the long lines are repeated as they are, 60 % are
edited (a made-up word of their own letters is put in) and 10 % give way to a line of an earlier
document. Short lines stay: menus and headings recur in any corpus.

``shards``  JSON Lines under OUT, 32 MB of text to a file, zstd
``files``   a text file for each document
``tiny``    a text file for each paragraph
``huge``    one JSON Lines file, not compressed
"""

from __future__ import annotations

import argparse
import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson
import pyarrow as pa
import xxhash

#: Code points from which on a line is a long one.
LONG = 60
#: Of 256 long lines so many are repeated as they are, and so many more are edited.
REPEATED, EDITED = 77, 154
#: Bytes of text to a shard.
SHARD_BYTES = 32_000_000
#: Long lines that wait to take the place of others.
EARLIER = 64


class Text(NamedTuple):
    """A document: its name, ending in ``.txt``, and its text."""

    name: str
    text: str


def texts_of(folder: Path) -> list[Path]:
    """The text files of a folder, sorted."""
    return sorted(Path(base) / name for base, _, names in os.walk(folder) for name in names if name.endswith(".txt"))


def grown(folder: Path, size: int) -> Iterator[Text]:
    """Documents out of ``folder`` until they hold ``size`` bytes of text."""
    files = texts_of(folder)
    earlier: deque[str] = deque(maxlen=EARLIER)
    for number in count():
        for file in files:
            if size <= 0:
                return
            text = file.read_text("utf-8")
            name = file.relative_to(folder).as_posix()
            if number:
                name = f"{number:04}/{name}"
                text = "\n".join(changed(line, f"{name}:{i}", earlier) for i, line in enumerate(text.split("\n")))
            size -= len(text.encode())
            yield Text(name, text)


def changed(line: str, place: str, earlier: deque[str]) -> str:
    """What stands at ``place`` instead of ``line``."""
    if len(line) < LONG:
        return line
    dice = xxhash.xxh3_128_digest(f"{place}\n{line}".encode())
    found = line
    if dice[0] >= REPEATED + EDITED and earlier:
        found = earlier[dice[1] % len(earlier)]
    elif dice[0] >= REPEATED:
        found = edited(line, dice)
    earlier.append(line)
    return found


def edited(line: str, dice: bytes) -> str:
    """The line with a word put in behind one of its spaces, made of letters that it has."""
    drawn = (line[byte % len(line)] for byte in dice[4:])
    word = "".join(c for c in drawn if c.isalpha()) or "x"
    at = line.find(" ", int.from_bytes(dice[2:4], "little") % len(line))
    return f"{line} {word}" if at < 0 else f"{line[:at]} {word}{line[at:]}"


def tiny(texts: Iterable[Text]) -> Iterator[Text]:
    """Each paragraph as a document."""
    for name, text in texts:
        lines = (line for line in text.split("\n") if line.strip())
        yield from (Text(f"{name.removesuffix('.txt')}/{i:04}.txt", line) for i, line in enumerate(lines))


def write_files(texts: Iterable[Text], out: Path) -> None:
    """A file for each text."""
    made = set[Path]()
    for name, text in texts:
        path = out / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(text, "utf-8", newline="")


def write_records(texts: Iterable[Text], out: Path, shard_bytes: float = SHARD_BYTES) -> None:
    """JSON Lines in zstd, so many bytes of text to a file; a file without an end is written as it is."""
    whole = shard_bytes == float("inf")
    with ExitStack() as opened:
        file: IO[bytes] | Any = None
        left, shards = 0.0, count()
        for name, text in texts:
            if left <= 0:
                opened.close()
                path = out / ("corpus.jsonl" if whole else f"{next(shards):05}.jsonl.zst")
                file = opened.enter_context(path.open("wb") if whole else pa.CompressedOutputStream(str(path), "zstd"))
                left = shard_bytes
            # what the rivals ask of a record: id, text, source
            record = {"id": name.removesuffix(".txt"), "text": text, "source": "bench"}
            file.write(orjson.dumps(record) + b"\n")
            left -= len(text.encode())


def make(folder: Path, out: Path, size: int, shape: str = "shards") -> None:
    """Write a corpus of ``size`` bytes of text."""
    out.mkdir(parents=True)
    texts = grown(folder, size)
    if shape in ("shards", "huge"):
        write_records(texts, out, float("inf") if shape == "huge" else SHARD_BYTES)
    else:
        write_files(tiny(texts) if shape == "tiny" else texts, out)


def text_bytes(folder: Path) -> int:
    """Bytes of all text files of a folder."""
    return sum(file.stat().st_size for file in texts_of(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mb", type=float, default=5000)
    parser.add_argument("--shape", choices=("shards", "files", "tiny", "huge"), default="shards")
    args = parser.parse_args()
    make(args.folder, args.out, int(args.mb * 1e6), args.shape)


if __name__ == "__main__":
    main()
