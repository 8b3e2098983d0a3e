//go:build spam

package jobs_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
	"deskbell/jobs"
)

// arrived is what the mail server that receives a mail writes above it.
const arrived = "Return-Path: <help@example.com>\r\n" +
	"Received: from mail.example.com (mail.example.com [93.184.216.34])\r\n" +
	"\tby mx.example.org (Postfix) with ESMTPS id 4RnV3Q1Z2Kz9v7b\r\n" +
	"\tfor <%s>; %s\r\n"

// harmless are rules that state a fact and judge nothing, with why we cannot or need not change it.
var harmless = map[string]string{
	"HTML_MESSAGE": "the mail has an HTML part beside its text (K3)",
}

var testsThatFired = regexp.MustCompile(`(?m)^X-Spam-Status:.*\btests=([\w,\s=.-]*?)\s+(?:autolearn|version)=`)

// Runs with `make spam`: SpamAssassin is no part of the other tests.
func TestK3_NoSpamRuleFiresThatWeCouldAvoid(t *testing.T) {
	s := start(t)
	sender, err := jobs.NewSender("smtp://"+s.Mailbox.Address, "Deskbell <help@example.com>")
	if err != nil {
		t.Fatal(err)
	}
	s.Jobs.Sender, s.Jobs.Mail.Base = sender, model.BaseURL{Scheme: "https", Host: "help.example.com"}
	made := letters(t, s)
	bare := made["message"] // what the filter must object to, so that its silence means something
	bare.Raw = regexp.MustCompile(`(?m)^(Date|Message-ID): .*\r\n`).ReplaceAllString(bare.Raw, "")
	if rules := fired(t, bare); !slices.Contains(rules, "MISSING_DATE") || !slices.Contains(rules, "MISSING_MID") {
		t.Fatalf("a mail without date and id fires %v alone", rules)
	}
	for kind, m := range made {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			rules := fired(t, m)
			t.Log(rules)
			for _, rule := range rules {
				if harmless[rule] == "" {
					t.Errorf("%s fires", rule)
				}
			}
		})
	}
}

// fired returns the rules that SpamAssassin's own set finds in a mail, without any network.
func fired(t *testing.T, m handlerstest.Received) []string {
	t.Helper()
	home := t.TempDir()
	filter := exec.Command("spamassassin", "--local", "--test-mode", "--prefspath="+home+"/none")
	filter.Env = append(filter.Environ(), "HOME="+home)
	filter.Stdin = strings.NewReader(fmt.Sprintf(arrived, m.To, m.Header.Get("Date")) + m.Raw)
	var report, complaint bytes.Buffer
	filter.Stdout, filter.Stderr = &report, &complaint
	if err := filter.Run(); err != nil {
		t.Fatalf("spamassassin: %v\n%s", err, complaint.String())
	}
	unfolded := strings.ReplaceAll(report.String(), "\n\t", " ")
	found := testsThatFired.FindStringSubmatch(unfolded)
	if found == nil {
		t.Fatalf("no verdict in\n%s", report.String())
	}
	rules := strings.FieldsFunc(found[1], func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	slices.Sort(rules)
	return rules
}
