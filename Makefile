# Everything a developer does here, by name. `make` alone lists it.

SHELL := /bin/bash
HOST ?= 127.0.0.1
PORT ?= 8080
IMAGE ?= pooling-server
CONFIGURATION ?= debug
FILTER ?=

SWIFT_BUILD := swift build --configuration release --product pooling-server
SWIFT_TEST := swift test --disable-xctest --configuration $(CONFIGURATION) -Xswiftc -warnings-as-errors
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
	    while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

.PHONY: run
run: build ## build and serve on 127.0.0.1:8080 (HOST=, PORT=); Ctrl-C stops it
	@exec "$$($(SWIFT_BUILD) --show-bin-path)/pooling-server" --host $(HOST) --port $(PORT)

.PHONY: build
build: dependencies ## build the server, optimised
	$(SWIFT_BUILD)

.PHONY: test
test: lint unit-test ## everything that must pass before a change lands

.PHONY: unit-test
unit-test: dependencies ## the test suites alone (FILTER='NaN' runs those that match)
	$(SWIFT_TEST) $(if $(FILTER),--filter '$(FILTER)')

OPERATIONS := Tests/Operations
PYTHON := .build/operations/bin/python
MINUTES ?= 10

$(PYTHON): $(OPERATIONS)/requirements.txt
	python3 -m venv .build/operations
	$(PYTHON) -m pip install --quiet --requirement $<
	@touch $@

.PHONY: operations-test
operations-test: build $(PYTHON) ## overload, attacks, drain, TLS, faults, deploy files: against the running server
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) -m pytest -m 'not slow'

.PHONY: proxy-test
proxy-test: build $(PYTHON) ## a rolling restart and a crash behind HAProxy, under load
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) -m pytest -s test_proxy.py

.PHONY: schema-test
schema-test: build $(PYTHON) ## schemathesis with all checks against openapi.yaml
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) schema.py

.PHONY: soak
soak: build $(PYTHON) ## mixed, invalid and hostile traffic (MINUTES=10), watching memory, descriptors, answers
	cd $(OPERATIONS) && MINUTES=$(MINUTES) $(abspath .)/$(PYTHON) soak.py

.PHONY: measure
measure: build $(PYTHON) ## the figures of docs/operations.md
	cd $(OPERATIONS) && $(abspath .)/$(PYTHON) measure.py

.PHONY: sanitize
sanitize: dependencies ## the end-to-end tests under the Thread and the Address Sanitizer
	for kind in thread address; do \
	    swift test --disable-xctest --sanitize $$kind --scratch-path .build/sanitize-$$kind \
	        --filter 'PoolingServiceTests|MicroHTTPTests|WorkersTests' || exit 1; \
	done

.PHONY: lint
lint: ## check the formatting and the style of the Swift sources
	swift format lint --strict --recursive $(SOURCES)

.PHONY: format
format: ## format the Swift sources in place
	swift format --in-place --recursive $(SOURCES)

.PHONY: image
image: ## build the container image (IMAGE=pooling-server)
	docker build --tag $(IMAGE) .

.PHONY: dependencies
dependencies: ## install the libraries that the build needs, where they are missing
	@scripts/install-dependencies

.PHONY: clean
clean: ## delete what was built
	rm -rf .build
