package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestO1_CommandsAndTheirErrors(t *testing.T) {
	t.Parallel()
	if code, out, errs := command(t, nil, "version"); code != 0 || out != "deskbell v0-test\n" || errs != "" {
		t.Errorf("version: %d, %q, %q", code, out, errs)
	}
	for name, args := range map[string][]string{
		"unknown command": {"sevre"}, "unknown flag": {"-adr", ":80"}, "unknown argument": {"serve", "now"},
		"flag without a value": {"-addr"},
	} {
		code, out, errs := command(t, nil, args...)
		if code != 2 || out != "" || strings.Count(errs, "\n") != 1 ||
			!strings.HasPrefix(errs, "deskbell: ") || !strings.Contains(errs, "see deskbell --help") {
			t.Errorf("%s: %d, %q, %q", name, code, out, errs)
		}
	}
}

func TestO1_HelpListsEachVariable(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"-h"}, {"serve", "--help"}} {
		code, out, errs := command(t, nil, args...)
		if code != 0 || errs != "" {
			t.Errorf("%v: %d, %q", args, code, errs)
		}
		for _, s := range settings {
			if !strings.Contains(out, s.variable) || !strings.Contains(out, "  -"+s.flag+" ") {
				t.Errorf("%v does not tell of %s", args, s.variable)
			}
		}
	}
}

func TestO1_ServeIsWhatRunsWithoutACommand(t *testing.T) {
	t.Parallel()
	launch(t, t.TempDir()).browser("").Get("/up").Status(200).Has("up")
}

// settings are those of O2, each with values that nobody can start with.
var settings = []struct {
	flag, variable string
	wrong          []string
}{
	{"addr", "DESKBELL_ADDR", []string{"8080", "localhost", "localhost:http", "localhost:70000", "203.0.113.1:1"}},
	{"base-url", "DESKBELL_BASE_URL", []string{"localhost:8080", "ftp://desk", "https://", "https://desk/path", "https://a@desk"}},
	{"data", "DESKBELL_DATA", []string{"/dev/null", "/dev/null/data"}},
	{"secret-key", "DESKBELL_SECRET_KEY", []string{"hunter2", strings.Repeat("k", 31)}},
	{"smtp-url", "DESKBELL_SMTP_URL", []string{"mail.example.com", "http://mail", "smtp://desk:hunter2@host:99999", "smtp://desk@host"}},
	{"files-url", "DESKBELL_FILES_URL", []string{"files", "/var/files", "http://bucket", "file://host/files", "s3://", "s3://key:hunter2@?region=x"}},
	{"mail-from", "DESKBELL_MAIL_FROM", []string{"Acme", "Acme <help>", "a@b, c@d"}},
	{"security-contact", "DESKBELL_SECURITY_CONTACT", []string{"security", "http://example.com", "mailto:"}},
	{"trusted-proxies", "DESKBELL_TRUSTED_PROXIES", []string{"all", "10.0.0.0/33", "10.0.0.1 10.0.0.2"}},
	{"discord-client-id", "DESKBELL_DISCORD_CLIENT_ID", []string{"an id", strings.Repeat("1", 201)}},
	{"discord-client-secret", "DESKBELL_DISCORD_CLIENT_SECRET", []string{"hunter2 hunter2"}},
	{"slack-client-id", "DESKBELL_SLACK_CLIENT_ID", []string{"an id"}},
	{"slack-client-secret", "DESKBELL_SLACK_CLIENT_SECRET", []string{"hunter2 hunter2"}},
	{"demo", "DESKBELL_DEMO", []string{"yes", "true", "2"}},
	{"ops-addr", "DESKBELL_OPS_ADDR", []string{"9090", "localhost", "127.0.0.1:none"}},
	{"tls-domain", "DESKBELL_TLS_DOMAIN", []string{"desk.example.com", "localhost"}},
	{"tls-redirect-addr", "DESKBELL_TLS_REDIRECT_ADDR", []string{"80", "127.0.0.1:8081"}},
	{"tls-directory", "DESKBELL_TLS_DIRECTORY", []string{"http://acme.example.com/directory", "letsencrypt"}},
	{"log", "DESKBELL_LOG", []string{"xml", "JSON"}},
}

func TestO2_EachWrongValueStopsTheStartAndNamesTheVariable(t *testing.T) {
	t.Parallel()
	for _, s := range settings {
		t.Run(s.variable, func(t *testing.T) {
			t.Parallel()
			for _, value := range s.wrong {
				byFlag := []string{"-" + s.flag, value}
				for way, start := range map[string]func() (int, string, string){
					"variable": func() (int, string, string) { return command(t, []string{s.variable + "=" + value}) },
					"flag":     func() (int, string, string) { return command(t, nil, byFlag...) },
				} {
					code, out, errs := start()
					if code == 0 || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "deskbell: "+s.variable) {
						t.Errorf("%q by %s: %d, %q, %q", value, way, code, out, errs)
					}
					if strings.Contains(errs, "hunter2") {
						t.Errorf("the error repeats a secret: %s", errs)
					}
				}
			}
		})
	}
}

func TestO2_TheFlagWins(t *testing.T) {
	t.Parallel()
	for _, s := range settings {
		if s.flag == "addr" || s.flag == "data" {
			continue // the next test
		}
		right := map[string]string{
			"base-url": "http://desk.localhost:1", "secret-key": strings.Repeat("k", 32), "smtp-url": "smtp://host",
			"mail-from": "a@b.example", "files-url": "s3://bucket", "trusted-proxies": "10.0.0.1", "security-contact": "security@example.org",
			"discord-client-id": "1", "discord-client-secret": "s", "slack-client-id": "1.2", "slack-client-secret": "s", "demo": "0", "ops-addr": "127.0.0.1:0",
			"tls-directory": "https://acme.example.com/directory", "log": "json",
		}[s.flag]
		wrong := func(name string) string {
			if name == s.variable {
				return s.wrong[0]
			}
			if strings.Contains(name, "_CLIENT_") && strings.Contains(s.variable, "_CLIENT_") && name[:13] == s.variable[:13] {
				return "the-other-half" // an id counts with its secret alone
			}
			return ""
		}
		_, err := readConfig([]string{"-" + s.flag, right}, wrong, os.Stderr)
		if err != nil {
			t.Errorf("%s: the flag does not replace the variable: %v", s.variable, err)
		}
		if _, err := readConfig(nil, wrong, os.Stderr); err == nil {
			t.Errorf("%s: the variable does not count", s.variable)
		}
	}
}

func TestO2_FlagsOfARunningProgramWin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launchBy(t, func(p *process) { p.cmd.Args = append(p.cmd.Args, "-addr", p.address, "-data", dir) },
		"/dev/null", "DESKBELL_ADDR=wrong")
	p.browser("").Get("/up").Status(200)
	if _, err := os.Stat(filepath.Join(dir, "deskbell.db")); err != nil {
		t.Error(err)
	}
}

func TestO3_TheDemoRunsOnLoopbackNamesAlone(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://desk.example.com", "http://192.0.2.1:8080", "http://localhost.example.com"} {
		code, _, errs := command(t, []string{"DESKBELL_DEMO=1", "DESKBELL_BASE_URL=" + base})
		if code != 2 || !strings.HasPrefix(errs, "deskbell: DESKBELL_DEMO: ") || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: %d, %q", base, code, errs)
		}
	}
}

func TestO3_TheDemoPrintsItsAddressesAndKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir, "DESKBELL_DEMO=1")
	_, port, _ := net.SplitHostPort(p.address)
	for _, url := range []string{"localhost:" + port + "/ticket/support", "localhost:" + port + "/desk",
		"globex.localhost:" + port + "/ticket/help", "initech.localhost:" + port + "/ticket/desk"} {
		p.waitFor(p.out, "http://"+url)
		host, path, _ := strings.Cut(url, ":"+port)
		if page := p.browser(host).Get(path); page.Code != 200 && page.Code != 303 {
			t.Errorf("%s answers %d", url, page.Code)
		}
	}
	p.browser("").OpenTicket("support", "new@example.org", "Kept by the demo")
	p.stop()
	p = launch(t, dir, "DESKBELL_DEMO=1")
	inbox := p.signIn("admin@example.com", "deskbell-demo").Get("/desk").Status(200).Has("Kept by the demo")
	if n := strings.Count(inbox.Body, "Gibt es einen Rabatt für Schulen?"); n != 1 {
		t.Errorf("the demo's own ticket stands there %d times", n)
	}
}
