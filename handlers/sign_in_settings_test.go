package handlers_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

const signInPage = "/desk/settings/sign-in"

func TestN_AWorkspaceHasAnAppOfItsOwn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Outside(world().Way())) // the installation has none
	app := world().Register(model.ByDiscord)
	app.Redirect = s.CallbackURL(model.ByDiscord)
	admin := s.Member("admin@globex.example")
	page := admin.Get(signInPage).Status(200).Has("Nobody can sign in with Discord yet", s.CallbackURL(model.ByDiscord), s.CallbackURL(model.BySlack)).HasNot("Try it")
	admin.Get(signInPage + "/try").Status(403).Has("not set up")

	form := page.Form(signInPage)
	form.Set("client_id", app.ClientID)
	admin.Post(signInPage, form).Status(422).Has("Enter the client secret", app.ClientID)
	form.Set("client_secret", app.Secret)
	admin.Follow(admin.Post(signInPage, form)).Has("Saved.", app.ClientID, "Try it", "by the app below").HasNot(app.Secret)
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200).Has("Wei Zhang")

	// Saved again without the secret: the stored one stays. Nothing has it in clear.
	form = admin.Get(signInPage).Form(signInPage)
	if form.Get("client_secret") != "" {
		t.Errorf("the form has the secret: %v", form)
	}
	admin.Post(signInPage, form).Status(303)
	signIn(t, s.Visitor("globex.localhost"), "/ticket/help").Status(200)
	files, err := filepath.Glob(filepath.Join(s.Dir, "deskbell.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err != nil || strings.Contains(string(content), app.Secret) {
			t.Errorf("%s has the secret in clear, or cannot be read: %v", file, err)
		}
	}
	// Another client id needs its own secret, and none at all takes the app away.
	form.Set("client_id", "another")
	admin.Post(signInPage, form).Status(422).Has("Enter the client secret")
	form.Set("client_id", "")
	admin.Post(signInPage, form).Status(303)
	s.Visitor("globex.localhost").Get("/ticket/help").Has(`name="email"`).HasNot("Sign in with")
}

func TestN_TheKindDecidesWhatIsOffered(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(signInPage).Status(200).HasNot("Try it").Form(signInPage)
	form.Set("kind", "slack")
	for _, team := range []string{"", "acme", "T1 2", "t0acme"} {
		form.Set("slack_team", team)
		admin.Post(signInPage, form).Status(422).Has("Enter the id of your Slack team")
	}
	form.Set("slack_team", "T0ACME")
	admin.Follow(admin.Post(signInPage, form)).Has("Saved.", "the app of this installation")
	b := s.Visitor("")
	b.Get("/ticket/support").Has("Sign in with Slack")
	b.Get(handOver(t, b, "/ticket/support")).Status(200).Has("another Slack team than that of Acme")
	form.Set("kind", "discord")
	admin.Post(signInPage, form).Status(303)
	signIn(t, b, "/ticket/support").Has("Wei Zhang", "Discord")

	// Who is signed in by what is no longer offered is not.
	form.Set("kind", "standard")
	admin.Post(signInPage, form).Status(303)
	b.Get("/ticket/support").Has(`name="email"`).HasNot("Wei Zhang", "Sign in with")
	form.Set("kind", "google")
	admin.Post(signInPage, form).Status(422)
}

func TestN_AnAdminTriesTheSignIn(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	admin := s.Member("admin@globex.example")
	try := func(yes bool) handlerstest.Page {
		t.Helper()
		admin.Get(signInPage).Has(`href="/desk/settings/sign-in/try"`)
		return admin.Follow(admin.Get(world().Decide(t, admin.Get(signInPage+"/try").Status(303).Location, yes)))
	}
	try(true).Status(200).Has("It works. Discord knows you as Wei Zhang.")
	try(false).Status(200).Has("It does not work. You cancelled at Discord")
	apps[model.ByDiscord].Secret = "changed since"
	try(true).Status(200).Has("It does not work.", "The token endpoint answered 401", "invalid_client")
	admin.Get(signInPage + "?tried=It+works").Status(200).HasNot("It works") // written by nobody else
}

func TestE3_TheAvatarIsAPictureOfOurOwn(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 900, 900))); err != nil {
		t.Fatal(err)
	}
	hidden := append(picture.Bytes(), "<script>alert(1)</script> taken at 53.27,-9.05"...)
	for host, at := range map[string]struct {
		form     string
		provider model.Provider
	}{"globex.localhost": {"/ticket/help", model.ByDiscord}, "initech.localhost": {"/ticket/desk", model.BySlack}} {
		s, apps := world().Start(t)
		apps[at.provider].Person.Avatar = hidden
		b := s.Visitor(host)
		signIn(t, b, at.form)
		b.Get(at.form).Has(`src="`+at.form+`/identity/avatar?of=`).HasNot("discordapp", "slack-edge")
		made := b.Get(at.form + "/identity/avatar").Status(200)
		config, format, err := image.DecodeConfig(strings.NewReader(made.Body))
		if err != nil || config.Width > 640 || made.Header.Get("Content-Type") != "image/"+format || strings.Contains(made.Body, "script") {
			t.Errorf("the avatar of %s: %v %v as %s, %v", at.provider, config, format, made.Header.Get("Content-Type"), err)
		}
		s.Visitor(host).Get(at.form + "/identity/avatar").Status(404) // of nobody else

		apps[at.provider].Person.Avatar = []byte("no picture at all")
		b = s.Visitor(host)
		signIn(t, b, at.form).Status(200) // never fails for its picture
		b.Get(at.form).Has("Wei Zhang", ">WZ<").HasNot("/identity/avatar")
	}
}

// A picture's address is the provider's word: it leads nowhere but to the hosts that keep pictures.
func TestE3_AnAvatarIsFetchedFromTheProvidersAlone(t *testing.T) {
	t.Parallel()
	fetched := make(chan string, 100)
	way := world().Way()
	s, apps := world().Start(t, handlerstest.Outside(roundTrip(func(r *http.Request) (*http.Response, error) {
		fetched <- r.URL.String()
		return way.RoundTrip(r)
	})))
	for _, address := range []string{
		"http://127.0.0.1/admin", "https://127.0.0.1/x.png", "http://avatars.slack-edge.com/x.png", "https://avatars.slack-edge.com:8443/x.png",
		"https://slack-edge.com.evil.example/x.png", "https://evil.example/?avatars.slack-edge.com", "https://user@avatars.slack-edge.com/", "file:///etc/passwd", "::",
	} {
		apps[model.BySlack].Profile = func(p map[string]any) { p["picture"] = address }
		b := s.Visitor("initech.localhost")
		signIn(t, b, "/ticket/desk").Status(200)
	}
	close(fetched)
	for address := range fetched {
		if !strings.HasPrefix(address, "https://slack.com/api/openid.connect.") {
			t.Errorf("the server has fetched %s", address)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestE1_TheSessionOfACustomerComesBeforeASignIn(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	token := askLogin(t, s, b, "wei@example.org")
	b.Post("/tickets/login/"+token, url.Values{}).Status(303)
	b.Get("/ticket/help").Has("wei@example.org").HasNot("Wei Zhang", "Sign in with")
	b.Follow(send(t, b, "/ticket/help", "By my session", nil)).Status(200).Has("wei@example.org")
}

func TestE5_TheAddressThatAProviderVerifiesIsTheCustomersOwn(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	person := &apps[model.ByDiscord].Person
	open := func(title string) {
		t.Helper()
		b := s.Visitor("globex.localhost")
		signIn(t, b, "/ticket/help").Status(200)
		b.Follow(send(t, b, "/ticket/help", title, nil)).Status(200)
	}
	customers := func(begins string) string {
		return s.Member("admin@globex.example").Get("/desk/settings/customers?q=" + begins).Body
	}

	person.ID, person.Email = "1", "wei@example.org" // whom the workspace knows by email already
	open("Mine too")
	if page := customers("wei@"); strings.Count(page, "table__title") != 1 || !strings.Contains(page, `data-label="Tickets">4<`) {
		t.Errorf("who has a known address is somebody else\n%s", page)
	}
	person.ID, person.Email = "2", "" // first without an address, then with one
	person.Name = "Robin"
	open("Without")
	person.Email = "robin@new.example"
	open("With")
	if page := customers("robin"); strings.Count(page, "table__title") != 1 || !strings.Contains(page, "robin@new.example") || !strings.Contains(page, `data-label="Tickets">2<`) {
		t.Errorf("Robin is not the same customer\n%s", page)
	}
	person.Email = "robin@changed.example" // a known customer keeps the address that is known
	open("Changed")
	if page := customers("robin"); strings.Count(page, "table__title") != 1 || !strings.Contains(page, "robin@new.example") {
		t.Errorf("Robin is not the same customer with another address\n%s", page)
	}
}
