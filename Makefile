# The one door to the project. `make demo` and `make test` set everything up by themselves.
SHELL := /bin/bash
PY := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
export PYTHONPATH := $(CURDIR)
export QT_QPA_PLATFORM ?= offscreen

.PHONY: test test-fast soak check format texts lock

.setup-stamp: requirements.lock packaging/set_up.sh
	bash packaging/set_up.sh
	touch $@

test: .setup-stamp check
	CRM_TEST_PG=17,15,18 $(PY) -m pytest -q

test-fast: .setup-stamp
	$(PY) -m pytest -q -m "not database and not desktop and not journey and not soak"

soak: .setup-stamp
	$(PY) -m pytest -q -m soak

check: .setup-stamp
	$(PY) -m ruff format --check -q .
	$(PY) -m ruff check -q .
	$(PY) -m mypy crm_desktop
	.venv/bin/lint-imports

format: .setup-stamp
	$(PY) -m ruff format -q .
	$(PY) -m ruff check -q --fix .

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock
