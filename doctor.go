package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/jobs/doctor"
)

// runDoctor checks an installation with the settings that serve takes, and prints a line a check (O1).
// A problem is an error.
func runDoctor(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	var deep bool
	c, err := readConfig(args, getenv, out, func(flags *flag.FlagSet) { flags.BoolVar(&deep, "deep", false, "read every file") })
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	in := doctor.Installation{
		Base: c.Base, Data: c.Data, MailServer: c.SMTP != "", SecretKey: c.SecretKey, Deep: deep,
		StoredKey:   func() (string, error) { return storedKey(c.Data) },
		FilesFolder: filesFolder(c), Certificate: certificateFile(c),
		OpenFiles: func() (files.Store, error) { return openFiles(c) },
		Replica:   func(ctx context.Context) model.Replica { return replicaState(ctx, c) },
	}
	problems := doctor.Examine(ctx, in, func(f doctor.Finding) {
		fmt.Fprintf(out, "%-8s %s: %s\n", f.State, f.Check, f.Says)
	})
	if problems > 0 {
		return fmt.Errorf("found %d with a problem; the lines above say what to do", problems)
	}
	return nil
}

// filesFolder is the folder of attachments, empty where they lie in a bucket.
func filesFolder(c Config) string {
	if c.Files == "" {
		return filepath.Join(c.Data, "files")
	}
	if u, err := url.Parse(c.Files); err == nil && u.Scheme == "file" {
		return u.Path
	}
	return ""
}
