# Everything one does with this checkout. `make` or `make help` explains each target.

PYTHON ?= python3
MEMBERS ?= 10000
SEED ?= 1
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Stamps say which lock was installed, so that a second call has nothing to do.
RUNS := $(VENV)/.installed
TESTS := $(VENV)/.installed-for-tests

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help install run test check format bench demo pictures test-debian lock clean chromium

help: ## Explain every target
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(TESTS) ## Make .venv with everything that running, testing and checking needs

run: $(RUNS) ## Install, then start the whole program with a demo organisation (ARGS="--port 8080")
	@$(BIN)/kontingent up --demo --with-parent $(ARGS)

test: $(TESTS) chromium check ## Format, lint, types, contracts and every test (ten minutes at most on two cores)
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

check: $(TESTS) ## Format, lint, types and import contracts; fast
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TESTS) ## Format the code and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(TESTS) ## Measure the main paths against the floor of this machine; prints JSON
	@$(BIN)/python -m benchmarks $(ARGS)

demo: $(RUNS) ## Fill the embedded database with a demo organisation (MEMBERS=10000 SEED=1)
	@$(BIN)/kontingent db upgrade
	@$(BIN)/kontingent demo --members $(MEMBERS) --seed $(SEED)

pictures: $(TESTS) chromium ## Make the pictures of the user guide anew, or those that are named (ARGS="run table")
	$(BIN)/python -m tests.guide.pictures $(ARGS)

test-debian: $(TESTS) chromium ## The suite against Debian's own PostgreSQL 15 and Redis 7
	@.ci/test-debian $(ARGS)

lock: $(TESTS) ## Choose the newest allowed versions again and write the two lock files
	@test -x $(VENV)/lock/bin/uv || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip --quiet install uv; }
	$(VENV)/lock/bin/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --extra embedded -o requirements.lock pyproject.toml
	$(VENV)/lock/bin/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --all-extras -c requirements.lock -o requirements-dev.lock pyproject.toml

# No index address is written down: whoever installs uses the index of their own configuration.
LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

clean: ## Remove .venv and what checks and tests leave behind; the data in var/ stay
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

chromium:
	@.ci/chromium

$(VENV)/bin/python:
	@.ci/make-venv $(PYTHON) $(VENV)

$(RUNS): $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing what the program needs into $(VENV)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTS): $(RUNS) requirements-dev.lock
	@echo "Installing what checks and tests need into $(VENV)"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
