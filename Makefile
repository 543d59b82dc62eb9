# `make` lists the commands. The machine needs Docker, or Python 3.13 and Terraform.
# Everything else is installed into images, or into .venv and .tidemark; `make clean`
# removes it.

TIDEMARK := bin/tidemark
PYTHON := bin/tidemark python
SOURCES := infra services emulator tidemark

# Recipes read these from their environment, where no quote or dollar in them matters.
override export FILE := $(value FILE)
override export SYMBOL := $(value SYMBOL)
override export EXCHANGE := $(value EXCHANGE)
override export SINCE := $(value SINCE)

.DEFAULT_GOAL := help
.PHONY: help up demo deploy plan destroy status logs outputs down clean test format lint unit audit moto e2e toolchain lock

help:  ## list the commands
	@sed -n 's/^\([a-z0-9]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-9s%s\n", $$1, $$2}'

up:  ## install what is missing, start the local cloud, deploy the stack to it
	@$(TIDEMARK) up

demo:  ## make up, then replay Bitcoin's prices, or FILE=trades.csv [SYMBOL= EXCHANGE=]
	@$(TIDEMARK) demo $${FILE:+--file "$$FILE"} $${SYMBOL:+--symbol "$$SYMBOL"} $${EXCHANGE:+--exchange "$$EXCHANGE"}

deploy:  ## show the changes on AWS, ask for approval, apply them
	@$(TIDEMARK) deploy

plan:  ## show the changes that deploy would make
	@$(TIDEMARK) plan

destroy:  ## show what would be removed from AWS, ask for approval, remove it
	@$(TIDEMARK) destroy

status:  ## show the local cloud, tables, queues and alarms
	@$(TIDEMARK) status

logs:  ## print recent log lines of the functions; F=1 follows, SINCE=1h goes back
	@$(TIDEMARK) logs $(if $(F),--follow) $${SINCE:+--since "$$SINCE"}

outputs:  ## print the stack's outputs as one JSON object
	@$(TIDEMARK) outputs

down:  ## stop the local cloud and everything that it started
	@$(TIDEMARK) down

clean:  ## make down, then remove everything that the commands created
	@$(TIDEMARK) clean

test: lint unit audit moto e2e  ## run all checks and tests below, the end-to-end tests on a local cloud

format:  ## format the sources, and fix what ruff can fix
	@$(PYTHON) -m ruff format $(SOURCES) tests
	@$(PYTHON) -m ruff check --fix $(SOURCES) tests

lint:  ## check style and types
	@$(PYTHON) -m ruff format --check $(SOURCES) tests
	@$(PYTHON) -m ruff check $(SOURCES) tests
	@$(PYTHON) -m mypy $(SOURCES)

unit: toolchain  ## run the unit and infrastructure tests, with coverage
	@$(PYTHON) -m pytest tests/unit tests/infra tests/test_consistency.py --cov

audit:  ## run checkov and parliament on the stack for AWS
	@$(PYTHON) -m pytest tests/audit

moto:  ## deploy to moto, a simulated AWS, and destroy; needs no account
	@$(PYTHON) -m pytest tests/moto

e2e:  ## run the end-to-end tests on a local cloud; TARGET=aws: on AWS
	@bin/tidemark e2e

toolchain:  # DynamoDB Local and LocalStack, which tests use without a local cloud
	@$(PYTHON) -m tidemark install

LOCK := $(PYTHON) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.13

lock:  ## update the locks in requirements/
	@$(LOCK) --universal pyproject.toml -o requirements/tool.txt
	@$(LOCK) --universal pyproject.toml --group dev -o requirements/dev.txt
	@for group in lambda runtime; do $(LOCK) --universal --group $$group -o requirements/$$group.txt || exit; done
	@for group in audit localstack; do $(LOCK) --group $$group -o requirements/$$group.txt || exit; done
	@sed -n 's/^    "\(uv==.*\)",$$/\1/p' pyproject.toml | $(LOCK) --universal - -o requirements/bootstrap.txt
