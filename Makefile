# Everything begins here: `make run` and `make test` need Python 3.11 or newer and make, no more.

PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

.DEFAULT_GOAL := help
.PHONY: help setup run test nightly coverage mutants steady lint format lock migrations messages files
.PHONY: pictures dist clean

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready ## install what running needs, from the lock files

run: .venv/.ready ## serve the demo contest, and say which addresses to open
	@$(BIN)/shibaiqian demo

test: .venv/.ready-dev ## every check and every test
	@$(BIN)/python tools/check.py

nightly: .venv/.ready-dev ## the tests that take many minutes: long fault runs
	@$(BIN)/python tools/system_packages.py
	@$(BIN)/python -m pytest -m nightly

coverage: .venv/.ready-dev ## how much of the services the tests run through (half an hour)
	@$(BIN)/python tools/system_packages.py
	@$(BIN)/python tools/coverage_gate.py services

mutants: .venv/.ready-dev ## which changes of the rules no test notices: all (hours), or OF=voting/ledger/rules/merkle.py
	@$(BIN)/python tools/mutants.py $(OF)

steady: .venv/.ready-dev ## ten runs of what touches time, processes and sockets, beside a busy neighbour too
	@$(BIN)/python tools/repeat.py

lint: .venv/.ready-dev ## the checks without the tests
	@$(BIN)/python tools/check.py --lint

format: .venv/.ready-dev ## put the code into its standard form
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

lock: .venv/.ready-dev ## pin the newest versions that pyproject.toml allows
	$(LOCK) --upgrade --output-file requirements.lock
	$(LOCK) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock

migrations: .venv/.ready-dev ## add a migration to each package whose tables have changed (docs/migrations.md)
	$(BIN)/python -m tools.migrations

messages: .venv/.ready-dev ## collect the words on screens into the message catalogue
	$(BIN)/python tools/messages.py --write

files: .venv/.ready-dev ## write the list of files in docs/architecture.md anew
	$(BIN)/python tools/file_map.py --write

pictures: .venv/.ready-dev ## draw the pictures of the README from a demo contest
	$(BIN)/python -m tools.pictures

dist: .venv/.ready-dev ## build the verifier that strangers install, below dist/
	$(BIN)/uv build --no-build-isolation --offline --out-dir dist tools/verifier_package

clean: ## remove everything that set-up made; data/ stays
	rm -rf .venv

.venv/.ready: requirements.lock pyproject.toml tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py requirements.lock
	@touch $@

.venv/.ready-dev: requirements-dev.lock .venv/.ready
	@$(PYTHON) tools/bootstrap.py requirements-dev.lock
	@touch $@
