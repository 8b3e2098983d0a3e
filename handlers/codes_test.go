package handlers_test

import (
	"bytes"
	"image/png"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"deskbell/handlers/handlerstest"
)

const codesPage = "/desk/account/codes"

var (
	secretShown   = regexp.MustCompile(`id="secret" value="([A-Z2-7]{32})"`)
	recoveryShown = regexp.MustCompile(`<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>`)
)

// codeNow is what the member's device shows.
func codeNow(t *testing.T, s *handlerstest.Server, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// turnCodesOn sets codes up, and returns the secret and the recovery codes.
func turnCodesOn(t *testing.T, s *handlerstest.Server, b *handlerstest.Browser) (secret string, recovery []string) {
	t.Helper()
	b.Follow(b.Post(codesPage+"/begin", nil)).Status(200)
	secret = secretShown.FindStringSubmatch(b.Get(codesPage).Body)[1]
	page := b.Post(codesPage, url.Values{"code": {codeNow(t, s, secret)}}).Status(200).Has("Recovery codes")
	for _, m := range recoveryShown.FindAllStringSubmatch(page.Body, -1) {
		recovery = append(recovery, m[1])
	}
	return secret, recovery
}

// typePassword takes the first step of a sign-in.
func typePassword(s *handlerstest.Server, email string) *handlerstest.Browser {
	v := s.Visitor("")
	page := v.Post("/desk/login", url.Values{"email": {email}, "password": {"deskbell-demo"}, "next": {"/desk/account"}}).Status(303)
	if page.Header.Get("Location") != "/desk/login/code" {
		s.T.Fatalf("the password leads to %s", page.Header.Get("Location"))
	}
	return v
}

func typeCode(b *handlerstest.Browser, code string) handlerstest.Page {
	return b.Post("/desk/login/code", url.Values{"code": {code}})
}

func TestP4_CodesAreASecondStepOfTheSignIn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom := s.Member("agent@example.com")
	secret, _ := turnCodesOn(t, s, tom)
	v := typePassword(s, "agent@example.com")
	v.Get("/desk").Status(303) // not signed in
	v.Get("/desk/login/code").Status(200).Has(`autocomplete="one-time-code"`)
	typeCode(v, codeNow(t, s, secret)).Status(422).Has("or has been used") // it set them up
	s.Clock.Move(30 * time.Second)
	code := codeNow(t, s, secret)
	if to := typeCode(v, code[:3]+" "+code[3:]).Status(303).Header.Get("Location"); to != "/desk/account" {
		t.Errorf("the code leads to %s", to)
	}
	v.Get("/desk/account").Status(200).Has("On since")
	again := typePassword(s, "agent@example.com")
	typeCode(again, code).Status(422) // a code that somebody looked at over the shoulder
	again.Get("/desk").Status(303)
	typeCode(s.Visitor(""), code).Status(410) // without a password
	s.Clock.Move(-30 * time.Second)
	typeCode(again, codeNow(t, s, secret)).Status(422) // an older one than the last used
}

func TestP4_WrongCodesEndTheSignIn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	secret, _ := turnCodesOn(t, s, s.Member("agent@example.com"))
	s.Clock.Move(time.Minute)
	v := typePassword(s, "agent@example.com")
	for range 5 {
		typeCode(v, "000000").Status(422)
	}
	typeCode(v, codeNow(t, s, secret)).Status(410).Has("Begin again with your password")
	for range 2 {
		v = typePassword(s, "agent@example.com")
		for range 5 {
			typeCode(v, "000000").Status(422)
		}
	}
	v = typePassword(s, "agent@example.com")
	if page := typeCode(v, codeNow(t, s, secret)).Status(429); page.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
	s.Clock.Move(16 * time.Minute)
	typeCode(v, codeNow(t, s, secret)).Status(410) // ten minutes are over
	typeCode(typePassword(s, "agent@example.com"), codeNow(t, s, secret)).Status(303)
}

func TestP4_ARecoveryCodeWorksOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom := s.Member("agent@example.com")
	_, recovery := turnCodesOn(t, s, tom)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	tom.Get(codesPage).Has("10 are left.").HasNot(recovery[0], "id=\"secret\"")
	file := tom.Post(codesPage+"/download", url.Values{"codes": append([]string{"<script>", "abcd-efgh"}, recovery...)}).Status(200)
	if !strings.Contains(file.Body, recovery[9]) || strings.Contains(file.Body, "script") || strings.Contains(file.Body, "abcd-efgh") {
		t.Errorf("the file is\n%s", file.Body)
	}
	typeCode(typePassword(s, "agent@example.com"), strings.ToUpper(recovery[0])).Status(303)
	typeCode(typePassword(s, "agent@example.com"), recovery[0]).Status(422)
	tom.Get(codesPage).Has("9 are left.")
	tom.Post(codesPage+"/recovery", url.Values{"recovery_password": {"wrong"}}).Status(422).Has("This is not your password.")
	tom.Post(codesPage+"/recovery", url.Values{"recovery_password": {"deskbell-demo"}}).Status(200).HasNot(recovery[1])
	typeCode(typePassword(s, "agent@example.com"), recovery[1]).Status(422)
}

func TestP4_ALeakedDatabaseMakesNoCode(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	secret, recovery := turnCodesOn(t, s, s.Member("agent@example.com"))
	for _, name := range []string{s.Path, s.Path + "-wal"} {
		kept, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{secret, recovery[0], strings.ReplaceAll(recovery[0], "-", "")} {
			if bytes.Contains(kept, []byte(text)) {
				t.Errorf("%s has %s in it", name, text)
			}
		}
	}
}

func TestP4_SettingCodesUpNeedsARightCode(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom := s.Member("agent@example.com")
	tom.Get(codesPage + "/picture").Status(404)
	tom.Post(codesPage, url.Values{"code": {"123456"}}).Status(422)
	tom.Post(codesPage+"/begin", nil).Status(303)
	secret := secretShown.FindStringSubmatch(tom.Get(codesPage).Status(200).Body)[1]
	picture := tom.Get(codesPage + "/picture").Status(200)
	if _, err := png.Decode(strings.NewReader(picture.Body)); err != nil || picture.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the picture is %v, kept by %q", err, picture.Header.Get("Cache-Control"))
	}
	tom.Post(codesPage, url.Values{"code": {"000000"}}).Status(422).Has("This code is not right", secret)
	s.Member("agent@example.com").Get("/desk").Status(200) // not on yet
	tom.Post(codesPage, url.Values{"code": {codeNow(t, s, secret)}}).Status(200)
	tom.Get(codesPage + "/picture").Status(404)
	tom.Post(codesPage+"/begin", nil).Status(409)
	tom.Post(codesPage+"/off", url.Values{"off_password": {"wrong"}}).Status(422)
	typePassword(s, "agent@example.com")
	tom.Follow(tom.Post(codesPage+"/off", url.Values{"off_password": {"deskbell-demo"}})).Has("Sign-in codes are off.")
	s.Member("agent@example.com").Get("/desk").Status(200)
}

func TestP4_ANewPasswordDoesNotReplaceTheCode(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	turnCodesOn(t, s, s.Member("agent@example.com"))
	askPassword(t, s, "agent@example.com")
	v, link := s.Visitor(""), s.Mailbox.Last(t, "agent@example.com").Link(t, "/desk/join/")
	v.Follow(join(v, link, newPassword)).Status(200).Has("Code that your device shows")
	v.Get("/desk").Status(303)
}

func TestM1_ATeamThatRequiresCodesLeadsEverybodyToThem(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, tom := s.Member("admin@example.com"), s.Member("agent@example.com")
	turnCodesOn(t, s, admin)
	admin.Follow(admin.Post(membersPage+"/codes", url.Values{"require_codes": {"1"}})).Status(200).Has("Saved.", "checked")
	for _, path := range []string{"/desk", "/desk/tickets/1", "/desk/account", "/desk/outbox"} {
		if to := tom.Get(path).Status(303).Header.Get("Location"); to != codesPage {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	tom.Post("/desk/tickets/1/messages", url.Values{"message": {"Typed for long"}}).Status(403).Has("Set yours up first", "Typed for long")
	tom.Get(codesPage).Status(200).Has("Your team signs in with codes.")
	s.Member("admin@globex.example").Get("/desk").Status(200) // another team
	turnCodesOn(t, s, tom)
	tom.Get("/desk").Status(200)

	page := memberPageAs(t, admin, "agent@example.com")
	admin.Follow(admin.Post(page+"/codes", nil)).Status(200).Has("The codes of Tomás Reyes are off.")
	tom.Get("/desk").Status(303)
	admin.Follow(admin.Post(membersPage+"/codes", nil)).Has("Saved.")
	s.Member("agent@example.com").Get("/desk").Status(200)
}

func TestM1_TheLastAdminStaysOneWhateverHappensAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	grace, tom := memberPage(t, s, "admin@example.com"), memberPage(t, s, "agent@example.com")
	first := s.Member("admin@example.com")
	first.Post(tom, url.Values{"name": {"Tomás Reyes"}, "role": {"admin"}}).Status(303)
	second := s.Member("agent@example.com")
	agent := url.Values{"name": {"No admin"}, "role": {"agent"}}
	var done sync.WaitGroup
	for _, do := range []func(){
		func() { first.Post(grace, agent) }, func() { second.Post(tom, agent) },
		func() { first.Post(tom+"/remove", nil) }, func() { second.Post(grace+"/remove", nil) },
	} {
		done.Go(do)
	}
	done.Wait()
	admins := 0
	list, err := s.DB.Members(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.Role == "admin" {
			admins++
		}
	}
	if admins != 1 {
		t.Errorf("%d admins are left", admins)
	}
}
