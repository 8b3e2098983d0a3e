package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/crypto/acme/autocert"

	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/jobs"
	"deskbell/replica"
)

// setting is one of the program's settings: given by its flag, else by its variable, else left at
// its default.
type setting struct {
	flag, variable, value string
	parse                 func(string) error
}

// configReader collects the settings, in the order in which they are checked.
type configReader struct {
	config   Config
	flags    *flag.FlagSet
	getenv   func(string) string
	settings []*setting
	apps     map[model.Provider]*model.App
}

func (r *configReader) add(name, variable, fallback, usage string, parse func(string) error) {
	one := &setting{flag: name, variable: variable, value: fallback, parse: parse}
	if value := r.getenv(variable); value != "" {
		one.value = value
	}
	r.settings = append(r.settings, one)
	r.flags.Func(name, fmt.Sprintf("%s; %s (default %q)", usage, variable, fallback),
		func(s string) error { one.value = s; return nil })
}

// addAll names every setting of the program.
func (r *configReader) addAll() {
	r.addPlace()
	r.addStores()
	r.addMail()
	r.addNetwork()
	r.addCertificates()
	r.addApps()
	r.addRunning()
}

func text(to *string) func(string) error { return func(s string) error { *to = s; return nil } }

// addPlace is where Deskbell answers, and what it keeps where.
func (r *configReader) addPlace() {
	r.add("addr", "DESKBELL_ADDR", defaultAddress, "listen address; with DESKBELL_TLS_DOMAIN "+tlsAddress, func(s string) error {
		r.config.Addr = s
		return explain(checkAddress(s), "write an address like 127.0.0.1:8080")
	})
	r.add("base-url", "DESKBELL_BASE_URL", "http://localhost:8080", "where the desk is reached", func(s string) (err error) {
		r.config.Base, err = model.ParseBaseURL(s)
		return explain(err, "write an address like https://desk.example.com, without a path")
	})
	r.add("data", "DESKBELL_DATA", "data", "folder of deskbell.db, files and secret.key", text(&r.config.Data))
	r.add("secret-key", "DESKBELL_SECRET_KEY", "", "signing key, when it is not to lie in the data folder", func(s string) error {
		r.config.SecretKey = s
		if s != "" && len(s) < 32 {
			return errors.New("use at least 32 characters")
		}
		return nil
	})
}

// addStores is where files and the copy of the database lie.
func (r *configReader) addStores() {
	r.add("files-url", "DESKBELL_FILES_URL", "", "where attachments are kept: file:///… or s3://bucket?region=…&endpoint=… (default: the data folder)", func(s string) error {
		r.config.Files = s
		if s == "" {
			return nil
		}
		_, err := files.ParseURL(s)
		return err
	})
	r.add("replica-url", "DESKBELL_REPLICA_URL", "", "where Litestream keeps a copy of the database: file:///…, s3://bucket/path?region=…&endpoint=… or sftp://user@host/path", func(s string) error {
		r.config.Replica = s
		if s == "" {
			return nil
		}
		_, err := replica.ParseURL(s)
		return err
	})
	r.add("litestream", "DESKBELL_LITESTREAM", "litestream", "the program Litestream, by name or path", text(&r.config.Litestream))
}

// addMail is how mail goes out.
func (r *configReader) addMail() {
	r.add("smtp-url", "DESKBELL_SMTP_URL", "", "mail server, like smtp://user:pass@host:587 or smtps://…", func(s string) error {
		r.config.SMTP = s
		if s == "" {
			return nil
		}
		_, err := jobs.NewSender(s, "x@localhost")
		return explain(err, "write an address like smtp://user:password@mail.example.com:587 or smtps://…")
	})
	r.add("mail-from", "DESKBELL_MAIL_FROM", "Deskbell <deskbell@localhost>", "sender of mail", func(s string) error {
		_, err := mail.ParseAddress(s)
		r.config.From = s
		return explain(err, "write a sender like Acme <help@example.com>")
	})
}

// addNetwork is who stands around Deskbell: proxies, operators, and who is told of a hole.
func (r *configReader) addNetwork() {
	r.add("security-contact", "DESKBELL_SECURITY_CONTACT", "", "where security problems are reported, for /.well-known/security.txt: an email address, https://… or tel:… (default: the page itself)", func(s string) (err error) {
		r.config.SecurityContact, err = model.ParseContact(s)
		return err
	})
	r.add("trusted-proxies", "DESKBELL_TRUSTED_PROXIES", "", "networks whose forwarded headers count, with commas", func(s string) (err error) {
		r.config.TrustedProxies, err = prefixes(s)
		return err
	})
	r.add("ops-addr", "DESKBELL_OPS_ADDR", "", "address of /metrics, and of profiles on a loopback one, like 127.0.0.1:9090", func(s string) error {
		r.config.OpsAddr = s
		if s == "" {
			return nil
		}
		return explain(checkAddress(s), "write an address like 127.0.0.1:9090")
	})
}

// addCertificates is for an installation without a proxy.
func (r *configReader) addCertificates() {
	r.add("tls-domain", "DESKBELL_TLS_DOMAIN", "", "host name of the base URL, for which Deskbell then gets certificates by itself, and for each page domain", func(s string) error {
		r.config.TLS.Domain = model.HostOf(s)
		return nil
	})
	r.add("tls-redirect-addr", "DESKBELL_TLS_REDIRECT_ADDR", "", "address that leads from http to https, usually :80", func(s string) error {
		r.config.TLS.Redirect = s
		if s == "" {
			return nil
		}
		return explain(checkAddress(s), "write an address like :80")
	})
	r.add("tls-directory", "DESKBELL_TLS_DIRECTORY", autocert.DefaultACMEDirectory, "where certificates come from: the ACME directory of an authority", func(s string) error {
		r.config.TLS.Directory = s
		return checkDirectory(s)
	})
}

// addApps takes the apps by which reporters sign in.
func (r *configReader) addApps() {
	r.apps = map[model.Provider]*model.App{}
	for _, p := range []model.Provider{model.ByDiscord, model.BySlack} {
		r.apps[p] = &model.App{}
		variable := "DESKBELL_" + strings.ToUpper(string(p))
		r.add(string(p)+"-client-id", variable+"_CLIENT_ID", "", "client id of the app for sign-in with "+p.Label(), credential(&r.apps[p].ClientID))
		r.add(string(p)+"-client-secret", variable+"_CLIENT_SECRET", "", "client secret of that app", credential(&r.apps[p].Secret))
	}
}

// addRunning is how this run differs from another.
func (r *configReader) addRunning() {
	r.add("demo", "DESKBELL_DEMO", "", "1 fills an empty database with the demo workspaces", func(s string) error {
		r.config.Demo = s == "1"
		return oneOf(s, "", "0", "1")
	})
	r.add("log", "DESKBELL_LOG", "text", "form of the log, text or json", func(s string) error {
		r.config.JSONLog = s == "json"
		return oneOf(s, "text", "json")
	})
	r.flags.BoolVar(&r.config.Dev, "dev", false, "read templates and assets from this folder at each request, and serve the components page")
}

// parse reads each value.
func (r *configReader) parse() error {
	for _, one := range r.settings {
		if err := one.parse(one.value); err != nil {
			return fmt.Errorf("%s (-%s): %w", one.variable, one.flag, err)
		}
	}
	return r.takeApps()
}

// takeApps keeps the apps that are whole. The providers go in a fixed order, so that the same mistake is
// always told first.
func (r *configReader) takeApps() error {
	r.config.Apps = map[model.Provider]model.App{}
	for _, p := range slices.Sorted(maps.Keys(r.apps)) {
		switch app := *r.apps[p]; {
		case app == model.App{}:
		case app.ClientID == "" || app.Secret == "":
			return fmt.Errorf("DESKBELL_%s_CLIENT_ID: set it together with its _CLIENT_SECRET, or neither", strings.ToUpper(string(p)))
		default:
			r.config.Apps[p] = app
		}
	}
	return nil
}

// credential reads what a provider gave for an app.
func credential(to *string) func(string) error {
	return func(s string) error {
		*to = s
		if len(s) > model.MaxClientID || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return errors.New("copy it from the page of your app, without anything around it")
		}
		return nil
	}
}
