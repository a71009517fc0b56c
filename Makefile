# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZES ?= 1000,10000
HARNESS ?= all

.PHONY: demo test lint types unit harness harness-check inspector bench bench-dream bench-hooks bench-recall authors docs lock clean

demo: $(VENV)/installed
	$(BIN)/mem demo

test: lint types unit

lint: $(VENV)/installed
	$(BIN)/ruff check memcli tests
	$(BIN)/ruff format --check memcli tests

types: $(VENV)/installed
	$(BIN)/mypy

unit: $(VENV)/installed
	$(BIN)/pytest -n 2

# the real harnesses on a model that plays a script; `make harness-check` only compares with the last results
harness: $(VENV)/installed
	$(BIN)/python -m tests.harness.programs $(HARNESS)
	MEM_HARNESS="$(HARNESS)" MEM_HARNESS_WRITE=1 $(BIN)/pytest -rs tests/harness
	$(BIN)/python -m tests.generated_docs

harness-check: $(VENV)/installed
	$(BIN)/python -m tests.harness.programs $(HARNESS)
	MEM_HARNESS="$(HARNESS)" $(BIN)/pytest -rs tests/harness

# `mem mcp` as the inspector of the Model Context Protocol sees it
inspector: $(VENV)/installed
	$(BIN)/python -m tests.mcp.inspector
	$(BIN)/pytest -rs tests/mcp/test_inspector.py

bench: $(VENV)/installed
	$(BIN)/python -m tests.benchmarks.road --sizes $(SIZES)

bench-dream: $(VENV)/installed
	$(BIN)/python -m tests.benchmarks.dream

bench-hooks: $(VENV)/installed
	$(BIN)/python -m tests.benchmarks.hooks

bench-recall: $(VENV)/installed
	$(BIN)/python -m tests.benchmarks.recall $(RECALL)

authors: $(VENV)/installed
	MEM_AUTHOR_ACTIONS=10000 $(BIN)/pytest -q tests/faults/test_authors.py

docs: $(VENV)/installed
	$(BIN)/python -m tests.generated_docs
	$(BIN)/python -m tests.agents.plugin_bundles

# the versions of the lock, which `make lock` renews from the ranges in pyproject.toml
$(VENV)/installed: pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements-dev.lock --editable '.[test]'
	touch $@

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet --disable-pip-version-check --editable '.[test]'
	echo '# Constraints for development and CI; `make lock` renews them.' > requirements-dev.lock
	$(VENV)-lock/bin/pip freeze --exclude-editable >> requirements-dev.lock
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
