package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"deskbell/backup"
	"deskbell/db"
	"deskbell/db/model"
)

const (
	backupUsage  = "write: deskbell backup FILE [-with-key], where FILE does not exist yet, or - for standard output"
	restoreUsage = "write: deskbell restore FILE, or - for standard input; deskbell restore -prove tries the replica, and deskbell restore FILE -prove a backup"
)

// fileArgument takes the file from the beginning of a command's arguments; "" where there is none.
func fileArgument(args []string) (file string, rest []string) {
	if len(args) > 0 && (args[0] == "-" || !strings.HasPrefix(args[0], "-")) {
		return args[0], args[1:]
	}
	return "", args
}

// runBackup writes the installation into one file, beside a running server or without one (O7).
func runBackup(ctx context.Context, args []string, getenv func(string) string, in backupStreams) error {
	var withKey, databaseOnly bool
	file, args := fileArgument(args)
	c, err := readConfig(args, getenv, in.out, func(flags *flag.FlagSet) {
		flags.BoolVar(&withKey, "with-key", false, "put the signing key into the backup too: who gets hold of it can then open every mailed link")
		flags.BoolVar(&databaseOnly, "database", false, "copy the database alone, as a file of SQLite")
	})
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err == nil && file == "" {
		err = errors.New(backupUsage)
	}
	if err != nil {
		return usageError{err}
	}
	source, err := backupSource(c, withKey)
	if err != nil {
		return err
	}
	if databaseOnly {
		return db.Copy(ctx, source.Database, file)
	}
	var sum backup.Summary
	err = toFile(file, in.out, func(to io.Writer) (err error) {
		sum, err = backup.Write(ctx, to, source)
		return err
	})
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	tellBackup(in.logs, c, source, sum)
	return nil
}

// backupStreams are a command's own; what a backup to standard output says goes to logs.
type backupStreams struct {
	in        io.Reader
	out, logs io.Writer
}

func backupSource(c Config, withKey bool) (backup.Source, error) {
	source := backup.Source{Version: version, Database: filepath.Join(c.Data, "deskbell.db"), Temp: c.Data}
	if _, err := os.Stat(source.Database); err != nil {
		return source, fmt.Errorf("DESKBELL_DATA: there is no database in %s", c.Data)
	}
	if withKey {
		if _, err := storedKey(c.Data); err != nil {
			return source, fmt.Errorf("-with-key: %w", err)
		}
		source.Key = keyPath(c.Data)
	}
	var err error
	if filesFolder(c) != "" {
		source.Files, err = openFiles(c)
	}
	return source, err
}

func tellBackup(to io.Writer, c Config, source backup.Source, sum backup.Summary) {
	fmt.Fprintf(to, "The backup has the database and %s files (%s).\n", model.Thousands(sum.Files), model.HumanSize(sum.Bytes))
	if source.Files == nil {
		fmt.Fprintln(to, "Files lie in a bucket and are not in the backup: keep versions or copies of the bucket.")
	}
	if n := len(sum.Lost); n > 0 {
		fmt.Fprintf(to, "Missing in the store, and so in the backup: %d files. Run deskbell doctor.\n", n)
	}
	if source.Key == "" && c.SecretKey == "" {
		fmt.Fprintf(to, "The signing key is not in it: keep a copy of %s apart, because mailed links need it and who has both can open them all.\n", keyPath(c.Data))
	}
}

// toFile writes a new file whole or not at all; "-" is standard output.
func toFile(path string, out io.Writer, write func(io.Writer) error) error {
	if path == "-" {
		return write(out)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: name another file", path)
	}
	file, err := os.OpenFile(path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	err = errors.Join(write(buffered), buffered.Flush(), file.Sync(), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path+".part"))
	}
	return os.Rename(path+".part", path)
}

// runRestore brings a backup into an empty data folder, or tries a restore beside the installation.
func runRestore(ctx context.Context, args []string, getenv func(string) string, in backupStreams) error {
	var prove bool
	file, args := fileArgument(args)
	c, err := readConfig(args, getenv, in.out, func(flags *flag.FlagSet) {
		flags.BoolVar(&prove, "prove", false, "restore into a folder that is thrown away, look whether it is whole, and note that it was")
	})
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err == nil && file == "" && (!prove || c.Replica == "") {
		err = errors.New(restoreUsage)
	}
	if err != nil {
		return usageError{err}
	}
	if prove {
		return proveRestore(ctx, c, file, in)
	}
	release, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer release()
	restored, err := restoreFile(ctx, file, backup.Target{Data: c.Data, FilesFolder: filesFolder(c)}, in.in)
	if err != nil {
		return err
	}
	tellRestored(in.out, c, restored)
	return nil
}

func restoreFile(ctx context.Context, path string, to backup.Target, in io.Reader) (backup.Restored, error) {
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return backup.Restored{}, err
		}
		defer file.Close() // nothing was written
		in = file
	}
	restored, err := backup.Restore(ctx, in, to)
	if err != nil {
		return restored, fmt.Errorf("restore: %w", err)
	}
	return restored, nil
}

func tellRestored(to io.Writer, c Config, r backup.Restored) {
	fmt.Fprintf(to, "Restored the database and %s files to %s.\n", model.Thousands(r.Files), c.Data)
	if r.Bucket {
		fmt.Fprintln(to, "Files were in a bucket: start with the same DESKBELL_FILES_URL.")
	}
	if !r.Key && c.SecretKey == "" {
		fmt.Fprintf(to, "Put the signing key into %s, or set DESKBELL_SECRET_KEY to it: mailed links need it.\n", keyPath(c.Data))
	}
	fmt.Fprintln(to, "Then run deskbell doctor, and start deskbell.")
}
