"""dolma on its part of the work: tag lines by patterns, mark repeated lines by a Bloom filter, mix both out.

    VENV/bin/python run_dolma.py FOLDER_OF_JSONL OUT WORKERS

The Bloom filter is sized for the lines of the input at one false removal in a million.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

#: Bytes of compressed input for which the filter has room for a line: news have one for about 120.
BYTES_TO_A_LINE = 60
#: Size of an output file: small enough that two processes have something to mix.
OUTPUT_BYTES = 16_000_000


def main(folder: str, out: str, workers: str) -> None:
    work = Path(out)
    documents = work / "documents"
    documents.mkdir(parents=True)
    shards = sorted(Path(folder).glob("*.jsonl*"))
    for shard in shards:  # dolma asks for this name of a folder
        (documents / shard.name).symlink_to(shard.absolute())
    lines = sum(shard.stat().st_size for shard in shards) // BYTES_TO_A_LINE + 1_000_000
    steps = {
        "tag": {
            "documents": [f"{documents}/*"],
            "taggers": ["bench_lines"],
            "tagger_modules": [str(Path(__file__).with_name("dolma_tagger.py"))],
            "experiment": "lines",
        },
        "dedupe": {
            "documents": [f"{documents}/*"],
            "dedupe": {"name": "repeats", "paragraphs": {"attribute_name": "repeated"}, "skip_empty": True},
            "bloom_filter": {
                "file": str(work / "bloom.bin"),
                "read_only": False,
                "estimated_doc_count": lines,
                "desired_false_positive_rate": 1e-6,
            },
        },
        "mix": {
            "streams": [
                {
                    "name": "bench",
                    "documents": [f"{documents}/*"],
                    "attributes": ["lines", "repeats"],
                    "output": {"path": str(work / "texts"), "max_size_in_bytes": OUTPUT_BYTES},
                    "compression": {"output": "zst"},
                    "span_replacement": [
                        {"span": f"$.attributes.{name}", "min_score": 0.5, "replacement": ""}
                        for name in ("lines__bench_lines__drop", "repeated")
                    ],
                }
            ]
        },
    }
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    for step, config in steps.items():
        path = work / f"{step}.json"
        path.write_text(json.dumps({**config, "processes": int(workers)}))
        subprocess.run([Path(sys.executable).with_name("dolma"), "-c", path, step], env=env, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
