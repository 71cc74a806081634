"""The code of docs/python.md runs, from the scraped pages to a model's tokens and to a Hub on loopback."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from test_publish import TOKEN, Hub

import corpuskit

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")


def test_the_code_of_the_page_runs(tmp_path):
    shutil.copytree(ROOT / "seeds", tmp_path / "pages")
    script = tmp_path / "page.py"
    script.write_text("\n\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)), "utf-8")
    hub = Hub(tmp_path / "xet")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    env |= {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1"}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            [sys.executable, script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
    finally:
        hub.close()
    assert done.returncode == 0, done.stderr
    assert "blocks of 128 tokens" in done.stdout
    assert "tagging v1.1.0" in done.stdout


def test_every_verb_is_on_the_page():
    functions = {name for name in corpuskit.__all__ if name.islower()}
    assert {name for name in functions if f"| `{name}(" not in PAGE} == set()
