package browser_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// noPages are rules of axe about what pages have around their content, and mails have not.
var noPages = []string{"region", "landmark-one-main"}

// Each mail is opened as a mail client shows it that loads no pictures: wide and on a phone, light and
// dark. Its text is full of long words.
func TestK3_EachMailCanBeReadInTheDarkAndWithoutPictures(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	longTicket(s)
	agent := s.Member("agent@example.com")
	agent.Post("/desk/tickets/7/recipients", url.Values{"email": {"joan@example.org"}}).Status(303)
	s.Visitor("").Post("/tickets/login", url.Values{"email": {"ada@example.org"}}).Status(303)
	s.Visitor("").Post("/ticket/thread/lost", url.Values{"email": {"ada@example.org"}}).Status(303)
	step(s)
	p := open(t, s, "", look{})
	p.expect("ERR_UNKNOWN_URL_SCHEME") // the logo, which a mail client finds inside
	script, err := axeScript()
	if err != nil {
		t.Fatalf("`make test` fetches axe-core: %v", err)
	}
	seen := map[string]bool{}
	for _, m := range s.Mailbox.Mails("") {
		subject := m.Header.Get("Subject")
		if seen[subject] {
			continue
		}
		seen[subject] = true
		name := fmt.Sprint("mail ", len(seen))
		p.do(chromedp.Navigate("data:text/html;charset=utf-8;base64,"+base64.StdEncoding.EncodeToString([]byte(m.HTML))),
			chromedp.Evaluate("document.documentElement.style.background = 'Canvas'", nil), // axe takes none for white
			chromedp.Evaluate(script+"; undefined", nil))
		p.shows("Acme")
		for _, l := range []look{{}, {dark: true}, {phone: true}, {phone: true, dark: true}} {
			p.emulate(l)
			for _, v := range p.axe() {
				if !slices.Contains(noPages, v.ID) {
					t.Errorf("%s, %v: %s", m.Text, l, v)
				}
			}
			p.shot(name)
		}
		p.fitsEveryScreen(name)
	}
	if len(seen) < 6 {
		t.Errorf("only %d kinds of mail were looked at", len(seen))
	}
}
