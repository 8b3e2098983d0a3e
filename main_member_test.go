package main

import (
	"net/url"
	"strings"
	"testing"
)

// linkIn returns the path of the link that the command printed.
func linkIn(t *testing.T, out string) string {
	t.Helper()
	_, path, found := strings.Cut(out, "/desk/join/")
	if !found {
		t.Fatalf("no link in\n%s", out)
	}
	return "/desk/join/" + strings.TrimSpace(path)
}

func TestO1_MemberLetsPeopleInBesideARunningServer(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	p := launch(t, dir)
	env := []string{"DESKBELL_DATA=" + dir}
	_, list, _ := command(t, env, "member", "list")
	for _, text := range []string{"Acme", "admin@example.com", "Grace Alder", "agent", "Globex"} {
		if !strings.Contains(list, text) {
			t.Errorf("the list lacks %s:\n%s", text, list)
		}
	}
	code, out, errs := command(t, env, "member", "add", "-email", "Ann@example.com", "-name", "Ann Lee", "-role", "admin", "-workspace", "acme")
	if code != 0 || !strings.Contains(out, "Ann Lee joins Acme") {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	link, ann := linkIn(t, out), p.browser("")
	ann.Post(link, url.Values{"name": {"Ann Lee"}, "password": {"a password of her own"}}).Status(303)
	ann.Get("/desk/settings/members").Status(200).Has("Ann Lee")

	_, out, _ = command(t, env, "member", "reset", "-email", "ann@example.com")
	link = linkIn(t, out)
	p.browser("").Get(link).Status(200).Has("Choose a new password")
}

func TestO1_MemberSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{2, "member list", nil},
		{2, "member list", []string{"remove"}},
		{2, "-email", []string{"add", "-name", "Ann", "-workspace", "Acme"}},
		{2, "-name", []string{"add", "-email", "a@example.com", "-workspace", "Acme"}},
		{2, "-role", []string{"add", "-email", "a@example.com", "-name", "Ann", "-workspace", "Acme", "-role", "owner"}},
		{2, "Acme, Globex, Initech", []string{"add", "-email", "a@example.com", "-name", "Ann"}},
		{1, "belongs to the team", []string{"add", "-email", "agent@example.com", "-name", "Tom", "-workspace", "Acme"}},
		{1, "no member has the address", []string{"reset", "-email", "nobody@example.com"}},
	} {
		code, out, errs := command(t, []string{"DESKBELL_DATA=" + dir}, append([]string{"member"}, c.args...)...)
		if code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit code %d, want %d with %q\n%s%s", c.args, code, c.code, c.says, out, errs)
		}
	}
	if code, _, errs := command(t, []string{"DESKBELL_DATA=" + t.TempDir()}, "member", "list"); code != 1 || !strings.Contains(errs, "start deskbell once") {
		t.Errorf("an empty folder gives exit code %d with %s", code, errs)
	}
}
