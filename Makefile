# What a developer types. `make help` lists it; CONTRIBUTING.md says when.
PYTHON ?= python3
PORT ?= 3000
export UV_PYTHON = $(PYTHON)
export UV_PYTHON_DOWNLOADS = never
export UV_PROJECT_ENVIRONMENT = .venv
export SAM_CLI_TELEMETRY = 0
# Python keeps its bytecode, whatever the shell says: without it every start compiles everything anew.
export PYTHONDONTWRITEBYTECODE =

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

# checkov wants versions of its own of what others here use, so it lives alone.
.tools/checkov/.installed: tools/checkov.txt | $(UV)
	@echo "Installing checkov into .tools/checkov …"
	@$(UV) venv --quiet --clear .tools/checkov
	@$(UV) pip install --quiet --python .tools/checkov/bin/python --require-hashes --only-binary :all: -r tools/checkov.txt
	@touch $@

# ---- the local server ----

.PHONY: start
start: .venv/.local ## run everything on http://127.0.0.1:3000 (PORT=… changes it)
	@exec $(RUN) -m local --port $(PORT)

.PHONY: reset
reset: .venv/.local ## forget the local data
	@exec $(RUN) -m local.reset

# ---- without the local server: AWS's own tools ----

# The processor to build for: Lambda's, or for `make sam-local` this machine's.
ARCH ?= arm64
HOST_ARCH := $(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64)
SAM_PORT ?= 3001

.PHONY: build
build: .venv/.dev ## build layer and template for a deployment (ARCH=x86_64 changes the processor)
	@find functions layers -name __pycache__ -prune -exec rm -rf {} +
	ARCH=$(ARCH) .venv/bin/sam build --parameter-overrides Architecture=$(ARCH)

.PHONY: deploy
deploy: .venv/.dev ## build, deploy to STAGE=dev, staging or prod, and ask for its health (PARAMETERS="Name=value …")
	@$(RUN) -m tools.deploy check "$(STAGE)"
	@$(MAKE) --no-print-directory build
	@PARAMETERS="$(PARAMETERS)" $(RUN) -m tools.deploy deploy "$(STAGE)"

.PHONY: deploy-built
deploy-built: .venv/.dev ## the same with what `make build` has built before, as the pipeline does
	@PARAMETERS="$(PARAMETERS)" $(RUN) -m tools.deploy deploy "$(STAGE)"

.PHONY: artifact
artifact: .venv/.dev ## pack what `make build` has built into .aws-sam/roster.tar.gz
	@$(RUN) -m tools.artifact .aws-sam/roster.tar.gz

.PHONY: sbom
sbom: $(UV) ## list what ships, as CycloneDX, into .aws-sam/sbom.json
	@mkdir -p .aws-sam
	@$(UV) export --quiet --frozen --no-dev --no-emit-project --preview-features sbom-export --format cyclonedx1.5 --output-file .aws-sam/sbom.json > /dev/null

.PHONY: layer
layer: $(UV) ## build the layer alone into .aws-sam/layer
	@rm -rf .aws-sam/layer
	@$(MAKE) --no-print-directory -f layers/shared/Makefile build-SharedLayer ARTIFACTS_DIR=.aws-sam/layer ARCH=$(ARCH)

.PHONY: requirements
requirements: $(UV) ## export what the layer ships from uv.lock
	$(UV) export --quiet --frozen --no-dev --no-emit-project --no-header --output-file layers/shared/requirements.txt

.PHONY: openapi
openapi: .venv/.dev ## write the OpenAPI document anew, from handlers, template and tables
	PYTHONPATH=layers/shared $(RUN) -m tools.openapi

.PHONY: common-passwords
common-passwords: .venv/.dev ## make the list of common passwords anew (needs npm)
	PYTHONPATH=layers/shared $(RUN) -m tools.build_common_passwords

.PHONY: swagger-ui
swagger-ui: .venv/.dev ## fetch Swagger UI anew into the function that serves it (needs npm)
	$(RUN) -m tools.fetch_swagger_ui

.PHONY: currencies
currencies: .venv/.dev ## make the table of currencies anew from the locked iso4217
	PYTHONPATH=layers/shared $(RUN) -m tools.build_currencies

.PHONY: amazon-roots
amazon-roots: .venv/.dev ## make the file of Amazon's root certificates anew from the locked certifi
	PYTHONPATH=layers/shared $(RUN) -m tools.build_amazon_roots

.PHONY: invoke
invoke: .venv/.dev ## run FUNCTION=GetUserFunction with EVENT=events/get_user.json under AWS's runtime client
	@exec $(RUN) -m local.invoke "$(FUNCTION)" "$(EVENT)"

.PHONY: sam-local
sam-local: .venv/.dev ## serve with the real SAM in containers on port 3001 (SAM_PORT=… changes it), beside `make start`
	@ARCH=$(HOST_ARCH) BYTECODE=optional .venv/bin/sam build --build-dir .aws-sam/local/build --parameter-overrides Architecture=$(HOST_ARCH)
	@exec $(RUN) -m local.sam_local --port $(SAM_PORT) --template .aws-sam/local/build/template.yaml \
	  --parameters "Architecture=$(HOST_ARCH) $(PARAMETERS)" --flags="$(SAM_FLAGS)"

# ---- operating ----

.PHONY: admin
admin: .venv/.dev ## make EMAIL=… an admin, locally, or in the deployed stack of STAGE=…
	@PYTHONPATH=layers/shared exec $(RUN) -m local.admin "$(EMAIL)" "$(STAGE)"

# ---- checks ----

PYTHON_CODE := functions layers local tools tests benchmarks

.PHONY: check
check: format-check lint types imports template scan test ## all that CI does

.PHONY: format
format: .venv/.dev ## format the code
	$(RUN) -m ruff format $(PYTHON_CODE)
	$(RUN) -m ruff check --fix $(PYTHON_CODE)

.PHONY: format-check
format-check: .venv/.dev ## check the format
	$(RUN) -m ruff format --check $(PYTHON_CODE)

.PHONY: lint
lint: .venv/.dev ## look for mistakes (ruff)
	$(RUN) -m ruff check $(PYTHON_CODE)

.PHONY: types
types: .venv/.dev ## check types (mypy, strict)
	$(RUN) -m mypy $(PYTHON_CODE)

.PHONY: imports
imports: .venv/.dev ## check who imports whom (import-linter)
	PYTHONPATH=layers/shared:. .venv/bin/lint-imports

.PHONY: template
template: .venv/.dev ## validate the template (sam, cfn-lint)
	.venv/bin/sam validate --lint --region eu-central-1

.PHONY: scan
scan: .venv/.dev .tools/checkov/.installed ## scan the template, as written and as SAM translates it (cfn-lint, checkov)
	$(RUN) -m tools.scan

.PHONY: test
test: .venv/.dev ## run every test (installs Chromium and PgBouncer for those that need them, where it may)
	@$(RUN) -m tools.chromium
	@$(RUN) -m tools.pgbouncer
	$(RUN) -m pytest --numprocesses 2 --dist worksteal

.PHONY: test-fast
test-fast: .venv/.dev ## run what tests the code without a server, in seconds
	$(RUN) -m pytest -m "not integration and not slow" tests/unit tests/handlers tests/fuzzing tests/contracts tests/local

.PHONY: security
security: .venv/.dev ## run the attack suites (FULL=1: in full, with progress; takes minutes)
	@FULL=$(FULL) $(RUN) -m pytest tests/security tests/fuzzing tests/handlers/test_canaries.py tests/end_to_end/test_canaries.py

SECONDS ?= 600
SEED ?= 1
.PHONY: faults
faults: .venv/.dev ## let everything fail while clients read and write, and judge it (SECONDS=…, SEED=…, PAIRS=1, OUT=folder, MUTANT=…)
	@$(RUN) -m tools.pgbouncer
	@MUTANT="$(MUTANT)" PYTHONPATH=layers/shared:. $(RUN) -m tests.faults --seconds $(SECONDS) --seed $(SEED) $(if $(PAIRS),--pairs) --out "$(OUT)"
	@FULL=$(FULL) $(RUN) -m pytest $$($(RUN) -m tests.faults.catalogue)

.PHONY: explain
explain: .venv/.dev ## run every statement on a million users, and judge its plan (USERS=… ORDERS=… change it; CHART=… draws)
	@USERS=$(USERS) ORDERS=$(ORDERS) CHART=$(CHART) PYTHONPATH=layers/shared:. exec $(RUN) -m benchmarks.plans

.PHONY: contract
contract: .venv/.dev ## let Schemathesis hold the document to the server (FULL=1: many more examples; takes an hour)
	@FULL=$(FULL) $(RUN) -m pytest -rA tests/end_to_end/test_schemathesis.py

.PHONY: benchmark
benchmark: .venv/.dev ## print what imports, requests and bad tokens cost, beside something to compare with
	$(RUN) -m benchmarks.imports
	$(RUN) -m benchmarks.requests
	PYTHONPATH=layers/shared $(RUN) -m benchmarks.cached_reads
	PYTHONPATH=layers/shared $(RUN) -m benchmarks.tokens
	PYTHONPATH=layers/shared $(RUN) -m benchmarks.identity

.PHONY: costs
costs: .venv/.dev ## compute what a month costs, into docs/costs.md (MEASURE=1: from new measurements)
	@MEASURE=$(MEASURE) PYTHONPATH=layers/shared:. $(RUN) -m benchmarks.costs
