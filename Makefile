# The front door on Debian 12: installs what is missing, then leaves the work to CMake and its presets.
# `make` alone says what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:  # the steps are an order; Ninja works in parallel inside of them

# Everything that the daemon and its tests are built from. A second call finds them installed and needs no network.
HYPERSCAN := $(if $(filter amd64,$(shell dpkg --print-architecture 2>/dev/null)),libhyperscan-dev,libvectorscan-dev)
BUILD_PACKAGES := g++ cmake ninja-build pkg-config python3 catch2 \
  libboost1.81-dev libboost-url1.81-dev libssl-dev libcurl4-openssl-dev libsimdjson-dev libspdlog-dev libfmt-dev \
  libtomlplusplus-dev libsqlite3-dev libzstd-dev libcli11-dev libsystemd-dev libxxhash-dev \
  libphonenumber8 libprotobuf-dev libabsl-dev prometheus-cpp-dev libhowardhinnant-date-dev tzdata ca-certificates $(HYPERSCAN)
# libphonenumber-dev is not installed: it needs the headers of Boost 1.74, for which apt-get would remove those of 1.81. Its own
# headers are all that is wanted; they are unpacked into build/deps, where cmake/phonenumber.cmake finds them.
DEPS := $(CURDIR)/build/deps
HEADER_PACKAGES := libphonenumber-dev
HEADER := usr/include/phonenumbers/phonenumberutil.h
# Some tests run promtool, Alertmanager and Postfix's smtp-sink. Their packages are not installed, because that would start
# services on this machine: the programs are unpacked into build/tools, which is in the tests' PATH.
TOOLS := $(CURDIR)/build/tools
TOOL_PACKAGES := prometheus prometheus-alertmanager postfix
TOOL_NAMES := promtool prometheus-alertmanager smtp-sink
# npm packages that some tests run, in build/peers. Without npm those tests skip themselves.
PEERS := $(CURDIR)/build/peers
PEER_PACKAGES := smtp-server @stoplight/prism-cli adaptivecards
# Published by PagerDuty; their events are checked against it. Not ours to ship.
PAGERDUTY_SCHEMA := https://raw.githubusercontent.com/PagerDuty/api-schema/main/reference/events-v2/openapiv3.json
LINT_PACKAGES := clang-format clang-tidy-19

# INSTALL=no: on another system, or where the packages are looked after by somebody else.
INSTALL ?= yes
CONFIG ?= config/brandwacht.toml
# What `make run` starts.
ARGS ?= demo

# A Beast file takes GCC up to 2 GB: as many jobs as processors, but no more than the memory carries.
JOBS ?= $(shell memory=$$(awk '/^MemAvailable/ {print int($$2 / 2000000)}' /proc/meminfo 2>/dev/null); \
  cpus=$$(nproc 2>/dev/null || echo 2); [ "$${memory:-2}" -lt 1 ] && memory=1; \
  [ "$${memory:-2}" -lt "$$cpus" ] && echo "$${memory:-2}" || echo "$$cpus")

# The compiler of Debian 12 is the one that is tested, whatever `c++` points to.
ifeq ($(origin CXX),default)
export CXX := g++
export CC := gcc
endif
export PATH := $(TOOLS)/usr/bin:$(PATH)

SAY := @printf '\n==> %s\n'
CPP_FILES = git -c safe.directory='*' ls-files -- '*.cpp' '*.hpp' ':!tests/lint/co_await'

.PHONY: help run test bench bench-text bench-detect asan tsan format format-check lint tidy check-config packages clean \
  build-packages lint-packages tools peers phonenumber configure

help:
	@echo 'make run           build the daemon and start its demo (ARGS="run --config FILE" for the daemon itself)'
	@echo 'make test          build everything and run every test'
	@echo 'make bench         build and run the benchmarks'
	@echo 'make bench-text    how good and how fast the scorer is; fails if a figure fell'
	@echo 'make bench-detect  how well incidents are detected, on invented streams and real threads'
	@echo 'make check-config  check CONFIG=$(CONFIG) and print every problem'
	@echo 'make asan          every test under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make tsan          every test under ThreadSanitizer'
	@echo 'make format        format the C++ files; make format-check only looks'
	@echo 'make lint          the rules of tests/lint and clang-tidy'
	@echo 'make packages      print the Debian packages that the targets install'
	@echo 'make clean         remove build/'
	@echo
	@echo 'Missing Debian packages are installed with apt-get, with sudo when you are not root;'
	@echo 'INSTALL=no leaves that to you. Build jobs: $(JOBS) (JOBS=n to change).'

run: build-packages configure
	$(SAY) 'Building the daemon ($(JOBS) jobs)'
	@cmake --build --preset release --target brandwacht -j $(JOBS)
	$(SAY) 'Starting: brandwacht $(ARGS)'
	@build/release/monitor/daemon/brandwacht $(ARGS)

test: build-packages tools peers configure
	$(SAY) 'Building everything ($(JOBS) jobs)'
	@cmake --build --preset release -j $(JOBS)
	$(SAY) 'Testing'
	@ctest --preset release -j $(JOBS)

bench: build-packages configure
	$(SAY) 'Building and running the benchmarks'
	@cmake --build --preset release --target line_bench thread_bench table_bench page_latency outbox_bench isolation_bench pager_memory \
	  startup brandwacht -j $(JOBS)
	@set -e; for bench in line_bench thread_bench table_bench page_latency 'page_latency 20000' outbox_bench isolation_bench pager_memory \
	  'startup build/release/monitor/daemon/brandwacht'; do \
	  build/release/bench/$$bench; done | tee build/bench.txt
	@python3 -B bench/results.py < build/bench.txt > build/RESULTS.md && cp build/RESULTS.md bench/RESULTS.md

# The quality of the scorer and the reply check on every labelled set that this machine has, against bench/data/recorded.txt; VADER beside it where
# npm is there.
bench-text: build-packages configure
	$(SAY) 'Judging the scorer'
	@cmake --build --preset release --target text_bench reply_bench -j $(JOBS)
	@build/release/bench/text_bench bench/data/train.toml --recorded bench/data/recorded.txt
	@build/release/bench/reply_bench bench/data --recorded bench/data/recorded.txt
	@command -v npm >/dev/null || { echo 'skipped: VADER (no npm)'; exit 0; }; \
	[ -d build/peers/node_modules/vader-sentiment ] || npm install --silent --no-audit --no-fund --prefix build/peers vader-sentiment \
	  || { echo 'skipped: VADER (npm could not install vader-sentiment)'; exit 0; }; \
	build/release/bench/text_bench bench/data/train.toml --texts | node bench/vader.mjs

# How well and how early incidents are seen: the rules of escalation-model section 7 side by side on three invented streams, then
# real cascades, RumourEval's threads and NAB's volumes where this machine has them. Fails if a figure fell by more than a point.
DETECT_BENCHES := detect_bench cascade_bench rumour_bench
bench-detect: build-packages configure
	$(SAY) 'Judging the detection'
	@cmake --build --preset release --target $(DETECT_BENCHES) surge_bench -j $(JOBS)
	@set -e; for bench in $(DETECT_BENCHES); do \
	  printf '\n==> %s\n' $$bench; build/release/bench/$$bench --recorded bench/data/detection.txt; done
	@printf '\n==> surge_bench\n'; build/release/bench/surge_bench

asan tsan: build-packages tools peers phonenumber
	$(SAY) 'Building with sanitizers: $@ ($(JOBS) jobs)'
	@cmake --preset $@ $(CMAKE_ARGS)
	@cmake --build --preset $@ -j $(JOBS)
	@ctest --preset $@ -j $(JOBS)

check-config: build-packages configure
	@cmake --build --preset release --target brandwacht -j $(JOBS)
	@build/release/monitor/daemon/brandwacht check --config $(CONFIG)

# One tree for run, test and bench, so that nothing is built twice.
configure: phonenumber
	$(SAY) 'Configuring build/release'
	@cmake --preset release $(CMAKE_ARGS)

format: lint-packages
	@$(CPP_FILES) | xargs clang-format -i

format-check: lint-packages
	$(SAY) 'Checking the format'
	@$(CPP_FILES) | xargs clang-format --dry-run -Werror

lint: tidy
	$(SAY) 'Checking the rules of tests/lint'
	@cd build/release && ctest -R '^lint_' --output-on-failure

# Files of the newest commits first, within TIDY_SECONDS.
TIDY_SECONDS ?= 480
tidy: build-packages lint-packages configure
	$(SAY) 'clang-tidy, for at most $(TIDY_SECONDS) s'
	@python3 -B tests/lint/tidy.py . build/release --seconds $(TIDY_SECONDS) --jobs $(JOBS)

clean:
	rm -rf build

# --- packages

packages:
	@echo 'build: $(BUILD_PACKAGES)'
	@echo 'build: the headers of $(HEADER_PACKAGES), unpacked'
	@echo 'test:  the same, and $(TOOL_NAMES) out of their packages'
	@echo 'test:  from npm, where it is there: $(PEER_PACKAGES)'
	@echo 'lint:  $(LINT_PACKAGES)'

build-packages: WANTED = $(BUILD_PACKAGES)
lint-packages: WANTED = $(LINT_PACKAGES)

# --no-remove: Boost 1.81 cannot stand beside Debian's default Boost 1.74 headers, and to remove somebody's packages is
# not for a Makefile to decide.
build-packages lint-packages:
ifneq ($(INSTALL),no)
	@command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || { \
	  . /etc/os-release 2>/dev/null; \
	  echo "This is made for Debian 12; this system is $${PRETTY_NAME:-unknown}." >&2; \
	  echo "Install what 'make packages' prints in your own way, then add INSTALL=no." >&2; exit 1; }
	@set -e; missing=''; for package in $(WANTED); do \
	  dpkg-query -W -f '$${db:Status-Abbrev}' "$$package" 2>/dev/null | grep -q '^.i' \
	    || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	printf '\n==> Installing:%s\n' "$$missing"; \
	sudo=''; if [ "$$(id -u)" -ne 0 ]; then \
	  command -v sudo >/dev/null || { echo "Not root and no sudo: install$$missing" >&2; exit 1; }; sudo=sudo; fi; \
	$$sudo apt-get -q update; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove install $$missing || { \
	  . /etc/os-release; \
	  echo >&2; echo "apt-get could not install$$missing on $$PRETTY_NAME." >&2; \
	  [ "$$VERSION_CODENAME" = bookworm ] || echo "The packages are those of Debian 12 (bookworm)." >&2; \
	  echo "Where packages would have to be removed: libboost-dev and its kin (1.74) exclude libboost1.81-dev." >&2; \
	  exit 1; }
else
	@:
endif

tools:
	@missing=''; for tool in $(TOOL_NAMES); do command -v "$$tool" >/dev/null || missing="$$missing $$tool"; done; \
	[ -n "$$missing" ] || exit 0; \
	if [ '$(INSTALL)' = no ]; then echo "Not there, so not tested with:$$missing"; exit 0; fi; \
	printf '\n==> Unpacking into build/tools: $(TOOL_NAMES)\n'; \
	mkdir -p '$(TOOLS)' && cd '$(TOOLS)' && apt-get -q -o APT::Sandbox::User=root download $(TOOL_PACKAGES); \
	for package in *.deb; do \
	  dpkg-deb --fsys-tarfile "$$package" | tar -x --wildcards $(TOOL_NAMES:%='./usr/bin/%') 2>/dev/null; done; \
	for package in prometheus-alertmanager*.deb; do \
	  dpkg-deb --fsys-tarfile "$$package" | tar -x ./usr/share/prometheus 2>/dev/null; done; \
	for package in postfix*.deb; do \
	  dpkg-deb --fsys-tarfile "$$package" | tar -x --wildcards ./usr/sbin/smtp-sink './usr/lib/postfix/lib*' 2>/dev/null \
	    && mv usr/sbin/smtp-sink usr/lib/postfix/ && cp '$(CURDIR)/tests/support/smtp-sink.sh' usr/bin/smtp-sink; done; \
	rm -f ./*.deb; \
	if [ -x usr/bin/prometheus-alertmanager ]; then \
	  mkdir -p usr/lib && mv usr/bin/prometheus-alertmanager usr/lib/ && rm -rf usr/lib/prometheus && mv usr/share/prometheus usr/lib/; \
	  if [ -e /usr/share/prometheus/alertmanager/default.tmpl ] || unshare --map-root-user --mount true 2>/dev/null; then \
	    cp '$(CURDIR)/tests/support/alertmanager.sh' usr/bin/prometheus-alertmanager; fi; fi; \
	for tool in $(TOOL_NAMES); do \
	  command -v "$$tool" >/dev/null || echo "warning: no $$tool: what needs it is not tested" >&2; done

peers:
	@command -v npm >/dev/null || { echo 'No npm, so not tested with: $(PEER_PACKAGES)'; exit 0; }; \
	missing=''; for peer in $(PEER_PACKAGES); do [ -d "$(PEERS)/node_modules/$$peer" ] || missing="$$missing $$peer"; done; \
	if [ '$(INSTALL)' = no ]; then [ -z "$$missing" ] || echo "Not there, so not tested with:$$missing"; exit 0; fi; \
	[ -z "$$missing" ] || printf '\n==> Installing into build/peers:%s\n' "$$missing"; \
	[ -z "$$missing" ] || npm install --silent --no-audit --no-fund --prefix '$(PEERS)' $$missing \
	  || echo "warning: npm could not install$$missing: what needs it is not tested" >&2; \
	schema='$(PEERS)/pagerduty-events-v2.json'; [ -e "$$schema" ] || \
	  node -e "fetch('$(PAGERDUTY_SCHEMA)', {signal: AbortSignal.timeout(20000)}).then(r => r.ok ? r.text() : Promise.reject()) \
	    .then(text => require('fs').writeFileSync('$$schema', text), () => process.exit(1))" \
	  || echo "warning: PagerDuty's schema could not be had: what needs it is not tested" >&2

phonenumber: build-packages
	@[ ! -e '/$(HEADER)' ] && [ ! -e '$(DEPS)/$(HEADER)' ] || exit 0; \
	if [ '$(INSTALL)' = no ]; then \
	  echo "Not there: the headers of $(HEADER_PACKAGES) (unpack them into $(DEPS))" >&2; exit 1; fi; \
	printf '\n==> Unpacking into build/deps: $(HEADER_PACKAGES)\n'; \
	mkdir -p '$(DEPS)' && cd '$(DEPS)' && apt-get -q -o APT::Sandbox::User=root download $(HEADER_PACKAGES) || exit 1; \
	for package in *.deb; do dpkg-deb --fsys-tarfile "$$package" | tar -x --wildcards './usr/include/*' || exit 1; done; \
	rm -f ./*.deb
