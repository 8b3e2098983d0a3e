// Package backup writes an installation into one file, and brings it back from one (O7). The file is a tar
// archive under gzip: manifest.json, the attachments as files/NAME, deskbell.db, secret.key where that was
// asked for, and at its end SHA256SUMS of all of these. A file without that end was cut off.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
)

// Names inside a backup.
const (
	manifestName = "manifest.json"
	databaseName = "deskbell.db"
	keyName      = "secret.key"
	sumsName     = "SHA256SUMS"
	filesPrefix  = "files/"
)

// Source is what is backed up. A server may run on it.
type Source struct {
	Version  string      // of the program
	Database string      // path
	Files    files.Store // nil: they lie in a bucket, and stay there
	Key      string      // path of the signing key; empty: it is left out
	Temp     string      // folder for a copy of the database while it is written
}

// Summary says what a backup has.
type Summary struct {
	Files int
	Bytes int64    // of the files
	Lost  []string // files that rows name, and whose bytes are not there
}

// manifest is what a backup says of itself.
type manifest struct {
	Format   int       `json:"format"`
	Version  string    `json:"version"`
	Made     time.Time `json:"made"`
	HasFiles bool      `json:"has_files"` // else they lie in a bucket
}

// format is raised when an older program could not read what a newer one writes.
const format = 1

// passes bounds how often the database is copied anew because files went away while they were written.
const passes = 3

// Write writes a backup. The database is as it was at one moment, and each file that its rows name is in the
// backup, unless the installation itself has lost it: the files come first, and a copy of the database whose
// files have gone meanwhile is replaced by a newer one.
func Write(ctx context.Context, to io.Writer, s Source) (Summary, error) {
	packed := gzip.NewWriter(to)
	w := &writer{tar: tar.NewWriter(packed), source: s, has: map[string]bool{}, made: time.Now().UTC().Truncate(time.Second)}
	if err := w.write(ctx); err != nil {
		return w.sum, err
	}
	return w.sum, errors.Join(w.tar.Close(), packed.Close())
}

type writer struct {
	tar    *tar.Writer
	source Source
	made   time.Time
	has    map[string]bool // files that are written
	sums   strings.Builder
	sum    Summary
}

func (w *writer) write(ctx context.Context) error {
	about, err := json.Marshal(manifest{format, w.source.Version, w.made, w.source.Files != nil})
	if err != nil {
		return err
	}
	if err := w.add(manifestName, int64(len(about)), strings.NewReader(string(about))); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(w.source.Temp, ".backup-")
	if err != nil {
		return fmt.Errorf("make room for a copy of the database: %w", err)
	}
	defer os.RemoveAll(folder)
	if err := w.consistent(ctx, folder); err != nil {
		return err
	}
	if w.source.Key != "" {
		if err := w.addPath(keyName, w.source.Key); err != nil {
			return err
		}
	}
	return w.add(sumsName, int64(w.sums.Len()), strings.NewReader(w.sums.String()))
}

// consistent writes the files, and then the database that they belong to.
func (w *writer) consistent(ctx context.Context, folder string) error {
	for pass := 1; ; pass++ {
		path := filepath.Join(folder, fmt.Sprintf("%d.db", pass))
		if err := db.Copy(ctx, w.source.Database, path); err != nil {
			return err
		}
		w.sum.Lost = nil
		if err := w.addFiles(ctx, path); err != nil {
			return err
		}
		if len(w.sum.Lost) == 0 || pass == passes {
			return w.addPath(databaseName, path)
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
}

// addFiles writes the files of a copy of the database that are not written yet.
func (w *writer) addFiles(ctx context.Context, path string) error {
	if w.source.Files == nil {
		return nil
	}
	data, err := db.OpenReadOnly(ctx, path, nil)
	if err != nil {
		return err
	}
	defer data.Close() // nothing was written
	for after := ""; ; {
		rows, err := data.StoredFiles(ctx, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := w.addStored(ctx, row); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].File
	}
}

func (w *writer) addStored(ctx context.Context, row model.StoredFile) error {
	names := []string{row.File}
	if row.HasPreview {
		names = append(names, row.File+model.PreviewSuffix)
	}
	for _, name := range names {
		if w.has[name] {
			continue
		}
		file, err := w.source.Files.Open(ctx, name)
		if errors.Is(err, files.ErrMissing) {
			w.sum.Lost = append(w.sum.Lost, name)
			continue
		}
		if err != nil {
			return err
		}
		err = w.add(filesPrefix+name, file.Size(), file)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		w.has[name] = true
		w.sum.Files, w.sum.Bytes = w.sum.Files+1, w.sum.Bytes+file.Size()
	}
	return nil
}

func (w *writer) addPath(name, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() // nothing was written
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return w.add(name, info.Size(), file)
}

// add writes one entry of a known size, and notes its sum.
func (w *writer) add(name string, size int64, from io.Reader) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.made}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), from); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := w.tar.Flush(); err != nil { // fails where fewer bytes came than were told
		return fmt.Errorf("write %s: %w", name, err)
	}
	fmt.Fprintf(&w.sums, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), name)
	return nil
}
