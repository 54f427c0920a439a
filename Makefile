# Each target does all its own set-up: Python 3.11+ and a PyPI index are enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHONDONTWRITEBYTECODE :=

JLPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(BIN)/jlpm
PANEL := xconda_jupyter/labextension/package.json

.PHONY: demo test lint lab panel docs pages pictures fuzz faults bench clean help

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "xconda needs Python 3.11 or later on PATH (or: make PYTHON=/path/to/python3)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.jupyter: $(BIN)/python pyproject.toml
	@echo "Installing xconda with its Jupyter parts into $(VENV) ..."
	@$(PIP) install -e '.[jupyter,testing]'
	@touch $@

$(VENV)/.dev: $(VENV)/.jupyter
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) install -e '.[jupyter,testing,dev]'
	@$(PIP) install -e '.[sat]' || { echo "pycosat does not build here (no C compiler or Python headers): its tests will be skipped"; test "$$CI" != true; }
	@touch $@

labextension/node_modules/.installed: $(VENV)/.jupyter labextension/package.json labextension/yarn.lock
	@echo "Getting what the JupyterLab panel is built with (Node.js comes from the Python package index) ..."
	@$(PIP) install -e '.[jupyter,testing,panel]'
	@cd labextension && $(JLPM) install --immutable >install.log 2>&1 || { tail -20 install.log; exit 1; }
	@touch $@

$(PANEL): labextension/node_modules/.installed $(shell find labextension/src labextension/style labextension/schema -type f) labextension/tsconfig.json
	@echo "Building the JupyterLab panel ..."
	@cd labextension && $(JLPM) build:prod >build.log 2>&1 || { cat build.log; exit 1; }
	@mkdir -p $(VENV)/share/jupyter/labextensions
	@ln -sfn $(CURDIR)/xconda_jupyter/labextension $(VENV)/share/jupyter/labextensions/xconda-lab
	@touch $@

panel: $(PANEL)  ## the JupyterLab side panel, built from source

demo: $(VENV)/.jupyter  ## an environment, a kernel in it, %xconda install and undo in its notebook
	@$(BIN)/python notebooks/demo.py

lab: $(VENV)/.jupyter panel  ## JupyterLab on the demo's environment
	@$(BIN)/python notebooks/demo.py --lab

pictures: $(VENV)/.dev $(PANEL)  ## the pictures of the panel in docs/images, made anew
	@XCONDA_PICTURES=docs/images $(BIN)/python -m pytest -q tests/browser/test_pictures.py

docs: $(BIN)/python  ## the site of docs/, in build/site; a broken link fails
	@$(PIP) install -e '.[docs]'
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/site
	@echo "build/site/index.html"

pages: $(VENV)/.jupyter  ## the pages and tables that the code writes; tests hold them together
	@$(BIN)/python -m xconda_core.config.settings_page > docs/settings.md
	@$(BIN)/python -m xconda_core.cli.commands_page > docs/commands.md
	@$(BIN)/python -m xconda_core.cli.errors_page > docs/troubleshooting.md
	@$(BIN)/python -m xconda_core.exports > docs/exports.md
	@$(BIN)/python -m xconda_core.cli.notebook_options > xconda_jupyter/kernel/options.json
	@$(BIN)/python -m xconda_core.cli.notebook_options commands > xconda_jupyter/kernel/commands.json
	@$(BIN)/python -m xconda_jupyter.server.openapi > docs/server-schema.json

lint: $(VENV)/.dev $(PANEL)  ## ruff, mypy --strict, import contracts, the panel's own
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@cd labextension && $(JLPM) lint:check

test: lint  ## all linters and tests
	@cd labextension && $(JLPM) test
	@$(BIN)/python -m pytest -n 2 --dist loadscope

coverage: $(VENV)/.dev  ## every branch of models and config has its test
	@$(BIN)/coverage run -m pytest -q tests/models tests/properties tests/config tests/cli
	@$(BIN)/coverage report

fuzz: $(VENV)/.dev  ## made-up questions to xconda and py-rattler; writes docs/fuzzing.md
	@$(BIN)/python -m tests.models.fuzz --questions 600000 --write
	@$(BIN)/python -m tests.solver.fuzz --universes 20000 --write

faults: $(VENV)/.dev  ## kills, power cuts, failing disks and networks; writes docs/reliability.md
	@$(BIN)/python -m tests.faults --write

bench: $(VENV)/.dev  ## xconda beside its peers; writes docs/performance.md
	@$(BIN)/python -m tests.benchmarks --write
	@$(BIN)/python -m tests.benchmarks.install --write

clean:  ## remove what the targets above made
	rm -rf $(VENV) .demo labextension/node_modules labextension/lib xconda_jupyter/labextension .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
