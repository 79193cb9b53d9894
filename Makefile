# Neural Networks by Hand: everything from a fresh machine with Python 3.11+, git and make.

PYTHON ?= python3
VENV   := .venv
READY  := $(VENV)/.ready
BENCH  := .venv-bench
BIN    := $(CURDIR)/$(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN    := "$(BIN)/python"
TIMED  := $(RUN) tools/took.py
BENCH_BIN := $(subst $(VENV)/,$(BENCH)/,$(BIN))
PORT   ?= 8000

# One BLAS thread: the arrays are small, and graders and benchmarks share the machine.
export OPENBLAS_NUM_THREADS := 1
# nbgrader and Jupyter call their own programs by name.
export PATH := $(BIN):$(PATH)

CODE      := $(shell find nnlib nnchecks tools autograder -name '*.py') nbgrader_config.py requirements.lock
SOLUTIONS := $(shell find solutions -name '*.py')
FIRST     := 01-differentiation
BOOK      := $(shell find _ext assets chapters -type f -not -path '*/__pycache__/*') \
             _config.yml _toc.yml index.md references.bib

.PHONY: all help setup book serve lab release demo grade questions rubrics sheets certify bench bench-setup check lint test clean
.DEFAULT_GOAL := all

all: book release demo  ## set up, build the book, make the release, grade a demonstration class
	@echo
	@echo "The book:             _build/html/index.html"
	@echo "The students' files:  course/handout/   (make lab opens the same in my/, your own folder)"
	@test ! -e _build/demo/grades.csv || \
	  echo "A graded class:       _build/demo/grades.csv, feedback in _build/demo/feedback/"
	@$(TIMED)

help:  ## list the targets
	@awk -F ':.*## *' '/^[a-z-]+:.*##/ {printf "%-12s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make the virtual environment .venv from requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, but '$(PYTHON)' is missing or older; install it, or say which one to use: make PYTHON=python3.12." >&2; exit 1; }
	@mkdir -p $(VENV) 2>/dev/null && test -w $(VENV) || { \
	  echo "The folder $(CURDIR) is not writable; make it so, or work in a copy that is yours." >&2; exit 1; }
	@began=$$(date +%s); if command -v uv >/dev/null; then \
	  echo "Setting up $(VENV) with uv." && \
	  uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV) && \
	  uv pip sync --quiet --compile-bytecode --python $(RUN) --require-hashes requirements.lock && \
	  uv pip install --quiet --python $(RUN) --no-deps --no-build-isolation --editable . ; \
	else \
	  echo "Setting up $(VENV) with pip: some minutes." && \
	  { $(PYTHON) -m venv $(VENV) >/dev/null || { \
	    echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt install python3-venv." >&2; exit 1; }; } && \
	  $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock && \
	  $(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi && $(TIMED) --since $$began "the packages"
	@touch $@

book: _build/book.inputs  ## build the book, running the pages whose code has changed

# Written when all pages are; a page that an interrupted build has left behind proves nothing.
_build/book.inputs: $(READY) $(CODE) $(BOOK)
	@$(TIMED) "the book" -m tools.book
	@touch $@

serve: book  ## show the book at http://127.0.0.1:8000 (PORT=... for another port)
	@$(RUN) -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

release: course/.released  ## make the students' notebooks (course/release/) and what to hand out

# An edit of the instructor's own notebooks is released, too, and never undone.
course/.released: $(READY) $(CODE) $(SOLUTIONS) $(wildcard chapters/*.md course/source/*/*.ipynb)
	@$(TIMED) "the release" -m tools.release
	@touch $@

lab: release  ## open JupyterLab in my/, your own folder, which nothing ever overwrites
	@$(RUN) -m tools.lab

# ALL=1 grades a class of each assignment; the tests do so, too.
DEMO := _build/demo/$(if $(ALL),all,first).graded

demo: $(DEMO)  ## grade a small demonstration class in _build/demo/ (ALL=1: one of each assignment)

$(DEMO): $(READY) $(CODE) $(SOLUTIONS)
	@$(TIMED) "the graded class" -m tools.demo $(if $(ALL),,--assignment $(FIRST))
	@mkdir -p $(@D) && touch $@

grade: $(READY)  ## grade what a class handed in: make grade ASSIGNMENT=01-differentiation
	@test -n "$(ASSIGNMENT)" || { echo "Which assignment? For example: make grade ASSIGNMENT=01-differentiation" >&2; exit 2; }
	@$(RUN) -m tools.grade "$(ASSIGNMENT)"

questions: $(READY)  ## the question bank for Moodle, and as QTI, in _build/questions/
	@$(RUN) -m tools.questions

rubrics: $(READY)  ## the rubrics of all questions that a person marks, in _build/rubrics.html
	@$(RUN) -m tools.rubrics

sheets: $(READY)  ## worksheets of assignment 04 to work under supervision, with a key: course/sheets/
	@$(RUN) -m tools.sheets $(STUDENTS)

certify: $(READY)  ## hold the graders' whole examination where anything has changed since the last
	@$(RUN) -m tools.certify --assignment "$(ASSIGNMENT)"

bench: $(READY)  ## measure how fast everything is, beside its peers; benchmarks/record.json (PARTS=...)
	@if test -e $(BENCH)/.ready; then "$(BENCH_BIN)/python" -m benchmarks $(PARTS); \
	else echo "The peers are not set up (make bench-setup), so most of them are missing."; \
	  $(RUN) -m benchmarks $(PARTS); fi

bench-setup: $(BENCH)/.ready  ## install the peers of make bench into .venv-bench

# An environment of its own: nobody who wants to read or to grade needs any of it. On Linux the index
# has torch with gigabytes for graphics cards only, so torch is taken where pip finds it without them.
$(BENCH)/.ready: benchmarks/requirements.lock pyproject.toml $(READY)
	@echo "Setting up $(BENCH) with pip: some minutes."
	@$(PYTHON) -m venv $(BENCH)
	@"$(BENCH_BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement benchmarks/requirements.lock
	@"$(BENCH_BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@"$(BENCH_BIN)/python" -m pip install --quiet --disable-pip-version-check \
	  "torch==2.13.0+cpu; sys_platform == 'linux'" "torch==2.13.0; sys_platform != 'linux'" || \
	  echo "pip finds no torch without CUDA here, so it is not raced. To race it, install one into $(BENCH)."
	@touch $@

lint: $(READY)  ## style and types
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --quiet --check .
	@$(RUN) -m mypy --no-error-summary

check: $(READY)  ## between two edits: style, types, and the quick tests of what has changed
	@$(RUN) -m tools.check

test: lint  ## everything that must hold; fast tests first
	@$(RUN) -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

clean:  ## remove what was built; course/, my/ and the environment stay
	@rm -rf _build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

.DEFAULT:
	@echo "There is no target '$@'; 'make help' lists them." >&2; exit 2
