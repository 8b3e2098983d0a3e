package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// The program itself reaches the providers as its environment says: through a proxy, trusting a
// certificate authority of the installation's own.
func TestE2_TheProgramReachesTheProvidersByItsEnvironment(t *testing.T) {
	t.Parallel()
	world := handlerstest.StartWorld(t)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, world.Authority, 0o600); err != nil {
		t.Fatal(err)
	}
	app := world.Register(model.ByDiscord)
	p := launch(t, t.TempDir(), "DESKBELL_DEMO=1", "HTTPS_PROXY="+world.Proxy, "SSL_CERT_FILE="+authority,
		"DESKBELL_DISCORD_CLIENT_ID="+app.ClientID, "DESKBELL_DISCORD_CLIENT_SECRET="+app.Secret)
	b := p.browser("globex.localhost")
	form := b.Get("/ticket/help").Status(200)
	link := regexp.MustCompile(`href="([^"]*/auth/discord/start\?[^"]*)"`).FindStringSubmatch(form.Body)
	if link == nil {
		t.Fatalf("no sign-in is offered in\n%s", form.Body)
	}
	start := html.UnescapeString(link[1])
	app.Redirect = start[:strings.Index(start, "/start?")] + "/callback"
	callback := world.Decide(t, b.Get(start).Status(303).Location, true)
	b.Follow(b.Get(b.Get(callback).Status(303).Location)).Status(200).Has("You are signed in", "Wei Zhang")
	for _, secret := range []string{app.Secret, callback[strings.Index(callback, "code="):], "Wei", "wei@"} {
		if strings.Contains(p.logs.String(), secret) {
			t.Errorf("the log tells %q:\n%s", secret, p.logs)
		}
	}
}

func TestO2_AnAppNeedsBothItsHalves(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"DESKBELL_DISCORD_CLIENT_ID", "DESKBELL_SLACK_CLIENT_SECRET"} {
		code, out, errs := command(t, []string{variable + "=hunter2"})
		if code != 2 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, variable[:13]) || strings.Contains(errs, "hunter2") {
			t.Errorf("%s alone: %d, %q, %q", variable, code, out, errs)
		}
	}
}
