# `make` lists the commands. The machine needs Docker, or Python 3.13 and Terraform.
# Everything else is installed into images, or into .venv and .tidemark; `make clean`
# removes it.

TIDEMARK := bin/tidemark
PYTHON := bin/tidemark python
SOURCES := infra services emulator tidemark

# Recipes read these from the environment, so that quotes and dollar signs in them are safe.
GIVEN := FILE SYMBOL EXCHANGE TIME PRICE VOLUME SIDE ID ZONE DATES DECIMAL INTERVAL MARKET
GIVEN += PACE VENUE SECONDS SINCE QUEUE KIND REASON RATE NAME PORT
$(foreach name,$(GIVEN),$(eval override export $(name) := $$(value $(name))))

.DEFAULT_GOAL := help
.PHONY: help up watch demo feed deploy plan destroy status logs dlq repair drill chaos dashboard outputs down clean test format lint unit integration coverage audit moto e2e bench toolchain lock

help:  ## list the commands
	@sed -n 's/^\([a-z0-9]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-12s%s\n", $$1, $$2}'

up:  ## install what is missing, start the local cloud, deploy the stack to it
	@$(TIDEMARK) up

demo:  ## make up, then replay recorded trades [PACE=10], or FILE=trades.csv [SYMBOL= …]
	@$(TIDEMARK) demo $${FILE:+--file "$$FILE"} $${PACE:+--pace "$$PACE"}

feed:  ## send live trades to the webhook: VENUE=kraken SYMBOL=BTC-USD,ETH-USD [SECONDS=]
	@$(TIDEMARK) feed $${SECONDS:+--seconds "$$SECONDS"} -- "$$VENUE" "$$SYMBOL"

watch:  ## make up, then deploy each file that is saved in services/ at once
	@$(TIDEMARK) watch

deploy:  ## show the changes on AWS, ask for approval, apply them
	@$(TIDEMARK) deploy

plan:  ## show the changes that deploy would make
	@$(TIDEMARK) plan

destroy:  ## show what would be removed from AWS, ask for approval, remove it
	@$(TIDEMARK) destroy

status:  ## show the local cloud, tables, queues, alarms, rules and channels
	@$(TIDEMARK) status

logs:  ## print recent log lines of the functions; F=1 follows, SINCE=1h goes back
	@$(TIDEMARK) logs $(if $(F),--follow) $${SINCE:+--since "$$SINCE"}

dlq:  ## show the dead-letter queues; QUEUE= KIND= REASON= SYMBOL= ID= choose; SEND=1 or DROP=1
	@$(TIDEMARK) dlq $${QUEUE:+--queue "$$QUEUE"} $${KIND:+--kind "$$KIND"} $${ID:+--id "$$ID"} \
		$${REASON:+--reason "$$REASON"} $${SYMBOL:+--symbol "$$SYMBOL"} $${RATE:+--rate "$$RATE"} \
		$(if $(SEND),--send) $(if $(DROP),--drop) $(if $(YES),--yes)

repair:  ## process what an outage left unprocessed; DRY_RUN=1 only counts
	@$(TIDEMARK) repair $${SYMBOL:+--symbol "$$SYMBOL"} $${SINCE:+--since "$$SINCE"} \
		$(if $(ALL),--all) $(if $(DRY_RUN),--dry-run)

drill:  ## raise an alert and alarms that are no real ones; show where they arrive
	@$(TIDEMARK) drill

chaos:  ## list the local cloud's faults; NAME= injects one and verifies that nothing is lost
	@$(TIDEMARK) chaos $${NAME:+--name "$$NAME"}

dashboard:  ## serve a live page about prices, the pipeline, alerts and costs [PORT=4580]
	@$(TIDEMARK) dashboard $${PORT:+--port "$$PORT"}

outputs:  ## print the stack's outputs as one JSON object
	@$(TIDEMARK) outputs

down:  ## stop the local cloud and everything that it started
	@$(TIDEMARK) down

clean:  ## make down, then remove everything that the commands created
	@$(TIDEMARK) clean

# The longest comes first. All wait more than they compute, so that three run at a time.
test:  ## run all checks and tests below, the end-to-end tests on a local cloud
	@echo 'Three of the tiers run at a time. Each shows its output once it is done.'
	@$(MAKE) --no-print-directory --keep-going --jobs=3 $(if $(filter output-sync,$(.FEATURES)),--output-sync) e2e moto coverage audit lint

format:  ## format the sources, and fix what ruff can fix
	@$(PYTHON) -m ruff format $(SOURCES) tests benchmarks
	@$(PYTHON) -m ruff check --fix $(SOURCES) tests benchmarks

lint:  ## check style and types
	@$(PYTHON) -m ruff format --check $(SOURCES) tests benchmarks
	@$(PYTHON) -m ruff check $(SOURCES) tests benchmarks
	@$(PYTHON) -m mypy $(SOURCES)

# Each tier has its own record of covered lines; `coverage` adds them up.
TESTED = $(PYTHON) -m coverage run --data-file=.coverage.$@ -m pytest

unit:  ## run the tests that start no process, and those of the synthesised stack
	@$(TESTED) tests/unit tests/infra tests/test_*.py

integration: toolchain  ## run the tests that start processes: DynamoDB Local, scripts
	@$(TESTED) tests/integration

coverage: unit integration  ## run both, and check that they cover services and infra
	@$(PYTHON) -m coverage combine --quiet
	@$(PYTHON) -m coverage report

audit:  ## run checkov and parliament on the stack for AWS
	@$(PYTHON) -m pytest tests/audit

moto:  ## deploy to moto, a simulated AWS, and destroy; needs no account
	@$(PYTHON) -m pytest tests/moto

e2e:  ## run the end-to-end tests on a local cloud; TARGET=aws: on AWS
	@bin/tidemark e2e

bench: $(if $(QUICK),up,toolchain)  ## measure beside a reference and the floor [QUICK=1] [STOCK=1]; UP=1: deployments
	@$(PYTHON) -m benchmarks.$(if $(UP),deployment_times,bench)

# Install DynamoDB Local and LocalStack, which tests use without a local cloud.
toolchain:
	@$(PYTHON) -m tidemark install

LOCK := $(PYTHON) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.13

lock:  ## update the locks in requirements/
	@$(LOCK) --universal pyproject.toml -o requirements/tool.txt
	@$(LOCK) --universal pyproject.toml --group dev -o requirements/dev.txt
	@for group in lambda runtime; do $(LOCK) --universal --group $$group -o requirements/$$group.txt || exit; done
	@for group in audit localstack; do $(LOCK) --group $$group -o requirements/$$group.txt || exit; done
	@sed -n 's/^    "\(uv==.*\)",$$/\1/p' pyproject.toml | $(LOCK) --universal - -o requirements/bootstrap.txt
