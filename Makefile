# Two commands do all the set-up: `make demo` runs the main job, `make test` passes the tests.
# A fresh Debian needs `apt install python3 python3-venv make`; nothing else but the registries.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench clean

demo: $(VENV)/.installed
	$(BIN)/vigie demo

test: $(VENV)/.installed-dev
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not serial'
	$(BIN)/pytest -m serial

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The peers are installed in environments of their own under build/. BENCH=--quick takes a tenth.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.crawl $(BENCH)
	$(BIN)/python -m benchmarks.nochange $(BENCH)
	$(BIN)/python -m benchmarks.growth $(BENCH)
	-$(BIN)/python -m benchmarks.extraction
	$(BIN)/python -m benchmarks.sweep $(if $(BENCH),300,1500)
	$(BIN)/python benchmarks/matching.py $(if $(BENCH),--runs 21)

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
