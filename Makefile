# Varta: `make demo` and `make test` do everything on a fresh machine with Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test install lint chaos bench eval schemas lock clean

demo: install  ## run the whole stream on an embedded Kafka over the seed articles (KEEP=1 stays up)
	$(BIN)/varta demo $(if $(KEEP),--keep)

test: lint  ## lint, types, layers, then unit, contract and integration tests on a real Kafka
	$(BIN)/pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

chaos: install  ## the long kill -9 runs; writes bench/chaos.md
	$(BIN)/python -m tests.chaos.run

bench: install  ## throughput, latency and memory; writes bench/*.md
	$(BIN)/varta bench

eval: install  ## every accuracy figure on the development data
	$(BIN)/varta eval all

schemas: install  ## JSON Schema, AsyncAPI and examples from the contracts
	$(BIN)/varta schemas

lock:  ## resolve pyproject.toml into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
