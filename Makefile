# Everything is made in .venv; a stamp there says what has been installed, so that a second run is quick.

PYTHON ?= python3.11 python3
SEED := seeds/istanbul-2025.yaml

# What `all` holds besides `live`, the one extra that needs a C compiler.
WITHOUT_LIVE := rich,sat,ics,graph,arrow,testing

# How many random cases a test tries every day; `make thorough` tries 20,000.
EXAMPLES ?= 50

# How many inputs `make fuzz` gives each reader.
RUNS ?= 10000000

BIN := .venv/bin
BENCH := .venv-bench/bin/python
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test coverage thorough fuzz million everywhere mutants lint docs pictures bench clean

help:  ## say what can be made
	@sed -n 's/^\([a-z]*\): .*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | \
	while IFS='|' read -r goal meaning; do printf '  make %-10s %s\n' "$$goal" "$$meaning"; done

demo: .venv/.demo  ## answer the Istanbul case (installs the core and rich; no compiler needed)
	@set -e; for question in "resolve $(SEED)" "resolve $(SEED) --scenarios" "why $(SEED) zelensky"; do \
	    printf '\n$$ %s %s\n\n' $(BIN)/attendance "$$question"; \
	    $(BIN)/attendance $$question; \
	done

test: .venv/.dev  ## run the whole suite with all extras: the tests on all cores, then the documentation
	@ATTENDANCE_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest --numprocesses auto --dist worksteal tests
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile docs README.md

coverage: .venv/.dev  ## run it again, slower, and count the lines and branches that it reaches; fails under 100 %
	@$(BIN)/coverage erase
	@printf '%s\n' tests/test_*.py docs README.md | ATTENDANCE_EXAMPLES=$(EXAMPLES) \
	    xargs --max-procs $(shell nproc) --max-args 8 $(BIN)/coverage run -m pytest --quiet
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

thorough: .venv/.dev  ## run the suite with 20,000 random cases a test
	@ATTENDANCE_THOROUGH=1 ATTENDANCE_EXAMPLES=20000 $(BIN)/python -m pytest --numprocesses auto --dist worksteal tests

fuzz: .venv/.figures  ## give each reader RUNS inputs (10,000,000), chosen by coverage (hours)
	@for reader in language yaml calendar journal; do $(BIN)/python -m tests.fuzz $$reader --runs $(RUNS) || exit; done

million: .venv/.dev  ## put a million random cases to every engine and to the reference (hours)
	@$(BIN)/python -m tests.million

everywhere: .venv/.figures  ## run the suite in each way of running Python, and by each Python that is here
	@$(BIN)/python -m tests.everywhere

mutants: .venv/.figures  ## change the code in small ways and count the changes that no test notices (hours; goes on where it stopped)
	@set -e; for step in make reach run again table; do $(BIN)/python -m tests.mutants $$step; done

lint: .venv/.dev  ## check style, types and floors
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --strict attendance
	$(BIN)/lint-imports

docs: .venv/.dev  ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

pictures: .venv/.dev  ## draw the pictures of the documentation again
	$(BIN)/attendance graph $(SEED) -o docs/pictures/istanbul.svg
	$(BIN)/attendance graph $(SEED) --why zelensky -o docs/pictures/istanbul-why.svg
	$(BIN)/attendance graph $(SEED) --timeline -o docs/pictures/istanbul-timeline.svg
	$(BIN)/python -m tests.photographs docs/pictures/page-switched.png docs/pictures/page-telephone.png \
	    docs/pictures/page-timeline.png docs/pictures/page-scenarios.png

bench: .venv-bench/.made  ## print how fast it answers, beside its peers (some 20 minutes)
	@for figures in resolve timeline pivots opening chances peers; do $(BENCH) benchmarks/$$figures.py || exit; done

clean:  ## remove all that was made, .venv too
	rm -rf .venv .venv-* build dist site htmlcov mutants .coverage .coverage.*
	rm -rf .fuzz .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in $(PYTHON); do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    $$python -m venv .venv && exit; \
	    rm -rf .venv; \
	    echo "$$python could not make a virtual environment; on Debian: apt install python3-venv" >&2; \
	    exit 1; \
	done; \
	echo "attendance needs Python 3.11 or newer; none found as: $(PYTHON). Say where it is: make PYTHON=..." >&2; \
	exit 1

.venv/.demo: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing attendance and rich into .venv"
	@$(INSTALL) --only-binary :all: --editable '.[rich]'
	@touch $@

.venv/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing attendance with all extras and the tools into .venv"
	@if $(INSTALL) --editable '.[all,dev]' > .venv/install.log 2>&1; then exit; \
	elif [ -n "$(CI)" ]; then \
	    cat .venv/install.log >&2; echo "With CI set every extra must install, durable-rules too." >&2; exit 1; \
	elif $(INSTALL) --editable '.[$(WITHOUT_LIVE),dev]'; then \
	    echo "NOTE: durable-rules could not be built, so the live desk is left out (reason: .venv/install.log)"; \
	else exit 1; fi
	@touch .venv/.demo $@

# The tools that only the figures of docs/reliability.md need.
.venv/.figures: tests/requirements.txt .venv/.dev
	@echo "Installing the tools for the figures into .venv"
	@$(INSTALL) --requirement tests/requirements.txt
	@touch $@

# The peers are no part of the package: they have an environment of their own, and any of them may be missing there.
.venv-bench/.made: pyproject.toml constraints.txt benchmarks/requirements.txt | $(BIN)/python
	@echo "Installing attendance and its peers into .venv-bench"
	@$(BIN)/python -m venv .venv-bench
	@$(BENCH) -m pip install --quiet --constraint constraints.txt --editable .
	@sed '/^#/d' benchmarks/requirements.txt | while read -r peer; do \
	    $(BENCH) -m pip install --quiet --constraint constraints.txt "$$peer" || \
	    echo "NOTE: $$peer could not be installed, so it is left out"; \
	done
	@touch $@
