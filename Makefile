# `make` lists the commands. The machine needs Docker, or Python 3.13 and Terraform; all
# else is installed into images, or into .venv and .tidemark. `make clean` removes it.

TIDEMARK := bin/tidemark
PYTHON := bin/tidemark python
SOURCES := infra services emulator tidemark
REPLAY = $(if $(FILE),--file '$(FILE)') $(if $(SYMBOL),--symbol '$(SYMBOL)') $(if $(EXCHANGE),--exchange '$(EXCHANGE)')

CHOSEN = $(if $(QUEUE),--queue "$$QUEUE") $(if $(KIND),--kind "$$KIND") $(if $(ID),--id "$$ID") \
	$(if $(REASON),--reason "$$REASON") $(if $(SYMBOL),--symbol "$$SYMBOL") \
	$(if $(SEND),--send) $(if $(DROP),--drop) $(if $(YES),--yes) $(if $(RATE),--rate "$$RATE")

.DEFAULT_GOAL := help
.PHONY: help up demo watch deploy plan destroy status logs dlq repair outputs down clean test lint unit audit moto e2e toolchain lock

help:  ## list the commands
	@sed -n 's/^\([a-z0-9]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-9s%s\n", $$1, $$2}'

up:  ## install what is missing, start the local cloud, deploy the stack to it
	@$(TIDEMARK) up

demo:  ## up, then replay Bitcoin's history, or FILE=trades.csv [SYMBOL= EXCHANGE=]
	@$(TIDEMARK) demo $(REPLAY)

watch:  ## up, then put each file that is saved in services/ into effect at once
	@$(TIDEMARK) watch

deploy:  ## show what would change on AWS, ask, and do it
	@$(TIDEMARK) deploy

plan:  ## show what deploy would change
	@$(TIDEMARK) plan

destroy:  ## show what would go from AWS, ask, and remove it
	@$(TIDEMARK) destroy

status:  ## show the local cloud, tables, queues and alarms
	@$(TIDEMARK) status

logs:  ## show what the functions said lately; F=1 follows, SINCE=1h goes back
	@$(TIDEMARK) logs $(if $(F),--follow) $(if $(SINCE),--since '$(SINCE)')

dlq:  ## show the dead-letter queues; QUEUE= REASON= SYMBOL= ID= choose, SEND=1 DROP=1 YES=1 act
	@$(TIDEMARK) dlq $(CHOSEN)

repair:  ## enrich, forward and publish what an outage left behind; DRY_RUN=1 only counts
	@$(TIDEMARK) repair $(if $(SYMBOL),--symbol "$$SYMBOL") $(if $(SINCE),--since "$$SINCE") \
		$(if $(ALL),--all) $(if $(DRY_RUN),--dry-run)

outputs:  ## print the stack's outputs as one JSON object
	@$(TIDEMARK) outputs

down:  ## end the local cloud and everything it started
	@$(TIDEMARK) down

clean:  ## down, then remove everything that the commands have made
	@$(TIDEMARK) clean

test: lint unit audit moto e2e  ## everything below, end to end on a local cloud too

lint:  ## style and types
	@$(PYTHON) -m ruff format --check $(SOURCES) tests
	@$(PYTHON) -m ruff check $(SOURCES) tests
	@$(PYTHON) -m mypy $(SOURCES)

unit: toolchain  ## unit and infrastructure tests, with coverage
	@$(PYTHON) -m pytest tests/unit tests/infra tests/test_consistency.py --cov

audit:  ## checkov and parliament over what would go to AWS
	@$(PYTHON) -m pytest tests/audit

moto:  ## deploy to a second AWS, moto's server, and destroy; no account
	@$(PYTHON) -m pytest tests/moto

e2e:  ## end-to-end tests on a local cloud; TARGET=aws: on what is deployed
	@bin/tidemark e2e

toolchain:  # DynamoDB Local and LocalStack, which tests use without a local cloud
	@$(PYTHON) -m tidemark install

LOCK := $(PYTHON) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.13

lock:  ## renew the pinned requirements
	@$(LOCK) --universal pyproject.toml -o requirements.txt
	@$(LOCK) --universal pyproject.toml --group dev -o requirements-dev.txt
	@for group in lambda runtime; do $(LOCK) --universal --group $$group -o requirements-$$group.txt; done
	@for group in audit localstack; do $(LOCK) --group $$group -o requirements-$$group.txt; done
	@sed -n 's/^    "\(uv==.*\)",$$/\1/p' pyproject.toml | $(LOCK) --universal - -o requirements-bootstrap.txt
