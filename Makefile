# `make run` starts the desk from a bare clone; `make test` proves it. Both need only python3 (3.11 or later), make and git.
.DEFAULT_GOAL := help
.PHONY: help run test lint pictures bench setup clean faults

BIN := .venv/bin
BOT := bot/.venv/bin
PAGES := connectors/pages
MODERN := python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Frontdesk needs Python 3.11 or later as python3; this one is " + sys.version.split()[0])'

help: ## say what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup ## set up what is missing, train the bot if its data changed, and start the desk
	@$(BIN)/frontdesk migrate
	@$(BIN)/frontdesk train
	@exec $(BIN)/frontdesk serve

test: ## everything: lint, pages, gateway, bot, and the desk in a real browser
	@$(MODERN)
	@python3 -m tools.setup --for test
	@$(MAKE) --no-print-directory lint
	@cd $(PAGES) && export PATH="$(CURDIR)/$(BIN):$$PATH" && npm run --silent check && npm test --silent
	@$(BOT)/python -m pytest tests/bot
	@$(BIN)/frontdesk train
	@$(BIN)/python -m pytest

lint: ## style and types
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary

faults: ## the long runs: kills, replays, forgeries, floods and races at full size (about half an hour)
	@$(MODERN)
	@python3 -m tools.setup --for test
	@$(BIN)/frontdesk train
	@$(BIN)/python -m pytest tests/e2e/test_faults.py
	@$(BIN)/python -m bench.telegram_channel --webhooks 10000 --flood-seconds 300
	@$(BIN)/python -m bench.slack_channel --webhooks 10000 --limited-seconds 300
	@$(BIN)/python -m bench.claim_race
	@$(BIN)/python -m bench.claim_race --postgres

pictures: ## take the pictures of the README again
	@$(MODERN)
	@python3 -m tools.setup --for test
	@$(BIN)/python -m tools.pictures

bench: ## measure stock Rasa, Frontdesk and a bare echo side by side, and write docs/benchmarks.md
	@$(MODERN)
	@python3 -m tools.setup --for test
	@$(BIN)/python -m bench.side_by_side $(BENCH)

setup: ## both Python environments and the web pages, without starting anything
	@$(MODERN)
	@python3 -m tools.setup

clean: ## remove everything made here except the state in var/
	@rm -rf .tools .venv bot/.venv bot/.encoder .mypy_cache .ruff_cache .pytest_cache .hypothesis .rasa $(PAGES)/node_modules $(PAGES)/dist
