// Command screenshots makes the pictures of the README: it starts the real server on an empty folder
// with the demo, at a fixed time, and photographs it with Chromium. Run it by `make screenshots`, from
// the repository's root.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// folder is where the pictures go, from the repository's root.
const folder = "docs/screenshots"

// timeout bounds the whole run: a page that never loads is an error, not a wait.
const timeout = 2 * time.Minute

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	data, err := os.MkdirTemp("", "deskbell-screenshots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	d, err := startDemo(ctx, data)
	if err != nil {
		return fmt.Errorf("start the demo: %w", err)
	}
	defer func() { err = errors.Join(err, d.close()) }()
	ctx, closeBrowser := openBrowser(ctx)
	defer closeBrowser()
	portal, err := d.portal(ctx)
	if err != nil {
		return fmt.Errorf("photograph the portal: %w", err)
	}
	desk, err := d.desk(ctx)
	if err != nil {
		return fmt.Errorf("photograph the desk: %w", err)
	}
	return errors.Join(save("portal.png", portal), save("desk.png", desk))
}

// openBrowser starts a Chromium that shows light pages. It runs without its sandbox, which containers
// refuse it: it opens the demo's own pages alone.
func openBrowser(ctx context.Context) (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	ctx, closeTab := chromedp.NewContext(ctx)
	return ctx, func() { closeTab(); stop() }
}

// portal is the creation form, half filled in, beside a ticket's thread.
func (d *demo) portal(ctx context.Context) ([]byte, error) {
	thread, err := d.thread(ctx)
	if err != nil {
		return nil, err
	}
	var form, conversation []byte
	err = chromedp.Run(ctx, light(720, 900),
		chromedp.Navigate(d.origin+"/ticket/support"),
		chromedp.SendKeys("#email", "ada@example.org"),
		chromedp.SendKeys("#name", "Ada Byron"),
		chromedp.SendKeys("#title", "How do I move a shelf to another room?"),
		chromedp.SendKeys("#description", "We are moving offices and want to keep our labels.\n\nIs there a way to move a whole shelf, with everything on it?"),
		unfocus(), chromedp.CaptureScreenshot(&form),
		chromedp.Navigate(d.origin+thread),
		chromedp.WaitVisible("#reply"), chromedp.CaptureScreenshot(&conversation))
	if err != nil {
		return nil, err
	}
	return sideBySide(form, conversation)
}

// desk is the ticket page of an agent.
func (d *demo) desk(ctx context.Context) ([]byte, error) {
	var ticket []byte
	err := chromedp.Run(ctx, light(1280, 960),
		chromedp.Navigate(d.origin+"/desk/login"),
		chromedp.SendKeys("#email", "agent@example.com"),
		chromedp.SendKeys("#password", demoPassword),
		chromedp.Submit("#form"), chromedp.WaitVisible(".filters"),
		chromedp.Navigate(d.origin+"/desk/tickets/1"),
		chromedp.WaitVisible("#composer"), chromedp.CaptureScreenshot(&ticket))
	if err != nil {
		return nil, err
	}
	return smaller(ticket)
}

// light sets the window's size, in pixels, and asks for light pages without motion.
func light(width, height int64) chromedp.Action {
	return chromedp.Tasks{
		chromedp.EmulateViewport(width, height),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: "light"}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}),
	}
}

// unfocus takes the focus away and goes back to the top, so that no blinking cursor is in the picture.
func unfocus() chromedp.Action {
	return chromedp.Evaluate(`document.activeElement.blur(); scrollTo(0, 0)`, nil)
}

func save(name string, picture []byte) error {
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s, %d KB\n", path, len(picture)/1000)
	return nil
}
