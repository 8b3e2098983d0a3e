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

	"deskbell/handlers/handlerstest"
)

// process is the one Chromium of this test binary, started before the first test. Each tab has
// cookies and storage of its own in it.
var process context.Context

func TestMain(m *testing.M) { os.Exit(inChromium(m)) }

// world is where Discord and Slack are, under their real names.
var world *handlerstest.World

func inChromium(m *testing.M) int {
	var err error
	if world, err = handlerstest.NewWorld(); err != nil {
		fmt.Fprintf(os.Stderr, "start the world outside: %v\n", err)
		return 1
	}
	defer world.Close()
	// Why not Chromium's sandbox: it refuses to start for root, as which containers run tests. The
	// pages are our own.
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// No request leaves the machine: names with TLS are those of the world, all others are the server's.
		chromedp.Flag("host-resolver-rules", "MAP *:443 "+world.Address+", MAP * 127.0.0.1"),
		chromedp.Flag("ignore-certificate-errors-spki-list", world.Key),
		// Cookies of other sites are blocked, as more and more browsers do.
		chromedp.Flag("test-third-party-cookie-phaseout", true),
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
