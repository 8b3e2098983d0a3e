// Deskbell is a ticket portal that a team hosts itself: one process, one SQLite file.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers"
	"deskbell/handlers/desk"
	"deskbell/handlers/web"
	"deskbell/jobs"
	"deskbell/replica"
	"deskbell/static"
	"deskbell/views"
	mailviews "deskbell/views/mail"
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := readVariableFiles()
	if err == nil {
		err = run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "deskbell:", err)
		stop()
		os.Exit(exitCode(err))
	}
}

// usageError is a command line or a setting that nobody can start with.
type usageError struct{ error }

// exitCode is 2 for what a person has to change before another start can work, so that a supervisor
// can tell it from a start that failed.
func exitCode(err error) int {
	if _, ok := errors.AsType[usageError](err); ok {
		return 2
	}
	return 1
}

// run is the program, with everything that it takes from outside.
func run(ctx context.Context, args []string, getenv func(string) string, out, logs io.Writer) error {
	command := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, args = args[0], args[1:]
	}
	switch command {
	case "serve":
		config, err := readConfig(args, getenv, out)
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		if err != nil {
			return usageError{err}
		}
		return start(ctx, config, args, out, logs)
	case "doctor":
		return runDoctor(ctx, args, getenv, out)
	case "backup":
		return runBackup(ctx, args, getenv, backupStreams{os.Stdin, out, logs})
	case "restore":
		return runRestore(ctx, args, getenv, backupStreams{os.Stdin, out, logs})
	case "health":
		return runHealth(ctx, args, getenv, out)
	case "member":
		return runMember(ctx, args, getenv, out)
	case "version":
		fmt.Fprintln(out, "deskbell", version)
		return nil
	}
	return usageError{fmt.Errorf("there is no command %q; see deskbell --help", command)}
}

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

// serve starts everything, and stops it clean when the context ends (O6).
func serve(ctx context.Context, c Config, out, logs io.Writer) error {
	log := newLog(c, logs)
	release, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer release()
	keys, err := readKeys(c)
	if err != nil {
		return err
	}
	data, err := db.Open(ctx, filepath.Join(c.Data, "deskbell.db"), nil)
	if err != nil {
		return err
	}
	history := &jobs.History{}
	ops, err := openOperations(c, data, history, log)
	if err != nil {
		return errors.Join(err, data.Close())
	}
	defer ops.close()
	server, runner, err := wire(ctx, c, wiring{data, keys, history, ops.observe(), log})
	if err != nil {
		return errors.Join(err, data.Close())
	}
	visitors, err := openFront(c, data, server, log)
	if err != nil {
		return errors.Join(err, data.Close())
	}
	if err := announce(ctx, c, data, keys, out, log); err != nil {
		return errors.Join(err, visitors.close(), data.Close())
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	working := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() { checkFiles(ctx, runner.Files, log) })
	work.Go(func() { runner.Run(ctx) })
	go func() { defer close(working); work.Wait() }()
	failed := make(chan error, 1)
	go func() { failed <- visitors.serve() }()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	stop() // the jobs too
	log.Info("stopping")
	closing, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if cut := visitors.shutdown(closing); cut != nil {
		log.Warn("requests that were still running have been cut off", "error", cut)
		err = errors.Join(err, server.Close())
	}
	select {
	case <-working:
	case <-closing.Done(): // what a job holds goes back at the next start
	}
	err = errors.Join(err, data.Close())
	log.Info("stopped")
	return err
}

// stopTimeout is how long requests and jobs have to finish; closing the database comes after it.
const stopTimeout = 8 * time.Second

func newLog(c Config, to io.Writer) *slog.Logger {
	if c.JSONLog {
		return slog.New(slog.NewJSONHandler(to, nil))
	}
	return slog.New(slog.NewTextHandler(to, nil))
}

// lock takes the data folder for this process alone (O8). The system lets go of it when the process
// ends, however it ends.
func lock(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("DESKBELL_DATA: make the folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "deskbell.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("DESKBELL_DATA: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("DESKBELL_DATA: another Deskbell is running on %s; stop it first", dir)
	}
	return func() { file.Close() }, nil
}

// readKeys takes the signing key from the settings, else from the data folder, where the first
// start makes it.
func readKeys(c Config) (model.Keys, error) {
	if c.SecretKey != "" {
		return model.NewKeys([]byte(c.SecretKey))
	}
	text, err := storedKey(c.Data)
	if errors.Is(err, os.ErrNotExist) {
		path := keyPath(c.Data)
		// A new key beside an old database would end every link that was ever mailed, without a word.
		if _, err := os.Stat(filepath.Join(c.Data, "deskbell.db")); err == nil {
			return model.Keys{}, fmt.Errorf("the signing key %s is missing, and the database has links that need it: restore it from a backup, or set DESKBELL_SECRET_KEY to a new one and have every mailed link end", path)
		}
		text, err = makeKey(path)
	}
	if err != nil {
		return model.Keys{}, err
	}
	return model.NewKeys([]byte(text))
}

func keyPath(data string) string { return filepath.Join(data, "secret.key") }

// storedKey returns the key in the data folder, and fails with os.ErrNotExist where there is none.
func storedKey(data string) (string, error) {
	secret, err := os.ReadFile(keyPath(data))
	if err != nil {
		return "", fmt.Errorf("read the signing key: %w", err)
	}
	text := strings.TrimSpace(string(secret))
	if raw, err := hex.DecodeString(text); err != nil || len(raw) != keyBytes {
		return "", fmt.Errorf("the signing key in %s is damaged: restore it from a backup, because mailed links need it", keyPath(data))
	}
	return text, nil
}

// keyBytes is how long a key of our own making is.
const keyBytes = 32

// makeKey writes a new key durably and returns it: a key that a crash took back would orphan every
// mailed link.
func makeKey(path string) (string, error) {
	raw := make([]byte, keyBytes)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	secret := hex.EncodeToString(raw)
	if err := writeKey(path, secret); err != nil {
		return "", fmt.Errorf("make the signing key: %w", err)
	}
	return secret, nil
}

func writeKey(path, secret string) error {
	// Under another name first: a crash must not leave half a key under this one.
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(secret + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// wiring is what server and jobs work with.
type wiring struct {
	data    *db.DB
	keys    model.Keys
	history *jobs.History
	observe func(handlers.Answered)
	log     *slog.Logger
}

// wire builds the server and the jobs, and fills the demo.
func wire(ctx context.Context, c Config, w wiring) (*http.Server, *jobs.Runner, error) {
	var assetsOnDisk, viewsOnDisk fs.FS
	if c.Dev {
		assetsOnDisk, viewsOnDisk = os.DirFS("static"), os.DirFS("views")
	}
	assets, err := static.New(assetsOnDisk)
	if err != nil {
		return nil, nil, err
	}
	pages, err := views.New(assets, viewsOnDisk)
	if err != nil {
		return nil, nil, err
	}
	store, err := openFiles(c)
	if err != nil {
		return nil, nil, err
	}
	runner := &jobs.Runner{DB: w.data, Files: store, Mail: mailviews.Writer{Keys: w.keys, Base: c.Base}, Log: w.log, History: w.history}
	if c.SMTP != "" {
		if runner.Sender, err = jobs.NewSender(c.SMTP, c.From); err != nil {
			return nil, nil, err
		}
	}
	if c.Demo {
		if err := seed.Demo(ctx, w.data, store, seed.Render{Markdown: views.Markdown, Document: views.Document, Password: web.HashPassword}); err != nil {
			return nil, nil, fmt.Errorf("fill the demo: %w", err)
		}
	}
	router := handlers.New(handlers.Config{
		DB: w.data, Views: pages, Assets: assets, Files: store, Keys: w.keys, Base: c.Base, Log: w.log, Observe: w.observe,
		TrustedProxies: c.TrustedProxies, NoMailServer: c.SMTP == "", DataDir: c.Data, Apps: c.Apps, Dev: c.Dev,
		SecurityContact: c.SecurityContact, Version: version, Jobs: w.history.Runs, Replica: func(ctx context.Context) model.Replica { return replicaState(ctx, c) },
	})
	return handlers.Server(router, w.log), runner, nil
}

// openFiles opens the store of attachments.
func openFiles(c Config) (files.Store, error) {
	address := c.Files
	if address == "" {
		dir, err := filepath.Abs(filepath.Join(c.Data, "files"))
		if err != nil {
			return nil, fmt.Errorf("DESKBELL_DATA: %w", err)
		}
		address = (&url.URL{Scheme: "file", Path: dir}).String()
	}
	store, err := files.Open(address, filepath.Join(c.Data, "incoming"))
	if err != nil {
		return nil, fmt.Errorf("DESKBELL_FILES_URL: %w", err)
	}
	return store, nil
}

// checkFiles says in the log when the store of attachments does not work: from the start, and not
// only when the first file comes. Tickets without files need no store, so that it stops nothing.
func checkFiles(ctx context.Context, store files.Store, log *slog.Logger) {
	if err := store.Check(ctx); err != nil && ctx.Err() == nil {
		log.Error("files cannot be kept: look at DESKBELL_FILES_URL and run deskbell doctor", "error", err)
	}
}

// announce says where to go: into the demo, or to the one-time setup page (O4).
func announce(ctx context.Context, c Config, data *db.DB, keys model.Keys, out io.Writer, log *slog.Logger) error {
	empty, err := data.IsEmpty(ctx)
	if err != nil {
		return err
	}
	log.Info("listening", "address", c.Addr, "version", version)
	if c.Replica == "" {
		log.Info("no replica is set: the database is on this disk alone, until DESKBELL_REPLICA_URL names another place")
	}
	base := c.Base.Origin("")
	switch {
	case empty:
		fmt.Fprintf(out, "\nDeskbell is new here. Open this page once to set it up:\n\n  %s%s\n\n", base, desk.SetupPath(keys))
	case c.Demo:
		fmt.Fprintf(out, demoText, base, base, c.Base.Origin("globex.localhost"), c.Base.Origin("initech.localhost"))
	}
	return nil
}

const demoText = `
Deskbell's demo is running:

  Open a ticket   %s/ticket/support
  The desk        %s/desk           admin@example.com, password deskbell-demo
  Globex          %s/ticket/help
  Initech         %s/ticket/desk

`
