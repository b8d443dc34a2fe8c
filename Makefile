# Everything is installed into .venv of this checkout. A fresh machine needs Python 3.11, make, and the system
# libraries that README.md names.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
SHARED ?= $(DEEPPNEUMO_SHARED)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test lint bench train evaluate card package self-test bench-package record samples screenshots format clean

run: .venv/run.stamp
	$(BIN)/python -m deeppneumo_gui.showcase resources/samples

test: .venv/dev.stamp
	$(BIN)/python -m pytest

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# SHARED, or DEEPPNEUMO_SHARED in the environment, names a folder with `originals`; synthetic images stand in for them.
bench: .venv/bench.stamp
	DEEPPNEUMO_SHARED="$(SHARED)" $(BIN)/python -m tests.bench

# make train DATA=folder [RECIPE=best] [INIT=imagenet] [TEACHERS="run run"] [OUT=out/best] [RESUME=1]
# The whole recipe, the bundle OUT/model.bundle with everything in it, and then `evaluate` on the run's own split.
# Ours has two stages: a run of `best` goes on by `focus`, with itself as the teacher, in OUT/focus.
RECIPE ?= best
INIT ?= imagenet
OUT ?= out/$(RECIPE)
LAST_STAGE = $(if $(filter best,$(RECIPE)),$(OUT)/focus,$(OUT))
train: .venv/dev.stamp
	$(if $(DATA),,$(error Say where the radiographs lie: make $@ DATA=folder))
	$(BIN)/deeppneumo-train --data "$(DATA)" --recipe "$(RECIPE)" --out "$(OUT)" \
		$(if $(RESUME),--resume,--init "$(INIT)") $(if $(TEACHERS),--teachers $(TEACHERS))
	$(if $(filter best,$(RECIPE)),$(BIN)/deeppneumo-train --data "$(DATA)" --recipe focus --out "$(OUT)/focus" \
		$(if $(and $(RESUME),$(wildcard $(OUT)/focus/last.json)),--resume,--init "$(OUT)") --teachers "$(OUT)")
	$(BIN)/deeppneumo-export --checkpoint "$(LAST_STAGE)" --data "$(DATA)" --out "$(OUT)/model.bundle"
	$(MAKE) evaluate DATA="$(DATA)" MODEL="$(OUT)/model.bundle" SPLIT="$(LAST_STAGE)/split.csv" REPORT="$(OUT)"

# make evaluate DATA=folder [MODEL=bundle] [SPLIT=official|FILE|all] [REPORT=out]
# Into REPORT: evaluation/ (report.html), examination/ (examination.md) and the model card made of both. What lies beside
# DATA under these names is used: lung masks, the originals, and pictures of other things (photos, knees, other).
MODEL ?= resources/models/deeppneumo-resnet18.bundle
SPLIT ?= training/splits/kermany-seed42.csv
REPORT ?= out
MASKS ?= $(wildcard $(DATA)/../lung_masks)
ORIGINALS ?= $(wildcard $(DATA)/../originals)
NOT_CHEST ?= $(wildcard $(DATA)/../not_chest)
MEASURED = --data "$(DATA)" --model "$(MODEL)" --split "$(SPLIT)"
evaluate: .venv/dev.stamp
	$(if $(DATA),,$(error Say where the radiographs lie: make $@ DATA=folder))
	$(BIN)/deeppneumo-evaluate $(MEASURED) --out "$(REPORT)/evaluation"
	$(BIN)/deeppneumo-examine $(MEASURED) --out "$(REPORT)/examination" \
		$(if $(MASKS),--masks "$(MASKS)") $(if $(ORIGINALS),--originals "$(ORIGINALS)") \
		$(if $(NOT_CHEST),--not-chest "$(NOT_CHEST)")
	$(MAKE) card CARD="$(REPORT)"

# make card [CARD=resources] [REPORT=out]: the model card anew, from what `evaluate` left in REPORT. Beside the figures of
# the model that comes with the program stand those of other training seeds; SEEDS are the card.json of their bundles.
CARD ?= resources
SEEDS ?= $(if $(filter resources/models/%,$(MODEL)),$(wildcard training/seeds/*.json))
card: .venv/dev.stamp
	$(BIN)/python -m training.card --bundle "$(MODEL)" --out "$(CARD)" \
		--evaluation "$(REPORT)/evaluation" --examination "$(REPORT)/examination" $(if $(SEEDS),--seeds $(SEEDS))

# The program as a folder, and an archive of it that has version and platform in its name.
DIST ?= dist
# Without the columns of every instruction, which only tracebacks show, modules take less memory.
package bench-package: export PYTHONNODEBUGRANGES = 1
package: .venv/package.stamp
	$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath $(DIST) build.spec
	$(BIN)/python -m resources.installer.archive $(DIST)

self-test: package
	.ci/self-test $(DIST)/DeepPneumo-*.tar.xz

# Sizes, start and memory of the packaged program, against a bare window that is packaged the same way. Needs Xvfb
# and xdotool.
bench-package: package
	$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath $(DIST) tests/bench/bare.spec
	$(BIN)/python -m tests.bench.package $(DIST)

# What the self-test compares with; to be made anew with every model and every change of the samples.
record: .venv/dev.stamp
	$(BIN)/python -m deeppneumo_gui.selftest --record

samples: .venv/dev.stamp
	$(BIN)/python -m training.make_samples

screenshots: .venv/run.stamp
	$(BIN)/python -m deeppneumo_gui.screenshots --out screenshots resources/samples

clean:
	rm -rf .venv build dist out screenshots

.venv/pip.stamp:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	touch $@

.venv/run.stamp: .venv/pip.stamp pyproject.toml constraints.txt
	$(INSTALL) --editable .
	touch $@

.venv/dev.stamp: .venv/pip.stamp pyproject.toml constraints.txt
	$(INSTALL) --editable ".[dev]"
	touch $@ .venv/run.stamp

.venv/package.stamp: .venv/pip.stamp pyproject.toml constraints.txt
	$(INSTALL) --editable ".[package]"
	touch $@ .venv/run.stamp

.venv/bench.stamp: .venv/dev.stamp
	$(INSTALL) --editable ".[bench]"
	touch $@
