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

.PHONY: browser-test
browser-test: dependencies ## test the playground and the API page in Chromium
	Tests/Browser/run

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
