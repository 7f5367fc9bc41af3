# `make run` starts everything with a sample; `make test` proves it. Both set up .venv by themselves.
# Needs only make and a Python 3.11 or later with venv. Another Python: make run PYTHON=/path/to/python3

VENV   := .venv
BIN    := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY  := $(VENV)/.ready

# The lock was tested with 3.11, so that one is taken first where there are several.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	  "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && { command -v "$$p"; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lock clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(READY)  ## set up .venv from requirements.lock

run: $(READY)  ## start everything on this machine, with a sample to look at
	$(BIN)/ehc up --sample

test: $(READY)  ## run the tests; ARGS="tests/law -x" for some of them
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

bench: $(READY)  ## run the benchmarks; BRIEF=1 for the short form
	$(BIN)/python -m bench $(if $(BRIEF),--brief) $(ARGS)

lock: $(READY)  ## work out requirements.lock anew from pyproject.toml, with hashes and no index addresses
	$(BIN)/python -m pip install -qq --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet $(ARGS) \
	  --output-file requirements.lock
	@! grep -nE '(https?|file)://' requirements.lock || { echo 'requirements.lock names an address; do not commit it' >&2; exit 1; }

clean:  ## remove .venv, caches and the local var/ (its database too)
	rm -rf $(VENV) var build *.egg-info .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --no-deps: the lock names everything, and an older pip would stumble over what it holds below the newest.
$(LOCKED): requirements.lock
	@test -n "$(PYTHON)" || { echo 'No Python 3.11 or later with venv was found. Install one (Debian: apt-get install python3 python3-venv), or say which: make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'Setting up $(VENV) with $(PYTHON); half a minute or so, only this once.'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

# Editable: the flows run from this checkout, and a change to them needs no second set-up.
$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
