"""datatrove on its part of the work: drop lines by patterns, keep the first copy of each line, write.

    VENV/bin/python run_datatrove.py FOLDER_OF_JSONL OUT WORKERS [--own-keys]

Sentence deduplication set to lines (``n_sentences=1, split_sentences=False``), no words counted, texts
compared as they are but for white space: the cheapest settings that do the work. ``--own-keys``: compared as it
does by default, without marks, punctuation and digits, for which Thai lines that say other things are the same. Lines
are dropped before signatures are made, and again before these are applied, because datatrove numbers lines as it reads
them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from datatrove.data import DocumentsPipeline
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import SentenceDedupFilter, SentenceDedupSignature, SentenceFindDedups
from datatrove.pipeline.dedup.sentence_dedup import SentDedupConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.utils.text import TextNormConfig
from datatrove.utils.word_tokenizers import WhitespaceTokenizer
from patterns import drops


class DropLines(PipelineStep):
    """Drops the lines that the patterns mean."""

    name = "drop lines"
    type = "filter"

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for document in data:
            document.text = "\n".join(line for line in document.text.split("\n") if not drops(line))
            yield document


def main(folder: str, out: str, workers: int, *, own_keys: bool) -> None:
    as_is = TextNormConfig(lowercase=False, remove_punctuation=False, norm_unicode_diacritics=False, norm_numbers=False)
    config = SentDedupConfig(
        n_sentences=1,
        split_sentences=False,
        min_doc_words=0,
        min_num_sentences=0,
        norm_config=TextNormConfig() if own_keys else as_is,
    )
    idle = WhitespaceTokenizer()  # asked for, and never used: lines are not cut into words
    shards = len(list(Path(folder).glob("*.jsonl*")))

    def run(name: str, tasks: int, *pipeline: PipelineStep) -> None:
        logs = f"{out}/logs/{name}"
        LocalPipelineExecutor(list(pipeline), tasks=tasks, workers=workers, logging_dir=logs).run()

    signatures, duplicates = f"{out}/signatures", f"{out}/duplicates"
    sign = SentenceDedupSignature(signatures, finder_workers=workers, config=config, language=idle)
    run("sign", shards, JsonlReader(folder), DropLines(), sign)
    run("find", workers, SentenceFindDedups(signatures, duplicates, config=config, lines_to_buffer=1000))
    dedup = SentenceDedupFilter(duplicates, config=config, language=idle)
    write = ParquetWriter(f"{out}/texts", compression="zstd")
    run("write", shards, JsonlReader(folder), DropLines(), dedup, write)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), own_keys="--own-keys" in sys.argv)
