# Swiftlet: everything lands in bin/. `make help` lists the targets.
SWIFT ?= swift
BUILD := .build/release
SOURCES := Package.swift $(shell find Sources tools -name '*.swift' -o -name '*.h' -o -name '*.c')

BOARDS := x86_64 aarch64 armv7 armv6 riscv64
BOARD_SOURCES := $(shell find -L Sources -name '*.swift' -o -name '*.[ch]' -o -name '*.modulemap') \
	tools/boards/build tools/boards/link tools/boards/flags tools/boards/tables tools/boards/modules tools/boards/processors \
	.build/boards/arena

# `make boards ARENA=4M` makes an arena of that size part of each executable.
export ARENA ?= 0

.PHONY: all demo boards dist test test-boards test-dist long-run fuzz fuzz-coverage sanitize bench bench-peers bench-accuracy clean \
	help lint FORCE
all: bin/swiftlet bin/swiftlet-convert bin/swiftlet-verify bin/swiftlet-bench bin/swiftlet-shortlist

# One call builds all programs: SwiftPM takes a lock on .build.
$(BUILD)/.built: $(SOURCES)
	$(SWIFT) build -c release
	@touch $@

bin/swiftlet: $(BUILD)/.built
	@mkdir -p bin
	cp $(BUILD)/swiftlet-device $@

bin/swiftlet-%: $(BUILD)/.built
	@mkdir -p bin
	cp $(BUILD)/$(notdir $@) $@

bin/en-fr.swiftlet: bin/swiftlet-convert weights/en-fr/model.safetensors weights/en-fr/calibration.txt
	bin/swiftlet-convert weights/en-fr -o $@ --license Apache-2.0 --calibrate weights/en-fr/calibration.txt

boards: $(BOARDS:%=bin/boards/%/swiftlet) bin/boards/wasm32/swiftlet.wasm ## one static file for each processor, without C library and heap

# Changes when ARENA does.
.build/boards/arena: FORCE
	@mkdir -p $(@D)
	@echo $(ARENA) | cmp -s - $@ || echo $(ARENA) >$@

bin/boards/%/swiftlet: $(BOARD_SOURCES)
	tools/boards/build $*

bin/boards/wasm32/swiftlet.wasm: $(BOARD_SOURCES)
	tools/boards/build wasm32

dist: boards ## an archive for each processor, in bin/dist
	tools/dist/pack

demo: all ## convert, plan, translate and verify the English-French model
	@tools/demo

test: ## all tests
	@tools/test

long-run: all boards bin/en-fr.swiftlet ## LINES=1000000 lines: the end must be as the beginning, in memory and results
	@tools/long-run $(or $(LINES),1000000) bin/swiftlet $(wildcard bin/boards/$(shell uname -m)/swiftlet)

test-boards: boards bin/swiftlet bin/swiftlet-bench bin/en-fr.swiftlet ## the boards' tests, under emulation
	@tools/boards/test $(BOARDS) wasm32

test-dist: dist ## whether archives are the same bytes, built again elsewhere
	@tools/dist/test

fuzz: ## fuzz every way in for bytes from outside; SECONDS=60 each, TARGET=name for one
	@SECONDS_EACH=$(SECONDS) TARGET=$(TARGET) tools/fuzz/run

fuzz-coverage: ## which lines of the readers the kept inputs of fuzzing reach
	@tools/fuzz/coverage

sanitize: ## the Swift tests under AddressSanitizer, under ThreadSanitizer, and not optimised
	@tools/sanitize

bench: all bin/en-fr.swiftlet ## measure models and kernels against this machine's roof
	@tools/bench/run

bench-peers: all bin/en-fr.swiftlet ## measure by turns with CTranslate2, ONNX Runtime and llama.cpp (installs them into .venv)
	@tools/bench/peers/run

bench-accuracy: all ## compare what int8 costs with CTranslate2's, ONNX Runtime's and llama.cpp's
	@tools/bench/peers/accuracy/run

lint: ## the formatter's rules
	$(SWIFT) format lint --recursive --strict Package.swift Sources tools Tests

clean: ## remove what was built
	rm -rf .build bin

help: ## this text
	@echo "make              build the host's programs into bin/"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 21
