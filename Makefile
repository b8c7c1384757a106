# The one door to the project. `make demo` and `make test` do all the set-up by themselves; `make help` lists the rest.
SHELL := /bin/bash
PY := .venv/bin/python
TEXTS := $(wildcard resources/locale/*/LC_MESSAGES/*.po)
PURE := not database and not desktop and not journey and not soak

# Some build machines forbid bytecode: each start of the program would then parse every module anew.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV

.PHONY: help demo run test test-fast soak check format migrate texts screens bench lock
.DEFAULT_GOAL := help

help:                       ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

# A stamp without its environment is none.
ifeq ($(wildcard $(PY)),)
.PHONY: .setup-stamp
endif
.setup-stamp: requirements.lock pyproject.toml packaging/set_up.sh packaging/system_libraries.py $(TEXTS)
	packaging/set_up.sh

demo: .setup-stamp          ## an invented company, a printer, a worker and the desk; without a display, or with TOUR=1, the tour
	@if [ -n "$(TOUR)" ] || [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  QT_QPA_PLATFORM=offscreen $(PY) -m crm_desktop demo --tour; else $(PY) -m crm_desktop demo; fi

run: .setup-stamp           ## the desk, with the dialog that asks for the server
	$(PY) -m crm_desktop

test: check                 ## everything that must pass; the database tests run on PostgreSQL 17, 15 and 18
	CRM_TEST_PG=17,15,18 $(PY) -m pytest -q -n 2 --dist worksteal

test-fast: .setup-stamp     ## what is known within a minute: format, lint and the tests without server and windows
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	$(PY) -m pytest -q -n 2 --dist worksteal -m "$(PURE)"

soak: .setup-stamp          ## the long tests with their full counts, under an hour
	$(PY) -m pytest -q -m soak

check: .setup-stamp         ## format, lint, types, contracts
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

format: .setup-stamp        ## write the format and the small mends that ruff knows
	.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

migrate: .setup-stamp       ## bring a database to this version: make migrate ARGS="--host … --database …"
	$(PY) -m crm_desktop upgrade $(ARGS)

texts: .setup-stamp         ## gather the texts of code and forms into the catalogues, and compile them
	$(PY) packaging/texts.py update
	$(PY) packaging/texts.py compile

screens: .setup-stamp       ## a picture of every window: Polish and English, light and dark
	QT_QPA_PLATFORM=offscreen $(PY) -m crm_desktop.demo.screens

bench: .setup-stamp         ## the figures, as a table and as bench-output/results.json
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.benchmarks

lock: .setup-stamp          ## write requirements.lock from pyproject.toml; with UPGRADE=1 to the newest that fits
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --group dev pyproject.toml -o requirements.lock $(if $(UPGRADE),--upgrade)
