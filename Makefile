# The developer's commands. `make demo` and `make test` need nothing but Python 3.11 or newer, make and git: they set up the rest.

BIN := .venv/bin
PREPARE := config/setup/prepare.sh
# Most tests wait for something: two cores serve three at a time.
JOBS ?= 3
export PATH := $(PATH):/usr/sbin

.PHONY: help demo test check format bench system-test mutants sizes lock clean

help:           ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 14

demo:           ## the whole locker on this machine, no hardware: open the page it prints
	@$(PREPARE) demo
	@$(BIN)/locker demo $(ARGS)

test:           ## the whole test suite (ARGS="-k pickup" for some of it)
	@$(PREPARE) test
	@$(BIN)/pytest -n $(JOBS) $(ARGS)

check:          ## format, lint, types, layers
	@$(PREPARE) dev
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format:         ## put the code into shape
	@$(PREPARE) dev
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

bench:          ## speed, as ratios inside one run
	@$(PREPARE) test
	@for bench in tests/bench/*.py; do echo "== $$bench"; PYTHONPATH=tests $(BIN)/python "$$bench" $(ARGS) || exit; done

system-test:    ## the long tests: many kills, many events, real parts
	@$(PREPARE) system
	@$(BIN)/pytest tests/system --timeout 1800 -rP $(ARGS)

mutants:        ## plant mistakes in the rules one by one: the tests must notice each
	@$(PREPARE) test
	@$(BIN)/python tests/tooling/mutants.py

sizes:          ## median and longest file and function
	@$(PREPARE) test
	@$(BIN)/python tests/tooling/sizes.py

lock:           ## solve the locked requirements again (UPGRADE=1 for the newest)
	@$(PREPARE) dev
	@UV=$(BIN)/uv UPGRADE=$(UPGRADE) config/setup/lock.sh

clean:          ## remove everything that these commands made
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist tests/system/node/node_modules
	find firmware_bridge controller kiosk tests -name __pycache__ -type d -prune -exec rm -rf {} +
