package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/crypto/acme/autocert"

	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/jobs"
	"deskbell/replica"
)

// Config is the program's settings (O2).
type Config struct {
	Addr            string
	Base            model.BaseURL
	Data            string
	SecretKey       string
	SMTP            string
	Files           string // address of the store; empty: the data folder
	Replica         string // address of the database's copy; empty: none
	Litestream      string // the program that keeps it
	From            string
	SecurityContact string // URI; empty: the page of the host
	TrustedProxies  []netip.Prefix
	Apps            map[model.Provider]model.App // by which reporters sign in
	OpsAddr         string                       // of metrics and profiles; empty: none
	TLS             TLS
	Demo            bool
	JSONLog         bool
	Dev             bool
}

// defaultAddress is for a laptop.
const defaultAddress = "127.0.0.1:8080"

// setting is one of the program's settings: given by its flag, else by its variable, else left at
// its default.
type setting struct {
	flag, variable, value string
	parse                 func(string) error
}

// readConfig reads each setting from its flag, else from its variable, else takes the default. An
// error is a sentence that names the variable and never quotes the value, which may be a secret.
//
// A command's own flags are added by more.
func readConfig(args []string, getenv func(string) string, out io.Writer, more ...func(*flag.FlagSet)) (Config, error) {
	var c Config
	flags := flag.NewFlagSet("deskbell", flag.ContinueOnError)
	for _, add := range more {
		add(flags)
	}
	flags.SetOutput(io.Discard) // what is wrong is said once, by main
	flags.Usage = func() {}
	var settings []*setting
	setting := func(name, variable, fallback, usage string, parse func(string) error) {
		one := &setting{flag: name, variable: variable, value: fallback, parse: parse}
		if value := getenv(variable); value != "" {
			one.value = value
		}
		settings = append(settings, one)
		flags.Func(name, fmt.Sprintf("%s; %s (default %q)", usage, variable, fallback),
			func(s string) error { one.value = s; return nil })
	}
	text := func(to *string) func(string) error { return func(s string) error { *to = s; return nil } }

	setting("addr", "DESKBELL_ADDR", defaultAddress, "listen address; with DESKBELL_TLS_DOMAIN "+tlsAddress, func(s string) error {
		c.Addr = s
		return explain(checkAddress(s), "write an address like 127.0.0.1:8080")
	})
	setting("base-url", "DESKBELL_BASE_URL", "http://localhost:8080", "where the desk is reached", func(s string) (err error) {
		c.Base, err = model.ParseBaseURL(s)
		return explain(err, "write an address like https://desk.example.com, without a path")
	})
	setting("data", "DESKBELL_DATA", "data", "folder of deskbell.db, files and secret.key", text(&c.Data))
	setting("secret-key", "DESKBELL_SECRET_KEY", "", "signing key, when it is not to lie in the data folder", func(s string) error {
		c.SecretKey = s
		if s != "" && len(s) < 32 {
			return errors.New("use at least 32 characters")
		}
		return nil
	})
	setting("smtp-url", "DESKBELL_SMTP_URL", "", "mail server, like smtp://user:pass@host:587 or smtps://…", func(s string) error {
		c.SMTP = s
		if s == "" {
			return nil
		}
		_, err := jobs.NewSender(s, "x@localhost")
		return explain(err, "write an address like smtp://user:password@mail.example.com:587 or smtps://…")
	})
	setting("files-url", "DESKBELL_FILES_URL", "", "where attachments are kept: file:///… or s3://bucket?region=…&endpoint=… (default: the data folder)", func(s string) error {
		c.Files = s
		if s == "" {
			return nil
		}
		_, err := files.ParseURL(s)
		return err
	})
	setting("replica-url", "DESKBELL_REPLICA_URL", "", "where Litestream keeps a copy of the database: file:///…, s3://bucket/path?region=…&endpoint=… or sftp://user@host/path", func(s string) error {
		c.Replica = s
		if s == "" {
			return nil
		}
		_, err := replica.ParseURL(s)
		return err
	})
	setting("litestream", "DESKBELL_LITESTREAM", "litestream", "the program Litestream, by name or path", text(&c.Litestream))
	setting("mail-from", "DESKBELL_MAIL_FROM", "Deskbell <deskbell@localhost>", "sender of mail", func(s string) error {
		_, err := mail.ParseAddress(s)
		c.From = s
		return explain(err, "write a sender like Acme <help@example.com>")
	})
	setting("security-contact", "DESKBELL_SECURITY_CONTACT", "", "where security problems are reported, for /.well-known/security.txt: an email address, https://… or tel:… (default: the page itself)", func(s string) (err error) {
		c.SecurityContact, err = model.ParseContact(s)
		return err
	})
	setting("trusted-proxies", "DESKBELL_TRUSTED_PROXIES", "", "networks whose forwarded headers count, with commas", func(s string) (err error) {
		c.TrustedProxies, err = prefixes(s)
		return err
	})
	setting("ops-addr", "DESKBELL_OPS_ADDR", "", "address of /metrics, and of profiles on a loopback one, like 127.0.0.1:9090", func(s string) error {
		c.OpsAddr = s
		if s == "" {
			return nil
		}
		return explain(checkAddress(s), "write an address like 127.0.0.1:9090")
	})
	setting("tls-domain", "DESKBELL_TLS_DOMAIN", "", "host name of the base URL, for which Deskbell then gets certificates by itself, and for each page domain", func(s string) error {
		c.TLS.Domain = model.HostOf(s)
		return nil
	})
	setting("tls-redirect-addr", "DESKBELL_TLS_REDIRECT_ADDR", "", "address that leads from http to https, usually :80", func(s string) error {
		c.TLS.Redirect = s
		if s == "" {
			return nil
		}
		return explain(checkAddress(s), "write an address like :80")
	})
	setting("tls-directory", "DESKBELL_TLS_DIRECTORY", autocert.DefaultACMEDirectory, "where certificates come from: the ACME directory of an authority", func(s string) error {
		c.TLS.Directory = s
		return checkDirectory(s)
	})
	apps := map[model.Provider]*model.App{model.ByDiscord: {}, model.BySlack: {}}
	for _, p := range []model.Provider{model.ByDiscord, model.BySlack} {
		variable := "DESKBELL_" + strings.ToUpper(string(p))
		setting(string(p)+"-client-id", variable+"_CLIENT_ID", "", "client id of the app for sign-in with "+p.Label(), credential(&apps[p].ClientID))
		setting(string(p)+"-client-secret", variable+"_CLIENT_SECRET", "", "client secret of that app", credential(&apps[p].Secret))
	}
	setting("demo", "DESKBELL_DEMO", "", "1 fills an empty database with the demo workspaces", func(s string) error {
		c.Demo = s == "1"
		return oneOf(s, "", "0", "1")
	})
	setting("log", "DESKBELL_LOG", "text", "form of the log, text or json", func(s string) error {
		c.JSONLog = s == "json"
		return oneOf(s, "text", "json")
	})
	flags.BoolVar(&c.Dev, "dev", false, "read templates and assets from this folder at each request, and serve the components page")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			usage(out, flags)
			return c, err
		}
		return c, fmt.Errorf("%w; see deskbell --help", err)
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("%q is no setting; see deskbell --help", flags.Arg(0))
	}
	for _, one := range settings {
		if err := one.parse(one.value); err != nil {
			return c, fmt.Errorf("%s (-%s): %w", one.variable, one.flag, err)
		}
	}
	c.Apps = map[model.Provider]model.App{}
	for p, app := range apps {
		switch {
		case *app == model.App{}:
		case app.ClientID == "" || app.Secret == "":
			return c, fmt.Errorf("DESKBELL_%s_CLIENT_ID: set it together with its _CLIENT_SECRET, or neither", strings.ToUpper(string(p)))
		default:
			c.Apps[p] = *app
		}
	}
	if c.TLS.Domain != "" && c.Addr == defaultAddress {
		c.Addr = tlsAddress
	}
	if err := checkTLS(c); err != nil {
		return c, err
	}
	if c.Demo && !c.Base.Loopback() {
		return c, errors.New("DESKBELL_DEMO: the demo's passwords are public, so it runs only where DESKBELL_BASE_URL is a name of this machine alone, like localhost")
	}
	return c, nil
}

func usage(out io.Writer, flags *flag.FlagSet) {
	flags.SetOutput(out)
	fmt.Fprint(out, `Deskbell is a ticket portal that a team hosts itself.

  deskbell [serve] [flags]   migrate, serve, send mail
  deskbell doctor [flags]    check database, files and settings, and say what to do; -deep reads every file
  deskbell backup FILE       write database and files into one file, beside a running server too; -with-key adds the signing key
  deskbell restore FILE      bring such a file into an empty data folder; -prove tries a restore, of the replica too
  deskbell health            ask the server whether it answers, for a container's health check
  deskbell member …          list the team, let people in: deskbell member add -email a@example.com -name Ann
  deskbell version           print the version
  deskbell --help            print this

Each flag can be set by the variable beside it; the flag wins.

`)
	flags.PrintDefaults()
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

func explain(err error, hint string) error {
	if err != nil {
		return errors.New(hint)
	}
	return nil
}

func checkAddress(s string) error {
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	return err
}

func oneOf(s string, allowed ...string) error {
	for _, a := range allowed {
		if s == a {
			return nil
		}
	}
	return fmt.Errorf("write one of: %s", strings.TrimPrefix(strings.Join(allowed, ", "), ", "))
}

func prefixes(s string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := netip.ParsePrefix(part)
		if addr, addrErr := netip.ParseAddr(part); addrErr == nil {
			p, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, errors.New("write networks like 10.0.0.0/8,192.168.1.5")
		}
		list = append(list, p)
	}
	return list, nil
}
