"""Runs the command line again and again, each time in a child forked from one warm process.

One line of JSON on stdin: [arguments, file for stderr, whether the child waits for another line before it begins, so
that a tracer can take hold of it]. Answers on stdout: the pid of the child, then its exit code (negative: a signal).
"""

import json
import os
import sys

import pyarrow as pa

from corpuskit.cli import run

pa.array([""])  # imports pandas, if there is one


def child(args: list[str], err: str, waits: bool) -> None:
    for number, path in ((1, os.devnull), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    if waits:
        os.read(0, 1)
    code = run(args)
    sys.stderr.flush()
    os._exit(code)


for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        child(*json.loads(line))
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
