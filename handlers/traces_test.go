package handlers_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"deskbell/handlers/handlerstest"
)

// Texts by which somebody is found wherever they left something.
const (
	personName    = "Zebedee Quillfeather"
	personAddress = "zebedee.q@erase.example"
	personMark    = "XYLOPHONE" // in all that they type and in the names of their files
)

// database opens the server's file beside it.
func database(t *testing.T, s *handlerstest.Server) *sql.DB {
	t.Helper()
	file, err := sql.Open("sqlite3", "file:"+filepath.Join(s.Dir, "deskbell.db")+"?_busy_timeout=5000&_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// receive makes a customer a recipient of another's ticket and returns the thread by their session.
func receive(t *testing.T, s *handlerstest.Server, ticket int, email string) string {
	t.Helper()
	file := database(t, s)
	if _, err := file.Exec(`
		insert into recipients (workspace_id, ticket_id, customer_id, link_id, unsubscribe_id, mail_root, created_at)
		select 1, t.id, c.id, ?1, ?1, ?1, 1 from tickets t, customers c
		where t.workspace_id = 1 and t.number = ?2 and c.workspace_id = 1 and c.email = ?3`,
		fmt.Sprintf("%022d", ticket), ticket, email); err != nil {
		t.Fatal(err)
	}
	var ref string
	if err := file.QueryRow(`select ref from tickets where workspace_id = 1 and number = ?`, ticket).Scan(&ref); err != nil {
		t.Fatal(err)
	}
	return "/tickets/" + ref
}

// traces returns where a text stands in the database, in whatever case: every column of every table, the
// shadow tables of indexes too.
func traces(t *testing.T, s *handlerstest.Server, texts ...string) (found []string) {
	t.Helper()
	file := database(t, s)
	for _, table := range column(t, file, `select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'`) {
		rows, err := file.Query(`select * from "` + table + `"`)
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				for _, text := range texts {
					if strings.Contains(strings.ToLower(fmt.Sprint(v)), strings.ToLower(text)) {
						found = append(found, fmt.Sprintf("%s.%s: %.80v", table, names[i], v))
					}
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return found
}

func column(t *testing.T, file *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := file.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	return list
}

// remains returns which texts stand in the bytes of the file itself, once its log is folded into it.
func remains(t *testing.T, s *handlerstest.Server, texts ...string) (found []string) {
	t.Helper()
	var busy, log, moved int
	if err := database(t, s).QueryRow(`pragma wal_checkpoint(truncate)`).Scan(&busy, &log, &moved); err != nil || busy != 0 {
		t.Fatalf("the log is not folded: busy %d, %v", busy, err)
	}
	for _, name := range []string{"deskbell.db", "deskbell.db-wal"} {
		content, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if n := strings.Count(strings.ToLower(string(content)), strings.ToLower(text)); n > 0 {
				found = append(found, fmt.Sprintf("%d times %q in %s", n, text, name))
			}
		}
	}
	return found
}

// erase asks an admin's page to erase somebody, and lets the job do it.
func erase(t *testing.T, s *handlerstest.Server, email string) handlerstest.Page {
	t.Helper()
	admin := s.Member("admin@example.com")
	path := eraseLink(t, admin, email)
	form := admin.Get(path).Status(200).Form(path)
	form.Set("address", email)
	page := admin.Post(path, form).Status(303)
	s.Jobs.Step(t.Context())
	s.Jobs.Step(t.Context())
	return admin.Follow(page).Status(200)
}

func eraseLink(t *testing.T, admin *handlerstest.Browser, email string) string {
	t.Helper()
	found := regexp.MustCompile(customersPage + `/\d+`).FindString(search(admin, email).Body)
	if found == "" {
		t.Fatalf("%s is no customer", email)
	}
	links := admin.Get(found).Status(200).Links(found+"/erase", "")
	if len(links) != 1 {
		t.Fatal("the customer's page does not lead to the erasure")
	}
	return links[0]
}

// life leaves something of a person in every place that there is, and returns their thread and ticket.
func life(t *testing.T, s *handlerstest.Server) (person *handlerstest.Browser, thread, ticket string) {
	t.Helper()
	admin, agent := s.Member("admin@example.com"), s.Member("agent@example.com")
	known(admin, "support", personAddress, personName)
	v := s.Visitor("")
	form := v.Get("/ticket/support?type=bug").Form("/ticket/support")
	for name, value := range map[string]string{
		"email": personAddress, "name": personName, "title": "Title " + personMark, "description": "Description " + personMark,
		"message": "First " + personMark, "type": "bug", "field_version": personMark, "field_severity": "minor", "field_steps": "Steps " + personMark,
	} {
		form.Set(name, value)
	}
	v.PostFiles("/ticket/support", form, attach{Name: personMark + ".png", Content: picture(t, 40, 40)}, attach{Name: personMark + ".txt", Content: personMark}).Status(303)
	s.Jobs.Step(t.Context())
	thread = s.Mailbox.Last(t, personAddress).Link(t, "/ticket/thread/")
	ticket = "/desk/tickets/7"
	person = signedIn(t, s, personAddress)
	signedIn(t, s, personAddress) // on another device
	reply := person.Get(thread).Form(thread + "/reply")
	reply.Set("message", "Reply "+personMark)
	person.PostFiles(thread+"/reply", reply, attach{Name: "reply-" + personMark + ".txt", Content: personMark}).Status(303)
	replace := person.Get(thread + "/replace").Form(thread + "/replace")
	person.Post(thread+"/replace", replace).Status(200)
	s.Jobs.Step(t.Context())
	thread = s.Mailbox.Last(t, personAddress).Link(t, "/ticket/thread/")
	unsubscribe := s.Mailbox.Last(t, personAddress).Link(t, "/ticket/unsubscribe/")
	v.Post(unsubscribe, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	v.Post(unsubscribe+"/undo", nil).Status(303)
	// A file that an agent removed is named in the timeline.
	remove := agent.Get(ticket).Links(ticket+"/attachments/", "/remove")[0]
	agent.Post(remove, agent.Get(remove).Form(remove)).Status(303)
	// So is an address that mail could not reach, with what its server said.
	s.Mailbox.Refuse = func(to string) *smtp.SMTPError {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user: " + strings.ToUpper(to)}
	}
	answer(agent, 7, "message", "The team's own words")
	s.Jobs.Step(t.Context())
	s.Mailbox.Refuse = nil
	agent.Get(ticket).Has("could not", personAddress)
	// Files wait in two forms, mail in the outbox, and requests for the job.
	waiting := person.Get(thread).Form(thread + "/reply").Get("form_key")
	person.Upload(thread+"/uploads", waiting, attach{Name: "waiting-" + personMark + ".txt", Content: personMark}).Status(200)
	create := person.Get("/ticket/support").Form("/ticket/support").Get("form_key")
	person.Upload("/ticket/support/uploads", create, attach{Name: "begun-" + personMark + ".txt", Content: personMark}).Status(200)
	answer(agent, 7, "message", "More of the team's own words")
	s.Visitor("").Post("/tickets/login", url.Values{"email": {personAddress}}).Status(303)
	// They take part in somebody else's ticket, where the other one has written too.
	s.Visitor("").OpenTicket("support", "bob@new.example", "Bobs matter")
	theirs := receive(t, s, 8, personAddress)
	form = person.Get(theirs).Status(200).Form(theirs + "/reply")
	form.Set("message", "Between others "+personMark)
	person.Post(theirs+"/reply", form).Status(303)
	return person, thread, ticket
}
