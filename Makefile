# The commands of a newcomer. `make` alone lists them. Needs Python 3.11, git and make; no root.
PYTHON ?= python3.11
export VIGIE_HOME ?= data
export VIGIE_OUT ?= out
LANDING ?= $(VIGIE_HOME)/landing
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup run test serve diff lint lock wheel soak mutants screenshots

help:
	@echo "make run    set up, load the deliveries (those of a sample fund when there are none), publish a release"
	@echo "make test   set up, run the tests"
	@echo "make serve  dashboards on http://127.0.0.1:8501, orchestration on http://127.0.0.1:3000"
	@echo "make setup  set up only          make lint  style of Python and SQL"
	@echo "make diff BASE=<commit>   what a change of the code changes in the figures of a synthetic fund"
	@echo "make soak   400 kills, 200 corrections attacked, long walks of the register (an hour)    make mutants  faults put into the code, do tests notice (some hours)"
	@echo "make lock   pin the environment again after a change in pyproject.toml"
	@echo "make wheel  what is installed elsewhere: dist/vigie-<version>-py3-none-any.whl (docs/installing.md)"

# Everything comes from the two lock files, with hashes; nothing is resolved here.
$(READY): requirements/uv.txt requirements/all.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed ($(PYTHON) is not there; set PYTHON=…)." >&2; exit 1; }
	@echo "Setting up the environment (.venv) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/uv.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements/uv.txt requirements/all.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY)
	@$(BIN)/python -m orchestration.manifest

run: setup
	@ls $(LANDING)/*/manifest.json >/dev/null 2>&1 || $(BIN)/vigie sample --out $(LANDING)
	@$(BIN)/vigie run --landing $(LANDING)

test: setup
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

serve: setup
	@$(BIN)/vigie serve

diff: setup
	@test -n "$(BASE)" || { echo "Say with which commit to compare: make diff BASE=<commit>." >&2; exit 2; }
	@$(BIN)/python -m orchestration.code_diff "$(BASE)"

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests

soak: setup
	@VIGIE_WALKS=400 $(BIN)/python -m pytest -n 2 tests/unit/register/test_register_walk.py
	@VIGIE_KILLS=400 $(BIN)/python -m pytest -n 2 --dist loadgroup tests/faults/test_killed_at_random.py
	@VIGIE_PAIRS=200 $(BIN)/python -m pytest -n 2 tests/unit/exports/test_export_restated_pairs.py

screenshots: setup
	@$(BIN)/python -m tests.browser.screenshots

mutants: setup
	@$(BIN)/python -m tests.mutation

# `build/` of an earlier wheel would put files back that are gone from the source.
wheel: setup
	@rm -rf build dist
	@$(BIN)/uv build --quiet --wheel --offline --no-build-isolation --python $(BIN)/python --out-dir dist
	@rm -rf build
	@cp requirements/run.txt dist/
	@ls dist/*

# No address of a registry is written into the files: they install from whatever registry a machine is set to.
LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11
lock: setup
	@$(LOCK) --no-annotate requirements/uv.in -o requirements/uv.txt
	@$(LOCK) pyproject.toml --extra dev --extra bench -o requirements/all.txt
	@$(LOCK) --no-annotate pyproject.toml --constraints requirements/all.txt -o requirements/run.txt
