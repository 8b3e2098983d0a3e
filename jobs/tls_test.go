package jobs_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
	"deskbell/jobs"
)

// authority makes a certificate authority and a certificate of it for "localhost".
func authority(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	caKey, ca := certificate(t, &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour)}, nil, nil)
	key, leaf := certificate(t, &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{"localhost"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, NotAfter: time.Now().Add(time.Hour)}, ca, caKey)
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}}},
		&tls.Config{RootCAs: roots}
}

func certificate(t *testing.T, template, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if parent == nil {
		parent, signer = template, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return key, made
}

// sendTo points a server at a mailbox, asks for one mail, and returns what the outbox page says.
func sendTo(t *testing.T, box *handlerstest.Mailbox, scheme, userinfo string, trust *tls.Config) string {
	t.Helper()
	s := start(t)
	_, port, _ := strings.Cut(box.Address, ":")
	sender, err := jobs.NewSender(scheme+"://"+userinfo+"localhost:"+port, "Deskbell <deskbell@localhost>")
	if err != nil {
		t.Fatal(err)
	}
	sender.TLS, s.Jobs.Sender = trust, sender
	s.Visitor("").OpenTicket("support", "new@example.org", "By mail")
	s.Jobs.Step(context.Background())
	return s.Member("admin@example.com").Get("/desk/outbox").Status(200).Body
}

func TestK2_MailGoesOverTLSWithAPassword(t *testing.T) {
	t.Parallel()
	for scheme, implicit := range map[string]bool{"smtp": false, "smtps": true} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			server, client := authority(t)
			box := handlerstest.NewTLSMailbox(t, server, implicit)
			box.User, box.Password = "desk", "s3cret"
			sendTo(t, box, scheme, "desk:s3cret@", client)
			if len(box.Mails("new@example.org")) != 1 {
				t.Error("the mail did not arrive")
			}
		})
	}
}

func TestK2_MailGoesWithoutTLSWhereThereIsNoPassword(t *testing.T) {
	t.Parallel()
	box := handlerstest.NewMailbox(t)
	sendTo(t, box, "smtp", "", nil)
	if len(box.Mails("new@example.org")) != 1 {
		t.Error("the mail did not arrive")
	}
}

func TestK2_NoMailGoesWhereTLSOrThePasswordFails(t *testing.T) {
	t.Parallel()
	server, client := authority(t)
	_, stranger := authority(t)
	for name, c := range map[string]struct {
		box              *handlerstest.Mailbox
		scheme, userinfo string
		trust            *tls.Config
		says             string
	}{
		"no TLS for the password": {handlerstest.NewMailbox(t), "smtp", "desk:s3cret@", client, "STARTTLS"},
		"wrong password":          {handlerstest.NewTLSMailbox(t, server, false), "smtp", "desk:wrong@", client, "SMTP AUTH failed"},
		"wrong password, smtps":   {handlerstest.NewTLSMailbox(t, server, true), "smtps", "desk:wrong@", client, "SMTP AUTH failed"},
		"unknown authority":       {handlerstest.NewTLSMailbox(t, server, false), "smtp", "desk:s3cret@", stranger, "unknown authority"},
		"unknown authority, smtps": {handlerstest.NewTLSMailbox(t, server, true), "smtps", "desk:s3cret@", stranger,
			"unknown authority"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.box.User, c.box.Password = "desk", "s3cret"
			outbox := sendTo(t, c.box, c.scheme, c.userinfo, c.trust)
			for _, want := range []string{"The mail server could not be used: ", c.says, "Trying again"} {
				if !strings.Contains(outbox, want) {
					t.Errorf("the outbox does not say %q:\n%s", want, outbox)
				}
			}
			if n := len(c.box.Mails("")); n != 0 || strings.Contains(outbox, "s3cret") {
				t.Errorf("%d mails arrived, or the password shows", n)
			}
		})
	}
}

func TestO2_MailServerAddressesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://:25", "smtp://host/path", "smtp://host?tls=no",
		"smtp://host:99999", "smtp://host:0", "smtp://user@host", "smtp://user:@host", "smtp://ho st",
	} {
		if _, err := jobs.NewSender(address, "Deskbell <deskbell@localhost>"); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
	if _, err := jobs.NewSender("smtp://host", "nobody"); err == nil {
		t.Error("a sender without an address was taken")
	}
}
