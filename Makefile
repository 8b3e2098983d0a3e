# Deskbell's commands. `make help` lists them.

TAGS    := sqlite_fts5
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO      := CGO_ENABLED=1 go
# For builds and tests alike, so that SQLite is compiled once for both.
export GOFLAGS := -trimpath
HTMX    := static/vendor/htmx.min.js
PACKED  := static/vendor/packed/.made
S3      := bin/versitygw
COPIER  := bin/litestream
PEBBLE  := bin/pebble
AUDIT   := bin/golangci-lint
AXE     := node_modules/axe-core/axe.min.js
NPM_CI  := npm ci --ignore-scripts --no-fund --no-audit

.PHONY: help run build test check drill image lint bench dev race crash crowd audit spam browser screenshots gallery clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## build and start the demo on http://localhost:8080
	DESKBELL_DEMO=1 bin/deskbell serve

build: $(PACKED) ## build bin/deskbell
	$(GO) build -tags $(TAGS) -ldflags "-s -w -X main.version=$(VERSION)" -o bin/deskbell .

test: $(PACKED) $(AXE) $(S3) $(COPIER) $(PEBBLE) browser ## run every test, in a real browser too
	$(GO) test -timeout 20m -tags $(TAGS) ./...

# Previews are left out: they share nothing, and decoding large pictures under the detector takes minutes.
race: $(PACKED) $(S3) ## run the tests of data and jobs under the race detector
	$(GO) test -race -tags $(TAGS) $$($(GO) list -tags $(TAGS) ./db/... ./jobs/... | grep -v /preview)

# CYCLES is how often it is killed; SEED, which each run prints, makes the same files and moments again.
crash: $(PACKED) ## kill the program under load again and again, and look for what it had promised
	DESKBELL_CRASH_CYCLES=$(or $(CYCLES),100) DESKBELL_CRASH_SEED=$(SEED) $(GO) test -tags $(TAGS) -count=1 -timeout 60m -v -run 'G2_KilledDuringUploads' .

spam: $(PACKED) ## look at each kind of mail with SpamAssassin, which you install yourself
	@command -v spamassassin >/dev/null || { echo "make spam needs SpamAssassin; on Debian: apt-get install spamassassin"; exit 1; }
	$(GO) test -tags $(TAGS),spam -run 'NoSpamRuleFires' -v -count=1 ./jobs

lint: $(PACKED) ## look for mistakes without running anything
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt would change these files"; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) vet -tags $(TAGS),spam ./jobs
	$(GO) vet -tags $(TAGS),image .
	$(GO) tool staticcheck -tags $(TAGS) ./...

audit: $(HTMX) $(AUDIT) ## look for holes with gosec and golangci-lint; tools/audit.yml says what and why not
	$(AUDIT) run -c tools/audit.yml ./...

check: lint build test race ## all that must pass before a change lands

drill: $(PACKED) $(S3) $(COPIER) ## kill everything under load, lose the disk, restore from the replica; prints figures
	DESKBELL_DRILL=$${DESKBELL_DRILL:-20s} $(GO) test -tags $(TAGS) -count=1 -v -run 'O7_Drill' .

image: ## build the container image, without a Docker engine too, and do the main job in it
	image/build
	image/try

bench: $(PACKED) ## measure, beside what the machine can do at best
	$(GO) run -tags $(TAGS) ./handlers/bench

dev: $(PACKED) ## run the demo with templates and assets read from disk at each request
	DESKBELL_DEMO=1 $(GO) run -tags $(TAGS) . serve -dev

screenshots: $(PACKED) browser ## make the README's pictures anew
	$(GO) run -tags $(TAGS) ./docs/screenshots

gallery: $(PACKED) $(AXE) browser ## make pictures of every page in every look, on one page: test-output/gallery/index.html
	rm -rf test-output/gallery
	DESKBELL_SCREENSHOTS=$(CURDIR)/test-output/gallery $(GO) test -tags $(TAGS) -count=1 -run 'EveryPage|EveryState|GermanPagesFit|TextOfTwice' ./handlers/browser
	cd test-output/gallery && { echo '<!doctype html><meta charset="utf-8"><title>Gallery</title><style>body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}img{inline-size:24rem;border:1px solid}figure{inline-size:24rem;margin:0}</style>'; \
		for file in *.png; do printf '<figure><figcaption>%s</figcaption><a href="%s"><img loading="lazy" src="%s" alt=""></a></figure>\n' "$$file" "$$file" "$$file"; done; } > index.html

clean: ## remove what was built; data stays
	rm -rf bin node_modules static/vendor test-output

# What the pages load comes from npm, pinned by package-lock.json.
$(HTMX): package.json package-lock.json
	$(NPM_CI)
	mkdir -p static/vendor
	cp node_modules/htmx.org/dist/htmx.min.js $@
	touch $@ $(AXE)

# The assets by brotli, which the build embeds. Without them, or with older ones, assets go out by gzip.
$(PACKED): $(HTMX) static/app.css static/icon.svg $(wildcard static/*.js static/*.go) static/pack/main.go
	CGO_ENABLED=0 go run ./static/pack
	touch $@

# What the browser tests look at pages with. Waits for htmx, so that npm runs once for both.
$(AXE): package.json package-lock.json | $(HTMX)
	$(NPM_CI)
	touch $@

# The tests need an S3 server. It has a module file of its own, so that nothing of it comes near the
# program; a new version is a change of that file. Built without optimising, in half the time.
$(S3): db/files/filestest/versitygw.mod db/files/filestest/versitygw.sum
	$(GO) build -modfile=$< '-gcflags=github.com/...=-N -l' -o $@ github.com/versity/versitygw/cmd/versitygw
	touch $@

# A certificate authority for the tests, in the same way.
$(PEBBLE): handlers/handlerstest/pebble.mod handlers/handlerstest/pebble.sum
	CGO_ENABLED=0 go build -modfile=$< -o $@ github.com/letsencrypt/pebble/v2/cmd/pebble
	touch $@

# What keeps replicas, pinned in a module file of its own, so that nothing of it comes near the program. The
# image builds it by this rule too.
$(COPIER): replica/litestream.mod replica/litestream.sum
	CGO_ENABLED=0 go build -modfile=$< -ldflags '-s -w' -o $@ github.com/benbjohnson/litestream/cmd/litestream
	touch $@

# IDLE and POLLS are how many connections stay idle, and how many threads poll while tickets are opened.
crowd: $(HTMX) ## let 10,000 connections stay idle, and 1,000 threads poll while tickets are opened
	DESKBELL_IDLE=$(or $(IDLE),10000) DESKBELL_POLLS=$(or $(POLLS),1000) $(GO) test -tags $(TAGS) -count=1 -v -run 'P5_IdleConnections|I4_ManyPoll' .

# gosec is one of the linters in it. Pinned in a module file of its own, so that nothing of it comes near the
# program; built without optimising, in half the time, which is still some minutes.
$(AUDIT): tools/audit.mod tools/audit.sum
	$(GO) build -modfile=$< '-gcflags=github.com/...=-N -l' -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	touch $@

# The tests need a Chromium; Debian has one.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ echo "installing Chromium for the browser tests"; sudo=$$(command -v sudo || true); \
		  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq chromium >/dev/null; }
