# Two commands do all set-up: `make build` runs the main job on seeds/, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: build test slow check docs lock clean

build: $(READY)
	$(BIN)/corpuskit build

test: $(READY)
	$(BIN)/python -m pytest

slow: $(READY)
	$(BIN)/python -m pytest -m slow

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/corpuskit index --check
	$(BIN)/python -m pytest

docs: $(READY)
	$(BIN)/python tools/docs.py

# the locked packages, checked by hash, then corpuskit itself
$(READY): requirements/dev.txt pyproject.toml corpuskit/text/_scan.c
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

# rewrites the locks; needs uv
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml -o requirements/lock.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --extra dev requirements/build.in -o requirements/dev.txt

clean:
	rm -rf $(VENV)
