package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestMain is also the server's process that the measurement of uploads starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == serveCommand {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestBench_MeasuresUploadsBesidePlainCopies(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"-only", "upload", "-uploads", "2", "-upload-mb", "1", "-rounds", "1", "-dir", t.TempDir()}, &out); err != nil {
		t.Fatal(err)
	}
	figures := regexp.MustCompile(`(?m)^\| (files|photos) +\| +[\d.]+ MB \| +[\d.]+ \| +([\d.]+) \| +([\d.]+) \| +([\d.]+) \| [\d.]+ `)
	if rows := figures.FindAllStringSubmatch(out.String(), -1); len(rows) != 2 || rows[0][2] == "0.0" || rows[0][3] == "0.0" {
		t.Errorf("no figures in\n%s", out.String())
	}
}

func TestBench_MeasuresEveryTaskBesideItsReference(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	args := []string{"-tickets", "20,40", "-clients", "1,2", "-for", "5ms", "-rounds", "1", "-documents", "300", "-logins", "20", "-uploads", "1", "-upload-mb", "1", "-dir", t.TempDir()}
	if err := run(t.Context(), args, &out); err != nil {
		t.Fatal(err)
	}
	tables := strings.Split(out.String(), "| what ")
	if len(tables) != 4 {
		t.Fatalf("%d tables, want one a size and one of suggestions in\n%s", len(tables)-1, out.String())
	}
	if rows := regexp.MustCompile(`(?m)^\| (a customer|nobody|nobody, again) +\| +[\d.]*[1-9]`).FindAllString(out.String(), -1); len(rows) != 3 {
		t.Errorf("%d rows of logins in\n%s", len(rows), out.String())
	}
	for _, name := range suggestionTasks[1:] {
		checkRows(t, tables[3], name+" ", []string{" S0"})
	}
	for _, table := range tables[1:3] {
		for name, references := range map[string][]string{
			"R0 ": nil, "R0i ": nil, "R1 ": {" R0"}, "R2 ": nil, "C0 ": nil, "C1 ": {" C0"},
			"thread view": {" R0", " R1"}, "inbox page": {" R0i"}, "inbox view": {" R0i"}, "poll, nothing new": {" R2"}, "create": {" C0", " C1"},
		} {
			checkRows(t, table, name, references)
		}
	}
}

func TestBench_MeasuresStartAndMemory(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"-only", "footprint", "-tickets", "20", "-for", "30ms", "-rounds", "1", "-dir", t.TempDir()}, &out); err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (bare Echo|Deskbell), 20 tickets +\| +[1-9]\d* \| +[1-9]\S* \| +[1-9]\S* \| +[1-9]\S* \|`).FindAllString(out.String(), -1)
	if len(rows) != 2 {
		t.Errorf("no figures in\n%s", out.String())
	}
}

func TestBench_MeasuresAgainInADatabaseThatWasKept(t *testing.T) {
	t.Parallel()
	args := []string{"-keep", "-tickets", "20", "-clients", "2", "-for", "5ms", "-rounds", "1", "-only", "create", "-dir", t.TempDir()}
	filled := regexp.MustCompile(`20 tickets with \d+ messages, filled in \S+ s`)
	var first string
	for range 2 {
		var out strings.Builder
		if err := run(t.Context(), args, &out); err != nil {
			t.Fatal(err)
		}
		got := filled.FindString(out.String())
		if got == "" || first != "" && got != first {
			t.Errorf("%q, and %q before, in\n%s", got, first, out.String())
		}
		first = got
	}
}

// checkRows wants a row for each number of clients, with a rate and with every ratio.
func checkRows(t *testing.T, table, name string, references []string) {
	t.Helper()
	rows := 0
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| "+name) {
			continue
		}
		rows++
		columns := strings.Split(line, "|")
		if rate := strings.TrimSpace(columns[3]); rate == "0" {
			t.Errorf("nothing was measured: %s", line)
		}
		for _, reference := range references {
			if !strings.Contains(columns[ratioColumn+1], reference) {
				t.Errorf("the ratio to%s is missing: %s", reference, line)
			}
		}
	}
	if rows != 2 {
		t.Errorf("%q has %d rows, want one for each number of clients in\n%s", name, rows, table)
	}
}

func TestBench_AWrongAnswerEndsTheRun(t *testing.T) {
	t.Parallel()
	subject, err := startSubject(t.Context(), t.TempDir(), 5)
	if err != nil {
		t.Fatal(err)
	}
	defer subject.close()
	lost := task{name: "lost", client: overHTTP(subject.address, 200, inTurn([][]byte{subject.request("GET", "/ticket/nowhere", "", "")}))}
	if _, err := measure(t.Context(), lost, 3, time.Millisecond); err == nil || !strings.Contains(err.Error(), "404") {
		t.Fatalf("error = %v, want the status that came", err)
	}
}

func TestBench_TellsHowItIsAsked(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-tickets", "0"}, {"-clients", "many"}, {"-for", "-1s"}, {"-rounds", "0"}, {"-documents", "0"}, {"more"}} {
		if _, err := readConfig(args, &strings.Builder{}); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
	if _, err := choose([]task{{name: "create"}}, "thraed"); err == nil {
		t.Error("a task that does not exist was chosen")
	}
}
