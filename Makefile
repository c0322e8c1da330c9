# Two commands: `make run` shows the dashboard, `make test` runs every check. Both install what they need into .venv,
# with uv where it is present, else with venv and pip. Python 3.11 or newer. `run` starts a build where one is needed and
# serves the pages at once: they show how far it is.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
# What is imported is compiled once and kept, whatever the machine says: without it each of the hundred processes of
# `make test` compiles every package that it imports anew, 2 to 5 seconds each.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test fetch build status bench lock audit clean
.DELETE_ON_ERROR:

run: .venv/run.stamp
	@$(BIN)/python -m reading.builder
	@$(BIN)/python -m streamlit run serve.py --server.address 127.0.0.1 --server.port $(PORT) --server.headless true

test: .venv/test.stamp
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	@$(call beside,$(BIN)/python -m mypy,$(BIN)/python -m pytest)

fetch: .venv/run.stamp
	$(BIN)/python pipeline.py fetch

build: .venv/run.stamp
	$(BIN)/python pipeline.py build

status: .venv/run.stamp
	$(BIN)/python pipeline.py status

bench: .venv/test.stamp
	$(BIN)/python -m bench

# Which versions are installed: the lock files, with hashes, for Python 3.11 to 3.13 on Linux, macOS and Windows.
# Versions that stand there stay; LOCK=--upgrade moves those that nothing pins.
lock:
	@command -v uv >/dev/null || { echo "uv is needed: pip install uv"; exit 1; }
	@$(call compile,requirements.txt -o requirements.lock)
	@$(call compile,requirements-lake.txt -c requirements.lock -o requirements-lake.lock)
	@$(call compile,requirements-dev.txt -c requirements.lock -o requirements-dev.lock)

# Known holes in what is installed, as the advisories of the package index tell them.
audit:
	@command -v uv >/dev/null || { echo "uv is needed: pip install uv"; exit 1; }
	@for file in requirements.lock requirements-lake.lock requirements-dev.lock; do \
		uv tool run pip-audit --disable-pip --progress-spinner off -r $$file || exit 1; done

clean:
	rm -rf .venv data/database

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	@if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) .venv; else $(PYTHON) -m venv .venv; fi

.venv/run.stamp: requirements.lock | .venv/bin/python
	@$(call install,requirements.lock)
	@touch $@

.venv/test.stamp: requirements-dev.lock | .venv/bin/python
	@$(call install,requirements-dev.lock)
	@touch .venv/run.stamp $@

# Without compiling: pip would compile 500 MB that the first page does not import.
define install
if command -v uv >/dev/null; then uv pip install --quiet --require-hashes --python $(BIN)/python -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
	--require-hashes -r $(1); fi
endef

# Two checks at once; both end, and either one fails the target. Tests wait for browsers and servers a third of their time.
define beside
$(1) & first=$$!; $(2); second=$$?; wait $$first && exit $$second
endef

define compile
UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links $(LOCK) $(1)
endef
