package handlerstest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is somebody without JavaScript: it keeps cookies, follows no redirect by itself, and
// sends the headers that browsers send.
type Browser struct {
	t      testing.TB
	origin string
	client *http.Client
	Header http.Header // sent with each request
	// Host is what requests name instead of the browser's own host; empty: nothing.
	Host string
	// NoOrigin leaves out the Origin header of a post, as programs that are no browsers do.
	NoOrigin bool
}

// Plain makes the browser use plain HTTP to a server that is reached over TLS, as its proxy does.
func (b *Browser) Plain() { b.origin = strings.Replace(b.origin, "https://", "http://", 1) }

// Visitor opens a browser on a host; "" is the base host.
func (s *Server) Visitor(host string) *Browser {
	s.T.Helper()
	return NewBrowser(s.T, s.Origin(host), s.address)
}

// NewBrowser opens a browser on an origin that is served at an address of this machine, whatever
// process serves it.
func NewBrowser(t testing.TB, origin, address string) *Browser {
	t.Helper()
	transport := transportTo(address)
	t.Cleanup(transport.CloseIdleConnections)
	return NewBrowserOver(t, origin, &http.Client{Transport: transport})
}

// NewBrowserOver opens a browser on an origin that is reached in a client's way.
func NewBrowserOver(t testing.TB, origin string, way *http.Client) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &Browser{t: t, origin: origin, Header: http.Header{}, client: &http.Client{
		Jar: jar, Transport: way.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Member signs a member of the demo in and returns their browser.
func (s *Server) Member(email string) *Browser {
	s.T.Helper()
	b := s.Visitor("")
	b.Post("/desk/login", url.Values{"email": {email}, "password": {"deskbell-demo"}}).Status(303)
	return b
}

// Cookies are those of the browser's own host.
func (b *Browser) Cookies() []*http.Cookie {
	u, err := url.Parse(b.origin)
	must(b.t, err)
	return b.client.Jar.Cookies(u)
}

// Twin returns a browser that has what this one has now: what one of them gets from here on, the other lacks.
func (b *Browser) Twin() *Browser {
	b.t.Helper()
	twin := NewBrowserOver(b.t, b.origin, b.client)
	u, err := url.Parse(b.origin)
	must(b.t, err)
	twin.client.Jar.SetCookies(u, b.Cookies())
	return twin
}

// Page is an answer.
type Page struct {
	t        testing.TB
	Code     int
	Header   http.Header
	Body     string
	Location string
	what     string
}

// Get opens a path.
func (b *Browser) Get(path string) Page { b.t.Helper(); return b.Do(http.MethodGet, path, nil, "") }

// Post sends a form.
func (b *Browser) Post(path string, values url.Values) Page {
	b.t.Helper()
	return b.Do(http.MethodPost, path, strings.NewReader(values.Encode()), "application/x-www-form-urlencoded")
}

// Do sends any request.
func (b *Browser) Do(method, path string, body io.Reader, contentType string) Page {
	b.t.Helper()
	response := b.Stream(method, path, body, contentType)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(b.t, err)
	location := response.Header.Get("Location")
	if u, err := url.Parse(location); err == nil && u.Host == response.Request.URL.Host {
		location = u.RequestURI()
	}
	return Page{t: b.t, Code: response.StatusCode, Header: response.Header, Body: string(text),
		Location: location, what: method + " " + path}
}

// Stream sends any request and leaves the body of the answer to the caller, who closes it.
func (b *Browser) Stream(method, path string, body io.Reader, contentType string) *http.Response {
	b.t.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = b.origin + path
	}
	r, err := http.NewRequest(method, target, body)
	must(b.t, err)
	for name, values := range b.Header {
		r.Header[name] = values
	}
	if b.Host != "" {
		r.Host = b.Host
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if method == http.MethodPost && r.Header.Get("Origin") == "" && !b.NoOrigin {
		r.Header.Set("Origin", b.origin)
	}
	response, err := b.client.Do(r)
	must(b.t, err)
	return response
}

// Follow opens where an answer leads.
func (b *Browser) Follow(p Page) Page {
	b.t.Helper()
	p.Status(303)
	return b.Get(p.Location)
}

// OpenTicket fills in and sends a creation form, and returns the confirmation page.
func (b *Browser) OpenTicket(project, email, title string) Page {
	b.t.Helper()
	form := b.Get("/ticket/" + project).Status(200).Form("/ticket/" + project)
	form.Set("email", email)
	form.Set("title", title)
	form.Set("description", "What I need is described here.")
	return b.Follow(b.Post("/ticket/"+project, form)).Status(200)
}

// Status checks the answer's status.
func (p Page) Status(want int) Page {
	p.t.Helper()
	if p.Code != want {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.what, p.Code, want, p.Body)
	}
	return p
}

// Has checks that each text stands in the answer.
func (p Page) Has(texts ...string) Page {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.Body, text) {
			p.t.Fatalf("%s: %q is missing in\n%s", p.what, text, p.Body)
		}
	}
	return p
}

// HasNot checks that no text stands in the answer, in its head or its body.
func (p Page) HasNot(texts ...string) Page {
	p.t.Helper()
	var head strings.Builder
	p.Header.Write(&head)
	for _, text := range texts {
		if strings.Contains(p.Body, text) || strings.Contains(head.String(), text) {
			p.t.Fatalf("%s: %q must not stand in\n%s\n%s", p.what, text, head.String(), p.Body)
		}
	}
	return p
}

// Form returns what the form with this action would send as it stands.
func (p Page) Form(action string) url.Values {
	p.t.Helper()
	root, err := html.Parse(strings.NewReader(p.Body))
	must(p.t, err)
	form := find(root, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == action })
	if form == nil {
		p.t.Fatalf("%s: no form with the action %s in\n%s", p.what, action, p.Body)
	}
	values := url.Values{}
	collect(form, values)
	if id := attr(form, "id"); id != "" { // controls elsewhere that belong to the form
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && attr(n, "form") == id {
				collect(n, values)
			}
		}
	}
	return values
}

func collect(n *html.Node, values url.Values) {
	if n.Type == html.ElementNode && attr(n, "name") != "" {
		name := attr(n, "name")
		switch n.Data {
		case "input":
			if kind := attr(n, "type"); kind != "radio" && kind != "checkbox" || has(n, "checked") {
				values.Add(name, attr(n, "value"))
			}
		case "textarea":
			values.Add(name, strings.TrimPrefix(text(n), "\n"))
		case "select":
			if option := find(n, func(n *html.Node) bool { return n.Data == "option" && has(n, "selected") }); option != nil {
				values.Add(name, attr(option, "value"))
			} else if option := find(n, func(n *html.Node) bool { return n.Data == "option" }); option != nil {
				values.Add(name, attr(option, "value"))
			}
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		collect(child, values)
	}
}

func find(n *html.Node, match func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && match(d) {
			return d
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// Choice returns where the page's switch posts the choice of a language.
func (p Page) Choice(tag string) string {
	p.t.Helper()
	root, err := html.Parse(strings.NewReader(p.Body))
	must(p.t, err)
	button := find(root, func(n *html.Node) bool { return n.Data == "button" && attr(n, "lang") == tag })
	if button == nil {
		p.t.Fatalf("%s: the language %s cannot be chosen in\n%s", p.what, tag, p.Body)
	}
	return attr(button, "formaction")
}
