# Everything a person does with this repository. Each target installs what it needs (as root, from Debian's
# packages) or names what is missing.

CRATE := aicleaner_v3
# What ships is a static binary, so that is what is measured.
STATIC := $(shell uname -m)-unknown-linux-musl

# What `make test` and `make e2e` are made of, in this order. `.ci/run` runs and times them one by one.
TEST_STEPS := lint build-tests unit-tests crash-short
E2E_STEPS := real-parts e2e-tests

.NOTPARALLEL:
.PHONY: help demo dev test build-tests unit-tests crash-short crash steps lint generate art audit unused coverage sbom e2e real-parts e2e-tests e2e-any image test-image test-readme test-bump bump release bench storm-report gate-report

help: ## Say what there is
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 22

demo: ## See it work: a simulated home in one process (Ctrl-C ends it)
	@scripts/need.sh rust
	@[ -x "$${CARGO_TARGET_DIR:-$(CRATE)/target}/demo/examples/demo" ] || echo "Building the demo: about two minutes on two cores, the first time only …"
	cd $(CRATE) && cargo run --profile demo --locked --example demo

dev: ## Run it with the settings of ./settings.yaml and the data folder ./data
	@scripts/need.sh rust
	cd $(CRATE) && cargo run -- run --settings ../settings.yaml --data ../data

lint: ## Formatting and lints of everything: sources, scripts, workflows, image, licences, spelling
	@scripts/need.sh rust shellcheck
	cd $(CRATE) && cargo fmt --all -- --check
	cd $(CRATE) && cargo clippy --workspace --all-targets --locked -- -D warnings
	cd $(CRATE)/fuzz && CARGO_TARGET_DIR=../target cargo clippy --no-default-features --locked --quiet -- -D warnings
	git ls-files '*.sh' .ci/run | xargs shellcheck
	scripts/tools.sh lint actionlint
	scripts/tools.sh lint zizmor --offline --quiet --pedantic .github
	scripts/tools.sh lint hadolint $(CRATE)/Dockerfile
	scripts/tools.sh lint typos
	scripts/lint-words.sh --self-check
	scripts/lint-words.sh
	cd $(CRATE) && cargo test --locked --quiet --lib i18n::tests::check::pending -- --nocapture
	cd $(CRATE) && ../scripts/tools.sh lint cargo deny --log-level error check bans licenses sources

generate: ## Generate what comes from the settings: the app's options, their English texts, docs/configuration.md
	@scripts/need.sh rust
	cd $(CRATE) && UPDATE_GENERATED=1 cargo test --locked --lib settings::schema -- --skip every_language

art: ## Draw icon.png and logo.png from their sources in aicleaner_v3/art
	@scripts/need.sh rsvg-convert
	cd $(CRATE) && rsvg-convert --width 128 --height 128 art/icon.svg --output icon.png
	cd $(CRATE) && rsvg-convert --width 250 --height 100 art/logo.svg --output logo.png

audit: ## Licences, bans, sources, and known faults of dependencies (fetches the advisories)
	cd $(CRATE) && ../scripts/tools.sh lint cargo deny --log-level error check

unused: ## Dependencies that nothing uses
	cd $(CRATE) && ../scripts/tools.sh audit cargo machete

coverage: ## Tests with their coverage, which has a floor
	@scripts/need.sh rust mosquitto
	rustup component add llvm-tools-preview
	cd $(CRATE) && ../scripts/tools.sh coverage cargo llvm-cov --workspace --locked --fail-under-lines 80

sbom: ## List what the program is made of: aicleaner_v3/aicleaner.cdx.json
	scripts/sbom.sh

test: $(TEST_STEPS) ## All that must hold: formatting, lints, unit, property, snapshot, integration and crash tests

build-tests: ## Compile the tests without running them
	@scripts/need.sh rust
	cd $(CRATE) && cargo test --workspace --locked --no-run

unit-tests: ## Unit, property, snapshot and integration tests
	@scripts/need.sh rust mosquitto
	cd $(CRATE) && cargo test --workspace --locked

crash-short: ## The crash test in its short form
	@scripts/need.sh rust mosquitto
	cd $(CRATE) && cargo test --locked --features fault-points --test crash

crash: ## Kill it a thousand times while it works, and count what is lost or doubled
	@scripts/need.sh rust mosquitto
	cd $(CRATE) && CRASH_KILLS=$${CRASH_KILLS:-1000} cargo test --locked --features fault-points --test crash -- --nocapture

e2e: $(E2E_STEPS) ## The same binary on a real Home Assistant and a real mosquitto (as root)

real-parts: ## Install the real Home Assistant and what else the end-to-end tests run on (as root)
	@scripts/need.sh rust mosquitto
	$(CRATE)/testkit/real/prepare.sh

e2e-tests: ## The end-to-end tests, on what `make real-parts` has installed
	@scripts/need.sh rust mosquitto
	cd $(CRATE) && cargo test --workspace --locked --lib --test it --test real --test e2e -- --ignored --test-threads=1

steps: # The steps that a change must pass, for .ci/run
	@echo $(TEST_STEPS) $(E2E_STEPS)

e2e-any: real-parts ## The end-to-end tests alone, on AICLEANER_HOME_ASSISTANT_VERSION of Home Assistant
	cd $(CRATE) && cargo test --locked --test e2e -- --ignored --test-threads=1

image: ## Build the app's image for both architectures, without a registry
	@scripts/need.sh rust nasm container-tools
	scripts/image.sh

test-image: ## Run the images for real: user, capabilities, health, stop, size, memory (as root)
	@scripts/need.sh rust container-tools qemu-aarch64 apparmor_parser
	cd $(CRATE) && cargo test --locked --test image -- --ignored --test-threads=1 --nocapture

test-readme: ## The README's two commands on a bare Debian 12 with git, make and Rust (as root)
	scripts/test-readme.sh

test-bump: ## Try `make bump` in a scratch clone
	@scripts/need.sh rust
	scripts/test-bump.sh

bump: ## Make the next version: LEVEL=patch, minor or major
	@scripts/bump.sh $(LEVEL)

release: ## Push the tag of the version that `make bump` made: the release follows by itself
	git push origin "refs/tags/v$$(scripts/version.sh)"

bench: ## Measure: prints tables and writes aicleaner_v3/target/reports/*.json
	@scripts/need.sh rust nasm musl-gcc mosquitto
	cd $(CRATE) && rustup target add $(STATIC)
	cd $(CRATE) && AICLEANER_PEERS_PYTHON="$$(../scripts/bench-peers.sh)" AICLEANER_BENCH_SECONDS="$${AICLEANER_BENCH_SECONDS:-120}" \
		cargo bench --locked --target $(STATIC) --bench spine --bench vision --bench memory --bench home
	cd $(CRATE) && cargo run --release --locked --quiet --example bench_tasks

storm-report: ## A simulated day with an hour of each fault of a provider: calls made, answers kept, recovery
	@scripts/need.sh rust
	cd $(CRATE) && cargo run --release --locked --quiet --example storm-report

gate-report: ## What the gate notices and costs on 40 simulated days: aicleaner_v3/target/reports/gate.{json,svg}
	@scripts/need.sh rust
	cd $(CRATE) && cargo run --release --locked --quiet --example gate_report
