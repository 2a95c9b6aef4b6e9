# `make demo` starts the portal on a bare machine, `make test` and `make lint` show that it is right.

PORT ?= 8000
HOST ?= 127.0.0.1
# Which part of the year the demonstration shows: submission, screening, scoring, plenary, interviews or announced.
STAGE ?= scoring
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)

STAGES := submission screening scoring plenary interviews announced
APPS := sinovik desk opendata yearbook awards objections helpdesk announcements judging proposals catalogue competitions accounts files notifications audit
PY := .venv/bin/python
MANAGE := $(PY) manage.py
TEST_ENV := DJANGO_SETTINGS_MODULE=tests.settings
# What `check --deploy` is asked about; nothing is connected to.
PRODUCTION_ENV := DJANGO_SETTINGS_MODULE=sinovik.settings DEMO=false DEBUG=false SECRET_KEY=$(shell od -An -N32 -tx1 /dev/urandom | tr -d ' \n') \
	SITE_URL=https://portal.example.go.id ALLOWED_HOSTS=portal.example.go.id \
	EMAIL_URL=smtp+tls://portal:password@mail.example.go.id:587 \
	DATABASE_URL=postgres://portal@db.example.go.id/portal REDIS_URL=redis://queue.example.go.id/0

export PIP_DISABLE_PIP_VERSION_CHECK := 1
.PHONY: demo test lint messages clean stage season chromium

demo: stage .venv/runtime season
	@$(MANAGE) up --probe --host $(HOST) --port $(PORT)
	@echo "Preparing the database …"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) messages --compile
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) demo --stage $(STAGE)
	@exec $(MANAGE) up --host $(HOST) --port $(PORT)

test: .venv/development chromium
	@$(TEST_ENV) $(MANAGE) messages --compile
	$(PY) -m pytest -m "not worker and not browser" -n 2
	$(PY) -m pytest -m worker
	$(PY) -m pytest -m browser

lint: .venv/development
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(APPS)
	$(PY) -m djlint --lint --quiet templates
	.venv/bin/lint-imports
	$(TEST_ENV) $(MANAGE) makemigrations --check --dry-run
	$(TEST_ENV) $(MANAGE) messages --check
	@echo "$(MANAGE) check --deploy --fail-level WARNING"; $(PRODUCTION_ENV) $(MANAGE) check --deploy --fail-level WARNING

messages: .venv/runtime
	$(TEST_ENV) $(MANAGE) messages

# The embedded database may lie outside this folder (README, "Where its servers live"); its link in var/ says where.
clean:
	@for link in var/*postgres; do if [ -L "$$link" ]; then rm -rf "$$(readlink "$$link")"; fi; done
	rm -rf var .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

stage:
	@case " $(STAGES) " in *" $(STAGE) "*) ;; \
		*) echo "There is no STAGE=$(STAGE). Choose one of: $(STAGES)." >&2; exit 1;; esac

chromium: .venv/development
	@$(PY) tests/chromium.py

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed; this machine has $$(python3 --version 2>&1 \
		|| echo none). Install it, or name it: make demo PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing. On Debian or Ubuntu:" \
		"apt-get install python3-venv" >&2; exit 1; }

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing what the portal runs on (a minute or two) …"
	@$(PY) -m pip install --quiet -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt requirements.txt | .venv/bin/python
	@echo "Installing what tests need …"
	@$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch .venv/runtime $@

# The settings of the demonstration, read by every command until the next `make demo`; the secret stays the same.
# Each stage has its own database, so that going back and forth loses nothing.
season: .venv/bin/python
	@mkdir -p var && umask 077 && secret=$$(sed -n 's/^SECRET_KEY=//p' var/demo.env 2>/dev/null || true) \
		&& secret=$${secret:-$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(48))')} \
		&& printf '%s\n' DEMO=true "SECRET_KEY=$$secret" DATABASE_NAME=sinovik_$(STAGE) \
			SITE_URL=http://localhost:$(PORT) > var/demo.env.new && mv var/demo.env.new var/demo.env \
		|| { echo "var/ cannot be written: free some space, or run as the user who owns it." >&2; exit 1; }
