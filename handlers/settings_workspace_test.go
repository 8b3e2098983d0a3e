package handlers_test

import (
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const workspacePage = "/desk/settings/workspace"

func TestN_ANewNameStandsOnPublicPagesAndInMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, workspacePage, map[string]string{"name": " Acme &  Söhne "})
	v := s.Visitor("")
	v.Get("/ticket/support").Status(200).Has("Acme &amp; Söhne")
	v.OpenTicket("support", "nobody@example.org", "Who are you?")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "nobody@example.org")
	if !strings.Contains(mail.Text, "Acme & Söhne") {
		t.Errorf("the mail does not say the new name:\n%s", mail.Text)
	}
	s.Visitor("globex.localhost").Get("/").HasNot("Söhne")
}

func TestN_AWrongNameGetsItsMessageAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Status(200).Form(workspacePage)
	form.Set("name", " ")
	admin.Post(workspacePage, form).Status(422).Has("Enter a name for the workspace.", `href="#name"`)
	long := strings.Repeat("ü", 81)
	form.Set("name", long)
	wrong := admin.Post(workspacePage, form).Status(422).Has("Shorten the name by 1 characters", `value="`+long+`"`)
	mended := wrong.Form(workspacePage)
	mended.Set("name", long[2:])
	admin.Follow(admin.Post(workspacePage, mended)).Has("Saved.")
}

func TestN_WhoSavesOverNewerSettingsIsTold(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Form(workspacePage)
	set(t, s, workspacePage, map[string]string{"name": "Theirs"})
	form.Set("name", "Mine")
	page := admin.Post(workspacePage, form).Status(409).Has("Somebody else has changed the settings", `value="Mine"`)
	s.Visitor("").Get("/").Has("Theirs")
	admin.Follow(admin.Post(workspacePage, page.Form(workspacePage))).Has("Saved.")
	s.Visitor("").Get("/").Has("Mine")
}

func TestN_EachPageOfTheSettingsStandsInTheirIndex(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	index := admin.Get("/desk/settings").Status(200)
	links := regexp.MustCompile(`<a class="list__title" href="(/desk/settings/[a-z-]+)">`).FindAllStringSubmatch(index.Body, -1)
	listed := map[string]bool{}
	for _, link := range links {
		listed[link[1]] = true
		admin.Get(link[1]).Has(`<a class="nav__link" href="`+link[1]+`" aria-current="page">`, `<a href="/desk/settings">All settings</a>`)
	}
	for _, r := range s.Routes {
		subject, ok := strings.CutPrefix(r.Path, "/desk/settings/")
		if ok && r.Method == http.MethodGet && !strings.Contains(subject, "/") && !listed[r.Path] {
			t.Errorf("%s is in no list", r.Path)
		}
	}
}

func TestN_ANewColourDressesPublicPagesAndMailAndNothingElse(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, workspacePage, map[string]string{"color": "#FFD200"})
	v := s.Visitor("")
	sheet := v.Get(themeURL(t, v.Get("/ticket/support"))).Status(200).
		Has("--brand:#ffd200", "--brand-text:#000000", "--brand-ink-dark:#ffd200").HasNot("--brand-ink-light:#ffd200")
	if got := sheet.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("the sheet is %s", got)
	}
	if got := sheet.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("the sheet is kept as %q says", got)
	}
	v.OpenTicket("support", "nobody@example.org", "Which colour?")
	s.Jobs.Step(t.Context())
	if html := s.Mailbox.Last(t, "nobody@example.org").HTML; !strings.Contains(html, `class="edge" style="padding:0 0 16px;border-bottom:3px solid #`) || strings.Contains(html, "#17605c") {
		t.Errorf("the mail has not the colour:\n%s", html)
	}
	admin := s.Member("admin@example.com")
	admin.Get("/desk").HasNot("/theme/")
	admin.Get(workspacePage).Has("/theme/ffd200-", `value="#ffd200"`)
	s.Visitor("globex.localhost").Get("/").HasNot("ffd200").Has("/theme/")
}

// themeURL is where a page's second sheet lies.
func themeURL(t *testing.T, page handlerstest.Page) string {
	t.Helper()
	found := regexp.MustCompile(`href="(/theme/[^"]+)"`).FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("the page has no colour of its own:\n%s", page.Body)
	}
	return found[1]
}

func TestN_WithoutAColourPagesAndMailHaveTheProducts(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Form(workspacePage)
	form.Set("color", " ")
	admin.Follow(admin.Post(workspacePage, form)).Has("Deskbell’s own colour").HasNot("/theme/")
	v := s.Visitor("")
	v.Get("/ticket/support").Status(200).HasNot("/theme/")
	v.OpenTicket("support", "nobody@example.org", "Which colour?")
	s.Jobs.Step(t.Context())
	if html := s.Mailbox.Last(t, "nobody@example.org").HTML; !strings.Contains(html, "3px solid #17605c") {
		t.Errorf("the mail has not the product's colour:\n%s", html)
	}
}

func TestN_AWrongColourGetsItsMessageAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Form(workspacePage)
	for _, wrong := range []string{"red", "#12345", "#1234567", "#12345g", "#fff;}body{display:none", strings.Repeat("#", 4000)} {
		form.Set("name", "Typed meanwhile")
		form.Set("color", wrong)
		page := admin.Post(workspacePage, form).Status(422).
			Has("Enter a colour like #17605c", `href="#color"`, `aria-describedby="color-hint color-error"`, `value="`+wrong+`"`, `value="Typed meanwhile"`)
		mended := page.Form(workspacePage)
		if mended.Get("version") != form.Get("version") {
			t.Errorf("%q: the form has another version", wrong)
		}
	}
	s.Visitor("").Get("/").HasNot("Typed meanwhile").Has("/theme/b8430f-")
	for _, odd := range []string{"/theme/b8430f.css", "/theme/b8430f-00000000.css", "/theme/red.css", "/theme/%23fff.css", "/theme/é.css"} {
		s.Visitor("").Get(odd).Status(404)
	}
}

const logoForm = workspacePage + "/logo"

// upload sends a picture as the workspace's logo.
func upload(admin *handlerstest.Browser, picture string) handlerstest.Page {
	return admin.PostFiles(logoForm, url.Values{}, attach{Field: "logo", Name: "logo.bin", Content: picture})
}

// withText adds a text to a PNG, behind its header.
func withText(picture, text string) string {
	chunk := "tEXtComment\x00" + text
	made := binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))
	made = binary.BigEndian.AppendUint32(append(made, chunk...), crc32.ChecksumIEEE([]byte(chunk)))
	return picture[:33] + string(made) + picture[33:]
}

func TestN_ALogoStandsOnPublicPagesAndInMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	const secret = "who took the photo"
	admin.Follow(upload(admin, withText(picture(t, 900, 300), secret))).Status(200).Has("Saved.", `width="120" height="40"`)
	v := s.Visitor("")
	page := v.Get("/ticket/support").Has(`alt="Acme" width="120" height="40"`).HasNot("brand__name")
	src := regexp.MustCompile(`<img class="brand__logo" src="([^"]+)"`).FindStringSubmatch(page.Body)[1]
	logo := v.Get(src).Status(200).HasNot(secret)
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable",
	} {
		if got := logo.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if made, err := png.DecodeConfig(strings.NewReader(logo.Body)); err != nil || made.Width != 400 || made.Height != 133 {
		t.Errorf("the logo is %d × %d, %v", made.Width, made.Height, err)
	}
	s.Visitor("globex.localhost").Get(src).Status(404)
	s.Visitor("globex.localhost").Get("/").HasNot("brand__logo")
	admin.Get("/desk").HasNot("brand__logo")

	v.OpenTicket("support", "nobody@example.org", "Is that your logo?")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "nobody@example.org")
	if !strings.Contains(mail.HTML, `<img src="cid:logo" width="120" height="40" alt=""`) || !strings.Contains(mail.Raw, "Content-Type: image/png") {
		t.Errorf("the mail has not the logo:\n%s", mail.HTML)
	}

	set(t, s, workspacePage, map[string]string{"name": `Acme "&" Co`})
	v.Get("/ticket/support").Has(`alt="Acme &#34;&amp;&#34; Co"`)
}

func TestN_ARemovedLogoIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	src := regexp.MustCompile(`<img class="brand__logo" src="([^"]+)"`).FindStringSubmatch(v.Get("/").Body)[1]
	v.Get(src).Status(200)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Form(logoForm + "/remove")
	v.OpenTicket("support", "nobody@example.org", "Written before, sent after")
	for range 2 {
		admin.Follow(admin.Post(logoForm+"/remove", form)).Status(200).Has("The logo is removed.").HasNot("brand__logo", logoForm+"/remove")
	}
	v.Get(src).Status(404)
	v.Get("/").HasNot("brand__logo").Has(`<span class="brand__name">Acme</span>`)
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "nobody@example.org")
	if strings.Contains(mail.HTML, "<img") || strings.Contains(mail.Raw, "image/png") || !strings.Contains(mail.HTML, "Acme\n") {
		t.Errorf("the mail has a logo, or no name:\n%s", mail.HTML)
	}
}

func TestN_WhatIsNoLogoGetsItsMessageAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	before := s.Visitor("").Get("/").Body
	whole := picture(t, 60, 60)
	for name, try := range map[string]struct {
		picture string
		says    string
	}{
		"nothing":           {"", "Choose a picture first."},
		"an SVG":            {`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>`, "This is no picture"},
		"a page":            {"<!doctype html><script>alert(1)</script>", "This is no picture"},
		"a PDF":             {"%PDF-1.7", "This is no picture"},
		"a damaged PNG":     {whole[:len(whole)/2], "This picture is damaged"},
		"more than 1 MB":    {withText(picture(t, 60, 60), strings.Repeat("x", 1<<20)), "This picture is larger than 1 MB."},
		"a few bytes more":  {whole + strings.Repeat("x", 1<<20+1-len(whole)), "This picture is larger than 1 MB."},
		"much more than it": {withText(picture(t, 60, 60), strings.Repeat("x", 8<<20)), "This picture is larger than 1 MB."},
	} {
		page := upload(admin, try.picture)
		if page.Code != 422 {
			t.Fatalf("%s: %d\n%s", name, page.Code, page.Body)
		}
		page.Has(try.says, `href="#logo"`, `aria-describedby="logo-hint logo-error"`, `value="Acme"`, "Remove the logo")
	}
	admin.StreamFiles(logoForm, url.Values{}, attach{Field: "logo", Name: "x.png", Content: withText(whole, strings.Repeat("x", 2<<20))}).
		Status(422).Has("This picture is larger than 1 MB.")
	admin.Post(logoForm, url.Values{"logo": {"x"}}).Status(400).Has("not sent as a form")
	admin.Do("POST", logoForm, strings.NewReader("--x\r\nbroken"), "multipart/form-data; boundary=x").Status(400)
	if s.Visitor("").Get("/").Body != before {
		t.Error("the public page has changed")
	}
}
