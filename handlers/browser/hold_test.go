package browser_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"sync/atomic"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// held are answers that the server has given and that have not come to the tab yet.
type held struct {
	p       *tab
	arrived atomic.Int32
}

// hold keeps back the answers to requests whose URL fits a pattern (* is any text) until release,
// for the pages that are opened from now on: one that is open hears of it too late to rely on.
func (p *tab) hold(pattern string) *held {
	p.t.Helper()
	h := &held{p: p}
	chromedp.ListenTarget(p.ctx, func(event any) {
		if _, ok := event.(*fetch.EventRequestPaused); ok {
			h.arrived.Add(1)
		}
	})
	p.do(fetch.Enable().WithPatterns([]*fetch.RequestPattern{
		{URLPattern: pattern, RequestStage: fetch.RequestStageResponse},
	}))
	return h
}

// wait waits until so many answers have been given.
func (h *held) wait(answers int32) {
	h.p.t.Helper()
	h.p.eventually(fmt.Sprintf("%d answers", answers), func(context.Context) bool {
		return h.arrived.Load() >= answers
	})
}

// release lets the answers go on.
func (h *held) release() { h.p.t.Helper(); h.p.do(fetch.Disable()) }

// replaced answers each request with something else than the server has said.
func (h *held) replaced(body string, status int64) {
	chromedp.ListenTarget(h.p.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			go chromedp.Run(h.p.ctx, fetch.FulfillRequest(e.RequestID, status).WithBody(base64.StdEncoding.EncodeToString([]byte(body))))
		}
	})
}
