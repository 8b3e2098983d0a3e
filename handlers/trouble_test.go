package handlers_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"sync"
	"testing"

	"deskbell/handlers/handlerstest"
)

// hold takes the database's write lock by a connection of its own, as a backup script might, and returns
// what lets go of it.
func hold(t *testing.T, s *handlerstest.Server) (letGo func()) {
	t.Helper()
	stranger, err := sql.Open("sqlite3", "file:"+s.Path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := stranger.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "begin immediate"); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if _, err := conn.ExecContext(context.Background(), "rollback"); err != nil {
			t.Fatal(err)
		}
		conn.Close()
		stranger.Close()
	}
}

// together does something for each key at the same time, and returns what came of it.
func together[V any](of map[string]V, do func(key string) handlerstest.Page) map[string]handlerstest.Page {
	var mu sync.Mutex
	var wait sync.WaitGroup
	pages := map[string]handlerstest.Page{}
	for key := range of {
		wait.Go(func() {
			page := do(key)
			mu.Lock()
			defer mu.Unlock()
			pages[key] = page
		})
	}
	wait.Wait()
	return pages
}

func TestK2_WhileAStrangerHoldsTheDatabaseReadsGoOnAndWhatIsTypedIsKept(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	first := s.Ticket("", "support", "ada@example.org", "Before the lock")
	v, agent := s.Visitor(""), s.Member("agent@example.com")
	v.Get(first).Status(200)
	unconfirmed := s.Ticket("", "support", "grace@example.org", "Nobody has looked yet")
	create := newForm(v, "Typed under the lock")
	reply := v.Get(first).Form(first + "/reply")
	reply.Set("message", "A reply under the lock")
	answer := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
	answer.Set("message", "An answer under the lock")
	admin := s.Member("admin@example.com")
	limits := admin.Get("/desk/settings/limits").Form("/desk/settings/limits")
	limits.Set("create_per_day", "77")

	letGo := hold(t, s)
	for path, reader := range map[string]*handlerstest.Browser{first: v, unconfirmed: v, "/ticket/support": v, "/desk": agent, "/desk/tickets/7": agent} {
		reader.Get(path).Status(200)
	}
	posts := map[string]struct {
		by    *handlerstest.Browser
		form  url.Values
		typed string
	}{
		"/ticket/support":          {v, create, "Typed under the lock"},
		first + "/reply":           {v, reply, "A reply under the lock"},
		"/desk/tickets/7/messages": {agent, answer, "An answer under the lock"},
		"/desk/settings/limits":    {admin, limits, "77"},
		"/desk/login":              {s.Visitor(""), url.Values{"email": {"agent@example.com"}, "password": {"deskbell-demo"}}, ""},
	}
	pages := together(posts, func(path string) handlerstest.Page { return posts[path].by.Post(path, posts[path].form) })
	for path, page := range pages {
		page.Status(503).Has("Our storage has trouble", posts[path].typed).HasNot("deskbell-demo")
		if kept := strings.Contains(page.Body, "What you typed is kept"); kept != (posts[path].typed != "") {
			t.Errorf("%s keeps what was typed: %t", path, kept)
		}
		if page.Header.Get("Retry-After") != "30" {
			t.Errorf("%s: Retry-After is %q", path, page.Header.Get("Retry-After"))
		}
	}
	v.Get("/readyz").Status(503).Has("the database does not write")
	letGo()
	if !strings.Contains(s.Log.String(), "database is locked") {
		t.Error("the log does not say why")
	}

	kept := pages["/ticket/support"].Form("/ticket/support")
	kept.Set("back", "1")
	again := v.Post("/ticket/support", kept).Status(200).Has("Typed under the lock")
	v.Post("/ticket/support", again.Form("/ticket/support")).Status(303)
	admin.Post("/desk/settings/limits", pages["/desk/settings/limits"].Form("/desk/settings/limits")).Status(303)
	admin.Get("/desk/settings/limits").Has(`value="77"`)
	agent.Post("/desk/tickets/7/messages", answer).Status(303)
	agent.Get("/desk/tickets/7").Has("An answer under the lock")
	v.Post(first+"/reply", reply).Status(303)
	v.Get(first).Has("A reply under the lock")
}
