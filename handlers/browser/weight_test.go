package browser_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// load is what Chromium has received for one URL: head and body, as they came.
type load struct {
	url   string
	kind  network.ResourceType
	bytes int64
}

// weigh opens a path and returns what came over the wire for it.
func weigh(p *tab, path string) []load {
	p.t.Helper()
	var mu sync.Mutex
	asked, cached, came := map[network.RequestID]load{}, map[network.RequestID]bool{}, []load{}
	chromedp.ListenTarget(p.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventResponseReceived:
			if !e.Response.FromDiskCache && !cached[e.RequestID] {
				asked[e.RequestID] = load{url: e.Response.URL, kind: e.Type}
			}
		case *network.EventRequestServedFromCache:
			cached[e.RequestID] = true
		case *network.EventLoadingFinished:
			if l, ok := asked[e.RequestID]; ok {
				l.bytes = int64(e.EncodedDataLength)
				came = append(came, l)
				delete(asked, e.RequestID)
			}
		}
	})
	p.visit(path)
	p.until("document.readyState === 'complete' && performance.getEntriesByType('paint').length > 0")
	mu.Lock()
	defer mu.Unlock()
	return slices.Clone(came)
}

// weight adds loads up, and reports what is above most.
func weight(t *testing.T, what string, most int64, loads []load) {
	t.Helper()
	var sum int64
	for _, l := range loads {
		sum += l.bytes
	}
	if sum == 0 || sum > most {
		t.Errorf("%s weighs %d bytes, and may weigh %d: %v (`make` compresses changed assets anew)", what, sum, most, loads)
	}
	t.Logf("%s: %d bytes in %d requests %v", what, sum, len(loads), loads)
}

// withoutLogo leaves out the workspace's own picture, which is as large as the team's is.
func withoutLogo(loads []load) []load {
	return slices.DeleteFunc(loads, func(l load) bool { return strings.Contains(l.url, "/logo/") })
}

func TestA1_TheFormIsLightToLoad(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	first := withoutLogo(weigh(p, "/ticket/support"))
	if len(first) > 5 {
		t.Errorf("the form takes %d requests: %v", len(first), first)
	}
	weight(t, "the first load", 32<<10, first)
	var painted []load
	for _, l := range first {
		if l.kind == network.ResourceTypeDocument || l.kind == network.ResourceTypeStylesheet { // a paint waits for no other
			painted = append(painted, l)
		}
	}
	weight(t, "what stands before the first paint", 12<<10, painted)
	p.is("document.querySelector('script[src*=pages]').defer")
	p.until("window.htmx")

	p.do(chromedp.Navigate("about:blank"))
	weight(t, "a return", 5<<10, weigh(p, "/ticket/support"))
}

func TestA1_WhatTheFormHasLoadedTheThreadHas(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@new.example", "The shelf is empty")
	p := open(t, s, "", look{})
	weigh(p, "/ticket/support")
	for _, l := range weigh(p, thread) {
		if strings.Contains(l.url, "/static/pages.") || strings.Contains(l.url, "/static/portal.") {
			t.Errorf("%s is loaded once more", l.url)
		}
	}
}
