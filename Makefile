# Shareloc : « make demo » installe et montre tout, « make test » vérifie tout. Le reste : « make help ».
# Il faut Python 3.11 ou plus (avec venv) et make ; ni droits d'administration, ni Node, ni base de données.

PYTHON = python3
PORT = 8000
SCALE = 1
PY = .venv/bin/python
TESTS = tests
PYTEST = $(PY) -m pytest -n auto --dist loadgroup
INSTALL = sh .ci/install
ENGLISH = shareloc/locale/en/LC_MESSAGES/django
BENCH = DJANGO_SETTINGS_MODULE=tests.bench.settings $(PY) -m tests.bench $(SCALE)

help:
	@echo "make demo        installe et lance la démonstration (PORT=8000)"
	@echo "make demo-reset  efface les données de la démonstration et repart de zéro"
	@echo "make setup       installe sans lancer"
	@echo "make test        tous les tests (SQLite, puis PostgreSQL si TEST_DATABASE_URL est défini)"
	@echo "make test-long   les mêmes, essais lourds au complet"
	@echo "make check       style, types, imports, gabarits, migrations, verrous"
	@echo "make bench       mesure la recherche sur un million de réservations (SCALE=10 : dix)"
	@echo "make bench-pages mesure chaque page de la démonstration, par rapport à l’accueil"
	@echo "make screenshots refait les images de docs/screenshots (SHOTS=accueil : celle-là seule)"
	@echo "make lighthouse  mesure les pages principales avec Lighthouse"
	@echo "make messages    relève les textes à traduire en anglais et compile les traductions"
	@echo "make lock        recalcule les fichiers de verrouillage"

setup:
	@PYTHON="$(PYTHON)" $(INSTALL) run

setup-dev:
	@PYTHON="$(PYTHON)" $(INSTALL) dev

demo: setup
	@exec $(PY) manage.py run_demo --port "$(PORT)"

demo-reset: setup
	@exec $(PY) manage.py run_demo --port "$(PORT)" --reset

# What pages look like depends on no database: judged once.
test: setup-dev
	TEST_DATABASE_URL= $(PYTEST) --junitxml=var/tests-sqlite.xml $(TESTS)
	@if [ -n "$$TEST_DATABASE_URL" ]; then \
	  echo "Les mêmes tests sur PostgreSQL, l’aspect des pages excepté"; \
	  exec $(PYTEST) -m "not looks" --junitxml=var/tests-postgresql.xml $(TESTS); \
	else echo "PostgreSQL : non essayé (définissez TEST_DATABASE_URL)"; fi

test-long:
	@TEST_EFFORT=1 $(MAKE) test

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m djlint --lint --quiet shareloc venues bookings schools_import
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m uv pip check --quiet --python $(PY)
	sh .ci/locks check
	$(PY) -m pytest -q tests/test_house.py

# On SQLite, and on PostgreSQL where BENCH_DATABASE_URL names a database to fill.
bench: setup-dev
	@mkdir -p var/bench
	DEMO=1 DATABASE_URL=sqlite:///$(CURDIR)/var/bench/sqlite-$(SCALE).sqlite3 $(BENCH)
	@if [ -n "$$BENCH_DATABASE_URL" ]; then DEMO=1 DATABASE_URL=$$BENCH_DATABASE_URL $(BENCH); fi

# Pictures of the main pages, on a demonstration of its own.
screenshots: setup-dev
	$(PY) -m tests.screenshots $(SHOTS)

# Lighthouse's own judgement, on a demonstration of its own; its packages stay in tests/lighthouse.
lighthouse: setup-dev
	cd tests/lighthouse && PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --no-progress --loglevel=error
	$(PY) -m tests.lighthouse

# What each page costs at the demonstration's size, beside the home page.
bench-pages: setup-dev
	@mkdir -p var/bench
	DEMO=1 DATABASE_URL=sqlite:///$(CURDIR)/var/bench/demo.sqlite3 $(PY) -m tests.bench.pages

# Texts to translate into English, and the compiled catalogue (needs gettext).
messages: setup-dev
	DEMO=1 $(PY) manage.py makemessages --locale=en --no-location --no-wrap --no-obsolete $(foreach d,node_modules var tests docs,--ignore=$(d))
	$(PY) -c 'import sys, polib; polib.pofile(sys.argv[1] + ".po").save_as_mofile(sys.argv[1] + ".mo")' $(ENGLISH)

lock: setup-dev
	sh .ci/locks write

.PHONY: help setup setup-dev demo demo-reset test test-long check bench bench-pages screenshots lighthouse messages lock
