package handlers_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// face is a picture that a provider keeps of somebody.
func face(t *testing.T) []byte {
	t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 90, 90))); err != nil {
		t.Fatal(err)
	}
	return picture.Bytes()
}

// eraseByForm has the one customer erased whom a search finds, by what an admin types.
func eraseByForm(t *testing.T, s *handlerstest.Server, admin *handlerstest.Browser, search, typed string) handlerstest.Page {
	t.Helper()
	path := eraseLink(t, admin, search)
	form := admin.Get(path).Status(200).HasNot(".invalid").Form(path)
	form.Set("address", "somebody else")
	admin.Post(path, form).Status(422).HasNot(".invalid")
	form.Set("address", typed)
	page := admin.Post(path, form).Status(303)
	s.Jobs.Step(t.Context())
	s.Jobs.Step(t.Context())
	return admin.Follow(page).Status(200)
}

func TestJ4_TheDownloadNamesWhoSomebodyIsElsewhere(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	apps[model.ByDiscord].Person.Avatar = face(t)
	admin := s.Member("admin@globex.example")
	portal := admin.Get("/desk/settings/portal").Form("/desk/settings/portal")
	portal.Set("customer_login", "1")
	admin.Post("/desk/settings/portal", portal).Status(303)
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	b.Follow(send(t, b, "/ticket/help", "From Discord", nil)).Status(200)
	s.Jobs.Step(t.Context())
	person := signedInAt(t, s, "globex.localhost", "wei@zhang.example")
	person.Get(privacyPage).Status(200).Has("Accounts at Discord or Slack with which you signed in: 1")
	signIn(t, s.Visitor("globex.localhost"), "/ticket/help").Status(200) // once more, from another browser

	type known struct{ Provider, ID, Name, Picture string }
	var data struct {
		Identities []known `json:"signed_in_with"`
	}
	got := download(t, person)
	if err := json.Unmarshal([]byte(got["data.json"]), &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Identities) != 3 {
		t.Fatalf("%d identities are in the download, want that of the customer and two sign-ins: %+v", len(data.Identities), data.Identities)
	}
	for i, known := range data.Identities {
		if known.Provider != "discord" || known.ID == "" || i > 0 && (known.Name != "Wei Zhang" || len(got[known.Picture]) == 0) {
			t.Errorf("an identity is %+v, with a picture of %d bytes", known, len(got[known.Picture]))
		}
	}
	if page := got["index.html"]; !strings.Contains(page, "Accounts with which you signed in") || !strings.Contains(page, "your picture") || !strings.Contains(page, data.Identities[0].ID) {
		t.Errorf("the page does not tell of the identity\n%s", page)
	}
	s.Clock.Move(model.IdentityLife)
	got = download(t, person)
	if err := json.Unmarshal([]byte(got["data.json"]), &data); err != nil || len(data.Identities) != 1 || data.Identities[0].Picture != "" {
		t.Errorf("after the sign-ins are in the download %+v, %v", data.Identities, err)
	}
}

// signedInAt is a customer with a session on a page host.
func signedInAt(t *testing.T, s *handlerstest.Server, host, email string) *handlerstest.Browser {
	t.Helper()
	b := s.Visitor(host)
	b.Post("/tickets/login", url.Values{"email": {email}}).Status(303)
	s.Jobs.Step(t.Context())
	link := s.Mailbox.Last(t, email).Link(t, "/tickets/login/")
	b.Post(link, b.Get(link).Status(200).Form(link)).Status(303)
	return b
}

func TestJ4_AnErasureTakesWhoSomebodyIsElsewhere(t *testing.T) {
	t.Parallel()
	for email, typed := range map[string]string{"wei@zhang.example": "Wei@Zhang.example", "": "Wei Zhang"} {
		t.Run("with the address "+email, func(t *testing.T) {
			t.Parallel()
			s, apps := world().Start(t)
			person := &apps[model.ByDiscord].Person
			person.Email, person.Avatar = email, face(t)
			b := s.Visitor("globex.localhost")
			signIn(t, b, "/ticket/help").Status(200)
			thread := threadOf(t, b.Follow(send(t, b, "/ticket/help", "To be erased", nil)))
			reply := b.Get(thread).Form(thread + "/reply")
			reply.Set("message", "And once more.")
			b.Post(thread+"/reply", reply).Status(303)
			signIn(t, s.Visitor("globex.localhost"), "/ticket/help") // signed in elsewhere, with nothing sent
			begun := s.Visitor("globex.localhost")
			handOver(t, begun, "/ticket/help") // not even handed over
			s.Jobs.Step(t.Context())
			texts := []string{"Wei Zhang", "zhang.example", person.ID, ".invalid"}
			if email != "" {
				texts = texts[:3]
			}
			if got := strings.Join(traces(t, s, texts...), "\n"); !strings.Contains(got, "identities.") || !strings.Contains(got, "customer_identities.") {
				t.Fatalf("the person left only\n%s", got)
			}
			mails := len(s.Mailbox.Mails(""))
			admin := s.Member("admin@globex.example")
			eraseByForm(t, s, admin, strings.ToLower(typed), typed).Has("had a customer erased").HasNot(".invalid", "Wei Zhang")
			s.Jobs.Step(t.Context())
			if got := traces(t, s, texts...); len(got) > 0 {
				t.Errorf("left are\n%s", strings.Join(got, "\n"))
			}
			if got := remains(t, s, texts...); len(got) > 0 {
				t.Errorf("the file still has\n%s", strings.Join(got, "\n"))
			}
			for _, query := range []string{`select count(*) from identities`, `select count(*) from customer_identities`, `select count(*) from tickets where signed_in_by <> '' and workspace_id = 2`} {
				if got := column(t, database(t, s), query); got[0] != "0" {
					t.Errorf("%s = %s", query, got[0])
				}
			}
			want := 0
			if email != "" {
				want = 1 // the last mail, which says that it is done
			}
			if got := len(s.Mailbox.Mails("")) - mails; got != want {
				t.Errorf("%d mails went out, want %d", got, want)
			}
			b.Get(thread).Status(404)
			b.Get("/ticket/help").Status(200).Has("Sign in with Discord").HasNot("Wei Zhang")
			number := regexp.MustCompile(`/desk/tickets/\d+`).FindString(admin.Get("/desk").Status(200).Has("Erased person").HasNot("Wei Zhang").Body)
			admin.Get(number).Status(200).Has("Erased person").HasNot("Wei Zhang", "Signed in with")

			// Who comes back is somebody new.
			signIn(t, b, "/ticket/help").Status(200)
			b.Follow(send(t, b, "/ticket/help", "A new beginning", nil)).Status(200)
			admin.Get(customersPage+"?q=wei+zhang").Status(200).Has("Wei Zhang", `data-label="Tickets">1<`)
		})
	}
}

// Whatever a member or a job does to the ticket of somebody who has no address, no mail goes there and no page
// shows what stands in for it.
func TestE5_NothingMailsOrShowsASyntheticAddress(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	apps[model.ByDiscord].Person.Email = ""
	admin := s.Member("admin@globex.example")
	rules := admin.Get("/desk/settings/mail").Form("/desk/settings/mail")
	rules.Set("unconfirmed_drop_after", "1")
	admin.Post("/desk/settings/mail", rules).Status(303)
	closing := admin.Get("/desk/settings/tickets").Form("/desk/settings/tickets")
	closing.Set("auto_close_after", "2")
	admin.Post("/desk/settings/tickets", closing).Status(303)
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	thread := threadOf(t, b.Follow(send(t, b, "/ticket/help", "Nobody to write to", nil)))
	ticket := regexp.MustCompile(`/desk/tickets/\d+`).FindString(admin.Get("/desk").Body)

	form := admin.Get(ticket).Status(200).Has("(no mail)").Form(ticket + "/recipients")
	synthetic := strings.ToLower(apps[model.ByDiscord].Person.ID) + "@discord.invalid"
	form.Set("email", synthetic)
	admin.Post(ticket+"/recipients", form).Status(422)
	s.Visitor("globex.localhost").Post("/tickets/login", url.Values{"email": {synthetic}})
	s.Visitor("globex.localhost").Post("/ticket/thread/lost", url.Values{"email": {synthetic}})
	s.Jobs.Step(t.Context())
	form.Set("email", "colleague@new.example")
	admin.Post(ticket+"/recipients", form).Status(303)
	number, err := strconv.Atoi(path.Base(ticket))
	if err != nil {
		t.Fatal(err)
	}
	answerWith(t, admin, number, "What do you mean?", "Waiting on reporter")
	s.Jobs.Step(t.Context())
	b.Get(thread).Status(200).Has("What do you mean?").HasNot(".invalid")
	s.Clock.Move(72 * time.Hour)
	s.Jobs.Sweep(t.Context())
	s.Jobs.Step(t.Context())
	admin.Get(ticket).Status(200).Has("closed by itself")
	b.Get(thread).Status(200).HasNot(".invalid")
	customer := regexp.MustCompile(customersPage + `/\d+`).FindString(search(admin, "wei zhang").Body)
	name := admin.Get(customer).Status(200).HasNot(".invalid").Form(customer)
	name.Set("name", "")
	admin.Post(customer, name).Status(422).Has("has no address to be known by")
	for _, shown := range []string{"/desk", ticket, "/desk/outbox", customersPage, customer, customer + "/erase", privacySettings, "/desk?q=Wei", "/desk/settings/intake-links"} {
		admin.Get(shown).Status(200).HasNot(".invalid", synthetic)
	}
	if got := traces(t, s, synthetic); len(got) != 1 || !strings.HasPrefix(got[0], "customers.email") {
		t.Errorf("the synthetic address stands in %v, want the customer's row alone", got)
	}
	mails := s.Mailbox.Mails("")
	if len(mails) == 0 {
		t.Fatal("nobody got any mail, so that the test shows nothing")
	}
	for _, mail := range mails {
		if strings.Contains(mail.Raw, ".invalid") || strings.Contains(mail.To, "discord") {
			t.Errorf("a mail went to %s, or names a synthetic address\n%s", mail.To, mail.Raw)
		}
	}
}
