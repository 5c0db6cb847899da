# Two commands: `make run` and `make test`. Both make the environment first; nothing but Python >= 3.11 is needed.

PYTHON ?= python3
VENV := .venv
DONE := $(VENV)/.installed

UV ?= uv
PLAIN_TESTS := not network and not bench and not bundle and not pypsa and not browser and not realdata

.PHONY: run test lint bench crosscheck fuzz coverage oldest newest lock starter national calibrate validate docs messages hooks bundle clean

run: $(DONE)
	$(VENV)/bin/planner serve

test: $(DONE)  ## one process more than there are cores, since the browser's tests wait half of their time; at most four
	$(VENV)/bin/python -m pytest -n $$(($$($(VENV)/bin/python -c 'import os; print(os.cpu_count())') + 1)) --maxprocesses 4

lint: $(DONE)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/mypy tools
	$(VENV)/bin/lint-imports

crosscheck:  ## the hourly match beside PyPSA's, in .venv-crosscheck
	$(PYTHON) -m venv .venv-crosscheck
	.venv-crosscheck/bin/python -m pip install --quiet --disable-pip-version-check -e ".[crosscheck]" pytest hypothesis pytest-xdist
	.venv-crosscheck/bin/python -m pytest -m pypsa tests/planner/power/test_hourly_pypsa.py -W ignore

bench: $(DONE)
	$(VENV)/bin/python -m pytest -m bench bench

fuzz: $(DONE)  ## 3,000 inputs at every door and each hostile file; PLANNER_FUZZ_SEED begins elsewhere, failures lie in build/fuzz
	PLANNER_FUZZ_INPUTS=$${PLANNER_FUZZ_INPUTS:-3000} $(VENV)/bin/python -m pytest -m fuzz tests/fuzz

coverage: $(DONE)  ## which lines the tests reach (no browser, no broken files); pages in build/coverage, floor in pyproject.toml
	$(VENV)/bin/python -m pytest -m "$(PLAIN_TESTS) and not fuzz" --cov --cov-report=term --cov-report=html:build/coverage

# The tests on the lowest or the highest dependencies that pyproject.toml allows, in .venv-oldest or .venv-newest; needs uv.
# Pages made from the code are left out: they are written with the locked versions.
oldest: RESOLUTION := lowest-direct
newest: RESOLUTION := highest
oldest newest:
	$(UV) venv --quiet --clear --python $(PYTHON) .venv-$@
	$(UV) pip install --quiet --python .venv-$@ --resolution $(RESOLUTION) -r pyproject.toml --group dev
	$(UV) pip install --quiet --python .venv-$@ --no-deps --no-build-isolation -e .
	.venv-$@/bin/python -m pytest -m "$(PLAIN_TESTS)" -k "not test_the_page_is_current"

$(DONE): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=…"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lock:  ## resolve again, for every platform and Python from 3.11 on
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:
	rm -rf $(VENV) .venv-oldest .venv-newest .venv-crosscheck .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build bundle

calibrate: $(DONE)  ## fit the weights of every profile on the real choices, from the layers pulled into PLANNER_DATA_DIR
	$(VENV)/bin/python tools/calibrate.py

national: $(DONE)  ## how each criterion is spread over the country, from the layers pulled into PLANNER_DATA_DIR
	$(VENV)/bin/python tools/national.py

starter: $(DONE)  ## measure anew what the product comes with, from the layers pulled into PLANNER_DATA_DIR
	$(VENV)/bin/python tools/starter.py

validate: $(DONE)  ## the first ten of each profile with the facts of their ground, from the layers pulled into PLANNER_DATA_DIR
	$(VENV)/bin/python tools/validate.py

docs: $(DONE)  ## write the pages that are made from the code
	$(VENV)/bin/python -m planner.output.reference docs
	$(VENV)/bin/python tools/api_reference.py docs/api
	$(VENV)/bin/python -c "import json; from planner.scenario.scenario import Scenario; print(json.dumps(Scenario.model_json_schema(), ensure_ascii=False, indent=1))" > docs/scenario.schema.json

messages: $(DONE)  ## sentences of the source into build/messages.pot; lists those without a Japanese form
	$(VENV)/bin/python tools/messages.py build/messages.pot

hooks: $(DONE)  ## run the checks of `make lint` before each commit; nothing is fetched
	$(VENV)/bin/pre-commit install

bundle: $(DONE)  ## a folder for a machine without internet: wheelhouse, pulled data, start script
	rm -rf bundle && mkdir -p bundle/wheelhouse
	$(VENV)/bin/python -m hatchling build -t wheel -d bundle/wheelhouse
	grep -E '^[A-Za-z0-9._-]+==' requirements.lock | sed 's/ *\\$$//' > bundle/constraints.txt
	$(VENV)/bin/python -m pip download --quiet --disable-pip-version-check -d bundle/wheelhouse -c bundle/constraints.txt bundle/wheelhouse/gx_cluster_planner-*.whl
	cp packaging/start.sh packaging/start.bat packaging/README.txt LICENSE NOTICE bundle/
	$(VENV)/bin/planner data mirror --out bundle/data || echo "nothing pulled: the bundle starts on the embedded default"
