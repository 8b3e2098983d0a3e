package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"deskbell/db/model"
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

// readConfig reads each setting from its flag, else from its variable, else takes the default. An
// error is a sentence that names the variable and never quotes the value, which may be a secret.
//
// A command's own flags are added by more.
func readConfig(args []string, getenv func(string) string, out io.Writer, more ...func(*flag.FlagSet)) (Config, error) {
	flags := flag.NewFlagSet("deskbell", flag.ContinueOnError)
	for _, add := range more {
		add(flags)
	}
	flags.SetOutput(io.Discard) // what is wrong is said once, by main
	flags.Usage = func() {}
	r := configReader{flags: flags, getenv: getenv}
	r.addAll()
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			usage(out, flags)
			return r.config, err
		}
		return r.config, fmt.Errorf("%w; see deskbell --help", err)
	}
	if flags.NArg() > 0 {
		return r.config, fmt.Errorf("%q is no setting; see deskbell --help", flags.Arg(0))
	}
	if err := r.parse(); err != nil {
		return r.config, err
	}
	return r.config.whole()
}

// whole checks the settings against each other, and chooses what follows from them.
func (c Config) whole() (Config, error) {
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
