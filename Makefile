# hinge-dowel: `make` sets up .venv, `make demo` shows what it does, `make help` lists the rest.

VENV := .venv
BIN  := $(VENV)/bin
# Touched when .venv holds what pyproject.toml asks for.
READY := $(VENV)/.ready

# The first Python that runs (a pyenv shim may exist and not run), is new enough, and can make a
# virtual environment. Choose another with `make PYTHON=...`.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo "$$python" && break; done)

# What pip says in passing; the rest (what it collects, and every error) is worth seeing.
CHATTER := ^ *(Using cached|Requirement already|Obtaining|Looking in|Created|Stored|Installing build|\
Checking if|Getting requirements|Preparing|Building|Successfully|Downloading|Attempting|Found|\
Uninstalling|No broken requirements|━|$$)|^WARNING: Location

.PHONY: setup demo test test-browser quick lint bench accuracy scenes fuzz endurance clean help
.DEFAULT_GOAL := setup

setup: $(READY)  ## .venv with the program and its tools (the default)

# Exactly the files whose hashes were noted, and no other code run to install them: LOCKED=1, as in
# CI. Otherwise whatever pyproject.toml allows.
LOCK := .ci/requirements.lock
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off
ifdef LOCKED
INSTALL := $(PIP_INSTALL) --require-hashes --only-binary :all: --requirement $(LOCK) && \
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable . && $(BIN)/python -m pip check
else
INSTALL := $(PIP_INSTALL) --editable '.[dev]'
endif

$(READY): pyproject.toml $(if $(LOCKED),$(LOCK))
	@$(if $(strip $(PYTHON)),,echo "hinge-dowel needs Python 3.11 or newer with its venv module:\
	 install it (on Debian or Ubuntu: apt install python3 python3-venv)." >&2; exit 1)
	@echo "Setting up $(VENV) with $(PYTHON): a few hundred MB to fetch the first time."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@{ { $(INSTALL); } 2>&1; echo "status $$?"; } | awk ' \
		/^status / { status = $$2; next } \
		/$(CHATTER)/ { next } \
		/^(Collecting|Processing) / { \
			sub(".*/", "", $$2); sub("[^A-Za-z0-9_.-].*|-[0-9].*", "", $$2); \
			print "  " $$2; fflush(); next } \
		/^Installing collected/ { print "  installing"; fflush(); next } \
		{ print; fflush() } \
		END { exit status }'
	@touch $@
	@echo "$(VENV) is ready."

# The samples show faults (status 1) and one clip that must be refused (status 2): neither means
# that the demo failed. That results were written means that it ran to its end.
demo: $(READY)  ## check samples/ and show the verdicts
	@mkdir -p build && rm -f build/demo.json
	@$(BIN)/hinge-dowel check samples --json build/demo.json || test $$? -le 2
	@test -s build/demo.json

test: $(READY)  ## every test, with the real pose model on real video
	@$(BIN)/python -m pytest

# CHROMIUM and CHROMEDRIVER name the two programs where they are not on the path.
test-browser: $(READY)  ## the report in a real headless Chromium, which must be installed
	@$(BIN)/python -m pytest tests/browser

quick: $(READY)  ## the tests that take no more than seconds
	@$(BIN)/python -m pytest -m "not slow"

lint: $(READY)  ## ruff, ruff format and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# The virtual subjects need torch and a renderer, which nothing else does: a place of their own.
SUBJECTS := build/subjects
WORKERS ?= 2

$(SUBJECTS)/.ready: pyproject.toml $(READY)
	@echo "Setting up $(SUBJECTS), which films the virtual subjects: about 1 GB to fetch."
	@test -x $(SUBJECTS)/bin/python || $(PYTHON) -m venv $(SUBJECTS)
	@$(SUBJECTS)/bin/python -m pip install --quiet --disable-pip-version-check \
		--editable '.[subjects]'
	@touch $@

# CLIPS=DIR adds real clips with their labels.tsv.
accuracy: $(SUBJECTS)/.ready  ## film virtual subjects (once, under an hour), measure, write RESULTS.md
	@PYTHONPATH=tests $(SUBJECTS)/bin/python -m accuracy.measure build/accuracy \
		--workers $(WORKERS)
	@$(if $(CLIPS),PYTHONPATH=tests $(SUBJECTS)/bin/python -m accuracy.real $(CLIPS) \
		build/accuracy --workers $(WORKERS))

# `make bench MINUTES="1 10"` leaves out the clip of an hour, which takes ten minutes.
scenes: $(SUBJECTS)/.ready  ## hard scenes through the real check; writes its part of RESULTS.md
	@$(SUBJECTS)/bin/python tests/robustness/subjects.py build/robustness/subjects
	@$(SUBJECTS)/bin/python tests/robustness/hard.py

bench: $(READY)  ## how fast it is beside the bare loop; writes RESULTS.md and the README's figures
	@$(BIN)/python tests/bench $(if $(MINUTES),--minutes $(MINUTES))

# CASES=500 SEED=2: fewer, others. Ctrl-C ends it; what was done by then is written all the same.
fuzz: $(READY)  ## 5,000 hostile clips through the real command; writes robustness/RESULTS.md
	@PYTHONPATH=tests $(BIN)/python -m robustness.fuzz --write --cases $(or $(CASES),5000) \
		--seed $(or $(SEED),1)

endurance: $(READY)  ## a clip of an hour, a session of two (in real time); writes RESULTS.md
	@PYTHONPATH=tests $(BIN)/python -m robustness.endurance

# For every Python and system at once; uv is fetched for this alone, to a place of its own.
lock:  ## note anew which packages, of which hash, CI installs
	@mkdir -p build && $(PYTHON) -m venv build/uv && build/uv/bin/python -m pip install --quiet uv
	@build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--upgrade --extra dev --no-header --no-emit-index-url pyproject.toml -o $(LOCK)
	@echo "$(LOCK): $$(grep -c '==' $(LOCK)) packages."

licences: $(READY)  ## the licence of every package that is installed
	@$(BIN)/python tests/support/licences.py

clean:  ## remove .venv and everything else that was made here
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
