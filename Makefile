# Two commands are all a fresh machine needs: make demo, make test. Both build .venv first.
PYTHON ?= python3
BIN := .venv/bin
LOCKS := requirements-uv.txt requirements-dev.txt
# Where bytecode is not kept, each of the many processes of a test run compiles everything anew.
export PYTHONDONTWRITEBYTECODE :=

# Where make install puts the program.
PREFIX ?= /opt/skm

.PHONY: setup install demo test lint bench bench-scale soak lock clean

setup: .venv/ready

# uv is brought by pip (hashes checked), everything else by uv (hashes checked); the project itself
# needs no network: its build backend is among the locked packages. An environment that works is
# brought up to date in place: other programs may be running from it (make clean starts afresh).
.venv/ready: $(LOCKS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "skm needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv, then again."; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements-dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# The program alone, byte-compiled, without what only tests need; again after an update.
install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "skm needs Python 3.11 or newer. Try: make PYTHON=python3.12 install"; exit 1; }
	@test -x $(PREFIX)/bin/python || $(PYTHON) -m venv $(PREFIX)
	$(PREFIX)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(PREFIX)/bin/uv pip sync --quiet --compile-bytecode --python $(PREFIX)/bin/python --require-hashes requirements.txt
	$(PREFIX)/bin/uv pip install --quiet --compile-bytecode --python $(PREFIX)/bin/python --no-deps --no-build-isolation --reinstall-package skm .
	@rm -rf build skm.egg-info
	@echo "$(PREFIX)/bin/skm is installed. In the folder where its data shall lie: $(PREFIX)/bin/skm init"

demo: .venv/ready
	@$(BIN)/skm demo

test: .venv/ready
	$(BIN)/python -m pytest -q -n 4

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python -m tests.bench

# What takes longer: figures of a million responses, webhooks over HTTP, the public site (12 GB).
bench-scale: .venv/ready
	$(BIN)/python -m tests.bench.million
	$(BIN)/python -m tests.bench.webhook
	$(BIN)/python -m tests.bench.start
	$(BIN)/python -m tests.bench.site

# Citizens answer through every fault of docs/reliability.md: lost and twice must be 0.
soak: .venv/ready
	$(BIN)/python -m tests.soak

# After changing dependencies in pyproject.toml. No lock file holds a download address.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock: .venv/ready
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -o requirements-dev.txt
	printf 'uv\nsetuptools>=77\n' | $(LOCK) - --no-annotate -o requirements-uv.txt

clean:
	rm -rf .venv build *.egg-info
