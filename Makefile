# `make run` starts a development chain and plays the demonstration on it; `make test` runs every test
# there is. Both set up what they need. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Where to build, and with which Wasm tool chain.
ENV := . scripts/env &&

# One profile and one selection of packages for everything, so that dependencies are built once.
CARGO_ARGS := --release --workspace --locked

PALLETS := providers capacity offers matcher deals

.PHONY: help setup build run demo test lint unit e2e bench throughput weights clean

help: ## List the targets
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## Install what is missing; a second run does nothing
	@scripts/setup

build: setup ## Build the node and the prover (half an hour the first time, on 2 cores)
	$(ENV) cargo build $(CARGO_ARGS) --bins

run: build ## Start a development chain, play the demonstration on it and leave it running
	@$(ENV) node tests/e2e/demo.js --keep

demo: build ## The same, but stop afterwards: succeeds only if every amount is as it must be
	@$(ENV) node tests/e2e/demo.js

test: lint unit e2e ## Every test there is, with formatting and lints

lint: setup ## Formatting and lints
	$(ENV) cargo fmt --all --check
	# Without the Wasm: its tool chain may be another than the one clippy belongs to.
	$(ENV) SKIP_WASM_BUILD=1 cargo clippy $(CARGO_ARGS) --all-targets -- -D warnings

unit: setup ## Unit, property and scenario tests
	$(ENV) cargo test $(CARGO_ARGS)

e2e: build ## Calls and the demonstration on real nodes, then the invariants of the states they leave
	@scripts/e2e

bench: setup ## Benchmarks of matching, settlement, proof verification and transactions over RPC
	$(ENV) cargo bench --workspace --locked
	@$(MAKE) --no-print-directory throughput

throughput: build ## Signed offers per second over RPC, against balance transfers
	@$(ENV) node tests/e2e/throughput.js

weights: setup ## Generate runtime/src/weights/ with the node's `benchmark pallet`
	@scripts/weights

clean: ## Remove what was built, the second target directory too
	$(ENV) rm -rf "$$CARGO_TARGET_DIR" "$$CARGO_TARGET_DIR-weights" tests/e2e/node_modules
