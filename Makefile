# hinge-dowel: `make` sets up .venv, `make demo` shows what it does, `make help` lists the rest.

VENV := .venv
BIN  := $(VENV)/bin
# Touched when .venv holds what pyproject.toml asks for: the program, and what tests and lint need.
READY := $(VENV)/.ready$(if $(LOCKED),-locked)
TOOLS := $(VENV)/.tools$(if $(LOCKED),-locked)

# The first Python that runs (a pyenv shim may exist and not run), is new enough, and can make a
# virtual environment. Choose another with `make PYTHON=...`.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo "$$python" && break; done)

.PHONY: setup demo test test-all test-rare test-browser quick lint bench accuracy network scenes fuzz endurance lock \
	licences clean help
.DEFAULT_GOAL := setup

setup: $(READY)  ## .venv with the program (the default)

# Exactly the files whose hashes were noted, and no other code run to install them: LOCKED=1, as in
# CI. Otherwise whatever pyproject.toml allows. Type checkers do not follow the import hooks of
# other kinds of editable install than "compat".
LOCK := .ci/requirements.lock
PIP := $(BIN)/python -m pip install --disable-pip-version-check
EDITABLE := --config-settings editable_mode=compat --editable
ifdef LOCKED
PROGRAM := $(PIP) --quiet --require-hashes --only-binary :all: --requirement $(LOCK) && \
	$(PIP) --no-deps --no-build-isolation $(EDITABLE) . && $(BIN)/python -m pip check
WITH_TOOLS := true
else
PROGRAM := $(PIP) $(EDITABLE) .
WITH_TOOLS := $(PIP) $(EDITABLE) '.[dev]'
endif

$(READY): pyproject.toml $(if $(LOCKED),$(LOCK))
	@$(if $(strip $(PYTHON)),,echo "hinge-dowel needs Python 3.11 or newer with its venv module:\
	 install it (on Debian or Ubuntu: apt install python3 python3-venv)." >&2; exit 1)
	@echo "Setting up $(VENV) with $(PYTHON): about 250 MB to fetch the first time."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PROGRAM)
# As pip does for what it copies: Python would compile it at each start where it may not write.
	@$(BIN)/python -m compileall -q hinge_dowel
	@touch $@
	@echo "$(VENV) is ready: $(BIN)/hinge-dowel"

$(TOOLS): $(READY)
	@echo "Adding the tools that tests and lint need to $(VENV)."
	@$(WITH_TOOLS)
	@touch $@

# The samples show faults (status 1) and one clip that must be refused (status 2): neither means
# that the demo failed. That results were written means that it ran to its end.
demo: $(READY)  ## check samples/ and show the verdicts
	@mkdir -p build && rm -f build/demo.json
	@$(BIN)/hinge-dowel check samples --json build/demo.json || test $$? -le 2
	@test -s build/demo.json

# Some machines say that Python may keep no compiled files: then each of the many processes that tests
# start would compile all that it imports anew.
test test-rare quick: export PYTHONDONTWRITEBYTECODE =

PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

test: $(TOOLS)  ## the tests, with the real pose model on real video
	@$(PYTEST) -m "not rare"

test-rare: $(TOOLS)  ## those that are slow and rare: hostile clips, hours of film, clusters
	@$(PYTEST) -m rare

test-all: test test-rare  ## every test

# CHROMIUM and CHROMEDRIVER name the two programs where they are not on the path.
test-browser: $(TOOLS)  ## the report in a real headless Chromium, which must be installed
	@$(BIN)/python -m pytest tests/browser

quick: $(TOOLS)  ## the unit tests that take no more than seconds, with few examples each
	@$(PYTEST) -m "not slow and not rare" --hypothesis-profile quick tests/unit

lint: $(TOOLS)  ## ruff, ruff format and mypy
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
	@PYTHONPATH=tests $(SUBJECTS)/bin/python -m accuracy.measure_technique \
		build/accuracy/technique --write
	@$(if $(CLIPS),PYTHONPATH=tests $(SUBJECTS)/bin/python -m accuracy.real $(CLIPS) \
		build/accuracy --workers $(WORKERS))

# Drawing takes an hour on two idle cores; training, twenty minutes on a large graphics processor
# (and 30 GB of its memory), three days without. Cut off, both go on where they were.
# PHOTOS=DIR has photographs to stand behind the people, any that you may use; CLIPS=DIR real clips.
NETWORK := build/network
NETWORK_RUN := PYTHONPATH=tests:samples OMP_NUM_THREADS=1 $(SUBJECTS)/bin/python -m
network: $(SUBJECTS)/.ready  ## draw people, train the spine network on them, write it, measure it
	@$(SUBJECTS)/bin/python -m pip install --quiet --disable-pip-version-check \
		--editable '.[network]'
	@for worker in 0 1; do for numbers in "0 --last 7000" "20000 --last 34000"; do \
		$(NETWORK_RUN) network.draw $(NETWORK)/crops $(if $(PHOTOS),--photos $(PHOTOS)) \
		--first $$numbers --step 2 --offset $$worker; done & done; wait
	@$(NETWORK_RUN) network.train $(NETWORK)/crops $(NETWORK)/run
	@$(NETWORK_RUN) network.export $(NETWORK)/run/state.pt hinge_dowel/pose/network.onnx
	@$(NETWORK_RUN) network.measure drawn $(NETWORK)
	@$(if $(CLIPS),$(NETWORK_RUN) network.measure real $(NETWORK) $(CLIPS))

scenes: $(SUBJECTS)/.ready  ## hard scenes through the real check; writes its part of RESULTS.md
	@$(SUBJECTS)/bin/python tests/robustness/subjects.py build/robustness/subjects
	@$(SUBJECTS)/bin/python tests/robustness/hard.py

# `make bench MINUTES="1 10"` leaves out the clip of an hour, which takes ten minutes.
bench: $(TOOLS)  ## how fast it is beside the bare loop; writes RESULTS.md and the guide's figures
	@$(BIN)/python tests/bench $(if $(MINUTES),--minutes $(MINUTES))

# CASES=500 SEED=2: fewer, others. Ctrl-C ends it; what was done by then is written all the same.
fuzz: $(TOOLS)  ## 5,000 hostile clips through the real command; writes robustness/RESULTS.md
	@PYTHONPATH=tests $(BIN)/python -m robustness.fuzz --write --cases $(or $(CASES),5000) \
		--seed $(or $(SEED),1)

endurance: $(TOOLS)  ## a clip of an hour, a session of two (in real time); writes RESULTS.md
	@PYTHONPATH=tests $(BIN)/python -m robustness.endurance

# For every Python and system at once; uv is fetched for this alone, to a place of its own.
lock:  ## note which packages, of which hash, CI installs
	@mkdir -p build && $(PYTHON) -m venv build/uv && build/uv/bin/python -m pip install --quiet uv
	@build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--upgrade --extra dev --no-header --no-emit-index-url pyproject.toml -o $(LOCK)
	@echo "$(LOCK): $$(grep -c '==' $(LOCK)) packages."

licences: $(TOOLS)  ## the licence of every package that is installed
	@$(BIN)/python tests/support/licences.py

clean:  ## remove .venv and everything else that was made here
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
