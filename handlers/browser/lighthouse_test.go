package browser_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// The pages that customers and the team see most pass Lighthouse, on its phone with a slow line: everything but speed
// wholly, since no other work changes that.
func TestI1_LighthouseFindsNothingOnTheMainPages(t *testing.T) { // not parallel: it measures
	s := handlerstest.Start(t)
	mailed := longTicket(s)
	p := open(t, s, "", look{})
	link, _ := askLogin(p, s, "ada@example.org")
	p.visit(link)
	p.until("location.pathname === '/tickets'")
	signIn(p, "admin@example.com")
	var cookies []*network.Cookie
	p.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		cookies, err = network.GetCookies().Do(ctx)
		return err
	}))
	var cookie []string
	for _, c := range cookies {
		cookie = append(cookie, c.Name+"="+c.Value)
	}
	for _, page := range measured {
		t.Run(strings.Trim(page.route, "/"), func(t *testing.T) {
			scores := lighthouse(t, s.Origin("")+cmp.Or(page.path, mailed.thread), strings.Join(cookie, "; "))
			for category, least := range map[string]float64{"accessibility": 1, "best-practices": 1, "performance": 0.98, "seo": 1} {
				if category == "seo" && !page.indexed {
					continue
				}
				if got := scores[category]; got.score < least {
					t.Errorf("%s is %.2f: %s", category, got.score, strings.Join(got.failed, "; "))
				}
			}
		})
	}
}

// rating is Lighthouse's score of a category, from 0 to 1, and what it lacks to the whole.
type rating struct {
	score  float64
	failed []string
}

// lighthouse returns its ratings of a page. A bad one for speed, or none, is asked for again, three times at most: it
// says how busy the machine was.
func lighthouse(t *testing.T, url, cookie string) map[string]rating {
	t.Helper()
	ratings := map[string]rating{}
	var failed error
	for range 4 {
		var measured lighthouseReport
		if measured, failed = report(t, url, cookie); failed != nil {
			continue
		}
		for category, r := range measured.ratings() {
			if best, ok := ratings[category]; !ok || category == "performance" && r.score > best.score {
				ratings[category] = r
			}
		}
		if ratings["performance"].score >= 0.98 {
			break
		}
	}
	if len(ratings) == 0 {
		t.Fatal(failed)
	}
	return ratings
}

// lighthouseReport is what of its report is read.
type lighthouseReport struct {
	Audits map[string]struct {
		Score        *float64
		Title        string
		DisplayValue string
	}
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	RuntimeError struct{ Message string }
}

func (r lighthouseReport) ratings() map[string]rating {
	all := map[string]rating{}
	for name, category := range r.Categories {
		one := rating{score: category.Score}
		for _, ref := range category.AuditRefs {
			if audit := r.Audits[ref.ID]; ref.Weight > 0 && audit.Score != nil && *audit.Score < 1 {
				one.failed = append(one.failed, fmt.Sprintf("%s %.2f %s", audit.Title, *audit.Score, audit.DisplayValue))
			}
		}
		all[name] = one
	}
	return all
}

// report has Lighthouse look at a page. It errs where the page did not load well enough to be rated.
func report(t *testing.T, url, cookie string) (r lighthouseReport, err error) {
	t.Helper()
	dir := t.TempDir()
	headers, err := json.Marshal(map[string]string{"Cookie": cookie})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "report.json")
	run := exec.CommandContext(t.Context(), "node", "../../node_modules/lighthouse/cli/index.js", url, "--quiet", "--output=json",
		"--output-path="+path, "--extra-headers="+string(headers),
		"--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-component-update --host-resolver-rules='MAP * 127.0.0.1'")
	run.Env = append(os.Environ(), "CHROME_PATH="+chromium(t))
	said, err := run.CombinedOutput()
	if content, readErr := os.ReadFile(path); readErr != nil {
		err = errors.Join(err, readErr)
	} else {
		err = errors.Join(err, json.Unmarshal(content, &r))
	}
	if r.RuntimeError.Message != "" {
		err = errors.Join(err, errors.New(r.RuntimeError.Message))
	}
	if err != nil {
		return r, fmt.Errorf("no report of Lighthouse, which `make test` installs: %w\n%s", err, said)
	}
	return r, nil
}

// chromium is the program that the other tests use too.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("there is no Chromium: `make browser` installs it")
	return ""
}
