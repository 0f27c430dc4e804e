# `make` alone lists everything. Two commands matter to a newcomer: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes -r
SELF := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
# Most of the suite waits for daemons, clocks and Telegram's limits: four workers keep two cores busy.
JOBS ?= $(shell $(PYTHON) -c 'import os; print(max(4, os.cpu_count() or 1))')

.DEFAULT_GOAL := help
.PHONY: help run venv documents test check fix golden docs bench bench-poll bench-all lock data catalogue-check fuzz wheel clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: $(BIN)/.run ## start the daemon with config/watchbot.yaml (ARGS=--once for one round)
	@test -e var/watchbot.db || { mkdir -p inbox && cp config/samples/*.txt inbox/; }
	@$(BIN)/watchbot run $(ARGS)

venv: $(BIN)/.run ## .venv with the watchbot script, no test tools

documents: $(BIN)/.run ## read dropped PDF and Word files too
	@$(INSTALL) requirements-documents.txt

# What starts hundreds of raw servers and threads runs apart: in one process with everything else, a test runner died.
APART := tests/hostile tests/unit/sources

test: $(BIN)/.dev ## the whole suite: SQLite, a real PostgreSQL, loopback servers
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(APART:%=--ignore=%) $(ARGS)
	$(BIN)/python -m pytest -n auto --dist loadgroup $(APART) $(ARGS)

check: $(BIN)/.dev ## format, lint, types, architecture, catalogue, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.check_catalogue
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(APART:%=--ignore=%)
	$(BIN)/python -m pytest -n auto --dist loadgroup $(APART)

fix: $(BIN)/.dev ## format and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(BIN)/.dev ## write the golden files anew (read the diff as the user would)
	$(BIN)/python -m pytest tests/golden --snapshot-update

docs: $(BIN)/.dev ## check that README and docs say what the program does
	$(BIN)/python -m pytest tests/unit/docs

bench: $(BIN)/.bench ## items per second through the whole pipeline, with the share of each stage
	$(BIN)/python -m benchmarks.bench_pipeline

bench-poll: $(BIN)/.bench ## CPU and memory of polling 5,000 feeds beside lemon24/reader (ten minutes; ARGS=--profile)
	$(BIN)/python -m benchmarks.bench_poll --feeds 5000 --rounds 1 $(ARGS)

bench-all: $(BIN)/.bench ## every benchmark (minutes)
	for name in benchmarks/bench_*.py; do $(BIN)/python -m benchmarks.$$(basename $$name .py) || exit 1; done

catalogue-check: $(BIN)/.dev ## check the companies' overlay
	$(BIN)/python -m tools.check_catalogue

data: $(BIN)/.dev ## build the word list, the Han table and the catalogue anew
	$(BIN)/python -m tools.build_words
	$(BIN)/python -m tools.build_han
	$(BIN)/python -m tools.build_catalogue

lock: $(BIN)/.dev ## write the hash-locked requirements anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) --extra postgres --group build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile $(LOCK) --extra postgres --extra documents --group build pyproject.toml -o requirements-documents.txt
	$(BIN)/uv pip compile $(LOCK) --extra postgres --extra documents --group build --group dev --group data pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile $(LOCK) --extra postgres --extra documents --group build --group dev --group bench --group data pyproject.toml -o requirements-bench.txt
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

fuzz: $(BIN)/.dev ## throw bytes, texts and corpus feeds after accidents at the parsers for a while
	$(BIN)/python -m pytest tests/property --hypothesis-profile=long -n $(JOBS) $(ARGS)

wheel: $(BIN)/.dev ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## remove .venv and caches (var/ and inbox/ stay)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache dist build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python >= 3.11 is needed; try: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/.run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (a minute the first time) ..."
	@$(INSTALL) requirements.txt
	@$(SELF)
	@touch $@

$(BIN)/.dev: requirements-dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing the test tools into $(VENV) (a minute the first time) ..."
	@$(INSTALL) requirements-dev.txt
	@$(SELF)
	@touch $@ $(BIN)/.run

$(BIN)/.bench: requirements-bench.txt pyproject.toml | $(BIN)/.dev
	@echo "Installing the peers of the benchmarks into $(VENV) ..."
	@$(INSTALL) requirements-bench.txt
	@touch $@
