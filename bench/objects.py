"""What an object store adds to a build: CPU seconds, requests and bytes, against the same build on a disk.

    python bench/objects.py SOURCE [--workers K]

Needs the packages of the extra ``dev``. The store is an S3 server on loopback (``tests/s3/server.py``), whose own
CPU time is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from urllib.request import Request, urlopen

from measure import markdown, measured

SERVER = Path(__file__).parents[1] / "tests" / "s3" / "server.py"
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}


def main() -> None:
    """Build on a disk, in a store, and in the store again; print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--workers", default="2")
    told = parser.parse_args()
    command = [sys.executable, "-W", "ignore", str(SERVER)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
        ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as apart,  # the server is no child of it
    ):
        address = server.stdout.readline().strip()
        os.environ |= KEYS | {"AWS_ENDPOINT_URL": address}
        size = upload(told.source, "s3://bench/crawl")
        heads = ("", "CPU s", "wall s", "peak MB", "GET", "PUT", "POST", "HEAD", "MB up")
        rows = []
        for name, source, out in (
            ("disk", str(told.source), folder),
            ("store", "s3://bench/crawl", "s3://bench/out"),
            ("store, again", "s3://bench/crawl", "s3://bench/out"),
        ):
            urlopen(Request(f"{address}/_fault", method="PUT")).close()
            build = ["build", source, "--name", "b", "--version", "1.0.0", "--out", out, "--workers", told.workers]
            cost = apart.submit(measured, name, [sys.executable, "-m", "corpuskit", *build]).result()
            with urlopen(f"{address}/_count") as answer:
                counts = json.load(answer)
            asked = [str(counts.get(method, 0)) for method in ("GET", "PUT", "POST", "HEAD")]
            sums = (f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{cost.peak / 1e6:.0f}")
            rows.append((name, *sums, *asked, f"{counts.get('bytes-in', 0) / 1e6:.1f}"))
        print(markdown(heads, rows))
        work, release = (held(f"s3://bench/out/{name}") for name in (".corpuskit-work", "b-1.0.0"))
        print(f"\nsources {size / 1e6:.1f} MB, finished steps {work / 1e6:.1f} MB, release {release / 1e6:.1f} MB")
        server.stdin.close()


def upload(source: Path, url: str) -> int:
    """Put a folder into a new bucket; its size in bytes."""
    from corpuskit.store.places import Folder, client

    client().mkdir(url.rpartition("/")[0])
    files = {path.relative_to(source).as_posix(): path for path in source.rglob("*") if path.is_file()}
    Folder(url).put(files)
    return sum(path.stat().st_size for path in files.values())


def held(url: str) -> int:
    """Bytes of the objects in a folder."""
    from corpuskit.store.places import Folder

    return sum(Folder(url).sizes().values())


if __name__ == "__main__":
    main()
