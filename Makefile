# Everything a person or CI does with this checkout. Nothing outside the checkout is touched.
#   make demo      environment, demo city, flood, then http://127.0.0.1:8501   (SERVE=0 stops before serving)
#   make test      all that CI runs
#   make validation, make bench   the slow proofs; figures go to build/*.json
SHELL  := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
            $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done)
SERVE  ?= 1
PORT   ?= 8501
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Two cores: BLAS and OpenMP pools beside Numba's own threads only get in each other's way.
export OMP_NUM_THREADS ?= 2
export MALLOC_ARENA_MAX ?= 2
export PYTHONDONTWRITEBYTECODE ?= 1
export NUMBA_CACHE_DIR ?= $(CURDIR)/build/numba

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types validation bench peers plots figures lock clean

help:
	@sed -n '2,4s/^# *//p' Makefile

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11, 3.12 or 3.13 found. Install one, or say which: make demo PYTHON=/path/to/python3.12"; exit 1; }
	@echo "== environment: 130 packages into $(VENV) (about 1 to 3 minutes the first time, 500 MB of downloads)"
	@if command -v uv >/dev/null 2>&1; then \
	    uv venv --quiet --clear --python "$(PYTHON)" $(VENV) && \
	    UV_PROJECT_ENVIRONMENT=$(VENV) uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock && \
	    uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	    "$(PYTHON)" -m venv --clear $(VENV) && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

demo: $(STAMP)
	@echo "== demo: the made-up city of Gaon is written, loaded and flooded (about 3 minutes on two cores)"
	@$(BIN)/twin demo build/demo --no-serve
ifneq ($(SERVE),0)
	@echo "== serving http://127.0.0.1:$(PORT) (Ctrl-C stops)"
	@$(BIN)/twin serve build/demo/gaon.twin --port $(PORT)
endif

test: $(STAMP)
	@echo "== test: style, types, floors, then the tests (about 11 minutes on two cores)"
	@$(MAKE) --no-print-directory lint types
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache

types: $(STAMP)
	@$(BIN)/mypy

validation: $(STAMP)
	@echo "== validation: the physics against published cases (minutes); figures go to build/validation.json"
	@$(BIN)/python -m tests.measures validation

bench: $(STAMP)
	@echo "== bench: speed as ratios in one run (minutes); figures go to build/bench.json"
	@$(BIN)/python -m tests.measures bench

# Other engines to compare with, each kind in an environment of its own; `make bench` takes turns with what is there.
PEER_PYTHON ?= python3.11
PEERS := build/peers

peers: $(PEERS)/venv/.installed $(PEERS)/fire/.installed

$(PEERS)/venv/.installed: tests/benchmarks/peers/requirements.txt
$(PEERS)/fire/.installed: tests/benchmarks/peers/requirements_fire.txt
$(PEERS)/%/.installed:
	@"$(PEER_PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "make: the peers need Python 3.11: make peers PEER_PYTHON=/path/to/python3.11"; exit 1; }
	@echo "== peers: $(<F) into $(@D) (Itzi and landlab: about 1 minute, 900 MB; pyretechnics is compiled: about 2 minutes)"
	@"$(PEER_PYTHON)" -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

# Draw the cases of the validation anew into docs/validation/.
plots: $(STAMP)
	@$(BIN)/python -m tests.plots

# After `make validation bench`: the figures of the README come from build/*.json and from nowhere else.
figures: $(STAMP)
	@$(BIN)/python -m tests.figures

# The lock carries hashes for every platform and Python 3.11 to 3.13, and no download address.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --group dev --extra drains pyproject.toml -o requirements.lock

clean:
	rm -rf build
