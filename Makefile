# Deskbell's commands. `make help` lists them.

TAGS    := sqlite_fts5
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO      := CGO_ENABLED=1 go
HTMX    := static/vendor/htmx.min.js
# Packages with tests that need no browser; the browser journeys come last.
TESTS   := ./...

.PHONY: help run build test check lint bench dev race browser screenshots clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## build and start the demo on http://localhost:8080
	DESKBELL_DEMO=1 bin/deskbell serve

build: $(HTMX) ## build bin/deskbell
	$(GO) build -trimpath -tags $(TAGS) -ldflags "-s -w -X main.version=$(VERSION)" -o bin/deskbell .

test: $(HTMX) browser ## run every test, in a real browser too
	$(GO) test -tags $(TAGS) $(TESTS)

race: $(HTMX) ## run the tests of data and jobs under the race detector
	$(GO) test -race -tags $(TAGS) ./db/... ./jobs/...

lint: $(HTMX) ## look for mistakes without running anything
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt would change these files"; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) tool staticcheck -tags $(TAGS) ./...

check: lint build test race ## all that must pass before a change lands

bench: $(HTMX) ## measure, beside what the machine can do at best
	$(GO) run -tags $(TAGS) ./handlers/bench

dev: $(HTMX) ## run the demo with templates and assets read from disk at each request
	DESKBELL_DEMO=1 $(GO) run -tags $(TAGS) . serve -dev

screenshots: $(HTMX) browser ## make the README's pictures anew
	$(GO) run -tags $(TAGS) ./docs/screenshots

clean: ## remove what was built; data stays
	rm -rf bin node_modules static/vendor test-output

# What the pages load comes from npm, pinned by package-lock.json.
$(HTMX): package.json package-lock.json
	npm ci --ignore-scripts --no-fund --no-audit
	mkdir -p static/vendor
	cp node_modules/htmx.org/dist/htmx.min.js $@
	touch $@

# The tests need a Chromium; Debian has one.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ echo "installing Chromium for the browser tests"; sudo=$$(command -v sudo || true); \
		  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq chromium >/dev/null; }
