# Two commands matter: `make demo` and `make test`. Both work on a machine with nothing but Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: demo test check fix build images clean

demo: $(VENV)/.installed  ## run the first case, print the answer, write demo/report.html
	@rm -rf demo && mkdir demo
	$(BIN)/suasion run pakistan_taliban --out demo/run
	@echo
	@$(BIN)/suasion report demo/run --out demo/report.html
	@echo "That is the whole answer as one page: open it in a browser."

test: check  ## everything that CI runs
	$(BIN)/python -m pytest -n 2 --dist loadgroup -rs

check: $(VENV)/.dev  ## what needs no running: style, types, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: $(VENV)/.dev  ## set right what can be set right by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/.dev  ## the wheel, under dist/
	$(BIN)/hatchling build

images: demo  ## the pictures of the README, drawn from the demo's run
	$(BIN)/python docs/img/draw.py demo/run

clean:
	rm -rf $(VENV) build dist demo

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing into $(VENV): a minute or two, once."
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(PIP) --editable '.[dev]'
	@touch $@
