// Package browser_test drives the real server with a real Chromium, as people do: with and without
// JavaScript, on a wide screen and on a phone. It holds tests alone. A page that fails is kept as a picture in
// test-output; DESKBELL_SCREENSHOTS names a folder for pictures of every page.
package browser_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// process is the one Chromium of this test binary, started before the first test. Each tab has
// cookies and storage of its own in it.
var process context.Context

func TestMain(m *testing.M) { os.Exit(inChromium(m)) }

func inChromium(m *testing.M) int {
	// Why not Chromium's sandbox: it refuses to start for root, as which containers run tests. The
	// pages are our own.
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * 127.0.0.1"), // no request leaves the machine
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	defer stop()
	chromium, end := chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Run(chromium); err != nil {
		fmt.Fprintf(os.Stderr, "start Chromium (`make browser` installs it): %v\n", err)
		return 1
	}
	process = chromium
	return m.Run()
}
