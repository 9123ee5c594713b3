# Targets for development. `make` lists them.

SHELL := /bin/bash
HOST ?= 127.0.0.1
PORT ?= 8080
IMAGE ?= pooling-server
CONFIGURATION ?= debug
FILTER ?=
BENCH_OPTIONS ?=
SECONDS ?= 60
TARGETS ?=

# A local build uses all instructions of this machine's processor; the image has one build per kind.
LEVEL := $(shell scripts/machine-level)
SWIFT_BUILD := swift build $(shell scripts/release-flags $(LEVEL)) --product pooling-server
SWIFT_TEST := swift test --disable-xctest --configuration $(CONFIGURATION) -Xswiftc -warnings-as-errors
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
	    while IFS='|' read -r name text; do printf '  make %-22s %s\n' "$$name" "$$text"; done

.PHONY: run
run: build ## build and serve on 127.0.0.1:8080 until Ctrl-C (HOST=, PORT=)
	@exec "$$($(SWIFT_BUILD) --show-bin-path)/pooling-server" --host $(HOST) --port $(PORT)

.PHONY: build
build: dependencies ## build the server, optimised
	$(SWIFT_BUILD)

.PHONY: test
test: lint unit-test onnx-test docs-test ## run what every change must pass: minutes
	@echo "passed; make check runs the rest"

# The compiler optimises the engine on one core, so that tests with the server of `make test` run meanwhile. The abuse test
# is timed and runs alone.
.PHONY: check
check: ## run what takes longer: sanitizer, optimised build, clients, schemathesis, abuse, fuzz
	$(MAKE) --jobs 2 --output-sync=line \
	    build memory-test client-test client-formats-test generated-clients-test schema-test
	$(MAKE) run-test
	$(MAKE) short-abuse-test
	$(MAKE) short-fuzz

# The rest installs a browser and other packages, or needs more time.
.PHONY: test-all
test-all: test check long-test long-memory-test torch-test levels-test sanitize browser-test operations-test fuzz ## run all tests

.PHONY: unit-test
unit-test: dependencies ## run the Swift test suites (FILTER='NaN' runs the matching tests)
	$(SWIFT_TEST) $(if $(FILTER),--filter '$(FILTER)')

KERNEL_TESTS := LanesTests|GradientStripsTests|ExtremeValueTests|LearnableParameterTests|BagsRegionTests|ShapedWindowTests|StructuringElementTests
OTHER_MEMORY_TESTS := MemoryRecyclerTests|Base64Tests|JSONStringTests|JSONNumberReadingTests|JSONNumberWritingTests
MEMORY_TEST := swift test --disable-xctest --sanitize address --scratch-path .build/sanitize-address --filter

.PHONY: memory-test
memory-test: dependencies ## run short tests of kernels and texts under the Address Sanitizer
	$(MEMORY_TEST) '$(KERNEL_TESTS)|$(OTHER_MEMORY_TESTS)'

.PHONY: long-memory-test
long-memory-test: dependencies ## run the tests of all kernels under the Address Sanitizer
	$(MEMORY_TEST) '$(KERNEL_TESTS)|$(OTHER_MEMORY_TESTS)|LargeLayerTests|ForwardConformanceTests|BackwardConformanceTests'

# The levels that this machine's processor supports.
LEVELS := $(if $(LEVEL),$(shell seq 2 $(LEVEL)))
# The tests, optimised for an x86-64 level, or for a processor that has none.
OPTIMISED_TEST = swift test --disable-xctest --configuration release --scratch-path .build/level-$(1) \
    $(if $(1),-Xcc -march=x86-64-v$(1)) --filter

.PHONY: levels-test
levels-test: dependencies ## run the engine's tests, optimised for each x86-64 level of the processor
	@[ -n "$(LEVELS)" ] || echo "levels-test: skipped, because $$(uname -m) has no x86-64 levels"
	for level in $(LEVELS); do $(call OPTIMISED_TEST,$$level) PoolingEngineTests || exit 1; done

.PHONY: long-test
long-test: dependencies ## write, read and exponentiate every float32, optimised (on demand)
	POOLING_LONG_TESTS=1 $(call OPTIMISED_TEST,$(LEVEL)) 'Every(Float|Exponential)Tests'

.PHONY: bench
bench: dependencies ## compare with other libraries, write docs/benchmarks.md (BENCH_OPTIONS='--batch-divisor 8')
	Benchmarks/run $(BENCH_OPTIONS)

.PHONY: bench-ops
bench-ops: dependencies ## compare ops over regions with torch (BENCH_OPTIONS='--regions global --ops lp softmax')
	Benchmarks/run-ops $(BENCH_OPTIONS)

# The server that the unit tests built, built again only if a source is newer: two builds in one folder wait for each other.
TEST_SERVER := $(CURDIR)/.build/$(CONFIGURATION)/pooling-server
$(TEST_SERVER): Package.swift $(shell find Sources -type f)
	swift build --configuration $(CONFIGURATION) --product pooling-server -Xswiftc -warnings-as-errors
	@touch $@

.PHONY: onnx-test
onnx-test: dependencies $(TEST_SERVER) ## run the official ONNX node tests of pooling operators over HTTP
	scripts/with-server $(TEST_SERVER) "$$(scripts/python-environment Tests/ONNX/requirements.txt)" Tests/ONNX/node_tests.py

.PHONY: client-formats-test
client-formats-test: dependencies $(TEST_SERVER) ## test with numpy, safetensors, Pillow and Triton's client
	POOLING_SERVER=$(TEST_SERVER) "$$(scripts/python-environment Tests/Clients/requirements.txt)" -m pytest -q -ra Tests/Clients

.PHONY: generated-clients-test
generated-clients-test: dependencies $(TEST_SERVER) ## generate clients from openapi.yaml and let them talk to the server
	scripts/with-server $(TEST_SERVER) "$$(scripts/python-environment Tests/Generators/requirements.txt)" \
	    -m pytest -q -ra Tests/Generators

.PHONY: docs-test
docs-test: dependencies $(TEST_SERVER) ## run every command and program in the documents, check every link
	python3 Tests/Docs/check_references.py --server $(TEST_SERVER)
	python3 Tests/Docs/run_commands.py --server $(TEST_SERVER) \
	    --python "$$(scripts/python-environment Tests/Docs/requirements.txt)"

.PHONY: run-test
run-test: ## run the README's first command, pool a picture, stop the server
	Tests/Docs/first_command

.PHONY: client-test
client-test: dependencies $(TEST_SERVER) ## test the Python client and its types
	python=$$(scripts/python-environment Tests/Docs/requirements.txt) && cd clients/python && \
	    "$$python" -m mypy && POOLING_SERVER_BINARY=$(TEST_SERVER) "$$python" -m pytest -q -ra

# PyTorch is a download of gigabytes.
.PHONY: torch-test
torch-test: dependencies $(TEST_SERVER) ## test the client's PyTorch layers, and the example that checks gradients and trains one (on demand)
	python=$$(scripts/python-environment clients/python/tests/requirements.txt) && cd clients/python && \
	    POOLING_SERVER_BINARY=$(TEST_SERVER) "$$python" -m pytest -q -ra tests/test_torch.py && cd ../.. && \
	    scripts/with-server $(TEST_SERVER) "$$python" Examples/torch_autograd.py

.PHONY: cluster-test
cluster-test: dependencies $(TEST_SERVER) ## pool through two replicas with Dask and Ray Data, and kill one on the way (on demand)
	POOLING_SERVER=$(TEST_SERVER) "$$(scripts/python-environment Tests/Cluster/requirements.txt)" -m pytest -q -ra Tests/Cluster

.PHONY: peers-test
peers-test: dependencies $(TEST_SERVER) ## run the samples and tests of torch, SciPy and Keras through the service (on demand)
	python=$$(scripts/python-environment Tests/Peers/requirements.txt) && cd Tests/Peers && \
	    ../../scripts/with-server $(TEST_SERVER) "$$python" -m pytest -q -ra

.PHONY: dist
dist: dependencies ## make what a release has, in dist/: tarball, Debian package, wheels, image, bill of materials
	scripts/dist

.PHONY: dist-test
dist-test: ## install what `make dist` made, in a fresh system and a fresh venv, and pool a picture (needs root)
	scripts/install-dependencies debootstrap
	"$$(scripts/python-environment Tests/Dist/requirements.txt)" -m pytest -q -ra Tests/Dist

.PHONY: fuzz
fuzz: dependencies ## fuzz every parser (SECONDS=60 per target, TARGETS='npy png')
	Tests/Fuzz/run $(SECONDS) $(TARGETS)

.PHONY: short-fuzz
short-fuzz: dependencies ## fuzz every parser for ten seconds
	Tests/Fuzz/run 10

.PHONY: browser-test
browser-test: dependencies ## test the playground and the API documentation page in Chromium
	Tests/Browser/run

OPERATIONS := Tests/Operations
PYTHON := .build/operations/bin/python
MINUTES ?= 10

$(PYTHON): $(OPERATIONS)/requirements.txt
	python3 -m venv .build/operations
	$(PYTHON) -m pip install --quiet --requirement $<
	@touch $@

.PHONY: operations-test
operations-test: build $(PYTHON) ## test overload, attacks, drain, TLS, faults and deployment files with a running server
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) -m pytest -q -ra -m 'not slow'

.PHONY: proxy-test
proxy-test: build $(PYTHON) ## test a rolling restart and a crash behind HAProxy under load
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) -m pytest -q -ra -s test_proxy.py

.PHONY: schema-test
schema-test: dependencies $(TEST_SERVER) $(PYTHON) ## run schemathesis with all checks against openapi.yaml
	cd $(OPERATIONS) && POOLING_SERVER=$(TEST_SERVER) $(abspath .)/$(PYTHON) schema.py

# The optimised server, because time and memory are measured. What is sampled takes ABUSE_SECONDS, with all else three minutes.
ABUSE_SECONDS ?= $(if $(filter command line,$(origin SECONDS)),$(SECONDS),100)
SEED ?= 1
ABUSE_OPTIONS ?=

.PHONY: abuse-test
abuse-test: build ## send hostile requests, check time and memory of each (SECONDS=100, SEED=1, PARTS=rows)
	cd Tests/Abuse && python3 -m unittest -q
	POOLING_SERVER="$$($(SWIFT_BUILD) --show-bin-path)/pooling-server" \
	    python3 Tests/Abuse/abuse.py --seconds $(ABUSE_SECONDS) --seed $(SEED) $(ABUSE_OPTIONS) $(PARTS)

# The part that takes memory by the gigabyte is not timed, so that a busy machine does not fail it.
.PHONY: short-abuse-test
short-abuse-test: ## walk every op, region and endpoint with extreme values, also with little memory
	$(MAKE) abuse-test ABUSE_OPTIONS='--untimed rows' PARTS='walk rows plans low-memory'

.PHONY: soak
soak: build $(PYTHON) ## send valid, invalid and hostile traffic, check memory, descriptors and responses (MINUTES=10)
	cd $(OPERATIONS) && MINUTES=$(MINUTES) $(abspath .)/$(PYTHON) soak.py

.PHONY: measure
measure: build $(PYTHON) ## measure the figures of docs/operations.md
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) measure.py

SANITIZED := 'PoolingServiceTests|MicroHTTPTests|WorkersTests'
MUTEX_ORDER := $(CURDIR)/.build/mutex_order.so

.PHONY: sanitize
sanitize: dependencies ## run the end-to-end tests under the Thread and the Address Sanitizer
	for kind in thread address; do \
	    swift build --build-tests --sanitize $$kind --scratch-path .build/sanitize-$$kind || exit 1; \
	done
	clang -O1 -shared -fPIC -o $(MUTEX_ORDER) Tests/Sanitize/mutex_order.c
	LD_PRELOAD=$(MUTEX_ORDER) swift test --disable-xctest --skip-build --sanitize thread \
	    --scratch-path .build/sanitize-thread --filter $(SANITIZED)
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Sanitize/leaks.supp swift test --disable-xctest --skip-build \
	    --sanitize address --scratch-path .build/sanitize-address --filter $(SANITIZED)

.PHONY: lint
lint: ## check the format and the style of the Swift sources
	swift format lint --strict --recursive $(SOURCES)

.PHONY: format
format: ## format the Swift sources in place
	swift format --in-place --recursive $(SOURCES)

.PHONY: openapi
openapi: ## write openapi.json from openapi.yaml
	"$$(scripts/python-environment scripts/requirements.txt)" scripts/openapi-json

.PHONY: image
image: ## build the container image (IMAGE=pooling-server)
	docker build --tag $(IMAGE) .

.PHONY: dependencies
dependencies: ## install missing libraries that the build needs
	@scripts/install-dependencies

.PHONY: clean
clean: ## delete build results
	rm -rf .build
