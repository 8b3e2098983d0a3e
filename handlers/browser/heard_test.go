package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// heard is what a tab's console, content policy and network complained about, and the requests it sent.
type heard struct {
	mu         sync.Mutex
	complaints []string
	expected   []string
	requests   []string // method and URL
}

// listen takes the tab's events.
func (h *heard) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var words []string
		for _, arg := range e.Args {
			words = append(words, string(arg.Value)+arg.Description)
		}
		h.complain("console %s: %s", e.Type, strings.Join(words, " "))
	case *runtime.EventExceptionThrown:
		h.complain("exception: %s", e.ExceptionDetails.Error())
	case *log.EventEntryAdded: // violations of the content policy and answers of 400 and above among them
		if e.Entry.Level == log.LevelWarning || e.Entry.Level == log.LevelError {
			h.complain("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled { // a page that goes away cancels what it was loading
			h.complain("request failed: %s %s %s", e.Type, e.ErrorText, e.BlockedReason)
		}
	case *network.EventRequestWillBeSent:
		h.mu.Lock()
		defer h.mu.Unlock()
		h.requests = append(h.requests, e.Request.Method+" "+e.Request.URL)
	}
}

func (h *heard) complain(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.complaints = append(h.complaints, fmt.Sprintf(format, args...))
}

func (h *heard) expect(complaints ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.expected = append(h.expected, complaints...)
}

// sent counts the requests of a method whose URL contains a text.
func (h *heard) sent(method, part string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, request := range h.requests {
		if strings.HasPrefix(request, method+" ") && strings.Contains(request, part) {
			n++
		}
	}
	return n
}

// all is everything that was complained about.
func (h *heard) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.complaints)
}

// wrong returns the complaints that nobody expected, and the expected ones that never came.
func (h *heard) wrong() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var wrong []string
	for _, complaint := range h.complaints {
		if !slices.ContainsFunc(h.expected, func(part string) bool { return strings.Contains(complaint, part) }) {
			wrong = append(wrong, complaint)
		}
	}
	for _, part := range h.expected {
		if !slices.ContainsFunc(h.complaints, func(c string) bool { return strings.Contains(c, part) }) {
			wrong = append(wrong, "expected and never heard: "+part)
		}
	}
	return wrong
}

// close ends a tab's test: complaints fail it, and a failed page is kept as a picture.
func (p *tab) close() {
	// Events come in order: an answer to a question means that all before it have been heard.
	ctx, cancel := context.WithTimeout(p.ctx, deadline)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.Evaluate("1", nil)); err != nil {
		p.t.Errorf("%v: the tab ended early: %v", p.look, err)
	}
	for _, complaint := range p.heard.wrong() {
		p.t.Errorf("%v: %s", p.look, complaint)
	}
	if p.t.Failed() {
		p.picture("../../test-output", "failed", wholePage)
	}
}

// shot keeps a picture of the whole page where DESKBELL_SCREENSHOTS names a folder.
func (p *tab) shot(name string) {
	p.t.Helper()
	if folder := os.Getenv("DESKBELL_SCREENSHOTS"); folder != "" {
		p.picture(folder, name, wholePage)
	}
}

// shotOfWindow takes what is in the window alone. A picture of the whole page resets the size of text.
func (p *tab) shotOfWindow(name string) {
	p.t.Helper()
	if folder := os.Getenv("DESKBELL_SCREENSHOTS"); folder != "" {
		p.picture(folder, name, func(png *[]byte) chromedp.Action { return chromedp.CaptureScreenshot(png) })
	}
}

func wholePage(png *[]byte) chromedp.Action { return chromedp.FullScreenshot(png, 100) }

func (p *tab) picture(folder, name string, take func(png *[]byte) chromedp.Action) {
	ctx, cancel := context.WithTimeout(p.ctx, deadline)
	defer cancel()
	var png []byte
	if err := chromedp.Run(ctx, take(&png)); err != nil {
		p.t.Logf("no picture: %v", err)
		return
	}
	file := strings.Map(func(r rune) rune {
		if strings.ContainsRune(` /\:"`, r) {
			return '-'
		}
		return r
	}, fmt.Sprintf("%s %s %v.png", p.t.Name(), name, p.look))
	err := os.MkdirAll(folder, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, file), png, 0o644)
	}
	if err != nil {
		p.t.Logf("no picture: %v", err)
	}
}
