# What a developer types. `make help` lists it; CONTRIBUTING.md says when.
PYTHON ?= python3
PORT ?= 3000
export UV_PYTHON = $(PYTHON)
export UV_PYTHON_DOWNLOADS = never
export UV_PROJECT_ENVIRONMENT = .venv
export SAM_CLI_TELEMETRY = 0

RUN := .venv/bin/python
UV := .tools/uv/bin/uv

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- the environment, from the lock file, into the project ----

$(UV): tools/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Roster needs Python 3.11 to 3.14; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.13 …" if not (3, 11) <= sys.version_info < (3, 15) else 0)'
	@echo "Installing uv into .tools/uv …"
	@$(PYTHON) -m venv --clear .tools/uv
	@.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r tools/uv.txt
	@touch $@

.venv/.local: uv.lock pyproject.toml | $(UV)
	@echo "Installing the local stack into .venv from uv.lock …"
	@$(UV) sync --quiet --frozen --group local --inexact
	@touch $@

.venv/.dev: uv.lock pyproject.toml | $(UV)
	@echo "Installing the development tools into .venv from uv.lock …"
	@$(UV) sync --quiet --frozen --group dev
	@touch $@ .venv/.local

# ---- the local server ----

.PHONY: start
start: .venv/.local ## run everything on http://127.0.0.1:3000 (PORT=… changes it)
	@exec $(RUN) -m local --port $(PORT)

.PHONY: reset
reset: .venv/.local ## forget the local data
	@exec $(RUN) -m local.reset

# ---- tests ----

.PHONY: test
test: .venv/.dev ## run every test
	$(RUN) -m pytest
