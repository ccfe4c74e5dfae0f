# Two commands do all the set-up: `make demo` runs the main job, `make test` passes the tests.
# A fresh Debian needs `apt install python3 python3-venv make`; nothing else but the registries.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench clean

demo: $(VENV)/.installed
	$(BIN)/vigie demo

test: $(VENV)/.installed-dev
	$(BIN)/pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/matching.py

clean:
	rm -rf $(VENV) build dist vigie-demo

# uv is used where it is installed; pip alone is enough.
$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	if command -v uv > /dev/null; then uv pip install -q --python $(BIN)/python -e '.[review]'; \
	else $(BIN)/pip install -q --disable-pip-version-check -e '.[review]'; fi
	touch $@

$(VENV)/.installed-dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	if command -v uv > /dev/null; then uv pip install -q --python $(BIN)/python -e '.[dev]'; \
	else $(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'; fi
	touch $@ $(VENV)/.installed
