// Deskbell is a ticket portal that a team hosts itself: one process, one SQLite file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
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
