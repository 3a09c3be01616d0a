# What each target promises is in the README.
PYTHON := .venv/bin/python
DEV := DJANGO_SETTINGS_MODULE=config.settings.dev
PYTEST := $(PYTHON) -m pytest

.PHONY: install install-dev install-browser demo demo-reset test test-services on-services test-browser check bench

install:
	@python3 .ci/install.py runtime

install-dev:
	@python3 .ci/install.py dev

install-browser:
	@python3 .ci/install.py browser

# `exec`: a signal must reach the supervising command, not a shell in front of it.
demo: install
	@exec env $(DEV) $(PYTHON) manage.py demo

demo-reset: install
	@exec env $(DEV) $(PYTHON) manage.py demo --reset

test: install-dev
	$(PYTEST) -n 2 -m "not services and not browser" --cov --cov-report=term --cov-report=json:var/coverage.json
	@$(PYTHON) .ci/coverage_floors.py var/coverage.json

test-services: install-dev
	@$(PYTHON) .ci/services.py $(MAKE) --no-print-directory on-services

# The second run starts workers of its own, so it gets the machine to itself.
on-services:
	@status=0; \
	$(PYTEST) -n 2 -m "not services and not browser" || status=1; \
	$(PYTEST) -m services || status=1; \
	exit $$status

test-browser: install-browser
	DJANGO_ALLOW_ASYNC_UNSAFE=true $(PYTEST) -m browser

check: install-dev
	@.ci/check.sh

# In file order: a measure may be compared with an earlier one.
bench: install-dev
	$(PYTEST) tests/benchmarks -o python_files="bench_*.py" -p no:randomly -q
