# Two commands for a newcomer: `make run` and `make test`. Both need only Python (3.11 to 3.13).
PYTHON ?= python3
VENV := .venv
DATELINE := $(VENV)/bin/dateline
INSTALLED := $(VENV)/.installed

.PHONY: run test bench check lint
.DEFAULT_GOAL := run

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

# Where no source can be reached (status 3), the same pass over the built-in news web, into a store of
# its own beside data/. Whatever else goes wrong is an error.
run: $(INSTALLED)
	@if $(DATELINE) run; then echo; echo "See it in a browser: $(DATELINE) browse"; else \
		status=$$?; test $$status -eq 3 || exit $$status; \
		echo; $(DATELINE) rehearse --once --keep data-offline && \
		echo "See it in a browser: $(DATELINE) browse --config data-offline/config"; fi

test: $(INSTALLED)
	$(VENV)/bin/python -m pytest

lint: $(INSTALLED)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

check: lint test

# What takes long or measures: tables on the terminal, JSON under build/bench/. The peers we measure
# beside live in a virtual environment of their own.
BENCHES := $(sort $(basename $(notdir $(wildcard tests/benchmarks/bench_*.py))))

.venv-bench/.installed: requirements-bench.lock pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-bench.lock
	.venv-bench/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

bench: .venv-bench/.installed
	@for bench in $(BENCHES); do \
		echo "== $$bench"; .venv-bench/bin/python -m tests.benchmarks.$$bench || exit 1; \
	done
