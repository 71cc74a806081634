"""A client process: runs what the tests send, with HF_ENDPOINT and HF_HOME set before any library is imported.

One JSON object per line comes in (``do`` names a function below, the rest are its arguments), one goes out.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from pathlib import Path


def publish(release: str, repo_id: str, **options: object) -> dict:
    from corpuskit.errors import CorpuskitError
    from corpuskit.verbs.publish import publish as run

    said: list[str] = []
    try:
        done = run(Path(release), repo_id, say=said.append, **options)
    except CorpuskitError as error:
        return {"error": str(error), "kind": type(error).__name__, "code": error.exit_code, "said": said}
    return dataclasses.asdict(done) | {"said": said, "address": done.address}


def load(repo_id: str, config: str, revision: str | None = None, streaming: bool = False) -> dict:
    import datasets

    try:
        rows = datasets.load_dataset(repo_id, config, split="train", revision=revision, streaming=streaming)
    except (ValueError, datasets.exceptions.DatasetsError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"rows": [json.loads(json.dumps(row, default=str)) for row in rows]}


def snapshot(repo_id: str, revision: str) -> dict:
    import huggingface_hub

    folder = Path(huggingface_hub.snapshot_download(repo_id, repo_type="dataset", revision=revision))
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def read_parquet(address: str) -> dict:
    import pandas

    return {"ids": list(pandas.read_parquet(address).id)}


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        order = json.loads(line)
        told = globals()[order.pop("do")](**order)
        print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    main()
