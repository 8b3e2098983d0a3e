package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const (
	membersPage = "/desk/settings/members"
	newPassword = "a password of her own"
)

var withdrawal = regexp.MustCompile(membersPage + `/links/[\w-]+/withdraw`)

var joinLink = regexp.MustCompile(`id="made" value="http://[^/]*(/desk/join/[^"]*)"`)

// invite makes a link by which somebody joins Acme, and returns its path.
func invite(t *testing.T, s *handlerstest.Server, email, name, role string) string {
	t.Helper()
	admin := s.Member("admin@example.com")
	form := admin.Get(membersPage).Status(200).Form(membersPage)
	form.Set("email", email)
	form.Set("name", name)
	form.Set("role", role)
	page := admin.Follow(admin.Post(membersPage, form)).Status(200).Has("The link is made")
	return joinLink.FindStringSubmatch(page.Body)[1]
}

// join uses a link with a password.
func join(b *handlerstest.Browser, path, password string) handlerstest.Page {
	form := b.Get(path).Status(200).Form(path)
	form.Set("password", password)
	return b.Post(path, form)
}

// memberPage returns the path of a member's page in the settings.
func memberPage(t *testing.T, s *handlerstest.Server, email string) string {
	t.Helper()
	return memberPageAs(t, s.Member("admin@example.com"), email)
}

// memberPageAs returns the path as an admin who is signed in sees it.
func memberPageAs(t *testing.T, admin *handlerstest.Browser, email string) string {
	t.Helper()
	for row := range strings.SplitSeq(admin.Get(membersPage).Status(200).Body, "</tr>") {
		if path := regexp.MustCompile(membersPage + `/\d+`).FindString(row); strings.Contains(row, email) && path != "" {
			return path
		}
	}
	t.Fatalf("nobody in the team has the address %s", email)
	return ""
}

// signInAs tries address and password at the desk.
func signInAs(s *handlerstest.Server, email, password string) handlerstest.Page {
	return s.Visitor("").Post("/desk/login", url.Values{"email": {email}, "password": {password}})
}

func TestM1_SomebodyJoinsByALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	path := invite(t, s, "ann@example.com", "Ann Lee", "agent")
	v := s.Visitor("")
	v.Get(path).Status(200).Has("Join <bdi>Acme</bdi>", "<bdi>Grace Alder</bdi> invites you", "ann@example.com", "Ann Lee")
	join(v, path, "too short").Status(422).Has("Choose a password of 12 to 200 characters.", "Ann Lee").HasNot("too short")
	v.Follow(join(v, path, newPassword)).Status(200).Has("Welcome to the team.", "Ann Lee")
	v.Get("/desk/settings").Status(403)
	signInAs(s, "ann@example.com", newPassword).Status(303)
	again := s.Visitor("")
	again.Get(path).Status(404).Has("This link opens nothing", "Ask an admin")
	again.Post(path, url.Values{"name": {"Eve"}, "password": {newPassword}}).Status(404)
	s.Member("admin@example.com").Get(membersPage).Status(200).Has("Ann Lee").HasNot("nobody has used")
	s.Member("agent@example.com").Get("/desk/tickets/1").Has(">Ann Lee<") // as an assignee
}

func TestM1_ALinkIsWithdrawnReplacedOrOld(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	first := invite(t, s, "ann@example.com", "Ann Lee", "agent")
	second := invite(t, s, "Ann@Example.com", "Ann Lee", "admin")
	v := s.Visitor("")
	v.Get(first).Status(404)
	v.Get(second).Status(200)
	admin := s.Member("admin@example.com")
	admin.Follow(admin.Post(withdrawal.FindString(admin.Get(membersPage).Body), nil)).Has("The link is withdrawn.")
	v.Get(second).Status(404)
	third := invite(t, s, "ann@example.com", "Ann Lee", "agent")
	s.Clock.Move(7*24*time.Hour + time.Minute)
	v.Get(third).Status(404)
	for _, wrong := range []string{"/desk/join/x", third + "x", third[:len(third)-3]} {
		v.Get(wrong).Status(404)
	}
}

func TestM1_InvitationsThatCannotBe(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	for _, c := range []struct{ email, name, role, says string }{
		{"agent@example.com", "Tom", "agent", "Tomás Reyes belongs to the team with this address already."},
		{"admin@globex.example", "Hank", "agent", "another workspace of this server"},
		{"nobody", "Tom", "agent", "Enter an email address"},
		{"tom@example.com", "", "agent", "Enter a name"},
		{"tom@example.com", strings.Repeat("x", 101), "agent", "Enter a name"},
		{"tom@example.com", "Tom", "owner", "Choose a role"},
	} {
		admin.Post(membersPage, url.Values{"email": {c.email}, "name": {c.name}, "role": {c.role}}).Status(422).Has(c.says, `value="`+c.email+`"`)
	}
}

func TestM1_AMemberWhoLeavesIsOutAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	path := memberPage(t, s, "agent@example.com")
	tom, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	admin.Get("/desk/tickets/5").Has(`selected>Tomás Reyes`)
	admin.Get(path + "/remove").Status(200).Has("Open tickets that were theirs belong to nobody")
	admin.Follow(admin.Post(path+"/remove", nil)).Status(200).Has("Tomás Reyes has left the team.")
	tom.Get("/desk").Status(303)
	signInAs(s, "agent@example.com", "deskbell-demo").Status(422)
	admin.Get("/desk/tickets/5").HasNot(`selected>Tomás Reyes`).Has("Tomás Reyes") // beside what he wrote
	admin.Get(path).Status(404)
	admin.Post(path+"/remove", nil).Status(404)

	back := invite(t, s, "agent@example.com", "Tomás Reyes", "admin")
	v := s.Visitor("")
	v.Follow(join(v, back, newPassword)).Has("Welcome to the team.")
	v.Get("/desk/settings/members").Status(200)
	signInAs(s, "agent@example.com", "deskbell-demo").Status(422)
}

func TestM1_TheLastAdminStaysOne(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	grace, tom := memberPage(t, s, "admin@example.com"), memberPage(t, s, "agent@example.com")
	admin := s.Member("admin@example.com")
	demote := func(b *handlerstest.Browser, path string) handlerstest.Page {
		form := b.Get(path).Status(200).Form(path)
		form.Set("role", "agent")
		return b.Post(path, form)
	}
	demote(admin, grace).Status(422).Has("This is the last admin.")
	admin.Post(grace+"/remove", nil).Status(422).Has("This is the last admin.")
	admin.Post(tom, url.Values{"name": {"Tomás R."}, "role": {"admin"}, "new_ticket_mail": {"1"}}).Status(303)
	demote(admin, grace).Status(303)
	admin.Get("/desk/settings/members").Status(403)
	s.Member("agent@example.com").Get(tom).Status(200).Has("Tomás R.", "checked")
}

func TestP4_ANewPasswordEndsEverySession(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom, phone, admin := s.Member("agent@example.com"), s.Member("agent@example.com"), s.Member("admin@example.com")
	change := func(current, password string) handlerstest.Page {
		form := tom.Get("/desk/account").Status(200).Form("/desk/account/password")
		form.Set("current_password", current)
		form.Set("password", password)
		return tom.Post("/desk/account/password", form)
	}
	change("wrong", newPassword).Status(422).Has("This is not your password.")
	change("deskbell-demo", "short").Status(422).Has("12 to 200 characters")
	phone.Get("/desk").Status(200)
	tom.Follow(change("deskbell-demo", newPassword)).Has("Your new password counts", "This one").HasNot("Log out everywhere else")
	phone.Get("/desk").Status(303)
	signInAs(s, "agent@example.com", "deskbell-demo").Status(422)

	path := memberPage(t, s, "agent@example.com")
	link := joinLink.FindStringSubmatch(admin.Follow(admin.Post(path+"/password", nil)).Status(200).Body)[1]
	signInAs(s, "agent@example.com", newPassword).Status(303) // until it is used
	v := s.Visitor("")
	v.Get(link).Has("Choose a new password")
	v.Follow(join(v, link, "another one of his own")).Has("Your new password counts", "Tomás Reyes")
	tom.Get("/desk").Status(303)
	v.Get("/desk/settings").Status(403) // the link changes no role
	s.Member("admin@example.com").Get(auditPage).Status(200).Has("Password changed", "Tomás Reyes")
}

func TestP4_WrongCurrentPasswordsAreLimited(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom := s.Member("agent@example.com")
	wrong := url.Values{"current_password": {"wrong"}, "password": {newPassword}}
	for range 10 {
		tom.Post("/desk/account/password", wrong).Status(422)
	}
	wrong.Set("current_password", "deskbell-demo")
	if page := tom.Post("/desk/account/password", wrong).Status(429).Has("Too many wrong passwords"); page.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
}

func TestM1_MembersChangeTheirAccount(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom, phone := s.Member("agent@example.com"), s.Member("agent@example.com")
	form := tom.Get("/desk/account").Status(200).Has("Log out everywhere else").Form("/desk/account")
	form.Set("name", "  Tom   Reyes ")
	form.Set("new_ticket_mail", "1")
	tom.Follow(tom.Post("/desk/account", form)).Status(200).Has("Saved.", "Tom Reyes", "checked")
	form.Set("name", "")
	tom.Post("/desk/account", form).Status(422).Has("Enter a name")
	tom.Follow(tom.Post("/desk/account/sessions", nil)).Has("Every other browser is logged out.").HasNot("Log out everywhere else")
	phone.Get("/desk").Status(303)
	s.Visitor("").OpenTicket("support", "ada@new.example", "Who hears of it?")
	s.Jobs.Step(t.Context())
	s.Mailbox.Last(t, "agent@example.com")
}

func TestM1_AnotherWorkspacesMembersCannotBeReached(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom := memberPage(t, s, "agent@example.com")
	link := invite(t, s, "ann@example.com", "Ann Lee", "agent")
	globex := s.Member("admin@globex.example")
	globex.Get(membersPage).Status(200).HasNot("Reyes", "Ann Lee")
	for _, path := range []string{tom, tom + "/password", tom + "/remove"} {
		globex.Post(path, url.Values{"name": {"X"}, "role": {"agent"}}).Status(404)
	}
	globex.Post(withdrawal.FindString(s.Member("admin@example.com").Get(membersPage).Body), nil).Status(303)
	s.Visitor("").Get(link).Status(200) // it is still there
	s.Member("agent@example.com").Get("/desk").Status(200)
}
