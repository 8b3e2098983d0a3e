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
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"deskbell/db"
	"deskbell/db/files"
)

// Target is where a backup is restored to.
type Target struct {
	Data        string // the data folder
	FilesFolder string // of the store; empty: a bucket
}

// Restored says what came back.
type Restored struct {
	Files  int
	Key    bool // whether the signing key was in the backup
	Bucket bool // the files were in a bucket when the backup was made
}

// ErrNotEmpty says that something stands where a backup should go.
var ErrNotEmpty = errors.New("it is not empty, and a restore replaces nothing")

// ErrDamaged says that a backup is not as it was written.
var ErrDamaged = errors.New("the backup is damaged or cut off")

// Restore brings a backup into empty folders: all of it, checked by its sums and by SQLite, or nothing. The
// database comes last: a folder without it is no installation.
func Restore(ctx context.Context, from io.Reader, to Target) (Restored, error) {
	r := &reader{to: to, sums: map[string]string{}}
	if err := r.empty(); err != nil {
		return r.out, err
	}
	err := r.stage(ctx, from)
	if err == nil {
		err = r.check(ctx)
	}
	if err == nil {
		err = r.place()
	}
	return r.out, errors.Join(err, r.clean(err != nil))
}

type reader struct {
	to       Target
	manifest manifest
	sums     map[string]string // of what was read
	wanted   string            // the text of SHA256SUMS
	placed   []string          // what stands where it belongs already
	out      Restored
}

// allowed may lie in the data folder before a restore.
var allowed = map[string]bool{"deskbell.lock": true, "litestream.yml": true, "lost+found": true, staging: true, ".incoming": true, "incoming": true}

// staging is the folder in which everything lies until it is checked.
const staging = ".restoring"

func (r *reader) dataStage() string  { return filepath.Join(r.to.Data, staging) }
func (r *reader) filesStage() string { return filepath.Join(r.to.FilesFolder, staging) }

// empty makes sure that the folders have nothing of an installation, and removes what a restore that was cut
// off left.
func (r *reader) empty() error {
	for _, folder := range []string{r.to.Data, r.to.FilesFolder} {
		entries, err := os.ReadDir(folder)
		if folder == "" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, entry := range entries {
			inside := filepath.Join(folder, entry.Name()) == filepath.Clean(r.to.FilesFolder) // looked at by itself
			if !allowed[entry.Name()] && !inside {
				return fmt.Errorf("%s has %s: %w", folder, entry.Name(), ErrNotEmpty)
			}
		}
	}
	return r.clean(false)
}

// stage reads the backup into the staging folders.
func (r *reader) stage(ctx context.Context, from io.Reader) error {
	if err := os.MkdirAll(r.dataStage(), 0o700); err != nil {
		return err
	}
	packed, err := gzip.NewReader(from)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	archive := tar.NewReader(packed)
	for ctx.Err() == nil {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			_, err := io.Copy(io.Discard, packed) // the sum of all of it stands at its end
			if err != nil {
				return fmt.Errorf("%w: %w", ErrDamaged, err)
			}
			return r.whole()
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if err := r.entry(header, archive); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// maxText bounds what is read into memory: the sums of a million files are smaller.
const maxText = 128 << 20

// entry reads one entry. Only names that Write makes are taken, so that none leads elsewhere.
func (r *reader) entry(header *tar.Header, from io.Reader) error {
	name := header.Name
	if header.Typeflag != tar.TypeReg {
		return fmt.Errorf("%w: %q is no plain file", ErrDamaged, name)
	}
	stored, isFile := strings.CutPrefix(name, filesPrefix)
	switch {
	case name == manifestName:
		text, err := r.text(name, from)
		if err == nil && (json.Unmarshal([]byte(text), &r.manifest) != nil || r.manifest.Format < 1) {
			err = fmt.Errorf("%w: its manifest cannot be read", ErrDamaged)
		}
		return errors.Join(err, r.fits())
	case name == sumsName:
		var err error
		r.wanted, err = r.text("", from)
		return err
	case name == databaseName || name == keyName:
		return r.file(name, filepath.Join(r.dataStage(), name), from)
	case isFile && files.CheckName(stored) == nil && r.to.FilesFolder != "":
		r.out.Files++
		return r.file(name, filepath.Join(r.filesStage(), stored[:2], stored), from)
	}
	return fmt.Errorf("%w: nothing of Deskbell's is called %q", ErrDamaged, name)
}

// fits says whether this program and this target can take the backup.
func (r *reader) fits() error {
	r.out.Bucket = !r.manifest.HasFiles
	switch {
	case r.manifest.Format > format:
		return fmt.Errorf("the backup was made by Deskbell %s, and this one cannot read it: restore with that one or a newer one", r.manifest.Version)
	case r.manifest.HasFiles && r.to.FilesFolder == "":
		return errors.New("the backup has files, and DESKBELL_FILES_URL names a bucket: restore without that variable")
	}
	return nil
}

func (r *reader) text(name string, from io.Reader) (string, error) {
	sum := sha256.New()
	text, err := io.ReadAll(io.TeeReader(io.LimitReader(from, maxText), sum))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if name != "" {
		r.sums[name] = hex.EncodeToString(sum.Sum(nil))
	}
	return string(text), nil
}

// file writes an entry durably under a name that does not exist yet.
func (r *reader) file(name, path string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: it has %s twice", ErrDamaged, name)
	}
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(file, sum), from)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	r.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return errors.Join(err, file.Sync(), file.Close())
}

// whole compares what was read with the sums at the backup's end.
func (r *reader) whole() error {
	n := 0
	for line := range strings.Lines(r.wanted) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if r.sums[name] != sum {
			return fmt.Errorf("%w: %s is not as it was written", ErrDamaged, name)
		}
		n++
	}
	if n == 0 || n != len(r.sums) || r.sums[databaseName] == "" || r.sums[manifestName] == "" {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	return nil
}

// check looks into the database as it would be opened.
func (r *reader) check(ctx context.Context) error {
	data, err := db.OpenReadOnly(ctx, filepath.Join(r.dataStage(), databaseName), nil)
	if err != nil {
		return err
	}
	defer data.Close() // nothing was written
	has, knows, err := data.Versions(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if has > knows {
		return fmt.Errorf("the backup's database is of version %d, and this Deskbell knows up to %d: restore with Deskbell %s or a newer one", has, knows, r.manifest.Version)
	}
	faults, err := data.Faults(ctx)
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("%w: the database has faults: %s", ErrDamaged, strings.Join(faults, ", "))
	}
	return err
}
