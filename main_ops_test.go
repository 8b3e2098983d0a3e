package main

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"deskbell/db/files/filestest"
	"deskbell/handlers/handlerstest"
)

// measured starts the program with an operations address and returns who asks there.
func measured(t *testing.T, env ...string) (*process, *handlerstest.Browser) {
	t.Helper()
	address, err := filestest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, dataFolder(t), append(env, "DESKBELL_DEMO=1", "DESKBELL_OPS_ADDR="+address)...)
	return p, handlerstest.NewBrowser(t, "http://"+address, address)
}

// sample returns the value of a metric with its labels, as /metrics writes it.
func sample(t *testing.T, text, metric string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(metric) + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no %s in\n%s", metric, text)
	}
	return found[1]
}

func TestO5_MetricsCountRequestsByRouteAndTellNoAddress(t *testing.T) {
	t.Parallel()
	p, ops := measured(t)
	visitor := p.browser("")
	visitor.OpenTicket("support", "ada@new.example", "A secret title")
	for range 6 {
		visitor.Post("/tickets/login", url.Values{"email": {"known@new.example"}})
	}
	visitor.Get("/ticket/thread/a-secret-token").Status(404)
	visitor.Get("/a-secret-path?token=x").Status(404)
	visitor.Do("BREW", "/ticket/support", nil, "")
	text := ops.Get("/metrics").Status(200).Body
	for metric, want := range map[string]string{
		`deskbell_requests_total{class="3xx",method="POST",route="/ticket/:project"}`:     "1",
		`deskbell_requests_total{class="4xx",method="GET",route="/ticket/thread/:token"}`: "1",
		`deskbell_requests_total{class="4xx",method="any",route="none"}`:                  "2",
		`deskbell_requests_total{class="429",method="POST",route="/tickets/login"}`:       "1",
		`deskbell_request_seconds_count{method="POST",route="/tickets/login"}`:            "6",
		`deskbell_limits_hit_total{limit="login address"}`:                                "1",
		`deskbell_build_info{version="v0-test"}`:                                          "1",
		`deskbell_database_readable`:                                                      "1",
		`deskbell_replica_set`:                                                            "0",
		`deskbell_restore_proven_timestamp_seconds`:                                       "0",
	} {
		if got := sample(t, text, metric); got != want {
			t.Errorf("%s is %s, want %s", metric, got, want)
		}
	}
	for _, positive := range []string{"deskbell_outbox_waiting", "deskbell_database_bytes", "deskbell_storage_bytes", "deskbell_storage_files",
		"deskbell_disk_free_bytes", `deskbell_job_runs_total{job="sweep sessions"}`, "go_goroutines", "process_open_fds"} {
		if got := sample(t, text, positive); got == "0" {
			t.Errorf("%s is 0", positive)
		}
	}
	for _, secret := range []string{"secret", "new.example", "ada@", "Acme", "support", "BREW"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics tell %q", secret)
		}
	}
	visitor.Get("/metrics").Status(404)
}

func TestO5_ProfilesAreForThisMachineAndShowNoCommandLine(t *testing.T) {
	t.Parallel()
	_, ops := measured(t)
	ops.Get("/debug/pprof/goroutine?debug=1").Status(200).Has("goroutine profile")
	ops.Get("/debug/pprof/cmdline").Status(404)

	address, err := filestest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(address, ":")
	p := launch(t, t.TempDir(), "DESKBELL_OPS_ADDR=:"+port)
	p.waitFor(p.logs, "reached from other machines")
	open := handlerstest.NewBrowser(t, "http://"+address, address)
	open.Get("/metrics").Status(200).Has("deskbell_build_info")
	open.Get("/debug/pprof/goroutine?debug=1").Status(404)
}

func TestO5_AnOperationsAddressThatIsTakenStopsTheStart(t *testing.T) {
	t.Parallel()
	p, _ := measured(t)
	code, _, errs := command(t, []string{"DESKBELL_DATA=" + t.TempDir(), "DESKBELL_OPS_ADDR=" + p.address})
	if code != 1 || !strings.Contains(errs, "DESKBELL_OPS_ADDR: ") {
		t.Errorf("%d, %q", code, errs)
	}
}

var metricName = regexp.MustCompile(`\b(deskbell|go|process)_[a-z_]+`)

// Whatever the dashboard and the documented alerts ask for, the program tells.
func TestO5_TheDashboardAndTheAlertsNameMetricsThatAreThere(t *testing.T) {
	t.Parallel()
	p, ops := measured(t, replicated(t, "file://"+t.TempDir())...)
	visitor := p.browser("")
	for range 6 {
		visitor.Post("/tickets/login", url.Values{"email": {"known@new.example"}})
	}
	var text string
	until(t, "the replica has an age", func() bool {
		text = ops.Get("/metrics").Status(200).Body
		return strings.Contains(text, "deskbell_replica_age_seconds")
	})
	queries := dashboardQueries(t)
	if len(queries) < 15 {
		t.Fatalf("the dashboard has %d queries: the test does not read it as it should", len(queries))
	}
	operations, err := os.ReadFile("docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	alerts, err := os.ReadFile("docs/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range append(queries, string(operations), string(alerts)) {
		for _, name := range metricName.FindAllString(query, -1) {
			if !regexp.MustCompile(`(?m)^` + name + `(_count)?[{ ]`).MatchString(text) {
				t.Errorf("%s is asked for, and is not there", name)
			}
		}
	}
}

// dashboardQueries returns every query of docs/grafana.json.
func dashboardQueries(t *testing.T) (queries []string) {
	t.Helper()
	file, err := os.ReadFile("docs/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(file, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			if !metricName.MatchString(target.Expr) {
				t.Errorf("the panel %q asks %q, which names no metric", panel.Title, target.Expr)
			}
			queries = append(queries, target.Expr)
		}
	}
	return queries
}
